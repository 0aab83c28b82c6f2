"""Visits: which wall is next, who is looked for on it, and what becomes of the looks.

A host is leased for as long as one of its walls is visited, and the lease is extended by a
heartbeat: when a worker dies, its lease runs out and the walls, still due, are taken by another.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from archiver.checker import second_look
from archiver.checker.second_look import Paths
from archiver.domain.errors import NotFound, SettingsError, Unavailable
from archiver.domain.instant import Clock
from archiver.domain.look import DEFAULT_VANTAGE, DIRECTLY, Look, Way
from archiver.domain.observation import Observation, Reason, Validity
from archiver.domain.post import Target
from archiver.domain.verdict import Policy
from archiver.services import barren
from archiver.services.bell import in_thread
from archiver.services.budgets import Budgets
from archiver.services.concluding import Concluding
from archiver.services.visit_plan import History, Visit, history_of, target_of
from archiver.services.visits import Visits
from archiver.store.database import Database
from archiver.store.repository import wall_posts, walls, watches
from archiver.store.tables import Watch

LEASE = timedelta(seconds=15)
HEARTBEAT = 5.0
"""Seconds between two extensions of a lease: two may fail before it is lost."""
CANDIDATES = 16
MAX_TARGETS = 200
"""Posts looked for in one visit; the rest stay due."""
NEARLY = 0.15
"""A watch is taken along when this part of its interval, or less, is left: the schedule's own
jitter could have made it due by now."""
CHALLENGE_STOP = timedelta(hours=1)
RATE_STOP = timedelta(minutes=15)
LONGEST_STOP = timedelta(days=1)
"""A host that asks for more is asked again after a day."""
AFTER_FAULT = timedelta(minutes=1)
IN_FULL = (walls.ASKED, walls.FIRST_LOOK, walls.SECOND_WITNESS)
"""Why a look is taken with a browser whatever a plain request would show."""
log = structlog.get_logger("checking")


PathRule = Callable[[History, datetime, Paths, Policy], str | None]
"""Names the network path to look by, if any, after a post's looks so far."""


class Looker(Protocol):
    """Who opens pages; `archiver.checker.look.Checker` is the real one."""

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[Sequence[Observation]],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        """One look a target, in the same order, from one visit. What a page does is never an
        error here, but a look that says so."""


class Checking:
    """Claims visits, makes them, keeps what was seen. `paths` are the further network paths: they
    look in the same claim, where the looks of the default one give rise to it."""

    def __init__(
        self,
        *,
        database: Database,
        concluding: Concluding,
        visits: Visits,
        budgets: Budgets,
        clock: Clock,
        random: Callable[[int], bytes],
        host_pause: float,
        policy: Policy,
        paths: Paths,
        plain_looks: bool,
    ) -> None:
        self._database = database
        self._concluding = concluding
        self._visits = visits
        self._budgets = budgets
        self._clock = clock
        self._random = random
        self._pause = timedelta(seconds=host_pause)
        self._policy = policy
        self._paths = paths
        self._plain_looks = plain_looks

    def claim(self) -> Visit | None:
        """The next visit that is due and allowed now, with its host's lease; None: nothing."""
        now = self._clock()
        with self._database.reading() as session:
            candidates = walls.due(session, now=now, pause=self._pause, limit=CANDIDATES)
        for candidate in candidates:
            if not candidate.asked and self._budgets.put_off(candidate.wall_id):
                continue
            owner = self._random(8).hex()
            if not self._take(candidate.host, owner):
                continue
            visit = self._plan(candidate, owner)
            if visit is not None:
                self._budgets.spend(visit.wall_id, asked=candidate.asked)
                return visit
            self._release(candidate.host, owner)
        return None

    async def make(self, looker: Looker, visit: Visit) -> None:
        """Makes a visit and keeps its looks. The lease is given back whatever happens."""
        try:
            async with self._kept(visit):
                await self._by_paths(looker, visit, visit.histories, second_look.before_look)
                await self._look(looker, visit)
                if self._paths.ids:
                    now_known = await in_thread(lambda: self._histories(visit))
                    await self._by_paths(looker, visit, now_known, second_look.after_look)
        finally:
            await in_thread(lambda: self._release(visit.host, visit.owner))

    async def _look(self, looker: Looker, visit: Visit) -> None:
        looks = await looker.visit(visit.url, visit.targets, visit.histories, visit.way)
        await in_thread(lambda: self._keep(visit, looks))

    async def _by_paths(
        self, looker: Looker, visit: Visit, histories: Sequence[History], rule: PathRule
    ) -> None:
        """Looks by the network paths that a rule names. A path that cannot look ends nothing."""
        now = self._clock()
        for further in visit.by_paths(
            histories, lambda history: rule(history, now, self._paths, self._policy)
        ):
            await asyncio.sleep(self._pause.total_seconds())  # one host, however we come to it
            try:
                await self._look(looker, further)
            except (SettingsError, Unavailable) as fault:
                log.error("path_failed", vantage=further.way.vantage, error=str(fault))

    def _histories(self, visit: Visit) -> list[History]:
        with self._database.reading() as session:
            return [history_of(session, watch_id) for watch_id in visit.watch_ids]

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
                histories=tuple(history_of(session, watch.id) for watch in chosen),
                way=Way(
                    plain=self._plain_looks and not any(map(_in_full, chosen)),
                    missing_authors=wall_posts.missing_authors(session, wall),
                ),
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
            if visit.way.vantage == DEFAULT_VANTAGE:
                barren.note(session, visit, now, valid=any(map(_is_valid, looks)))
            until, reason = stop_after(looks, now)
            if visit.way.vantage != DEFAULT_VANTAGE and reason != walls.RETRY_AFTER:
                return  # what one path meets is no reason to stop or to go on by the others
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


def _in_full(watch: Watch) -> bool:
    return watch.next_check_reason in IN_FULL


def _is_due(watch: Watch, now: datetime) -> bool:
    return watch.next_check_at is not None and watch.next_check_at <= now


def _is_valid(look: Look) -> bool:
    return look.observation.validity is Validity.VALID
