"""The log's entries that belong to one watched post: what its bundle carries."""

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from archiver.store.tables import (
    CheckpointRow,
    Custody,
    LogEntry,
    NoticeRow,
    ObservationRow,
    Stamp,
    VerdictRow,
)
from archiver.store.tables_evidence import ErasureWatch, ExportRow


def of_watch(session: Session, watch_id: str, capture_ids: Sequence[str]) -> list[LogEntry]:
    """Observations (failed ones too) and the visits that they name, notices, verdicts, exports,
    erasures and custody events about the watch and these captures, in the log's order."""
    observed = select(ObservationRow.id).where(ObservationRow.watch_id == watch_id)
    visited = select(ObservationRow.visit_id).where(
        ObservationRow.watch_id == watch_id, col(ObservationRow.visit_id).is_not(None)
    )
    told = select(NoticeRow.id).where(NoticeRow.watch_id == watch_id)
    concluded = select(VerdictRow.id).where(VerdictRow.watch_id == watch_id)
    exported = select(ExportRow.id).where(ExportRow.watch_id == watch_id)
    erased = select(ErasureWatch.erasure_id).where(ErasureWatch.watch_id == watch_id)
    subjects = [*capture_ids, watch_id]
    handled = select(Custody.id).where(
        or_(col(Custody.subject_id).in_(subjects), col(Custody.subject_id).in_(observed))
    )
    subject = col(LogEntry.subject_id)
    parts = (observed, visited, told, concluded, exported, erased, handled)
    wanted = or_(*(subject.in_(part) for part in parts))
    return list(session.exec(select(LogEntry).where(wanted).order_by(col(LogEntry.leaf_index))))


def first_stamped_checkpoint(session: Session, leaf_index: int) -> CheckpointRow | None:
    """The checkpoint over the leaf that was stamped at the earliest moment; where none is stamped
    so far, the first that covers it.

    The moment of that stamp is the one by which the record is known to have existed: a later
    checkpoint would prove less.
    """
    size = session.exec(
        select(Stamp.subject)
        .where(
            Stamp.subject_kind == "checkpoint",
            col(Stamp.subject) > leaf_index,
            col(Stamp.gen_time).is_not(None),
        )
        .order_by(col(Stamp.gen_time), col(Stamp.subject))
        .limit(1)
    ).one_or_none()
    if size is not None:
        return session.get(CheckpointRow, size)
    return session.exec(
        select(CheckpointRow)
        .where(col(CheckpointRow.size) > leaf_index)
        .order_by(col(CheckpointRow.size))
        .limit(1)
    ).one_or_none()
