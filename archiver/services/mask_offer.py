"""What can be shown of a watched post: its pictures and fields, record by record.

Never offered, because they repeat what is to be hidden or name files by plain hashes: originals,
pages, recordings, attachments, the contributor's own manifest, neighbours, and `transformations`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.instant import render
from archiver.evidence.masked import NEVER_SHOWN
from archiver.evidence.parts import PICTURE_TYPES
from archiver.evidence.picture import picture_size
from archiver.evidence.picture_tiles import LIST_NAME
from archiver.evidence.statement_text import parse_statement
from archiver.services.record_source import kept_record, source_of
from archiver.store.tables import Capture, LogEntry, StoredFile

FIELDS = "fields/"
NEVER_FIELDS = NEVER_SHOWN | {"transformations"}
PREVIEW = 600
"""Characters of a field's value."""


@dataclass(frozen=True)
class OfferedPicture:
    """A picture that can be shown. `key` names it in a plan; `owner_id` (a capture or a look) and
    `name` are how its file is asked for, `sha256` is its blob."""

    key: str
    folder: str
    width: int
    height: int
    owner_id: str
    name: str
    sha256: str


@dataclass(frozen=True)
class OfferedField:
    """A field that can be shown; `path` names it in a plan, `preview` is its value as text."""

    path: str
    name: str
    preview: str


@dataclass(frozen=True)
class OfferedRecord:
    """One record with what can be shown of it. `at` in RFC 3339."""

    leaf: int
    kind: str
    id: str
    at: str
    pictures: tuple[OfferedPicture, ...]
    fields: tuple[OfferedField, ...]


@dataclass(frozen=True)
class Offer:
    """All records of a post of which anything can be shown, in the log's order."""

    records: tuple[OfferedRecord, ...]

    @property
    def pictures(self) -> dict[str, OfferedPicture]:
        """By key."""
        return {picture.key: picture for record in self.records for picture in record.pictures}

    @property
    def fields(self) -> frozenset[str]:
        """The paths of all fields."""
        return frozenset(field.path for record in self.records for field in record.fields)


def make_offer(
    entries: Iterable[LogEntry],
    captures: Mapping[str, Capture],
    files: Mapping[str, Sequence[StoredFile]],
    read: Callable[[str], bytes],
    lookers: Mapping[str, str],
) -> Offer:
    """The offer of these leaves; erased ones offer nothing. `read` gives a blob by its SHA-256;
    `lookers` names for each visit a look that was taken during it."""

    @cache  # looks of one visit may share a picture
    def size(sha256: str) -> tuple[int, int]:
        return picture_size(read(sha256))

    offered = []
    for entry in entries:
        if entry.record is None:
            continue
        rows = files.get(entry.subject_id, ())
        owner_id = lookers.get(entry.subject_id, entry.subject_id)
        pictures = tuple(_pictures(entry, owner_id, rows, size))
        fields = tuple(_fields(entry, captures, rows))
        if pictures or fields:
            at = _moment(entry)
            offered.append(
                OfferedRecord(entry.leaf_index, entry.kind, entry.subject_id, at, pictures, fields)
            )
    return Offer(tuple(offered))


def _pictures(
    entry: LogEntry,
    owner_id: str,
    rows: Sequence[StoredFile],
    size: Callable[[str], tuple[int, int]],
) -> Iterable[OfferedPicture]:
    """In the order in which they came."""
    listed = parse_statement(entry.statement)
    for row in rows:
        folder = _folder(entry, row)
        is_picture = row.media_type.partition(";")[0].strip() in PICTURE_TYPES
        if is_picture and f"{folder}/{LIST_NAME}" in listed:
            key = f"{entry.leaf_index}/{folder}"
            width, height = size(row.sha256)
            yield OfferedPicture(key, folder, width, height, owner_id, row.name, row.sha256)


def _folder(entry: LogEntry, row: StoredFile) -> str:
    """The statement's folder of a picture: a capture's are named by role, a look's by file. Those
    of attachments have two levels, and are no picture of the page."""
    return row.role if entry.kind == "capture" else row.name.partition(".")[0]


def _fields(
    entry: LogEntry, captures: Mapping[str, Capture], rows: Sequence[StoredFile]
) -> Iterable[OfferedField]:
    """Values as they would stand in the bundle: made with the kept salts, without any file."""
    blank = [(row, EvidenceFile(row.name, row.media_type, b"")) for row in rows]
    for part in source_of(entry, captures, blank).parts():
        name = part.path.removeprefix(FIELDS).removesuffix(".json")
        if not part.path.startswith(FIELDS) or name in NEVER_FIELDS or part.path not in entry.salts:
            continue
        ((_, data),) = part.make(bytes.fromhex(entry.salts[part.path]))
        preview = _preview(json.loads(data)["value"])
        yield OfferedField(f"{entry.leaf_index}/{part.path}", name, preview)


def _preview(value: Any) -> str:
    if isinstance(value, dict):
        given = {name: said for name, said in value.items() if said not in (None, "", [], {})}
        text = ", ".join(f"{name}: {said}" for name, said in given.items())
    elif isinstance(value, list):
        text = ", ".join(str(item) for item in value)
    else:
        text = str(value)
    return text if len(text) <= PREVIEW else f"{text[:PREVIEW]} …"


def _moment(entry: LogEntry) -> str:
    record = kept_record(entry)
    return str(record.get("at") or record.get("received_at") or render(entry.created_at))
