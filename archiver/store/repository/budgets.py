"""Visits a day and wall: the only queries on what was spent, and on what is put off for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select, update

from archiver.store.repository.walls import ASKED
from archiver.store.tables import Watch
from archiver.store.tables_health import WallDay

_SPEND = text(
    "INSERT INTO wall_day (wall_id, day, scheduled, asked) VALUES (:wall, :day, :scheduled, :asked)"
    " ON CONFLICT (wall_id, day) DO UPDATE SET"
    " scheduled = wall_day.scheduled + excluded.scheduled, asked = wall_day.asked + excluded.asked"
)


def spend(session: Session, wall_id: str, day: str, *, asked: bool) -> None:
    """Counts a visit."""
    values = {"wall": wall_id, "day": day, "scheduled": int(not asked), "asked": int(asked)}
    session.connection().execute(_SPEND, values)


def spent(session: Session, wall_ids: Sequence[str], day: str) -> dict[str, WallDay]:
    """What was spent on these walls on a day; those without a visit are left out."""
    found = session.exec(
        select(WallDay).where(col(WallDay.wall_id).in_(wall_ids), WallDay.day == day)
    )
    return {row.wall_id: row for row in found}


def put_off(session: Session, wall_id: str, until: datetime, reason: str) -> None:
    """Moves the wall's planned looks that fall before a moment to it; asked-for ones stay."""
    session.exec(
        update(Watch)
        .where(
            col(Watch.wall_id) == wall_id,
            col(Watch.closed_at).is_(None),
            col(Watch.next_check_at) < until,
            col(Watch.next_check_reason) != ASKED,
        )
        .values(next_check_at=until, next_check_reason=reason)
    )
