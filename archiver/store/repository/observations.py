"""Looks, notices and verdicts of a watch: append-only rows, the only queries on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from archiver.store.tables import NoticeRow, ObservationRow, VerdictRow


def observations_of(session: Session, watch_id: str) -> Sequence[ObservationRow]:
    """All looks at a post, oldest first; of one moment in the order in which they were recorded."""
    return session.exec(
        select(ObservationRow)
        .where(ObservationRow.watch_id == watch_id)
        .order_by(col(ObservationRow.at), col(ObservationRow.leaf_index))
    ).all()


def observations_page(
    session: Session, watch_id: str, *, offset: int, limit: int
) -> Sequence[ObservationRow]:
    """A part of all looks at a post, newest first."""
    return session.exec(
        select(ObservationRow)
        .where(ObservationRow.watch_id == watch_id)
        .order_by(col(ObservationRow.at).desc(), col(ObservationRow.leaf_index).desc())
        .offset(offset)
        .limit(limit)
    ).all()


def observations_at(session: Session, watch_id: str, at: datetime) -> Sequence[ObservationRow]:
    """The looks of one moment."""
    return session.exec(
        select(ObservationRow).where(ObservationRow.watch_id == watch_id, ObservationRow.at == at)
    ).all()


def outlines_of(session: Session, watch_id: str) -> list[dict[str, Any]]:
    """Who looked at a post when, and what was said: all looks, oldest first, without what they saw
    around it, which is nearly all of a look."""
    body = col(ObservationRow.body)
    names = ("vantage", "validity", "reason", "sighting", "via", "trio")
    rows = session.execute(
        select(ObservationRow.at, *(body[name] for name in names))
        .where(ObservationRow.watch_id == watch_id)
        .order_by(col(ObservationRow.at), col(ObservationRow.leaf_index))
    )
    return [{"at": at, **dict(zip(names, values, strict=True))} for at, *values in rows]


def count_observations(session: Session, watch_id: str) -> int:
    """How many looks were recorded."""
    return session.exec(
        select(func.count()).select_from(ObservationRow).where(ObservationRow.watch_id == watch_id)
    ).one()


def newest_leaf(session: Session, watch_id: str) -> int:
    """The log's index of the look that was recorded last; -1 when there is none."""
    found = session.exec(
        select(func.max(ObservationRow.leaf_index)).where(ObservationRow.watch_id == watch_id)
    ).one()
    return -1 if found is None else found


def public_after(
    session: Session,
    watch_id: str,
    leaf_index: int,
    *,
    since: datetime | None = None,
    vantage: str | None = None,
) -> ObservationRow | None:
    """The first look by the checker that was recorded after this leaf; taken at `since` or later,
    and from this `vantage`, where they are given."""
    rows = session.exec(
        select(ObservationRow)
        .where(ObservationRow.watch_id == watch_id, col(ObservationRow.leaf_index) > leaf_index)
        .order_by(col(ObservationRow.leaf_index))
    )
    public = (row for row in rows if row.body["vantage"]["class"] == "public")
    if vantage is not None:
        public = (row for row in public if row.body["vantage"]["id"] == vantage)
    return next((row for row in public if since is None or row.at >= since), None)


def notices_of(session: Session, watch_id: str) -> Sequence[NoticeRow]:
    """All notices about a post, oldest first."""
    return session.exec(
        select(NoticeRow)
        .where(NoticeRow.watch_id == watch_id)
        .order_by(col(NoticeRow.at), col(NoticeRow.leaf_index))
    ).all()


def verdicts_of(session: Session, watch_id: str) -> Sequence[VerdictRow]:
    """Every verdict that differed from the one before it, oldest first."""
    return session.exec(
        select(VerdictRow)
        .where(VerdictRow.watch_id == watch_id)
        .order_by(col(VerdictRow.leaf_index))
    ).all()


def latest_verdict(session: Session, watch_id: str) -> VerdictRow | None:
    """The verdict that was recorded last."""
    return session.exec(
        select(VerdictRow)
        .where(VerdictRow.watch_id == watch_id)
        .order_by(col(VerdictRow.leaf_index).desc())
        .limit(1)
    ).one_or_none()
