"""Erasures: which records went, when and why, and whose bundle says so. The only queries."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from archiver.domain.digest import sha256_hex
from archiver.domain.errors import Erased, NotFound
from archiver.domain.instant import render
from archiver.store.tables import LogEntry
from archiver.store.tables_evidence import ErasedSubject, ErasureRow, ErasureWatch


def of_watch(session: Session, watch_id: str) -> list[LogEntry]:
    """The leaves of all erasures that took something from this watch's bundle, in the log's
    order: erasures of another post too, when a visit's page showed both."""
    return list(
        session.exec(
            select(LogEntry)
            .join(ErasureWatch, col(ErasureWatch.erasure_id) == LogEntry.subject_id)
            .where(ErasureWatch.watch_id == watch_id)
            .order_by(col(LogEntry.leaf_index))
        )
    )


def of_subject(session: Session, workspace_id: str, subject_id: str) -> ErasureRow | None:
    """The erasure that took this record; None when it was never erased."""
    return session.exec(
        select(ErasureRow)
        .join(ErasedSubject, col(ErasedSubject.erasure_id) == ErasureRow.id)
        .where(ErasedSubject.subject_id == subject_id, ErasedSubject.workspace_id == workspace_id)
    ).one_or_none()


def absent(session: Session, workspace_id: str, subject_id: str, message: str) -> NotFound:
    """The error for a record that is not there: `Erased` with moment and reason if an erasure took
    it, else NotFound with the message."""
    row = of_subject(session, workspace_id, subject_id)
    if row is None:
        return NotFound(message)
    return Erased(f"{subject_id} was erased at {render(row.at)} (reason: {row.body['reason']})")


def key_subject(workspace_id: str, idempotency_key: str) -> str:
    """What stands for a capture's Idempotency-Key, which may itself say something."""
    return "key_" + sha256_hex(f"{workspace_id}\n{idempotency_key}".encode())


def add(
    session: Session, row: ErasureRow, subjects: Collection[str], watch_ids: Collection[str]
) -> None:
    """Stores an erasure of these records. `watch_ids`: whose bundles are to carry it."""
    session.add(row)
    session.flush()  # the others refer to it
    session.add_all(
        ErasedSubject(subject_id=subject, workspace_id=row.workspace_id, erasure_id=row.id)
        for subject in sorted(subjects)
    )
    session.add_all(
        ErasureWatch(erasure_id=row.id, watch_id=watch_id) for watch_id in sorted(watch_ids)
    )


def listed(session: Session, workspace_id: str | None = None) -> Sequence[ErasureRow]:
    """All erasures, oldest first."""
    wanted = select(ErasureRow).order_by(col(ErasureRow.leaf_index))
    if workspace_id is not None:
        wanted = wanted.where(ErasureRow.workspace_id == workspace_id)
    return session.exec(wanted).all()


def newest_at(session: Session) -> datetime | None:
    """When something was erased last; None: never."""
    return session.exec(select(func.max(ErasureRow.at))).one()


def naming(session: Session, entries: Collection[LogEntry]) -> set[int]:
    """Those of these leaves that an erasure names as emptied."""
    subjects = [entry.subject_id for entry in entries]
    rows = session.exec(
        select(ErasureRow)
        .join(ErasedSubject, col(ErasedSubject.erasure_id) == ErasureRow.id)
        .where(col(ErasedSubject.subject_id).in_(subjects))
        .distinct()
    )
    named = {leaf for row in rows for leaf in row.body["leaves"]}
    return named.intersection(entry.leaf_index for entry in entries)


def took_part(session: Session, entry: LogEntry) -> bool:
    """Whether an erasure says that it took files from this leaf."""
    rows = session.exec(select(ErasureRow).where(col(ErasureRow.leaf_index) > entry.leaf_index))
    return any(entry.leaf_index in row.body["partial"] for row in rows)
