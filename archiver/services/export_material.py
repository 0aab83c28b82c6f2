"""Gathering what a bundle is made of: all rows of a post, read in one consistent view.

Every capture, every look, failed ones too, and the visits that they name, every verdict, notice,
custody event, erasure and earlier export. Each record is proven against the checkpoint that was
stamped first after it: its stamp says by when the record existed, and a bundle made a month later
must not say "a month later".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from archiver.domain.errors import Conflict, EvidenceError, NotYet
from archiver.evidence import tlog_proof
from archiver.evidence.records_check import main_look
from archiver.services.sealing import Sealing
from archiver.store.repository import (
    calendar_stamps,
    captures,
    files,
    log,
    masks,
    observations,
    records,
    stamps,
)
from archiver.store.tables import (
    Capture,
    CheckpointRow,
    LogEntry,
    ObservationRow,
    Stamp,
    StoredFile,
    Watch,
)
from archiver.store.tables_evidence import MaskRow

WAITS = "a record waits for its checkpoint or time stamp: try again in a second"


@dataclass(frozen=True)
class ExportOptions:
    """How a bundle is made: masked by what its owner chose to show, the exhibit's language, masked
    pictures with Content Credentials."""

    masked: bool = False
    lang: Literal["en", "fr"] = "en"
    c2pa: bool = False


@dataclass(frozen=True)
class LeafProof:
    """A receipt, and the checkpoint in it."""

    text: str
    size: int
    note: str


@dataclass(frozen=True)
class Proofs:
    """Receipts and time stamps of some leaves, by leaf index and by size of the checkpoint."""

    receipts: dict[int, LeafProof]
    stamps: list[Stamp]
    checkpoint_stamps: list[Stamp]
    calendars: dict[int, bytes]

    def tokens(self, leaf: int) -> list[bytes]:
        """The responses over the leaf's statement."""
        return _responses(self.stamps, leaf)

    def checkpoint_tokens(self, leaf: int) -> list[bytes]:
        """The responses over the checkpoint of the leaf's receipt."""
        return _responses(self.checkpoint_stamps, self.receipts[leaf].size)

    def stamps_over(self, leaf: int) -> list[Stamp]:
        """The stamps of the leaf, then those of its checkpoint, as far as they are there."""
        size = self.receipts[leaf].size
        rows = [row for row in self.stamps if row.subject == leaf]
        rows += [row for row in self.checkpoint_stamps if row.subject == size]
        return [row for row in rows if row.response is not None]


@dataclass(frozen=True)
class Material:
    """All rows of one bundle. `main` is the leaf that it is around; `subjects` are what it is an
    export of, for the record of custody; `masks` is what the owner chose to show, if anything."""

    watch: Watch
    subjects: list[str]
    captures: dict[str, Capture]
    looks: Sequence[ObservationRow]
    main: int
    entries: list[LogEntry]
    files: dict[str, list[StoredFile]]
    proofs: Proofs
    masks: MaskRow | None

    @property
    def kinds(self) -> dict[int, str]:
        """The kind of each record by its leaf."""
        return {entry.leaf_index: entry.kind for entry in self.entries}

    def main_entry(self) -> LogEntry:
        """The leaf that the bundle is around."""
        return next(entry for entry in self.entries if entry.leaf_index == self.main)

    def others(self) -> list[LogEntry]:
        """All other leaves, in the log's order."""
        return [entry for entry in self.entries if entry.leaf_index != self.main]


def gather(session: Session, sealing: Sealing, watch: Watch, main: int | None = None) -> Material:
    """Reads everything about a post. `main`: the leaf to be around; without one, the first capture
    or the look that stands in its place.

    Raises:
        NotYet: a record waits for its checkpoint, or for every time stamp.
        Conflict: nobody captured the post, and no look was taken yet.
        EvidenceError: `main` is not in the log, or was erased.
    """
    taken = captures.captures_of_watch(session, watch.id)
    entries = entries_of(session, watch.id, [capture.id for capture in taken])
    main = _main_of(entries) if main is None else main
    indices = [entry.leaf_index for entry in entries]
    if main not in indices:
        raise EvidenceError(f"leaf {main} is not in the log, or was erased")
    return Material(
        watch=watch,
        subjects=[entry.subject_id for entry in entries if entry.kind == "capture"] or [watch.id],
        captures={capture.id: capture for capture in taken},
        looks=observations.observations_of(session, watch.id),
        main=main,
        entries=entries,
        files=files_by_owner(session, entries),
        proofs=prove(session, sealing, indices),
        masks=masks.mask(session, watch.id),
    )


def entries_of(session: Session, watch_id: str, capture_ids: Sequence[str]) -> list[LogEntry]:
    """All leaves about the post, in the log's order, but for those that an erasure emptied: they
    cannot be shown, and stay in the log."""
    captured = log.entries_of(session, capture_ids)
    followed = records.of_watch(session, watch_id, capture_ids)
    kept = (entry for entry in (*captured, *followed) if entry.record is not None)
    return sorted(kept, key=lambda entry: entry.leaf_index)


def files_by_owner(session: Session, entries: Sequence[LogEntry]) -> dict[str, list[StoredFile]]:
    """The files of these records, each record's in the order in which they were stored."""
    found: dict[str, list[StoredFile]] = {}
    for row in files.files_of_all(session, [entry.subject_id for entry in entries]):
        found.setdefault(row.owner_id, []).append(row)
    return found


def prove(session: Session, sealing: Sealing, indices: Sequence[int]) -> Proofs:
    """Receipts and stamps of these leaves.

    Raises:
        NotYet: one of them waits for its checkpoint, or has no time stamp at all.
    """
    receipts = {index: _receipt(session, sealing, index) for index in indices}
    sizes = sorted({receipt.size for receipt in receipts.values()})
    proofs = Proofs(
        receipts=receipts,
        stamps=stamps.stamps_of(session, "leaf", indices),
        checkpoint_stamps=stamps.stamps_of(session, "checkpoint", sizes),
        calendars=calendar_stamps.of_leaves(session, indices),
    )
    if not all(proofs.stamps_over(index) for index in indices):
        raise NotYet(WAITS)
    return proofs


def _main_of(entries: Sequence[LogEntry]) -> int:
    """The first capture's leaf, or that of the look which stands in its place."""
    for entry in entries:
        if entry.kind == "capture":
            return entry.leaf_index
    kept = {entry.leaf_index: (entry.kind, entry.record or b"") for entry in entries}
    main = main_look(kept)
    if main is None:
        raise Conflict("nobody captured this post, and no look was taken yet: look first")
    return main


def _receipt(session: Session, sealing: Sealing, leaf_index: int) -> LeafProof:
    checkpoint: CheckpointRow | None = records.first_stamped_checkpoint(session, leaf_index)
    if checkpoint is None:
        raise NotYet(WAITS)
    proof = sealing.prove_against(session, checkpoint, leaf_index)
    text = tlog_proof.write(leaf_index, proof.path, proof.note)
    return LeafProof(text, checkpoint.size, proof.note)


def _responses(rows: Sequence[Stamp], subject: int) -> list[bytes]:
    return [row.response for row in rows if row.subject == subject and row.response is not None]
