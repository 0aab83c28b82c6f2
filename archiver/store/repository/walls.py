"""Walls, the hosts they are on, and the lease under which a host is visited. The only queries.

A host is taken by one UPDATE that also asks whether it is still free, so of two workers at the
same moment one wins, on either database. A lease that is not extended in time is free again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, text
from sqlmodel import Session, col, select, update

from archiver.domain.wall import host_of, wall_address
from archiver.store.tables import Host, Wall, Watch
from archiver.store.types import UtcDateTime

ASKED = "asked for"
"""Why a look is due: a person asked for it."""
FIRST_LOOK = "first look"
"""Why a look is due: the watch is new."""
SECOND_WITNESS = "second witness"
"""Why a look is due: nobody but the contributor has seen the post so far."""
CHALLENGE = "challenge"
RATE_LIMITED = "rate limited"
RETRY_AFTER = "retry after"
"""The host itself said for how long; this holds for everybody."""
PASSABLE = (CHALLENGE, RATE_LIMITED)
"""Why scheduled visits stop; a look that a person asks for is still taken."""

_NEW_HOST = text("INSERT INTO host (host) VALUES (:host) ON CONFLICT DO NOTHING")
_NEW_WALL = text(
    "INSERT INTO wall (id, workspace_id, url, host, created_at)"
    " VALUES (:id, :workspace_id, :url, :host, :at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("at", type_=UtcDateTime()))


@dataclass(frozen=True)
class DueWall:
    """A wall with something to look at. `asked`: a person waits for it."""

    wall_id: str
    host: str
    asked: bool


def find_or_make(
    session: Session, *, workspace_id: str, url: str, at: datetime, new_id: Callable[[str], str]
) -> Wall:
    """The workspace's wall at this address, locked until the commit; made when it is new.

    Of two transactions that make the same one, the second waits and finds the first one's.
    """
    address, host = wall_address(url), host_of(url)
    wanted = select(Wall).where(Wall.workspace_id == workspace_id, Wall.url == address)
    wall = session.exec(wanted.with_for_update()).one_or_none()
    if wall is not None:
        return wall
    session.connection().execute(_NEW_HOST, {"host": host})
    values = {"id": new_id("wal"), "workspace_id": workspace_id, "url": address}
    session.connection().execute(_NEW_WALL, {**values, "host": host, "at": at})
    return session.exec(wanted.with_for_update()).one()


def wall(session: Session, workspace_id: str, wall_id: str) -> Wall | None:
    """One wall of a workspace."""
    return session.exec(
        select(Wall).where(Wall.workspace_id == workspace_id, Wall.id == wall_id)
    ).one_or_none()


def walls_of(session: Session, workspace_id: str, *, offset: int, limit: int) -> Sequence[Wall]:
    """A workspace's walls by their address."""
    wanted = select(Wall).where(Wall.workspace_id == workspace_id).order_by(Wall.url)
    return session.exec(wanted.offset(offset).limit(limit)).all()


def count_walls(session: Session, workspace_id: str) -> int:
    """How many walls a workspace has."""
    wanted = select(func.count()).select_from(Wall).where(Wall.workspace_id == workspace_id)
    return session.exec(wanted).one()


def get(session: Session, wall_id: str) -> Wall | None:
    """One wall by its id alone, for the worker."""
    return session.get(Wall, wall_id)


def hosts_of(session: Session, wall_ids: Sequence[str]) -> dict[str, Host]:
    """The hosts of these walls, by the wall's id."""
    found = session.exec(
        select(Wall.id, Host)
        .join(Host, col(Host.host) == Wall.host)
        .where(col(Wall.id).in_(wall_ids))
    )
    return {wall_id: host for wall_id, host in found}  # noqa: C416 - a row is no pair to dict()


def due(session: Session, *, now: datetime, pause: timedelta, limit: int) -> list[DueWall]:
    """Walls to visit whose hosts are free: those that a person asked for first, then the most
    overdue. A hint only: `take` decides."""
    asked = case((col(Watch.next_check_reason) == ASKED, 1), else_=0)
    found = session.exec(
        select(Wall.id, Wall.host, func.max(asked))
        .join(Watch, col(Watch.wall_id) == Wall.id)
        .join(Host, col(Host.host) == Wall.host)
        .where(
            col(Watch.closed_at).is_(None),
            col(Watch.next_check_at) <= now,
            _is_free(now, pause),
            or_(_may_be_visited(now), and_(asked == 1, col(Host.reason).in_(PASSABLE))),
        )
        .group_by(col(Wall.id), col(Wall.host))
        .order_by(func.max(asked).desc(), func.min(Watch.next_check_at))
        .limit(limit)
    )
    return [DueWall(wall_id, name, bool(wanted)) for wall_id, name, wanted in found]


def take(
    session: Session, name: str, *, owner: str, now: datetime, until: datetime, pause: timedelta
) -> bool:
    """Takes the host's lease if it is still free."""
    taken = (
        update(Host)
        .where(col(Host.host) == name, _is_free(now, pause))
        .values(lease_owner=owner, lease_until=until)
    )
    return session.exec(taken).rowcount == 1


def extend(session: Session, name: str, *, owner: str, until: datetime) -> bool:
    """Extends a lease that is still the owner's."""
    extended = (
        update(Host)
        .where(col(Host.host) == name, col(Host.lease_owner) == owner)
        .values(lease_until=until)
    )
    return session.exec(extended).rowcount == 1


def release(session: Session, name: str, *, owner: str, now: datetime) -> None:
    """Gives the lease back; the pause begins. Does nothing when another has it by now."""
    session.exec(
        update(Host)
        .where(col(Host.host) == name, col(Host.lease_owner) == owner)
        .values(lease_owner=None, lease_until=None, last_visit_at=now)
    )


def note_visit(session: Session, wall_id: str, now: datetime) -> None:
    """Notes that a wall was visited."""
    session.exec(update(Wall).where(col(Wall.id) == wall_id).values(last_visit_at=now))


def stop_visits(session: Session, name: str, *, until: datetime | None, reason: str | None) -> None:
    """No scheduled visit to the host before `until`; None lets them go on."""
    session.exec(update(Host).where(col(Host.host) == name).values(not_before=until, reason=reason))


def _is_free(now: datetime, pause: timedelta) -> ColumnElement[bool]:
    return and_(
        or_(col(Host.lease_until).is_(None), col(Host.lease_until) <= now),
        or_(col(Host.last_visit_at).is_(None), col(Host.last_visit_at) <= now - pause),
    )


def _may_be_visited(now: datetime) -> ColumnElement[bool]:
    return or_(col(Host.not_before).is_(None), col(Host.not_before) <= now)
