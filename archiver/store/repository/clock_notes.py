"""What authorities showed of the service's clock."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from archiver.store.tables_evidence import ClockNote


def add(session: Session, at: datetime, authority: str, seconds: float) -> None:
    """Notes how far our clock was off that authority's time: ours minus theirs, in seconds."""
    session.add(ClockNote(at=at, authority=authority, seconds=seconds))


def last_of(session: Session, authority: str) -> ClockNote | None:
    """The last note about this authority."""
    return session.exec(
        select(ClockNote)
        .where(ClockNote.authority == authority)
        .order_by(col(ClockNote.id).desc())
        .limit(1)
    ).one_or_none()


def latest(session: Session) -> list[ClockNote]:
    """The last note of each authority."""
    last = select(func.max(ClockNote.id)).group_by(col(ClockNote.authority))
    return list(
        session.exec(
            select(ClockNote).where(col(ClockNote.id).in_(last)).order_by(ClockNote.authority)
        )
    )
