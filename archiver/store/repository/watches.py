"""Watched posts: the only queries on them. `next_check_at` is the truth of the schedule."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, true, type_coerce
from sqlmodel import Session, col, select

from archiver.domain.post import Target
from archiver.store.repository import walls
from archiver.store.repository.walls import ASKED, FIRST_LOOK, SECOND_WITNESS
from archiver.store.tables import Capture, Watch
from archiver.store.tables_health import Canary
from archiver.store.types import UtcDateTime

__all__ = ["ASKED", "FIRST_LOOK", "SECOND_WITNESS"]


def find_or_make(
    session: Session,
    *,
    workspace_id: str,
    target: Target,
    at: datetime,
    new_id: Callable[[str], str],
    reason: str,
) -> tuple[Watch, bool]:
    """The watch of exactly this post, and whether it was made now. A new one is due at `at`, one
    that is watched already only for a second witness.

    The same post is: same workspace, wall, text, author and post id, and no other permalink. A
    closed watch is opened again, so that its history goes on. The wall's row stays locked until
    the commit, so that two requests at the same moment make one watch.
    """
    wall = walls.find_or_make(
        session, workspace_id=workspace_id, url=target.url, at=at, new_id=new_id
    )
    watch = session.exec(
        select(Watch)
        .where(
            Watch.wall_id == wall.id,
            Watch.text == target.text,
            Watch.author == target.author,
            Watch.post_id == target.post_id,
            _same_permalink(target.permalink),
        )
        .order_by(col(Watch.created_at), col(Watch.id))
        .with_for_update()
    ).first()
    made = watch is None
    if watch is None:
        watch = Watch(
            id=new_id("wat"),
            workspace_id=workspace_id,
            wall_id=wall.id,
            created_at=at,
            **target.model_dump(),
        )
    if made or watch.closed_at is not None or reason == SECOND_WITNESS:
        watch.closed_at = None
        watch.next_check_at, watch.next_check_reason = at, reason
    session.add(watch)
    session.flush()
    return watch, made


def _same_permalink(permalink: str | None) -> ColumnElement[bool]:
    """Two permalinks name two posts; one that is not known contradicts none."""
    if permalink is None:
        return true()
    return or_(col(Watch.permalink).is_(None), col(Watch.permalink) == permalink)


def watch(session: Session, workspace_id: str, watch_id: str) -> Watch | None:
    """One watch of a workspace."""
    return session.exec(
        select(Watch).where(Watch.workspace_id == workspace_id, Watch.id == watch_id)
    ).one_or_none()


def locked(session: Session, watch_id: str) -> Watch | None:
    """One watch by its id alone, locked until the commit: its verdict is concluded by one at a
    time."""
    return session.exec(select(Watch).where(Watch.id == watch_id).with_for_update()).one_or_none()


def watches_of(
    session: Session, workspace_id: str, *, offset: int, limit: int, wall_id: str | None = None
) -> Sequence[Watch]:
    """A workspace's watches, the newest first, without its canaries."""
    wanted = select(Watch).where(Watch.workspace_id == workspace_id, _is_no_canary())
    if wall_id is not None:
        wanted = wanted.where(Watch.wall_id == wall_id)
    ordered = wanted.order_by(col(Watch.created_at).desc(), col(Watch.id))
    return session.exec(ordered.offset(offset).limit(limit)).all()


def count_watches(session: Session, workspace_id: str, *, wall_id: str | None = None) -> int:
    """How many watches there are, closed ones included, canaries not."""
    own = (Watch.workspace_id == workspace_id, _is_no_canary())
    wanted = select(func.count()).select_from(Watch).where(*own)
    if wall_id is not None:
        wanted = wanted.where(Watch.wall_id == wall_id)
    return session.exec(wanted).one()


def _is_no_canary() -> ColumnElement[bool]:
    return col(Watch.id).not_in(select(Canary.watch_id))


def open_on_wall(session: Session, wall_id: str) -> Sequence[Watch]:
    """The wall's watches that are still looked at, the most overdue first."""
    return session.exec(
        select(Watch)
        .where(
            Watch.wall_id == wall_id,
            col(Watch.closed_at).is_(None),
            col(Watch.next_check_at).is_not(None),
        )
        .order_by(col(Watch.next_check_at), col(Watch.id))
    ).all()


def of_case(session: Session, case_id: str) -> Sequence[Watch]:
    """A case's postings in the order in which they were posted."""
    posted = func.coalesce(Watch.posted_at, Watch.created_at)
    return session.exec(
        select(Watch).where(Watch.case_id == case_id).order_by(posted, col(Watch.id))
    ).all()


def captures_of(session: Session, watch_ids: Sequence[str]) -> Sequence[tuple[str, str, str]]:
    """(watch id, capture id, grade) of every capture of these watches, oldest first."""
    return session.exec(
        select(Capture.watch_id, Capture.id, Capture.grade)
        .where(col(Capture.watch_id).in_(watch_ids))
        .order_by(col(Capture.leaf_index))
    ).all()


def captures_with_grade(session: Session, watch_id: str, grade: str) -> Sequence[Capture]:
    """The watch's captures of one grade."""
    return session.exec(
        select(Capture).where(Capture.watch_id == watch_id, Capture.grade == grade)
    ).all()


def ended_before(session: Session, moment: datetime, *, after: str, limit: int) -> Sequence[Watch]:
    """Watches of all workspaces that ended before a moment: stopped then, or with their last look
    taken and none planned. The next ones by id."""
    unplanned = func.coalesce(Watch.last_check_at, Watch.created_at)
    ended = case((col(Watch.closed_at).is_not(None), Watch.closed_at), else_=unplanned)
    return session.exec(
        select(Watch)
        .where(
            col(Watch.id) > after,
            or_(col(Watch.closed_at).is_not(None), col(Watch.next_check_at).is_(None)),
            type_coerce(ended, UtcDateTime()) < moment,
        )
        .order_by(col(Watch.id))
        .limit(limit)
    ).all()
