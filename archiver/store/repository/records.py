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


def of_watch(session: Session, watch_id: str, capture_ids: Sequence[str]) -> list[LogEntry]:
    """Observations (failed ones too), notices, verdicts and custody events about the watch and
    these captures, in the log's order."""
    observed = select(ObservationRow.id).where(ObservationRow.watch_id == watch_id)
    told = select(NoticeRow.id).where(NoticeRow.watch_id == watch_id)
    concluded = select(VerdictRow.id).where(VerdictRow.watch_id == watch_id)
    subjects = [*capture_ids, watch_id]
    handled = select(Custody.id).where(
        or_(col(Custody.subject_id).in_(subjects), col(Custody.subject_id).in_(observed))
    )
    subject = col(LogEntry.subject_id)
    wanted = or_(*(subject.in_(part) for part in (observed, told, concluded, handled)))
    return list(session.exec(select(LogEntry).where(wanted).order_by(col(LogEntry.leaf_index))))


def stamped_checkpoint_covering(session: Session, leaf_index: int) -> CheckpointRow | None:
    """The newest checkpoint over the leaf that an authority has stamped; else the newest."""
    covering = select(CheckpointRow).where(col(CheckpointRow.size) > leaf_index)
    stamped = select(Stamp.subject).where(
        Stamp.subject_kind == "checkpoint", col(Stamp.response).is_not(None)
    )
    newest = col(CheckpointRow.size).desc()
    with_stamp = covering.where(col(CheckpointRow.size).in_(stamped)).order_by(newest).limit(1)
    return (
        session.exec(with_stamp).one_or_none()
        or session.exec(covering.order_by(newest).limit(1)).one_or_none()
    )
