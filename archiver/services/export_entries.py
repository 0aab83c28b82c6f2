"""Assembling the records of a bundle: each statement with its files made again, and its proofs.

In a masked bundle a record is reduced to what its owner chose to show. What is not shown is not
even read, but for a capture's files: its content file lists their names.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.mask import MaskPlan
from archiver.evidence import layout
from archiver.evidence.bundle import BundleEntry
from archiver.evidence.masked import MaskedEntry, is_always_shown, mask_entry
from archiver.evidence.parts import Part
from archiver.evidence.statement import Source, Statement, rebuild
from archiver.services.export_material import Material, Proofs
from archiver.services.record_source import source_of
from archiver.store.blobs import Blobs
from archiver.store.tables import LogEntry, StoredFile

FIELDS = "fields/"
Wanted = Callable[[str], bool]
"""Whether a part of a statement is wanted, by its path."""


@dataclass(frozen=True)
class _Filtered:
    """A source with some of its parts."""

    source: Source
    wanted: Wanted

    def parts(self) -> Iterator[Part]:
        """Those that are wanted."""
        return (part for part in self.source.parts() if self.wanted(part.path))


class Entries:
    """Makes the records of one bundle. With a `plan` they are masked."""

    def __init__(
        self,
        material: Material,
        blobs: Blobs,
        random: Callable[[int], bytes],
        plan: MaskPlan | None,
    ) -> None:
        self._material = material
        self._blobs = blobs
        self._random = random
        self.plan = plan

    def others(self) -> Iterator[BundleEntry]:
        """All records but the main one, each made when its turn comes."""
        return (self.entry(entry) for entry in self._material.others())

    def entry(self, entry: LogEntry) -> BundleEntry:
        """One record with its proofs.

        Raises:
            ProofInvalid: a stored file is no longer what the log says.
        """
        if self.plan is None:
            shown = MaskedEntry(self._statement(entry, lambda _path: True))
        else:
            shown = self.masked(entry, self.plan)
        return proven(entry.kind, entry.leaf_index, shown, self._material.proofs)

    def masked(self, entry: LogEntry, plan: MaskPlan) -> MaskedEntry:
        """What is shown of a record. Raises as `entry` does."""
        leaf = entry.leaf_index
        statement = self._statement(entry, lambda path: _is_shown(path, leaf, plan))
        return mask_entry(statement, plan, leaf, self._random)

    def said(self, entry: LogEntry) -> Statement:
        """What a record says without its pictures and pages: its content and the fields that are
        shown. Raises as `entry` does."""

        def wanted(path: str) -> bool:
            if path in layout.CONTENT_FILES:
                return True
            shown = self.plan is None or f"{entry.leaf_index}/{path}" in self.plan.show
            return path.startswith(FIELDS) and shown

        return self._statement(entry, wanted)

    def picture(self, entry: LogEntry, folder: str) -> bytes:
        """The stored bytes of a record's picture, unmasked.

        Raises:
            ProofInvalid: they are no longer what the log says.
        """
        start = f"{folder}/original."
        statement = self._statement(entry, lambda path: path.startswith(start))
        return next(data for path, data in statement.files.items() if path.startswith(start))

    def _statement(self, entry: LogEntry, wanted: Wanted) -> Statement:
        rows = self._material.files.get(entry.subject_id, [])
        read = [(row, self._read(row, needed=_is_needed(entry, row, wanted))) for row in rows]
        source = source_of(entry, self._material.captures, read)
        return rebuild(_Filtered(source, wanted), entry.statement, entry.salts)

    def _read(self, row: StoredFile, *, needed: bool) -> EvidenceFile:
        data = self._blobs.get(row.sha256) if needed else b""
        return EvidenceFile(row.name, row.media_type, data)


def proven(kind: str, leaf: int, shown: MaskedEntry, proofs: Proofs) -> BundleEntry:
    """A record as the bundle takes it."""
    return BundleEntry(
        kind=kind,
        statement=shown.statement,
        proof=proofs.receipts[leaf].text,
        tokens=proofs.tokens(leaf),
        checkpoint_tokens=proofs.checkpoint_tokens(leaf),
        tiles=shown.tiles,
        ots=proofs.calendars.get(leaf),
    )


def _is_shown(path: str, leaf: int, plan: MaskPlan) -> bool:
    folder, _, name = path.rpartition("/")
    if name.startswith("original.") and f"{leaf}/{folder}" in plan.pictures:
        return True
    return is_always_shown(path) or f"{leaf}/{path}" in plan.show


def _is_needed(entry: LogEntry, row: StoredFile, wanted: Wanted) -> bool:
    """Whether a file's bytes are needed; of a look's, those whose path in the statement (a
    picture's in any of its formats) is wanted."""
    if entry.kind == "capture":
        return True
    stem = row.name.partition(".")[0]
    paths = [f"{stem}/original.{kind}" for kind in ("png", "jpg", "webp")]
    paths += [f"{stem}.html", f"{stem}.wacz", f"attachments/{row.name}.zip"]
    return any(wanted(path) for path in paths)
