"""Checks leaves: every statement is made again from what is kept and compared, every blob of it
hashed on the way, and the row that the leaf is about must say what the record says."""

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from archiver.domain.digest import canonical_json, sha256_hex
from archiver.domain.errors import EvidenceError, InvalidInput, NotFound, ProofInvalid
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence.merkle import leaf_hash
from archiver.evidence.statement import rebuild
from archiver.evidence.statement_text import parse_statement
from archiver.services.fsck_faults import Fault, Position, Step
from archiver.services.record_source import FileWithRow, source_of
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import erasures, files, fsck, log
from archiver.store.tables import Capture, LogEntry, StoredFile

BATCH = 16
"""Leaves a step: the pictures of a capture take their time."""


class Leaves:
    """Leaf by leaf, from the first to the last."""

    name = "leaves"

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    def total(self) -> int:
        """All leaves."""
        with self._database.reading() as session:
            return log.head(session).size

    def step(self, position: Position) -> Step:
        """The next leaves."""
        start = position.get("at", 0)
        with self._database.reading() as session:
            entries = fsck.entries_from(session, start, BATCH)
            size = log.head(session).size
            faults = _gaps(entries, start, size)
            named = erasures.naming(session, entries)
            for entry in entries:
                faults += self._check(session, entry, erased=entry.leaf_index in named)
        if not entries:
            return Step(None, 0, faults)
        return Step({"at": entries[-1].leaf_index + 1}, len(entries), faults)

    def _check(self, session: Session, entry: LogEntry, *, erased: bool) -> list[Fault]:
        subject = f"leaf {entry.leaf_index} ({entry.kind} {entry.subject_id})"
        if leaf_hash(entry.statement) != entry.leaf_hash:
            return [Fault("statement", subject, "it is not what the leaf's hash was made of")]
        try:
            listed = parse_statement(entry.statement)
        except ProofInvalid as error:
            return [Fault("statement", subject, str(error))]
        if entry.record is None:
            excused = "its record is gone, and no erasure names it"
            return [] if erased else [Fault("record", subject, excused)]
        if erased:
            return [Fault("record", subject, "an erasure names it, but its record is there")]
        stored = files.files_of(session, entry.subject_id)
        read, faults = self._read(subject, stored)
        if not faults:
            faults = _remake(session, entry, listed, read, subject)
        return faults + _compare_row(session, entry, subject)

    def _read(
        self, subject: str, stored: list[StoredFile]
    ) -> tuple[list[FileWithRow], list[Fault]]:
        """The files with their bytes; a fault for each that is missing or changed."""
        read: list[FileWithRow] = []
        faults: list[Fault] = []
        for row in stored:
            where = f"{subject}, file {row.name}"
            try:
                data = self._blobs.get(row.sha256)
            except NotFound:
                faults.append(Fault("missing", f"blob {row.sha256}", f"it belongs to {where}"))
            except EvidenceError:
                detail = f"its bytes changed; it belongs to {where}"
                faults.append(Fault("blob", f"blob {row.sha256}", detail))
            else:
                read.append((row, EvidenceFile(row.name, row.media_type, data)))
        return read, faults


def _gaps(entries: list[LogEntry], start: int, size: int) -> list[Fault]:
    """Indexes that are missing before, between and after these leaves."""
    faults: list[Fault] = []
    expected = start
    for entry in entries:
        if entry.leaf_index != expected:
            faults.append(_gap(expected, entry.leaf_index))
        expected = entry.leaf_index + 1
    if not entries and expected < size:
        faults.append(_gap(expected, size))
    if expected > size:
        detail = f"the log counts {size} leaves only"
        faults.append(Fault("gap", f"leaf {expected - 1}", detail))
    return faults


def _gap(first: int, end: int) -> Fault:
    name = f"leaf {first}" if end == first + 1 else f"leaves {first} to {end - 1}"
    return Fault("gap", name, "not in the database")


def _remake(
    session: Session,
    entry: LogEntry,
    listed: Mapping[str, str],
    read: list[FileWithRow],
    subject: str,
) -> list[Fault]:
    """Makes the statement's files again."""
    capture = session.get(Capture, entry.subject_id) if entry.kind == "capture" else None
    try:
        source = source_of(entry, {capture.id: capture} if capture else {}, read)
        made = rebuild(source, entry.statement, entry.salts)
    except ProofInvalid as error:
        return [Fault("statement", f"{subject}, {error.subject}", "made again, it is another")]
    except (EvidenceError, InvalidInput, ValueError) as error:
        return [Fault("record", subject, f"the statement cannot be made again: {error}")]
    missing = sorted(listed.keys() - made.files.keys())
    if not missing or entry.kind == "export" or erasures.took_part(session, entry):
        return []
    return [Fault("salt", f"{subject}, {missing[0]}", "its salt or file is gone")]


def _compare_row(session: Session, entry: LogEntry, subject: str) -> list[Fault]:
    if entry.kind not in fsck.RECORD_TABLES or entry.record is None:
        return []
    row = fsck.row_of(session, entry.kind, entry.subject_id)
    if row is None:
        return [Fault("row", subject, f"there is no such {entry.kind}")]
    if row.leaf_index != entry.leaf_index:
        return [Fault("row", subject, f"its row says leaf {row.leaf_index}")]
    differs = _differences(entry.kind, row, json.loads(entry.record))
    if differs:
        return [Fault("row", subject, f"its row says otherwise: {', '.join(differs)}")]
    return []


def _differences(kind: str, row: Any, record: dict[str, Any]) -> list[str]:
    """The names of what the row repeats of the record, and gets wrong."""
    if kind == "capture":
        whole = sha256_hex(canonical_json(json.loads(row.manifest)))
        return [] if whole == row.manifest_sha256 else ["manifest_sha256"]
    told = dict(getattr(row, "body", None) or {})
    if kind == "custody":
        told = {name: getattr(row, name) for name in ("subject_id", "event", "actor", "detail")}
    if kind == "case_event":
        told = {"event": {key: value for key, value in told.items() if key != "text"}}
    if "watch_id" in record and hasattr(row, "watch_id"):
        told["watch_id"] = row.watch_id
    return sorted(name for name in told.keys() & record.keys() if told[name] != record[name])
