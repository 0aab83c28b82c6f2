"""Exchanges as WARC/1.1 records (ISO 28500:2017), each a gzip member of its own.

The browser gives bodies decoded. They are written so, and the headers say so: what would claim an
encoding or another length stands under its name with `X-Orig-` before it, as other crawlers do.
"""

import io
import re
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urldefrag, urlsplit

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.utils import Digester  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from archiver.domain.instant import to_utc
from archiver.domain.recording import SECRETS, Exchange, Headers, Recording
from archiver.evidence.cdxj import body_as_query, index_line

ARCHIVE = "data.warc.gz"
LEVEL = 6
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
_ENCODED = frozenset({"content-encoding", "transfer-encoding"})
_TRUNCATED = frozenset({"length", "time", "disconnect", "unspecified"})


@dataclass(frozen=True)
class Page:
    """A page that can be opened again: its address, and WARC-Date of the answer it was made of."""

    url: str
    date: str
    id: str


@dataclass(frozen=True)
class Warc:
    """The records, their index lines (CDXJ, sorted) and the pages among them."""

    data: bytes
    index: str
    pages: Sequence[Page]


class _Writer(WARCWriter):  # type: ignore[misc]
    """WARC/1.1 with SHA-256 digests."""

    def __init__(self, out: io.BytesIO) -> None:
        super().__init__(out, gzip=False, warc_version="1.1")

    @staticmethod
    def _create_digester() -> Any:
        return Digester("sha256")


def write_warc(recording: Recording, at: datetime, software: str) -> Warc:
    """All exchanges of a recording that began at `at`. The same recording gives the same bytes."""
    work = _Work(warc_date(at))
    work.add_info(recording, software)
    for number, exchange in enumerate(recording.exchanges):
        work.add(number, exchange)
    return Warc(work.out.getvalue(), "".join(sorted(work.lines)), work.pages)


def warc_date(moment: datetime) -> str:
    """The moment as in WARC-Date and in lists of pages: UTC, to the millisecond."""
    return to_utc(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_page(exchange: Exchange) -> bool:
    """Whether somebody can open this again as a page: a document, and no redirect to another."""
    answered = exchange.document and exchange.status is not None
    return answered and not any(name.lower() == "location" for name, _ in exchange.headers)


class _Work:
    """A WARC in the making."""

    def __init__(self, began: str) -> None:
        self.out = io.BytesIO()
        self.lines: list[str] = []
        self.pages: list[Page] = []
        self._began = began

    def add_info(self, recording: Recording, software: str) -> None:
        """The first record: who wrote this, and what it leaves out."""
        info = {
            "software": software,
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "browser": f"Chromium {recording.browser}" if recording.browser else "",
            "removed-headers": ", ".join(sorted(SECRETS)),
            "exchanges-left-out": str(recording.left_out),
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in info.items() if value)
        self._fields("warcinfo", "info", self._began, text, {"WARC-Filename": ARCHIVE})

    def add(self, number: int, exchange: Exchange) -> None:
        """The answer, then the request; where there was no answer, why."""
        url, date = _target(exchange.url), warc_date(exchange.at)
        place = f"{number} {url}"
        answer_id = _record_id(self._began, "response", place)
        if exchange.status is None:
            reason = f"failure: {_line(exchange.failure or 'no answer')}\r\n"
            self._fields("metadata", place, date, reason, {"WARC-Target-URI": url})
            answer_id = _record_id(self._began, "metadata", place)
        else:
            self._response(exchange, url, date, answer_id)
            if is_page(exchange):
                self.pages.append(Page(url, date, answer_id[10:46]))
        self._request(exchange, place, url, date, answer_id)

    def _response(self, exchange: Exchange, url: str, date: str, record_id: str) -> None:
        named = {"WARC-Record-ID": record_id, "WARC-Date": date}
        if exchange.cut is not None:
            known = exchange.cut in _TRUNCATED
            named["WARC-Truncated"] = exchange.cut if known else "unspecified"
        head = StatusAndHeaders(
            f"{exchange.status} {_line(exchange.reason)}",
            _honest(exchange.headers, len(exchange.body)),
            protocol="HTTP/1.1",
        )
        record = self._made(url, "response", exchange.body, named, head)
        at, length = self._write(record)
        fields: dict[str, Any] = {
            "status": str(exchange.status),
            "digest": record.rec_headers.get_header("WARC-Payload-Digest"),
            "length": str(length),
            "offset": str(at),
            "filename": ARCHIVE,
        }
        mime = _content_type(exchange.headers).partition(";")[0].strip()
        if mime:
            fields["mime"] = mime
        if exchange.method != "GET":
            kind = _content_type(exchange.request_headers)
            fields["method"] = exchange.method
            fields["requestBody"] = body_as_query(kind, exchange.request_body)
        self.lines.append(index_line(url, date, fields))

    def _request(self, exchange: Exchange, place: str, url: str, date: str, answer: str) -> None:
        parts = urlsplit(url)
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        method = exchange.method if _TOKEN.fullmatch(exchange.method) else "GET"
        head = StatusAndHeaders(
            f"{path} HTTP/1.1", _clean(exchange.request_headers), protocol=method
        )
        named = {
            "WARC-Record-ID": _record_id(self._began, "request", place),
            "WARC-Date": date,
            "WARC-Concurrent-To": answer,
        }
        self._write(self._made(url, "request", exchange.request_body, named, head))

    def _fields(self, kind: str, place: str, date: str, text: str, more: dict[str, str]) -> None:
        named = {"WARC-Record-ID": _record_id(self._began, kind, place), "WARC-Date": date, **more}
        self._write(self._made("", kind, text.encode(), named, None))

    def _made(
        self, url: str, kind: str, body: bytes, named: dict[str, str], head: StatusAndHeaders | None
    ) -> Any:
        return _Writer(io.BytesIO()).create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_headers_dict=named,
            http_headers=head,
        )

    def _write(self, record: Any) -> tuple[int, int]:
        """Adds a record: where it stands, and its length."""
        plain = io.BytesIO()
        _Writer(plain).write_record(record)
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        at = self.out.tell()
        self.out.write(packer.compress(plain.getvalue()) + packer.flush())
        return at, self.out.tell() - at


def _record_id(*parts: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join(parts))}>"


def _target(url: str) -> str:
    """The address without its fragment, in printable ASCII."""
    return quote(urldefrag(url).url, safe="%/:=&?~#+!$,;'@()*[]|")


def _line(text: str) -> str:
    """One line in ASCII: no header can begin another one."""
    return quote(_CONTROL.sub(" ", text), safe="".join(map(chr, range(32, 127))) + "\t").strip()


def _clean(headers: Headers) -> list[tuple[str, str]]:
    return [(name, _line(value)) for name, value in headers if _TOKEN.fullmatch(name)]


def _honest(headers: Headers, length: int) -> list[tuple[str, str]]:
    """An answer's headers, true of the body as it is written here."""
    found: list[tuple[str, str]] = []
    for name, value in _clean(headers):
        low = name.lower()
        if low in _ENCODED or (low == "content-length" and value != str(length)):
            found.append((f"X-Orig-{name}", value))
        else:
            found.append((name, value))
    if not any(name.lower() == "content-length" for name, _ in found):
        found.append(("Content-Length", str(length)))
    return found


def _content_type(headers: Headers) -> str:
    return next((_line(value) for name, value in headers if name.lower() == "content-type"), "")
