"""Checks what others signed: time stamps, cosignatures of witnesses, proofs of calendars."""

from collections.abc import Sequence

from sqlmodel import Session

from archiver.domain.errors import EvidenceError, ProofInvalid, TimestampInvalid
from archiver.evidence import checkpoint as notes
from archiver.evidence import cosignature, ots
from archiver.evidence.timestamp import verify_response
from archiver.services.fsck_faults import Fault, Position, Step
from archiver.services.trust import Trust
from archiver.store.database import Database
from archiver.store.repository import fsck, log
from archiver.store.tables import Stamp
from archiver.store.tables_evidence import CalendarStamp, Cosignature

BATCH = 64


class Stamps:
    """Every archived answer of a time authority, over what it is for."""

    name = "time stamps"

    def __init__(self, database: Database, trust: Trust) -> None:
        self._database = database
        self._trust = trust

    def total(self) -> int:
        """All wishes, fulfilled or not."""
        with self._database.reading() as session:
            return fsck.count(session, Stamp)

    def step(self, position: Position) -> Step:
        """The next answers."""
        with self._database.reading() as session:
            rows = fsck.stamps_from(session, position.get("after", 0), BATCH)
            faults = [fault for row in rows if (fault := self._check(session, row))]
        return Step({"after": rows[-1].id} if rows else None, len(rows), faults)

    def _check(self, session: Session, row: Stamp) -> Fault | None:
        subject = f"time stamp by {row.authority} of {row.subject_kind} {row.subject}"
        data = _stamped(session, row)
        if data is None:
            return Fault("stamp", subject, "what it stamps is not there")
        response = row.response or b""
        try:
            roots, intermediates = self._trust.anchors(row.authority, response)
            verified = verify_response(response, data, roots, intermediates=intermediates)
        except (TimestampInvalid, ProofInvalid) as error:
            return Fault("stamp", subject, str(error))
        if verified.gen_time != row.gen_time:
            return Fault("stamp", subject, f"it says {verified.gen_time}, not {row.gen_time}")
        return None


class Cosignatures:
    """Every line of a witness that the settings name."""

    name = "cosignatures"

    def __init__(self, database: Database, keys: Sequence[cosignature.WitnessKey]) -> None:
        self._database = database
        self._keys = {f"{key.name}+{key.key_id.hex()}": key for key in keys}

    def total(self) -> int:
        """All lines."""
        with self._database.reading() as session:
            return fsck.count(session, Cosignature)

    def step(self, position: Position) -> Step:
        """The next lines."""
        size, witness = position.get("size", -1), position.get("witness", "")
        with self._database.reading() as session:
            rows = fsck.cosignatures_from(session, size, witness, BATCH)
            faults = [fault for row in rows if (fault := self._check(session, row))]
        following = {"size": rows[-1].size, "witness": rows[-1].witness} if rows else None
        return Step(following, len(rows), faults)

    def _check(self, session: Session, row: Cosignature) -> Fault | None:
        subject = f"cosignature by {row.witness} of checkpoint {row.size}"
        checkpoint = log.checkpoint_of(session, row.size)
        if checkpoint is None:
            return Fault("cosignature", subject, "there is no such checkpoint")
        key = self._keys.get(row.witness)
        if key is None:
            return None  # a witness of earlier settings: its key is not known any more
        try:
            cosignature.verify_line(key, row.line, notes.parse(checkpoint.note).text)
        except ProofInvalid as error:
            return Fault("cosignature", subject, str(error))
        return None


class Calendars:
    """Every proof of a calendar, as far as it goes without Bitcoin."""

    name = "calendar proofs"

    def __init__(self, database: Database) -> None:
        self._database = database

    def total(self) -> int:
        """All wishes for one."""
        with self._database.reading() as session:
            return fsck.count(session, CalendarStamp)

    def step(self, position: Position) -> Step:
        """The next proofs."""
        with self._database.reading() as session:
            rows = fsck.calendar_stamps_from(session, position.get("after", -1), BATCH)
            faults = [fault for row in rows if (fault := _check_calendar(session, row))]
        return Step({"after": rows[-1].leaf_index} if rows else None, len(rows), faults)


def _check_calendar(session: Session, row: CalendarStamp) -> Fault | None:
    subject = f"calendar proof of leaf {row.leaf_index}"
    entry = log.entry(session, row.leaf_index)
    if entry is None:
        return Fault("calendar", subject, "there is no such leaf")
    try:
        ots.verify(row.proof or b"", entry.statement)
    except EvidenceError as error:
        return Fault("calendar", subject, str(error))
    return None


def _stamped(session: Session, row: Stamp) -> bytes | None:
    """The bytes that the stamp is over."""
    if row.subject_kind == "leaf":
        entry = log.entry(session, row.subject)
        return entry.statement if entry else None
    checkpoint = log.checkpoint_of(session, row.subject)
    try:
        return notes.parse(checkpoint.note).text.encode() if checkpoint else None
    except ProofInvalid:
        return None
