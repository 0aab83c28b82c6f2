"""Visits of the checker to walls: the only queries on them."""

from datetime import datetime

from sqlmodel import Session, select

from archiver.store.tables import ObservationRow
from archiver.store.tables_evidence import VisitRow


def add(
    session: Session,
    visit_id: str,
    *,
    workspace_id: str,
    wall_id: str,
    at: datetime,
    leaf_index: int,
) -> None:
    """Stores a visit that has its leaf."""
    session.add(
        VisitRow(
            id=visit_id, workspace_id=workspace_id, wall_id=wall_id, at=at, leaf_index=leaf_index
        )
    )


def visit_of(session: Session, observation_id: str) -> str | None:
    """The visit of a look; None for one that had its files itself, or needed no page."""
    return session.exec(
        select(ObservationRow.visit_id).where(ObservationRow.id == observation_id)
    ).one_or_none()
