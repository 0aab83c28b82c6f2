"""What witnesses have cosigned, and what is known of each. The only queries on it.

A witness is named here by the name and id of its key, so that another key begins anew.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, text, update
from sqlmodel import Session, col, select

from archiver.store.tables import CheckpointRow
from archiver.store.tables_evidence import Cosignature, WitnessState

_FIRST = text(
    "INSERT INTO witness_state (witness, size, attempts) VALUES (:witness, 0, 0)"
    " ON CONFLICT DO NOTHING"
)


def state(session: Session, witness: str) -> WitnessState | None:
    """What is known of a witness; None before it was first asked."""
    return session.get(WitnessState, witness)


def claim(session: Session, witness: str, now: datetime, until: datetime, *, early: bool) -> bool:
    """Takes the right to ask this witness, so that of several processes one does. It lapses at
    `until`. False when its time has not come (`early` asks all the same)."""
    session.connection().execute(_FIRST, {"witness": witness})
    next_try = col(WitnessState.next_try_at)
    due = [] if early else [or_(next_try.is_(None), next_try <= now)]
    moved = session.connection().execute(
        update(WitnessState)
        .where(col(WitnessState.witness) == witness, *due)
        .values(next_try_at=until)
    )
    return moved.rowcount == 1


def note_answer(session: Session, witness: str, size: int) -> None:
    """The witness cosigned our tree of this size: whatever stood against it is over."""
    row = session.get_one(WitnessState, witness)
    row.size, row.attempts, row.next_try_at = size, 0, None
    row.error = row.fault = None


def put_off(
    session: Session, witness: str, error: str, next_try_at: datetime, *, fault: bool
) -> None:
    """Notes a failed try. A `fault` stays until the witness cosigns again."""
    row = session.get_one(WitnessState, witness)
    row.attempts, row.error, row.next_try_at = row.attempts + 1, error[:500], next_try_at
    if fault:
        row.fault = error[:500]


def faults(session: Session, witnesses: Sequence[str]) -> list[str]:
    """What these witnesses know against our history."""
    found = session.exec(
        select(WitnessState.fault)
        .where(col(WitnessState.witness).in_(witnesses), col(WitnessState.fault).is_not(None))
        .order_by(col(WitnessState.witness))
    )
    return [fault for fault in found if fault is not None]


def next_checkpoint(session: Session, after: int, behind: int) -> CheckpointRow | None:
    """The smallest checkpoint above that size among the `behind` newest ones."""
    newest = (
        select(CheckpointRow.size)
        .where(col(CheckpointRow.size) > after)
        .order_by(col(CheckpointRow.size).desc())
        .limit(behind)
    )
    return session.exec(
        select(CheckpointRow)
        .where(col(CheckpointRow.size).in_(newest))
        .order_by(col(CheckpointRow.size))
        .limit(1)
    ).one_or_none()


def store_line(session: Session, size: int, witness: str, line: str, at: datetime) -> None:
    """Keeps a verified cosignature; the first one stays."""
    if session.get(Cosignature, (size, witness)) is None:
        session.add(Cosignature(size=size, witness=witness, line=line, at=at))


def cosigned(session: Session, checkpoint: CheckpointRow) -> str:
    """The checkpoint's note with the lines of every witness that cosigned it."""
    lines = session.exec(
        select(Cosignature.line)
        .where(Cosignature.size == checkpoint.size)
        .order_by(col(Cosignature.at), col(Cosignature.witness))
    )
    return checkpoint.note + "".join(lines)
