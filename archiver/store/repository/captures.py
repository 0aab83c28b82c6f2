"""Captures: the only queries on them, but for the grade that the second witness gives."""

from sqlmodel import Session, col, select

from archiver.store.tables import Capture, Case, Custody


def capture(session: Session, workspace_id: str, capture_id: str) -> Capture | None:
    """One capture of a workspace."""
    return session.exec(
        select(Capture).where(Capture.workspace_id == workspace_id, Capture.id == capture_id)
    ).one_or_none()


def by_key(session: Session, workspace_id: str, idempotency_key: str) -> Capture | None:
    """The capture that this key already made."""
    return session.exec(
        select(Capture).where(
            Capture.workspace_id == workspace_id, Capture.idempotency_key == idempotency_key
        )
    ).one_or_none()


def captures_of(session: Session, workspace_id: str, *, offset: int, limit: int) -> list[Capture]:
    """A workspace's captures, the newest first."""
    return list(
        session.exec(
            select(Capture)
            .where(Capture.workspace_id == workspace_id)
            .order_by(col(Capture.created_at).desc(), col(Capture.id))
            .offset(offset)
            .limit(limit)
        )
    )


def captures_of_watch(session: Session, watch_id: str) -> list[Capture]:
    """The captures of one post, the oldest first."""
    return list(
        session.exec(
            select(Capture).where(Capture.watch_id == watch_id).order_by(col(Capture.created_at))
        )
    )


def custody_of(session: Session, workspace_id: str, subject_ids: list[str]) -> list[Custody]:
    """The record of custody of these pieces of evidence, the oldest first."""
    return list(
        session.exec(
            select(Custody)
            .where(Custody.workspace_id == workspace_id, col(Custody.subject_id).in_(subject_ids))
            .order_by(col(Custody.leaf_index))
        )
    )


def case_exists(session: Session, workspace_id: str, case_id: str) -> bool:
    """Whether the workspace has this case."""
    return (
        session.exec(
            select(Case.id).where(Case.workspace_id == workspace_id, Case.id == case_id)
        ).one_or_none()
        is not None
    )
