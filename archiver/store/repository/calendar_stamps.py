"""OpenTimestamps proofs of captures' statements, and which of them are still to be completed."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from archiver.store.tables import Capture, LogEntry
from archiver.store.tables_evidence import CalendarStamp


def of_leaves(session: Session, indices: Sequence[int]) -> dict[int, bytes]:
    """The proofs that there are, by leaf index; leaves without one are left out."""
    rows = session.exec(
        select(CalendarStamp.leaf_index, CalendarStamp.proof).where(
            col(CalendarStamp.leaf_index).in_(indices), col(CalendarStamp.proof).is_not(None)
        )
    )
    return {index: bytes(proof) for index, proof in rows if proof is not None}


def unstamped(session: Session, limit: int) -> list[tuple[int, bytes]]:
    """Captures' leaves that no calendar knows: (leaf index, statement), the oldest first."""
    known = select(CalendarStamp.leaf_index)
    rows = session.exec(
        select(Capture.leaf_index, LogEntry.statement)
        .join(LogEntry, col(LogEntry.leaf_index) == col(Capture.leaf_index))
        .where(col(Capture.leaf_index).not_in(known))
        .order_by(col(Capture.leaf_index))
        .limit(limit)
    )
    return [(index, bytes(statement)) for index, statement in rows]


def add(session: Session, leaf_index: int, proof: bytes, next_try_at: datetime) -> None:
    """Keeps a first proof, which a calendar promised to complete. Another process may have been
    first: then its proof stays."""
    if session.get(CalendarStamp, leaf_index) is None:
        session.add(CalendarStamp(leaf_index=leaf_index, proof=proof, next_try_at=next_try_at))


def due(session: Session, now: datetime, limit: int) -> list[tuple[int, bytes]]:
    """Incomplete proofs whose next look has come: (leaf index, proof)."""
    rows = session.exec(
        select(CalendarStamp.leaf_index, CalendarStamp.proof)
        .where(
            col(CalendarStamp.complete).is_(False),
            col(CalendarStamp.proof).is_not(None),
            col(CalendarStamp.next_try_at) <= now,
        )
        .order_by(col(CalendarStamp.next_try_at), col(CalendarStamp.leaf_index))
        .limit(limit)
    )
    return [(index, bytes(proof)) for index, proof in rows if proof is not None]


def update(
    session: Session,
    leaf_index: int,
    proof: bytes,
    *,
    complete: bool,
    next_try_at: datetime | None,
    error: str | None,
) -> None:
    """Keeps what a look at the calendars gave; a complete proof never becomes incomplete."""
    row = session.get(CalendarStamp, leaf_index)
    if row is None or row.complete:
        return
    row.proof, row.complete, row.next_try_at = proof, complete, next_try_at
    row.attempts, row.error = row.attempts + 1, error[:500] if error else None
