"""What a check of everything reads, part by part, and where it notes how far it came. The only
queries on it. Every reading is of a bounded number of rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import Session, SQLModel, col, select

from archiver.store.tables import (
    Capture,
    CaseEventRow,
    CheckpointRow,
    Custody,
    LogEntry,
    LogTile,
    NoticeRow,
    ObservationRow,
    Stamp,
    StoredFile,
    VerdictRow,
)
from archiver.store.tables_evidence import (
    CalendarStamp,
    Cosignature,
    ErasureRow,
    ExportRow,
    FsckRun,
    VisitRow,
)

RECORD_TABLES: dict[str, type[SQLModel]] = {
    "capture": Capture,
    "observation": ObservationRow,
    "notice": NoticeRow,
    "verdict": VerdictRow,
    "custody": Custody,
    "case_event": CaseEventRow,
    "visit": VisitRow,
    "export": ExportRow,
    "erasure": ErasureRow,
}
"""The table of each kind of leaf."""


@dataclass(frozen=True)
class RowPlace:
    """A row and the leaf that it says is its own."""

    id: str
    leaf_index: int


def entries_from(session: Session, leaf_index: int, limit: int) -> list[LogEntry]:
    """The next leaves with all that is kept of them."""
    return list(
        session.exec(
            select(LogEntry)
            .where(col(LogEntry.leaf_index) >= leaf_index)
            .order_by(col(LogEntry.leaf_index))
            .limit(limit)
        )
    )


def row_of(session: Session, kind: str, subject_id: str) -> Any:
    """The row that a leaf of this kind is about; None when it is not there."""
    return session.get(RECORD_TABLES[kind], subject_id)


def rows_from(session: Session, kind: str, after: str, limit: int) -> list[RowPlace]:
    """The next rows of a kind by id."""
    table: Any = RECORD_TABLES[kind]
    rows = session.exec(
        select(table.id, table.leaf_index).where(table.id > after).order_by(table.id).limit(limit)
    )
    return [RowPlace(*row) for row in rows]


def subjects_at(session: Session, leaf_indexes: Collection[int]) -> dict[int, str]:
    """Which record each of these leaves is about."""
    rows = session.exec(
        select(LogEntry.leaf_index, LogEntry.subject_id).where(
            col(LogEntry.leaf_index).in_(leaf_indexes)
        )
    )
    return {index: subject for index, subject in rows}  # noqa: C416 - a row is no pair to dict()


def files_from(session: Session, after: int, limit: int) -> list[StoredFile]:
    """The next files by their number."""
    return list(
        session.exec(
            select(StoredFile)
            .where(col(StoredFile.id) > after)
            .order_by(col(StoredFile.id))
            .limit(limit)
        )
    )


def with_leaf(session: Session, subjects: Collection[str]) -> set[str]:
    """Those of these records that a leaf is about."""
    return set(
        session.exec(select(LogEntry.subject_id).where(col(LogEntry.subject_id).in_(subjects)))
    )


def referred(session: Session, digests: Collection[str]) -> set[str]:
    """Those of these blobs that some record has."""
    return set(session.exec(select(StoredFile.sha256).where(col(StoredFile.sha256).in_(digests))))


def checkpoints_from(session: Session, after: int, limit: int) -> list[CheckpointRow]:
    """The next checkpoints by size."""
    return list(
        session.exec(
            select(CheckpointRow)
            .where(col(CheckpointRow.size) > after)
            .order_by(col(CheckpointRow.size))
            .limit(limit)
        )
    )


def stamps_from(session: Session, after: int, limit: int) -> list[Stamp]:
    """The next time stamps that were answered."""
    return list(
        session.exec(
            select(Stamp)
            .where(col(Stamp.id) > after, col(Stamp.response).is_not(None))
            .order_by(col(Stamp.id))
            .limit(limit)
        )
    )


def cosignatures_from(session: Session, size: int, witness: str, limit: int) -> list[Cosignature]:
    """The next lines of witnesses after that of this witness under this checkpoint."""
    return list(
        session.exec(
            select(Cosignature)
            .where(
                or_(
                    col(Cosignature.size) > size,
                    and_(col(Cosignature.size) == size, col(Cosignature.witness) > witness),
                )
            )
            .order_by(col(Cosignature.size), col(Cosignature.witness))
            .limit(limit)
        )
    )


def calendar_stamps_from(session: Session, after: int, limit: int) -> list[CalendarStamp]:
    """The next proofs of calendars by their leaf."""
    return list(
        session.exec(
            select(CalendarStamp)
            .where(col(CalendarStamp.leaf_index) > after, col(CalendarStamp.proof).is_not(None))
            .order_by(col(CalendarStamp.leaf_index))
            .limit(limit)
        )
    )


def tiles_beyond(session: Session, level: int, index: int) -> Sequence[int]:
    """Tiles of a level from this index on: a tree that ends before has none of them."""
    return session.exec(
        select(LogTile.tile_index)
        .where(LogTile.level == level, col(LogTile.tile_index) >= index)
        .order_by(col(LogTile.tile_index))
        .limit(1)
    ).all()


def count(session: Session, table: type[SQLModel]) -> int:
    """How many rows there are."""
    return session.exec(select(func.count()).select_from(table)).one()


def unfinished(session: Session) -> FsckRun | None:
    """The newest check, if it was broken off."""
    newest = session.exec(
        select(FsckRun).order_by(col(FsckRun.started_at).desc(), col(FsckRun.id)).limit(1)
    ).one_or_none()
    return newest if newest is not None and newest.finished_at is None else None


def latest_finished(session: Session) -> FsckRun | None:
    """The check that was finished last."""
    return session.exec(
        select(FsckRun)
        .where(col(FsckRun.finished_at).is_not(None))
        .order_by(col(FsckRun.finished_at).desc())
        .limit(1)
    ).one_or_none()


def run(session: Session, run_id: str) -> FsckRun | None:
    """One check."""
    return session.get(FsckRun, run_id)


def save(session: Session, row: FsckRun) -> None:
    """Keeps a check's state."""
    session.add(row)
