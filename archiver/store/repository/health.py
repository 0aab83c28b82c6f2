"""Canaries, counts of looks, and barren visits: the only queries on how well the looks go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_, text
from sqlmodel import Session, col, select

from archiver.domain.observation import OF_THE_SITE
from archiver.store.tables import NoticeRow, Wall, Watch
from archiver.store.tables_health import Canary, SiteHour, SiteRounds
from archiver.store.types import UtcDateTime

_COUNT = text(
    "INSERT INTO site_hour (workspace_id, site, hour, outcome, looks)"
    " VALUES (:workspace, :site, :hour, :outcome, 1)"
    " ON CONFLICT (workspace_id, site, hour, outcome) DO UPDATE SET looks = site_hour.looks + 1"
).bindparams(bindparam("hour", type_=UtcDateTime()))


@dataclass(frozen=True)
class Counted:
    """Looks at a site's posts with one outcome."""

    site: str
    outcome: str
    looks: int


@dataclass(frozen=True)
class Queue:
    """Looks that are due now, and since when the most overdue one is."""

    due: int
    oldest: datetime | None


def canary(session: Session, watch_id: str) -> Canary | None:
    """The canary that this watch is, if it is one."""
    return session.get(Canary, watch_id)


def canaries_for(session: Session, workspace_id: str) -> Sequence[tuple[Canary, Watch]]:
    """A workspace's own canaries and those that vouch for everybody, by site."""
    found = session.exec(
        select(Canary, Watch)
        .join(Watch, col(Watch.id) == Canary.watch_id)
        .where(or_(col(Canary.workspace_id) == workspace_id, col(Canary.everybody)))
        .order_by(Canary.site, col(Canary.created_at), Canary.watch_id)
    )
    return [(row, watch) for row, watch in found]


def misread(session: Session, workspace_id: str, site: str) -> Sequence[Canary]:
    """The canaries of a site that are misread now and count for this workspace."""
    return session.exec(
        select(Canary).where(
            Canary.site == site,
            col(Canary.wrong_at).is_not(None),
            or_(col(Canary.workspace_id) == workspace_id, col(Canary.everybody)),
        )
    ).all()


def remove_canary(session: Session, watch_id: str) -> None:
    """The watch is an ordinary one again."""
    session.exec(delete(Canary).where(col(Canary.watch_id) == watch_id))


def site_of(session: Session, wall_id: str) -> str:
    """The host of a wall."""
    return session.exec(select(Wall.host).where(Wall.id == wall_id)).one()


def vouched_for(session: Session, canary: Canary) -> Sequence[str]:
    """The watches whose verdicts a canary speaks of: open ones of its site, canaries left out."""
    wanted = (
        select(Watch.id)
        .join(Wall, col(Wall.id) == Watch.wall_id)
        .where(
            Wall.host == canary.site,
            col(Watch.closed_at).is_(None),
            col(Watch.id).not_in(select(Canary.watch_id)),
        )
        .order_by(Watch.id)
    )
    if not canary.everybody:
        wanted = wanted.where(Watch.workspace_id == canary.workspace_id)
    return session.exec(wanted).all()


def newest_site_notice(session: Session, watch_id: str) -> NoticeRow | None:
    """The newest notice about the site that a watch has."""
    rows = session.exec(
        select(NoticeRow)
        .where(NoticeRow.watch_id == watch_id)
        .order_by(col(NoticeRow.leaf_index).desc())
    )
    return next((row for row in rows if row.body["notice"] in OF_THE_SITE), None)


def count_look(session: Session, workspace_id: str, site: str, at: datetime, outcome: str) -> None:
    """Counts a look."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    values = {"workspace": workspace_id, "site": site, "hour": hour, "outcome": outcome}
    session.connection().execute(_COUNT, values)


def counted(
    session: Session, since: datetime, *, workspace_id: str | None = None
) -> Sequence[Counted]:
    """Looks since a moment, by site and outcome; of one workspace, or of all."""
    wanted = (
        select(SiteHour.site, SiteHour.outcome, func.sum(SiteHour.looks))
        .where(col(SiteHour.hour) > since)
        .group_by(SiteHour.site, SiteHour.outcome)
        .order_by(SiteHour.site, SiteHour.outcome)
    )
    if workspace_id is not None:
        wanted = wanted.where(SiteHour.workspace_id == workspace_id)
    return [Counted(site, outcome, looks) for site, outcome, looks in session.exec(wanted)]


def forget_counts(session: Session, before: datetime) -> None:
    """Removes counts of long ago."""
    session.exec(delete(SiteHour).where(col(SiteHour.hour) < before))


def note_round(
    session: Session, workspace_id: str, site: str, now: datetime, *, valid: bool
) -> SiteRounds:
    """Notes whether a visit to a site saw anything to rely on."""
    row = session.exec(
        select(SiteRounds)
        .where(SiteRounds.workspace_id == workspace_id, SiteRounds.site == site)
        .with_for_update()
    ).one_or_none()
    if row is None:
        row = SiteRounds(workspace_id=workspace_id, site=site)
    if valid:
        row.barren, row.barren_since, row.last_valid_at = 0, None, now
    else:
        row.barren, row.barren_since = row.barren + 1, row.barren_since or now
    session.add(row)
    return row


def rounds(session: Session, *, workspace_id: str | None = None) -> Sequence[SiteRounds]:
    """How the last visits to each site went; of one workspace, or of all."""
    wanted = select(SiteRounds).order_by(SiteRounds.site, SiteRounds.workspace_id)
    if workspace_id is not None:
        wanted = wanted.where(SiteRounds.workspace_id == workspace_id)
    return session.exec(wanted).all()


def queue(session: Session, now: datetime, *, workspace_id: str | None = None) -> Queue:
    """What waits to be looked at."""
    wanted = select(func.count(), func.min(Watch.next_check_at)).where(
        col(Watch.closed_at).is_(None), col(Watch.next_check_at) <= now
    )
    if workspace_id is not None:
        wanted = wanted.where(Watch.workspace_id == workspace_id)
    due, oldest = session.exec(wanted).one()
    return Queue(due, oldest)


def open_watches(session: Session) -> int:
    """Posts that are still looked at, of all workspaces."""
    return session.exec(select(func.count()).where(col(Watch.next_check_at).is_not(None))).one()


def misread_sites(session: Session) -> Sequence[str]:
    """The sites with a canary that is misread now."""
    return session.exec(
        select(Canary.site).where(col(Canary.wrong_at).is_not(None)).distinct()
    ).all()
