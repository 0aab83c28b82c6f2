"""The revisions of a signed exhibit, read strictly in the one form that ours have.

A PDF grows by revisions appended to it (ISO 32000-1, 7.5.6). Whoever appends one can change what
every page shows and have the whole stamped again. So of the last revision nothing is accepted but
what belongs there: certificates (`/DSS`) and the document time stamp, in the field made for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archiver.evidence.exhibit.pdf_syntax import Hex, Ref, Syntax, Value, parse_value

_OBJECT = re.compile(rb"(\d{1,9}) 0 obj\n")
_XREF_SECTION = re.compile(rb"(\d{1,9}) (\d{1,7})\s*\n")
_XREF_LINE = re.compile(rb"(\d{10}) (\d{5}) ([nf])[ \r]\n")
_TAIL = re.compile(rb"startxref\n(\d{1,12})\n%%EOF\n?")
_TRAILER = re.compile(rb"trailer\n")
_TRAILER_KEYS = frozenset({"Size", "Root", "Info", "ID", "Prev"})


@dataclass(frozen=True)
class SignatureField:
    """A signature dictionary; `contents` with its place in the file."""

    contents: Hex
    byte_range: tuple[int, int, int, int]
    sub_filter: str
    type: str


@dataclass(frozen=True)
class Revisions:
    """What an exhibit is made of. The first `signed_end` bytes are those that were signed."""

    signature: SignatureField
    timestamp: SignatureField
    signed_end: int
    certificates: tuple[bytes, ...]


@dataclass(frozen=True)
class _Table:
    """One revision's cross-reference table and trailer; `at` is where the table starts."""

    at: int
    offsets: Mapping[int, int]
    trailer: Mapping[str, Value]
    end: int


def read_revisions(pdf: bytes) -> Revisions:
    """Reads the two fields and checks that the last revision adds nothing else.

    Raises:
        Syntax: it is not an exhibit in our form, or something was added.
    """
    last = _last_table(pdf)
    signed = _read_table(pdf, _integer(last.trailer, "Prev"))
    offsets = _all_offsets(pdf, signed)
    if set(last.trailer) != _TRAILER_KEYS:  # a second kind of table could say other things
        raise Syntax("the last revision's trailer has another form")
    for key in ("Root", "Info"):
        if last.trailer[key] != signed.trailer.get(key):
            raise Syntax(f"the last revision has another /{key}")
    root = _ref(last.trailer, "Root")
    before, after = _dictionary(pdf, offsets, root), _dictionary(pdf, last.offsets, root)
    if {**before, "DSS": after.get("DSS")} != after:
        raise Syntax("the last revision changes the document's catalogue")
    fields = _fields(pdf, offsets, before)
    stamped = _dictionary(pdf, last.offsets, fields["Timestamp"])
    unstamped = _dictionary(pdf, offsets, fields["Timestamp"])
    if {**unstamped, "V": stamped.get("V")} != stamped or "V" in unstamped:
        raise Syntax("the last revision changes more than the time stamp's field")
    added, certificates = _security_store(pdf, last.offsets, _ref(after, "DSS"))
    added |= {root, fields["Timestamp"], _ref(stamped, "V")}
    if set(last.offsets) != {item.number for item in added}:
        raise Syntax("the last revision adds something that does not belong there")
    start = _check_dense(pdf, last)
    signature = _dictionary(pdf, offsets, fields["Signature"])
    return Revisions(
        signature=_signature(pdf, offsets, _ref(signature, "V")),
        timestamp=_signature(pdf, last.offsets, _ref(stamped, "V")),
        signed_end=start,
        certificates=tuple(certificates),
    )


def _last_table(pdf: bytes) -> _Table:
    at = pdf.rfind(b"startxref\n")
    tail = _TAIL.fullmatch(pdf, at) if at >= 0 else None
    if tail is None:
        raise Syntax("the file does not end as a PDF does")
    return _read_table(pdf, int(tail[1]))


def _read_table(pdf: bytes, at: int) -> _Table:
    """Reads `xref ... trailer << >> startxref N %%EOF` (classic form alone)."""
    if pdf[at : at + 5] != b"xref\n":
        raise Syntax("there is no cross-reference table where one should be")
    place, offsets = at + 5, dict[int, int]()
    while section := _XREF_SECTION.match(pdf, place):
        place = section.end()
        for number in range(int(section[1]), int(section[1]) + int(section[2])):
            line = _XREF_LINE.match(pdf, place)
            if line is None or (number in offsets):
                raise Syntax("the cross-reference table is broken")
            place = line.end()
            if line[3] == b"n":
                offsets[number] = int(line[1])
    head = _TRAILER.match(pdf, place)
    trailer, place = parse_value(pdf, head.end()) if head else (None, place)
    tail = _TAIL.match(pdf, place + 1)
    if not isinstance(trailer, dict) or tail is None or int(tail[1]) != at:
        raise Syntax("a trailer is broken")
    return _Table(at, offsets, trailer, tail.end())


