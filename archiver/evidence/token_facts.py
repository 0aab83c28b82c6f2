"""What an RFC 3161 token says, read from its bytes: also what rfc3161-client leaves out (fractions
of a second, accuracy, the signed attributes, extensions). Read, not verified.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archiver.domain.errors import TimestampInvalid
from archiver.evidence import der

MILLIS, MICROS = 0x80, 0x81
EXTENSIONS = 0xA1
CONTEXT_0, CONTEXT_1 = 0xA0, 0xA1
TIME = re.compile(rb"(\d{14})(?:\.(\d{1,9}))?Z", re.ASCII)
QUALIFIED_STATEMENT = "0.4.0.19422.1.1"
"""esi4-qtstStatement-1 (ETSI EN 319 422, 9.1): the token calls itself a qualified one."""
QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"


@dataclass(frozen=True)
class SignerFacts:
    """The signer's part: algorithms and signed attributes (dotted OID -> values in DER)."""

    digest_algorithm: str
    signature_algorithm: str
    attributes: dict[str, list[der.Element]]


@dataclass(frozen=True)
class TokenFacts:
    """`gen_time` as exact as the token has it, `resolution` its last digit's worth: the true
    moment lies between the two. `accuracy` is None when the token states none. `imprint` is the
    hash of what is stamped. `says_qualified`: the token calls itself a qualified time stamp.
    """

    gen_time: datetime
    resolution: timedelta
    accuracy: timedelta | None
    policy: str
    nonce: int | None
    imprint: bytes
    content_type: str
    critical_extensions: tuple[str, ...]
    says_qualified: bool
    signers: tuple[SignerFacts, ...]


def read_facts(response_der: bytes) -> TokenFacts:
    """Looks into a granted TimeStampResp (RFC 3161, 2.4.2; RFC 5652, 5).

    Raises:
        TimestampInvalid: it has another form.
    """
    try:
        return _read(response_der)
    except (ValueError, IndexError) as error:
        raise TimestampInvalid(f"the token cannot be read: {error}") from error


def _read(response_der: bytes) -> TokenFacts:
    _, token = der.one(response_der).children()
    _, explicit = token.children()
    signed = der.one(explicit.content).children()
    kind, wrapped = signed[2].children()
    content = der.one(wrapped.content, der.OCTETS).content
    info = der.one(content).children()
    if info[0].integer() != 1:
        raise ValueError("a version that is not known")
    rest = info[5:]
    gen_time, resolution = _time(info[4])
    extensions = der.tagged(rest, EXTENSIONS)
    listed = extensions.children() if extensions else []
    nonce, accuracy = der.tagged(rest, der.INTEGER), der.tagged(rest, der.SEQUENCE)
    return TokenFacts(
        gen_time=gen_time,
        resolution=resolution,
        accuracy=_accuracy(accuracy),
        policy=dotted(info[1]),
        nonce=nonce.integer() if nonce else None,
        imprint=info[2].children()[1].content,
        content_type=dotted(kind),
        critical_extensions=tuple(dotted(item.children()[0]) for item in listed if _critical(item)),
        says_qualified=any(_is_qualified(item) for item in listed),
        signers=tuple(_signer(item) for item in signed[-1].children()),
    )


def _time(element: der.Element) -> tuple[datetime, timedelta]:
    match = TIME.fullmatch(element.content)
    if element.tag != der.GENERALIZED_TIME or not match:
        raise ValueError("its time is malformed")
    whole = datetime.strptime(match[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    digits = (match[2] or b"").decode()
    fraction = timedelta(microseconds=int(digits.ljust(6, "0")[:6]))
    return whole + fraction, timedelta(seconds=10 ** -min(len(digits), 6))


def _accuracy(element: der.Element | None) -> timedelta | None:
    if element is None:
        return None
    parts = {item.tag: item.integer() for item in element.children()}
    return timedelta(
        seconds=parts.get(der.INTEGER, 0),
        milliseconds=parts.get(MILLIS, 0),
        microseconds=parts.get(MICROS, 0),
    )


def _critical(extension: der.Element) -> bool:
    flag = extension.children()[1]
    return flag.tag == der.BOOLEAN and flag.content != b"\x00"


def _is_qualified(extension: der.Element) -> bool:
    parts = extension.children()
    if dotted(parts[0]) != QC_STATEMENTS:
        return False
    statements = der.one(parts[-1].content).children()
    return any(dotted(item.children()[0]) == QUALIFIED_STATEMENT for item in statements)


def _signer(element: der.Element) -> SignerFacts:
    parts = element.children()
    attributes: dict[str, list[der.Element]] = {}
    if parts[3].tag == CONTEXT_0:
        for attribute in parts[3].children():
            kind, values = attribute.children()
            attributes.setdefault(dotted(kind), []).extend(values.children())
    return SignerFacts(
        digest_algorithm=dotted(parts[2].children()[0]),
        signature_algorithm=dotted(parts[-2 - (parts[-1].tag == CONTEXT_1)].children()[0]),
        attributes=attributes,
    )


def dotted(element: der.Element) -> str:
    """The identifier as numbers and dots. Raises ValueError."""
    if element.tag != der.OID:
        raise ValueError("an identifier is missing")
    content, arcs, value = element.content, [], 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the last byte of an arc has no high bit
            arcs.append(value)
            value = 0
    if not arcs or content[-1] >= 0x80:  # noqa: PLR2004 - the same
        raise ValueError("an identifier is cut short")
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))
