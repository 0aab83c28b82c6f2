"""WACZ: the pages of a visit in a file that a browser replays (specs.webrecorder.net/wacz/1.1.1).

What is written is opened again: a page whose time is not that of its answer is not found by those
who read the file, and no validator says so.
"""

import gzip
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

from archiver.domain.errors import WaczInvalid
from archiver.domain.recording import SECRETS, Recording
from archiver.evidence.warc import ARCHIVE, Page, is_page, warc_date, write_warc

VERSION = "1.1.1"
PAGES = "pages/pages.jsonl"
INDEX = "indexes/index.cdx.gz"
DATA = f"archive/{ARCHIVE}"
PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    gzip.BadGzipFile,
    ArchiveLoadFailed,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Opened:
    """What is in a WACZ that holds together: its pages (address, time), and how many answers."""

    pages: list[tuple[str, str]]
    answers: int


def write_wacz(recording: Recording, at: datetime, software: str) -> bytes:
    """The WACZ of a visit that began at `at`. The same recording gives the same bytes.

    Raises:
        WaczInvalid: what was written does not hold together, or lacks a page.
    """
    warc = write_warc(recording, at, software)
    files = {
        PAGES: _page_lines(warc.pages),
        INDEX: gzip.compress(warc.index.encode(), mtime=0),
        DATA: warc.data,
    }
    package: dict[str, Any] = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": "A visit of Rature's checker",
        "created": warc_date(at),
        "software": software,
        "resources": [_resource(path, data) for path, data in files.items()],
    }
    if warc.pages:
        package |= {"mainPageUrl": warc.pages[0].url, "mainPageDate": warc.pages[0].date}
    files[PACKAGE] = _json(package)
    files[DIGEST] = _json({"path": PACKAGE, "hash": _hash(files[PACKAGE])})
    made = _zipped(files)
    wanted = sum(is_page(exchange) for exchange in recording.exchanges)
    found = open_wacz(made)
    if len(found.pages) != wanted:
        raise WaczInvalid(f"{len(found.pages)} of {wanted} pages can be opened again")
    return made


def open_wacz(data: bytes) -> Opened:
    """Reads a WACZ whole: every hash and digest, the index, the pages.

    Raises:
        WaczInvalid: something does not fit; or a header is in it that proves who somebody is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
            _check_stored(archive)
        _check_package(files)
        answers = _answers(files[DATA])
        _check_index(files[INDEX], answers)
        return Opened(_pages(files[PAGES], answers), len(answers))
    except _READ_ERRORS as error:
        raise WaczInvalid(f"it cannot be read: {type(error).__name__}: {error}") from error


def _page_lines(pages: Sequence[Page]) -> bytes:
    lines = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
    lines += [
        {"id": page.id, "url": page.url, "ts": page.date, "title": page.url} for page in pages
    ]
    return b"".join(_json(line) + b"\n" for line in lines)


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _resource(path: str, data: bytes) -> dict[str, Any]:
    name = path.rpartition("/")[2]
    return {"name": name, "path": path, "hash": _hash(data), "bytes": len(data)}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Everything is stored: readers fetch parts of it, and most of it is compressed already."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def _check_stored(archive: zipfile.ZipFile) -> None:
    for entry in archive.infolist():
        if entry.filename.endswith(".gz") and entry.compress_type != zipfile.ZIP_STORED:
            raise WaczInvalid(f"{entry.filename} is compressed twice")


def _check_package(files: Mapping[str, bytes]) -> None:
    package, digest = json.loads(files[PACKAGE]), json.loads(files[DIGEST])
    if digest != {"path": PACKAGE, "hash": _hash(files[PACKAGE])}:
        raise WaczInvalid(f"{DIGEST} is not that of {PACKAGE}")
    listed = {item["path"]: item for item in package["resources"]}
    if listed.keys() | {PACKAGE, DIGEST} != files.keys():
        raise WaczInvalid(f"{PACKAGE} does not list what is there")
    for path, item in listed.items():
        if item != _resource(path, files[path]):
            raise WaczInvalid(f"{path} is not what {PACKAGE} says")


def _answers(data: bytes) -> dict[int, tuple[str, str]]:
    """Address and date of every answer by its place; all digests are checked on the way."""
    found: dict[int, tuple[str, str]] = {}
    records = ArchiveIterator(io.BytesIO(data), check_digests="raise")
    for record in records:
        headers = record.http_headers.headers if record.http_headers else []
        if any(name.lower() in SECRETS for name, _ in headers):
            raise WaczInvalid("a header is in it that proves who somebody is")
        record.raw_stream.read()
        if record.rec_type == "response":
            of = record.rec_headers.get_header
            found[records.get_record_offset()] = (of("WARC-Target-URI"), of("WARC-Date"))
    return found


def _check_index(data: bytes, answers: Mapping[int, tuple[str, str]]) -> None:
    lines = gzip.decompress(data).decode("ascii").splitlines()
    fields = [json.loads(line.split(" ", 2)[2]) for line in lines]
    indexed = {int(item["offset"]): item["url"] for item in fields}
    if len(lines) != len(answers) or indexed != {at: url for at, (url, _) in answers.items()}:
        raise WaczInvalid(f"{INDEX} does not lead to the answers")


def _pages(data: bytes, answers: Mapping[int, tuple[str, str]]) -> list[tuple[str, str]]:
    """The pages that are found: those whose address and time are those of an answer."""
    there = set(answers.values())
    listed = [json.loads(line) for line in data.splitlines()[1:]]
    return [(page["url"], page["ts"]) for page in listed if (page["url"], page["ts"]) in there]
