"""Receipts and facts of a capture: what its contributor keeps, and what the owner reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from sqlmodel import Session

from archiver.domain.errors import EvidenceError, NotFound, TimestampInvalid
from archiver.evidence import tlog_proof
from archiver.evidence.timestamp import verify_response
from archiver.services.authorities import Times, TimeState, times_of
from archiver.services.sealing import Sealing
from archiver.services.trust import Trust, to_pem
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import captures, erasures, files, log, stamps
from archiver.store.tables import Capture, Custody, Stamp, StoredFile


@dataclass(frozen=True)
class Token:
    """One authority's answer, whole. `gen_time` is the moment that it certifies."""

    authority: str
    gen_time: datetime
    response: bytes


@dataclass(frozen=True)
class Receipt:
    """All that is needed to prove a capture without trusting the service afterwards.

    `independent_time` is false while only the embedded authority, or one that leads to no known
    root, has stamped: then the order of things is proven, not the time.
    """

    capture_id: str
    leaf_index: int
    statement: bytes
    tlog_proof: str
    checkpoint: str
    tokens: list[Token]
    times: Times
    log_public_key: str
    authority_certificates: str
    independent_time: bool

    @property
    def time(self) -> TimeState:
        """Whether an authority of the settings has stamped it."""
        return self.times.state


@dataclass(frozen=True)
class CaptureFacts:
    """A capture as its owner sees it; `manifest` as it was sent."""

    row: Capture
    manifest: dict[str, Any]
    files: list[StoredFile]
    custody: list[Custody]
    times: Times

    @property
    def time(self) -> TimeState:
        """Whether an authority of the settings has stamped it."""
        return self.times.state


class Receipts:
    """Reads captures; every method takes the workspace and knows no other's captures.
    `authorities` are those that stamps are wished from."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        sealing: Sealing,
        trust: Trust,
        authorities: Sequence[str],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._sealing = sealing
        self._trust = trust
        self._authorities = tuple(authorities)

    def receipt(self, workspace_id: str, capture_id: str) -> Receipt:
        """The receipt of a sealed capture.

        Raises:
            NotFound: no such capture here.
            NotYet: its checkpoint is still to come.
        """
        with self._database.reading() as session:
            row = _capture(session, workspace_id, capture_id)
            entry = log.entry(session, row.leaf_index)
            rows = stamps.stamps_of(session, "leaf", [row.leaf_index])
        tokens = _tokens(rows)
        if entry is None:
            raise EvidenceError(f"the log has no leaf {row.leaf_index}")
        proof = self._sealing.prove(row.leaf_index)
        roots, independent = self._roots(entry.statement, tokens)
        return Receipt(
            capture_id=row.id,
            leaf_index=row.leaf_index,
            statement=entry.statement,
            tlog_proof=tlog_proof.write(proof.leaf_index, proof.path, proof.note),
            checkpoint=proof.note,
            tokens=tokens,
            times=times_of(rows, row.created_at, self._trust, self._authorities),
            log_public_key=self._sealing.public_key.vkey,
            authority_certificates=to_pem(roots),
            independent_time=independent,
        )

    def facts(self, workspace_id: str, capture_id: str) -> CaptureFacts:
        """Everything that is known of a capture.

        Raises:
            NotFound: no such capture here.
        """
        with self._database.reading() as session:
            row = _capture(session, workspace_id, capture_id)
            return CaptureFacts(
                row=row,
                manifest=json.loads(row.manifest),
                files=files.files_of(session, row.id),
                custody=captures.custody_of(session, workspace_id, [row.id]),
                times=self._times(session, row),
            )

    def listed(
        self, workspace_id: str, *, offset: int, limit: int
    ) -> list[tuple[Capture, TimeState]]:
        """A workspace's captures, the newest first."""
        with self._database.reading() as session:
            rows = captures.captures_of(session, workspace_id, offset=offset, limit=limit)
            return [(row, self._times(session, row).state) for row in rows]

    def file(self, workspace_id: str, capture_id: str, name: str) -> tuple[StoredFile, bytes]:
        """One file of a capture with its bytes as uploaded.

        Raises:
            NotFound: no such capture or file here.
            EvidenceError: the stored bytes changed.
        """
        with self._database.reading() as session:
            row = _capture(session, workspace_id, capture_id)
            stored = files.file_named(session, row.id, name)
        if stored is None:
            raise NotFound(f"{capture_id} has no file {name}")
        return stored, self._blobs.get(stored.sha256)

    def _times(self, session: Session, row: Capture) -> Times:
        rows = stamps.stamps_of(session, "leaf", [row.leaf_index])
        return times_of(rows, row.created_at, self._trust, self._authorities)

    def _roots(
        self, statement: bytes, tokens: Sequence[Token]
    ) -> tuple[list[x509.Certificate], bool]:
        """The roots that the tokens lead to, and whether one of them is independent of us."""
        found: list[x509.Certificate] = []
        independent = False
        for token in tokens:
            anchors, intermediates = self._trust.anchors(token.authority, token.response)
            try:
                root = verify_response(
                    token.response, statement, anchors, intermediates=intermediates
                ).root
            except TimestampInvalid:
                continue  # stamped under roots that are no longer configured: the token stays
            if root not in found:
                found.append(root)
            independent = independent or self._trust.is_independent(token.authority, root)
        return found, independent


def _capture(session: Session, workspace_id: str, capture_id: str) -> Capture:
    row = captures.capture(session, workspace_id, capture_id)
    if row is None:
        raise erasures.absent(
            session, workspace_id, capture_id, f"there is no capture {capture_id}"
        )
    return row


def _tokens(rows: Sequence[Stamp]) -> list[Token]:
    return [
        Token(row.authority, row.gen_time, row.response)
        for row in rows
        if row.response is not None and row.gen_time is not None
    ]
