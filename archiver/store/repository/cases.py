"""Cases and their events: the only queries on them."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from archiver.store.tables import Case, CaseEventRow


def case(session: Session, workspace_id: str, case_id: str) -> Case | None:
    """One case of a workspace."""
    return session.exec(
        select(Case).where(Case.workspace_id == workspace_id, Case.id == case_id)
    ).one_or_none()


def cases_of(session: Session, workspace_id: str, *, offset: int, limit: int) -> Sequence[Case]:
    """A workspace's cases, the newest first."""
    wanted = select(Case).where(Case.workspace_id == workspace_id)
    ordered = wanted.order_by(col(Case.created_at).desc(), col(Case.id))
    return session.exec(ordered.offset(offset).limit(limit)).all()


def count_cases(session: Session, workspace_id: str) -> int:
    """How many cases a workspace has."""
    return session.exec(
        select(func.count()).select_from(Case).where(Case.workspace_id == workspace_id)
    ).one()


def events_of(session: Session, case_id: str) -> Sequence[CaseEventRow]:
    """A case's events in the order in which they happened."""
    return session.exec(
        select(CaseEventRow)
        .where(CaseEventRow.case_id == case_id)
        .order_by(col(CaseEventRow.at), col(CaseEventRow.leaf_index))
    ).all()