def _all_offsets(pdf: bytes, table: _Table) -> dict[int, int]:
    """Where each object stood when the document was signed: newer tables come first."""
    found = dict(table.offsets)
    place = table.at
    while "Prev" in table.trailer:
        table = _read_table(pdf, _integer(table.trailer, "Prev"))
        if table.at >= place:
            raise Syntax("the revisions run in a circle")
        place = table.at
        found = dict(table.offsets) | found
    return found


def _check_dense(pdf: bytes, table: _Table) -> int:
    """Checks that the revision is its objects, one after the other, and its table; gives where it
    begins."""
    places = sorted(table.offsets.items(), key=lambda item: item[1])
    place = start = places[0][1] if places else table.at
    for number, offset in places:
        if offset != place:
            raise Syntax("there are bytes between the objects of the last revision")
        place = _object(pdf, number, offset)[1]
    if place != table.at or table.end != len(pdf):
        raise Syntax("there are bytes around the last revision's table")
    return start


def _object(pdf: bytes, number: int, offset: int) -> tuple[Value, int, bytes]:
    """(value, end, stream) of an indirect object."""
    head = _OBJECT.match(pdf, offset)
    if head is None or int(head[1]) != number:
        raise Syntax(f"object {number} is not where the table says")
    value, place = parse_value(pdf, head.end())
    stream = b""
    if isinstance(value, dict) and pdf.startswith(b"\nstream\n", place):
        begin = place + 8
        stream = pdf[begin : begin + _integer(value, "Length")]
        place = begin + len(stream)
        if not pdf.startswith(b"\nendstream", place):
            raise Syntax(f"the stream of object {number} does not end where it says")
        place += 10
    if not pdf.startswith(b"\nendobj\n", place):
        raise Syntax(f"object {number} has no end")
    return value, place + 8, stream


def _dictionary(pdf: bytes, offsets: Mapping[int, int], ref: Ref) -> dict[str, Value]:
    if ref.number not in offsets:
        raise Syntax(f"object {ref.number} is missing")
    value = _object(pdf, ref.number, offsets[ref.number])[0]
    if not isinstance(value, dict):
        raise Syntax(f"object {ref.number} is no dictionary")
    return value


def _fields(pdf: bytes, offsets: Mapping[int, int], catalog: Mapping[str, Value]) -> dict[str, Ref]:
    """The form's two fields by name."""
    form = _dictionary(pdf, offsets, _ref(catalog, "AcroForm"))
    listed = form.get("Fields")
    found: dict[str, Ref] = {}
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, Ref):
            name = _dictionary(pdf, offsets, item).get("T")
            found[name.decode("latin-1") if isinstance(name, bytes) else ""] = item
    if set(found) != {"Signature", "Timestamp"} or not isinstance(listed, list) or len(listed) != 2:  # noqa: PLR2004 - these two
        raise Syntax("it has not exactly a signature and a document time stamp")
    return found


def _security_store(
    pdf: bytes, offsets: Mapping[int, int], ref: Ref
) -> tuple[set[Ref], list[bytes]]:
    """The objects of the document security store, and the certificates in it (DER)."""
    store = _dictionary(pdf, offsets, ref)
    listed, related = store.get("Certs"), store.get("VRI")
    if set(store) != {"Certs", "VRI"} or not isinstance(listed, list):
        raise Syntax("the document security store has another form")
    vri = related.values() if isinstance(related, dict) else ()
    members = {item for item in (*listed, *vri) if isinstance(item, Ref)}
    certificates = [
        _object(pdf, item.number, offsets.get(item.number, 0))[2]
        for item in listed
        if isinstance(item, Ref)
    ]
    return {ref, *members}, certificates


def _signature(pdf: bytes, offsets: Mapping[int, int], ref: Ref) -> SignatureField:
    value = _dictionary(pdf, offsets, ref)
    contents, covered = value.get("Contents"), value.get("ByteRange")
    if not isinstance(contents, Hex) or not isinstance(covered, list):
        raise Syntax("a signature has no contents")
    numbers = [item for item in covered if isinstance(item, int)]
    if len(numbers) != 4 or len(covered) != 4:  # noqa: PLR2004 - two stretches of two numbers
        raise Syntax("a signature does not say what it covers")
    kinds = [
        item if isinstance(item, str) else "" for item in map(value.get, ("SubFilter", "Type"))
    ]
    return SignatureField(contents, (numbers[0], numbers[1], numbers[2], numbers[3]), *kinds)


def _ref(value: Mapping[str, Value], key: str) -> Ref:
    found = value.get(key)
    if not isinstance(found, Ref):
        raise Syntax(f"/{key} is missing")
    return found


def _integer(value: Mapping[str, Value], key: str) -> int:
    found = value.get(key)
    if not isinstance(found, int):
        raise Syntax(f"/{key} is missing")
    return found
