"""How well the looks go: by site, and in the queue. For the page, `/readyz` and `/metrics`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archiver.checker.health import is_alarming
from archiver.domain.instant import Clock
from archiver.domain.observation import Sighting
from archiver.store.database import Database
from archiver.store.repository import health
from archiver.store.repository.health import Counted

DAY, WEEK = timedelta(days=1), timedelta(days=7)
KEPT = timedelta(days=90)
"""Counts of looks older than this are removed."""
VALID = frozenset(Sighting)
WARNING = "some sites are misread, or show the checks nothing to rely on: see “Checks”"
"""Said where everybody may read it: it names no site."""


@dataclass
class Share:
    """Looks, and how many of them were valid."""

    looks: int = 0
    valid: int = 0

    @property
    def share(self) -> float | None:
        """Valid ones of all; None without any."""
        return self.valid / self.looks if self.looks else None


@dataclass
class SiteHealth:
    """One site. `outcomes`: looks of the last day by sighting or reason. `barren`: visits in a row
    without a valid look. `degraded`: a canary is misread, so nothing is concluded there."""

    site: str
    day: Share = field(default_factory=Share)
    week: Share = field(default_factory=Share)
    outcomes: dict[str, int] = field(default_factory=dict)
    barren: int = 0
    barren_since: datetime | None = None
    last_valid_at: datetime | None = None
    degraded: bool = False

    @property
    def is_alarming(self) -> bool:
        """Whether the site's looks resolve nothing any more."""
        return is_alarming(self.barren)


@dataclass(frozen=True)
class Report:
    """All sites by name, and what waits: looks that are due, the seconds by which the oldest is
    overdue, leaves without checkpoint."""

    sites: list[SiteHealth]
    due: int
    overdue: float
    watched: int
    unsealed: int


class Health:
    """Gathers it. `unsealed` tells the leaves that wait for their checkpoint."""

    def __init__(self, *, database: Database, clock: Clock, unsealed: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._unsealed = unsealed

    def report(self, workspace_id: str | None = None) -> Report:
        """Of one workspace, or of all of them together."""
        now = self._clock()
        with self._database.reading() as session:
            day = health.counted(session, now - DAY, workspace_id=workspace_id)
            week = health.counted(session, now - WEEK, workspace_id=workspace_id)
            rounds = health.rounds(session, workspace_id=workspace_id)
            queue = health.queue(session, now, workspace_id=workspace_id)
            watched = health.open_watches(session)
            degraded = (
                set(health.misread_sites(session))
                if workspace_id is None
                else {
                    canary.site
                    for canary, _ in health.canaries_for(session, workspace_id)
                    if canary.wrong_at is not None
                }
            )
        sites: dict[str, SiteHealth] = {}
        _count(sites, week, lambda site: site.week)
        _count(sites, day, lambda site: site.day)
        for row in day:
            sites[row.site].outcomes[row.outcome] = row.looks
        for done in rounds:
            site = _site(sites, done.site)
            if done.barren >= site.barren:
                site.barren, site.barren_since = done.barren, done.barren_since
            site.last_valid_at = _later(site.last_valid_at, done.last_valid_at)
        for name in degraded:
            _site(sites, name).degraded = True
        overdue = 0.0 if queue.oldest is None else (now - queue.oldest).total_seconds()
        listed = [sites[name] for name in sorted(sites)]
        return Report(listed, queue.due, max(overdue, 0.0), watched, self._unsealed())

    def warnings(self) -> list[str]:
        """What everybody may know: that something is wrong, not where."""
        with self._database.reading() as session:
            wrong = bool(health.misread_sites(session))
            wrong = wrong or any(is_alarming(row.barren) for row in health.rounds(session))
        return [WARNING] if wrong else []

    def tidy(self) -> None:
        """Removes counts of long ago."""
        with self._database.transaction() as session:
            health.forget_counts(session, self._clock() - KEPT)


def _site(sites: dict[str, SiteHealth], name: str) -> SiteHealth:
    return sites.setdefault(name, SiteHealth(name))


def _count(
    sites: dict[str, SiteHealth], rows: Iterable[Counted], share: Callable[[SiteHealth], Share]
) -> None:
    for row in rows:
        counted = share(_site(sites, row.site))
        counted.looks += row.looks
        counted.valid += row.looks if row.outcome in VALID else 0


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [moment for moment in (one, other) if moment is not None]
    return max(known, default=None)
