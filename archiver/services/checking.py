"""Visits: which wall is next, who is looked for on it, and what becomes of the looks.

A host is leased for as long as one of its walls is visited, and the lease is extended by a
heartbeat: when a worker dies, its lease runs out and the walls, still due, are taken by another.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from archiver.domain.errors import NotFound
from archiver.domain.instant import Clock
from archiver.domain.look import Look
from archiver.domain.observation import Observation, Reason, Validity
from archiver.domain.post import Target
from archiver.services.bell import in_thread
from archiver.services.concluding import Concluding
from archiver.services.visits import Visits
from archiver.store.database import Database
from archiver.store.repository import observations, walls, watches
from archiver.store.tables import Watch

LEASE = timedelta(seconds=15)
HEARTBEAT = 5.0
"""Seconds between two extensions of a lease: two may fail before it is lost."""
CANDIDATES = 16
MAX_TARGETS = 50
"""Posts looked for in one visit; the rest stay due."""
NEARLY = 0.15
"""A watch is taken along when this part of its interval, or less, is left: the schedule's own
jitter could have made it due by now."""
CHALLENGE_STOP = timedelta(hours=1)
RATE_STOP = timedelta(minutes=15)
LONGEST_STOP = timedelta(days=1)
"""A host that asks for more is asked again after a day."""
AFTER_FAULT = timedelta(minutes=1)


class Looker(Protocol):
    """Who opens pages; `archiver.checker.look.Checker` is the real one."""

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[Sequence[Observation]],
    ) -> list[Look]:
        """One look a target, in the same order, from one visit. What a page does is never an
        error here, but a look that says so."""


@dataclass(frozen=True)
class Visit:
    """One visit to a wall that this process has the lease for."""

    owner: str
    wall_id: str
    host: str
    url: str
    watch_ids: tuple[str, ...]
    targets: tuple[Target, ...]
    histories: tuple[tuple[Observation, ...], ...]


class Checking:
    """Claims visits, makes them, keeps what was seen."""

    def __init__(
        self,
        *,
        database: Database,
        concluding: Concluding,
        visits: Visits,
        clock: Clock,
        random: Callable[[int], bytes],
        host_pause: float,
    ) -> None:
        self._database = database
        self._concluding = concluding
        self._visits = visits
        self._clock = clock
        self._random = random
        self._pause = timedelta(seconds=host_pause)

    def claim(self) -> Visit | None:
        """The next visit that is due and allowed now, with its host's lease; None: nothing."""
        now = self._clock()
        with self._database.reading() as session:
            candidates = walls.due(session, now=now, pause=self._pause, limit=CANDIDATES)
        for candidate in candidates:
            owner = self._random(8).hex()
            if not self._take(candidate.host, owner):
                continue
            visit = self._plan(candidate, owner)
            if visit is not None:
                return visit
            self._release(candidate.host, owner)
        return None

    async def make(self, looker: Looker, visit: Visit) -> None:
        """Makes a visit and keeps its looks. The lease is given back whatever happens."""
        try:
            async with self._kept(visit):
                looks = await looker.visit(visit.url, visit.targets, visit.histories)
                await in_thread(lambda: self._keep(visit, looks))
        finally:
            await in_thread(lambda: self._release(visit.host, visit.owner))

    def put_off(self, visit: Visit) -> None:
        """After a fault of ours: nothing was learned, so only the schedule moves."""
        due = self._clock() + AFTER_FAULT
        with self._database.transaction() as session:
            for watch_id in visit.watch_ids:
                watch = watches.locked(session, watch_id)
                if watch is not None and watch.closed_at is None:
                    watch.next_check_at, watch.next_check_reason = due, "the last visit failed"

    def _take(self, host: str, owner: str) -> bool:
        now = self._clock()
        with self._database.transaction() as session:
            return walls.take(
                session, host, owner=owner, now=now, until=now + LEASE, pause=self._pause
            )

    def _release(self, host: str, owner: str) -> None:
        with self._database.transaction() as session:
            walls.release(session, host, owner=owner, now=self._clock())

    def _plan(self, candidate: walls.DueWall, owner: str) -> Visit | None:
        now = self._clock()
        with self._database.reading() as session:
            wall = walls.get(session, candidate.wall_id)
            found = watches.open_on_wall(session, candidate.wall_id)
            chosen = [watch for watch in found if is_nearly_due(watch, now)][:MAX_TARGETS]
            if wall is None or not any(_is_due(watch, now) for watch in chosen):
                return None
            return Visit(
                owner=owner,
                wall_id=wall.id,
                host=wall.host,
                url=wall.url,
                watch_ids=tuple(watch.id for watch in chosen),
                targets=tuple(target_of(watch) for watch in chosen),
                histories=tuple(_history(session, watch.id) for watch in chosen),
            )

    @asynccontextmanager
    async def _kept(self, visit: Visit) -> AsyncIterator[None]:
        heart = asyncio.create_task(self._beat(visit))
        try:
            yield
        finally:
            heart.cancel()
            with suppress(asyncio.CancelledError):
                await heart

    async def _beat(self, visit: Visit) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            # A database that is away for a moment must not end the visit.
            with suppress(DBAPIError):
                await in_thread(lambda: self._extend(visit))

    def _extend(self, visit: Visit) -> None:
        with self._database.transaction() as session:
            walls.extend(session, visit.host, owner=visit.owner, until=self._clock() + LEASE)

    def _keep(self, visit: Visit, looks: Sequence[Look]) -> None:
        self._heed(visit, looks)
        entry = self._visits.entry(looks, visit.wall_id)
        for watch_id, look in zip(visit.watch_ids, looks, strict=True):
            with suppress(NotFound):  # erased during the visit: there is nothing to record
                self._concluding.add_look(watch_id, look, entry)

    def _heed(self, visit: Visit, looks: Sequence[Look]) -> None:
        """Stops the scheduled visits to a host that does not want them; a valid look ends it."""
        now = self._clock()
        with self._database.transaction() as session:
            walls.note_visit(session, visit.wall_id, now)
            until, reason = stop_after(looks, now)
            if reason is not None or any(_is_valid(look) for look in looks):
                walls.stop_visits(session, visit.host, until=until, reason=reason)


