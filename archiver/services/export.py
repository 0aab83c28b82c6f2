"""Export: the bundle of a capture or of a watched post, which a stranger verifies.

It carries every capture of the post, every observation, failed ones included, every verdict, notice
and custody event. Where nobody captured the post, a look is its main record. Each record is
proven against the checkpoint that was stamped first after it: its stamp says by when the record
existed, and a bundle made a month later must not say "a month later". It is verified again before
it is given away, and that it was is noted in the record of custody.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives.serialization import Encoding
from sqlmodel import Session

from archiver.domain.capture import Manifest
from archiver.domain.errors import Conflict, EvidenceError, NotFound, NotYet
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.instant import Clock
from archiver.evidence import tlog_proof
from archiver.evidence.bundle import BundleEntry, BundleInput, write_bundle
from archiver.evidence.capture_parts import CaptureFile
from archiver.evidence.picture import MAX_PIXELS
from archiver.evidence.records_check import main_look
from archiver.evidence.report import Report
from archiver.evidence.statement import RecordSource, Source, rebuild
from archiver.services.capture_source import capture_source
from archiver.services.custody import Recorder
from archiver.services.sealing import Sealing
from archiver.services.trust import Trust
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import captures, files, log, records, stamps, watches
from archiver.store.tables import Capture, LogEntry, Stamp, StoredFile


@dataclass(frozen=True)
class _LeafProof:
    """A receipt, and the size of the checkpoint in it."""

    text: str
    size: int


@dataclass(frozen=True)
class _Material:
    """All rows of one bundle, read in one consistent view. `main` is the leaf that it is around;
    `subjects` are what it is an export of, for the record of custody."""

    workspace_id: str
    subjects: list[str]
    captures: dict[str, Capture]
    main: int
    entries: list[LogEntry]
    files: dict[str, list[StoredFile]]
    proofs: dict[int, _LeafProof]
    stamps: list[Stamp]
    checkpoint_stamps: list[Stamp]


ROUNDS = 20
"""Rounds of sealing and stamping before somebody is told to come back."""


class Export:
    """Writes bundles. `settle` seals and stamps what it can first, `source` is the service's
    address, named in the bag as its origin."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        recorder: Recorder,
        sealing: Sealing,
        trust: Trust,
        clock: Clock,
        settle: Callable[[], object],
        source: str,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._recorder = recorder
        self._sealing = sealing
        self._trust = trust
        self._clock = clock
        self._settle = settle
        self._source = source

    def capture_bundle(
        self, workspace_id: str, capture_id: str, target: BinaryIO, *, actor: str
    ) -> Report:
        """Writes the bundle around a capture, with all else that is known of its post.

        `target` must be readable and seekable; `actor` is the token's id.

        Raises:
            NotFound: no such capture here.
            NotYet: a part waits for its checkpoint or time stamp.
            ProofInvalid: a stored file is no longer what the log says.
        """

        def gather(session: Session) -> _Material:
            row = captures.capture(session, workspace_id, capture_id)
            if row is None:
                raise NotFound(f"there is no capture {capture_id}")
            return _gather(session, self._sealing, workspace_id, row.watch_id, main=row.leaf_index)

        return self._write(self._settled(gather), target, actor)

    def watch_bundle(
        self, workspace_id: str, watch_id: str, target: BinaryIO, *, actor: str
    ) -> Report:
        """Writes the bundle of a watched post, around its first capture; without one, around the
        first look that saw it, or the first look. Raises as above.

        Raises:
            NotFound: no such watch here.
            Conflict: nobody captured the post, and no look was taken yet.
        """

        def gather(session: Session) -> _Material:
            if watches.watch(session, workspace_id, watch_id) is None:
                raise NotFound(f"there is no watch {watch_id}")
            return _gather(session, self._sealing, workspace_id, watch_id)

        return self._write(self._settled(gather), target, actor)

    def _settled(self, gather: Callable[[Session], _Material]) -> _Material:
        """Reads when all is sealed and stamped. Another thread may have sealed a checkpoint and
        be about to stamp it: then a further round finds it stamped, or stamps it itself."""
        for left in reversed(range(ROUNDS)):
            self._settle()
            try:
                with self._database.reading() as session:
                    return gather(session)
            except NotYet:
                if not left:
                    raise
        raise NotYet("a record waits for its checkpoint: try again in a second")

    def _write(self, material: _Material, target: BinaryIO, actor: str) -> Report:
        entries = {entry.leaf_index: self._entry(material, entry) for entry in material.entries}
        bundle = BundleInput(
            main=entries.pop(material.main),
            records=list(entries.values()),
            log_key=self._sealing.public_key,
            roots=self._roots(material),
            made_at=self._clock(),
            source=self._source,
        )
        report = write_bundle(target, bundle)
        with self._database.transaction() as session:
            for subject in material.subjects:
                self._recorder.custody(
                    session,
                    workspace_id=material.workspace_id,
                    subject_id=subject,
                    event="exported",
                    actor=actor,
                    detail=f"{len(material.entries)} records",
                )
        return report

    def _entry(self, material: _Material, entry: LogEntry) -> BundleEntry:
        source = self._source_of(material, entry)
        proof = material.proofs[entry.leaf_index]
        return BundleEntry(
            kind=entry.kind,
            statement=rebuild(source, entry.statement, entry.salts),
            proof=proof.text,
            tokens=_responses(material.stamps, entry.leaf_index),
            checkpoint_tokens=_responses(material.checkpoint_stamps, proof.size),
        )

    def _source_of(self, material: _Material, entry: LogEntry) -> Source:
        if entry.record is None:
            raise EvidenceError(f"leaf {entry.leaf_index} was erased")
        kept = json.loads(entry.record)
        stored = material.files.get(entry.subject_id, [])
        read = [
            EvidenceFile(item.name, item.media_type, self._blobs.get(item.sha256))
            for item in stored
        ]
        if entry.kind != "capture":
            return RecordSource(entry.kind, kept, read)
        capture = material.captures[entry.subject_id]
        return capture_source(
            meta=kept,
            manifest=Manifest.model_validate_json(capture.manifest, strict=True),
            manifest_text=capture.manifest,
            files=[
                CaptureFile(item.role, file)  # type: ignore[arg-type] # checked at intake
                for item, file in zip(stored, read, strict=True)
            ],
            signature=capture.signature or None,
            max_pixels=MAX_PIXELS,
        )

    def _roots(self, material: _Material) -> list[bytes]:
        """The roots that the tokens may lead to, each once (PEM)."""
        found: dict[bytes, None] = {}
        for row in (*material.stamps, *material.checkpoint_stamps):
            if row.response is not None:
                anchors, _ = self._trust.anchors(row.authority, row.response)
                found |= {root.public_bytes(Encoding.PEM): None for root in anchors}
        return list(found)


