"""Writing records into the log: statements, leaves, and the chronological record of custody.

A record is prepared outside of the transaction (hashing a page's tiles takes a while) and appended
within the one that stores its row, as its last step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from archiver.domain.digest import canonical_json
from archiver.domain.errors import InvalidInput, Unavailable
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.ids import make_id
from archiver.domain.instant import Clock, render
from archiver.evidence.statement import RecordSource, Source, StatementPlan, plan
from archiver.store.database import after_commit, before_commit
from archiver.store.repository import files, log
from archiver.store.tables import Custody

LONGEST_REQUEST = timedelta(hours=1)
"""No record takes longer from its first blob to its commit."""
MAX_STATEMENT = 0xFFFF
"""Bytes; an entry of a tile is preceded by its length in 16 bits (c2sp.org/tlog-tiles)."""


@dataclass(frozen=True)
class Prepared:
    """A statement ready to be appended; `source` is the canonical JSON that rebuilds it."""

    kind: str
    plan: StatementPlan
    source: bytes


class Recorder:
    """Appends records to the log and rings for a checkpoint once they are committed."""

    def __init__(
        self,
        *,
        clock: Clock,
        random: Callable[[int], bytes],
        appended: Callable[[], None],
        has_blob: Callable[[str], bool],
    ) -> None:
        self._clock = clock
        self._random = random
        self._appended = appended
        self._has_blob = has_blob

    def new_id(self, prefix: str) -> str:
        """`<prefix>_<16 hex>`, for instance `obs_0123456789abcdef`."""
        return make_id(prefix, self._random)

    def prepare(
        self, kind: str, record: dict[str, Any], files: Sequence[EvidenceFile] = ()
    ) -> Prepared:
        """Hashes a record (JSON data) and its files into a statement with fresh salts.

        Raises:
            InvalidInput: a value JSON cannot carry, a key named `salt`, two files of one name.
            InvalidPicture: a picture that cannot be decoded.
        """
        return self.prepare_source(kind, RecordSource(kind, record, files), record)

    def prepare_source(self, kind: str, source: Source, kept: dict[str, Any]) -> Prepared:
        """The same for any other source; `kept` is what rebuilding it needs beside its blobs."""
        made = plan(source, self._random)
        if len(made.text) > MAX_STATEMENT:
            raise InvalidInput("too many files for one record", field="files")
        return Prepared(kind, made, canonical_json(kept))

    def append(
        self, session: Session, subject_id: str, prepared: Prepared
    ) -> tuple[int, dict[str, str]]:
        """Takes a leaf for `subject_id` within the caller's transaction: (leaf index, salts).

        The log keeps source and salts by itself. From here to the commit nobody else can append.
        """
        index = log.append(
            session,
            kind=prepared.kind,
            subject_id=subject_id,
            statement=prepared.plan.text,
            leaf_hash=prepared.plan.leaf,
            at=self._clock(),
            record=prepared.source,
            salts=dict(prepared.plan.salts),
        )
        before_commit(session, self._check_blobs)
        after_commit(session, self._appended)
        return index, prepared.plan.salts

    def _check_blobs(self, session: Session) -> None:
        """An erasure may have deleted a blob of the same bytes after ours was put and before this
        transaction had the log's head, which whoever deletes blobs must hold.

        Raises:
            Unavailable: that happened; nothing is stored.
        """
        deleted_at = log.blobs_deleted_at(session)
        if deleted_at is None or deleted_at < self._clock() - LONGEST_REQUEST:
            return
        if not all(self._has_blob(sha256) for sha256 in files.new_blobs(session)):
            raise Unavailable("a file was erased at this very moment: send it again")

    def record(
        self,
        session: Session,
        kind: str,
        subject_id: str,
        record: dict[str, Any],
        files: Sequence[EvidenceFile] = (),
    ) -> tuple[int, dict[str, str]]:
        """`prepare` and `append` at once, for records without pictures. Raises as `prepare`."""
        return self.append(session, subject_id, self.prepare(kind, record, files))

    def custody(
        self,
        session: Session,
        *,
        workspace_id: str,
        subject_id: str,
        event: str,
        actor: str,
        detail: str = "",
    ) -> str:
        """Notes what happened to a piece of evidence, and by whom: the event's id.

        `actor` is a token's id, `service` or `operator`; never a name or an address.
        """
        identifier, at = self.new_id("evt"), self._clock()
        record = {
            "id": identifier,
            "subject_id": subject_id,
            "at": render(at),
            "event": event,
            "actor": actor,
            "detail": detail,
        }
        leaf_index, _ = self.record(session, "custody", identifier, record)
        session.add(
            Custody(
                id=identifier,
                workspace_id=workspace_id,
                subject_id=subject_id,
                at=at,
                event=event,
                actor=actor,
                detail=detail,
                leaf_index=leaf_index,
            )
        )
        return identifier