def stop_after(looks: Sequence[Look], now: datetime) -> tuple[datetime | None, str | None]:
    """Until when, and why, a host is to be left alone after these looks; (None, None) if it is
    not."""
    asked = max((look.retry_after for look in looks if look.retry_after), default=None)
    if asked is not None:
        return now + min(timedelta(seconds=asked), LONGEST_STOP), walls.RETRY_AFTER
    reasons = {look.observation.reason for look in looks}
    if Reason.CHALLENGE in reasons:
        return now + CHALLENGE_STOP, walls.CHALLENGE
    if Reason.RATE_LIMITED in reasons:
        return now + RATE_STOP, walls.RATE_LIMITED
    return None, None


def is_nearly_due(watch: Watch, now: datetime) -> bool:
    """Whether a watch goes along with a visit to its wall that is made now anyway."""
    if watch.next_check_at is None or watch.closed_at is not None:
        return False
    left = watch.next_check_at - now
    since = watch.last_check_at or watch.created_at
    return left <= NEARLY * max(watch.next_check_at - since, timedelta(0))


def target_of(watch: Watch) -> Target:
    """What to look for."""
    return Target(
        url=watch.url,
        text=watch.text,
        author=watch.author,
        post_id=watch.post_id,
        permalink=watch.permalink,
        parent=watch.parent,
    )


def _history(session: Session, watch_id: str) -> tuple[Observation, ...]:
    rows = observations.observations_of(session, watch_id)
    return tuple(Observation.model_validate(row.body) for row in rows)


def _is_due(watch: Watch, now: datetime) -> bool:
    return watch.next_check_at is not None and watch.next_check_at <= now


def _is_valid(look: Look) -> bool:
    return look.observation.validity is Validity.VALID