def _gather(
    session: Session,
    sealing: Sealing,
    workspace_id: str,
    watch_id: str,
    main: int | None = None,
) -> _Material:
    taken = captures.captures_of_watch(session, watch_id)
    entries = _entries_of(session, watch_id, [capture.id for capture in taken])
    main = _main_of(entries) if main is None else main
    indices = [entry.leaf_index for entry in entries]
    if main not in indices:
        raise EvidenceError(f"leaf {main} is not in the log, or was erased")
    proofs = {index: _prove(session, sealing, index) for index in indices}
    by_owner: dict[str, list[StoredFile]] = {}
    for item in files.files_of_all(session, [entry.subject_id for entry in entries]):
        by_owner.setdefault(item.owner_id, []).append(item)
    sizes = sorted({proof.size for proof in proofs.values()})
    return _Material(
        workspace_id=workspace_id,
        subjects=[entry.subject_id for entry in entries if entry.kind == "capture"] or [watch_id],
        captures={capture.id: capture for capture in taken},
        main=main,
        entries=entries,
        files=by_owner,
        proofs=proofs,
        stamps=stamps.stamps_of(session, "leaf", indices),
        checkpoint_stamps=stamps.stamps_of(session, "checkpoint", sizes),
    )


def _entries_of(session: Session, watch_id: str, capture_ids: Sequence[str]) -> list[LogEntry]:
    """All leaves about the post, in the log's order, but for those that an erasure emptied: they
    cannot be shown, and stay in the log."""
    captured = log.entries_of(session, capture_ids)
    followed = records.of_watch(session, watch_id, capture_ids)
    kept = (entry for entry in (*captured, *followed) if entry.record is not None)
    return sorted(kept, key=lambda entry: entry.leaf_index)


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


def _prove(session: Session, sealing: Sealing, leaf_index: int) -> _LeafProof:
    checkpoint = records.first_stamped_checkpoint(session, leaf_index)
    if checkpoint is None:
        raise NotYet("a record waits for its checkpoint: try again in a second")
    proof = sealing.prove_against(session, checkpoint, leaf_index)
    return _LeafProof(tlog_proof.write(leaf_index, proof.path, proof.note), checkpoint.size)


def _responses(rows: Sequence[Stamp], subject: int) -> list[bytes]:
    return [row.response for row in rows if row.subject == subject and row.response is not None]
