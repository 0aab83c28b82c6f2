"""When a post is looked at next: the wall's history and the plan drawn from it, then the schedule.

What is learned of a wall is kept for `LEARN_EVERY`, or until one of its posts has another state; it
follows from the rows alone, so that every
process comes to the same. A plan knows the wall and the time of day, never whose post it is.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sqlmodel import Session

from archiver.checker.hazard import Hazard, Lifespan, published
from archiver.checker.hazard_learning import learn
from archiver.checker.health import next_look
from archiver.checker.lifespans import lifespan
from archiver.checker.placing import LOOKS, Plans
from archiver.checker.schedule import (
    IS_ASKED_TO_WAIT,
    IS_CANARY,
    IS_RECHECK,
    IS_RETRY,
    IS_UNWELCOME,
    next_check,
)
from archiver.domain.instant import Clock
from archiver.domain.look import DEFAULT_VANTAGE, Look
from archiver.domain.observation import Notice, Observation, VantageClass
from archiver.domain.verdict import Policy, Verdict
from archiver.store.database import Database
from archiver.store.repository import health, histories, watches
from archiver.store.tables import Watch

LEARN_EVERY = timedelta(minutes=30)
WALLS = 64
"""Walls whose plans are kept at a time; each may take a megabyte."""
POSTS = 1000
"""The newest posts of a wall, and as many of the workspace's others, are learned from."""
EXTRA = frozenset({watches.ASKED, IS_RECHECK, IS_RETRY, IS_UNWELCOME, IS_ASKED_TO_WAIT})
"""Looks for these reasons are none of the regular plan's."""
NEARLY = 0.15


@dataclass(frozen=True)
class _Learned:
    """What was learned of a wall, when, and from how many posts in which state."""

    at: datetime
    states: histories.States
    plans: Plans


class Planning:
    """Plans the next look at a post after each public one."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        random: Callable[[int], bytes],
        policy: Policy,
    ) -> None:
        self._database = database
        self._clock = clock
        self._random = random
        self._policy = policy
        self._known: OrderedDict[str, _Learned] = OrderedDict()
        self._lock = Lock()
        self._published = Plans(published())

    def plan_next(
        self,
        session: Session,
        watch: Watch,
        look: Look,
        records: Sequence[Observation | Notice],
    ) -> None:
        """Sets the watch's next look, in the transaction that keeps this one."""
        seen = look.observation
        if seen.vantage.class_ is not VantageClass.PUBLIC:
            return
        taken = _is_planned(watch, seen.at)
        watch.last_check_at = seen.at
        if watch.closed_at is not None or _still_asked_for(watch, seen):
            return
        watch.planned_looks += taken
        canary = health.canary(session, watch.id)
        if canary is not None:
            wrong = canary.wrong_at is not None
            watch.next_check_at = next_look(self._clock(), wrong=wrong, jitter=self._jitter)
            watch.next_check_reason = IS_CANARY
            return
        phase = phase_of(watch.created_at)
        watch.next_check_at, watch.next_check_reason = next_check(
            captured_at=watch.created_at,
            now=self._clock(),
            records=[record for record in records if isinstance(record, Observation)],
            verdict=Verdict.model_validate(watch.verdict),
            policy=self._policy,
            jitter=self._jitter,
            retry_after=look.retry_after,
            plan=self._plans(session, watch.workspace_id, watch.wall_id).plan(phase),
            looks_left=LOOKS - watch.planned_looks,
        )

    def prepare(self, watch_id: str) -> None:
        """Learns what there is to learn before a transaction makes others wait."""
        with self._database.reading() as session:
            found = histories.wall_of(session, watch_id)
            if found is not None:
                self._anew(session, *found)

    def plans(self, workspace_id: str, wall_id: str) -> Plans:
        """What is known of a wall and planned for its posts."""
        with self._database.reading() as session:
            return self._anew(session, workspace_id, wall_id)

    def _anew(self, session: Session, workspace_id: str, wall_id: str) -> Plans:
        """The plans, learned again if a post of the wall vanished or came back since: what is shown
        of removals is never older than the looks."""
        states = histories.states_on(session, wall_id)
        with self._lock:
            known = self._known.get(wall_id)
            if known is not None and known.states != states:
                del self._known[wall_id]
        return self._plans(session, workspace_id, wall_id)

    def _plans(self, session: Session, workspace_id: str, wall_id: str) -> Plans:
        now = self._clock()
        with self._lock:
            known = self._known.get(wall_id)
            if known is not None and now - known.at < LEARN_EVERY:
                self._known.move_to_end(wall_id)
                return known.plans
        states = histories.states_on(session, wall_id)
        hazard = self._learn(session, workspace_id, wall_id)
        plans = Plans(hazard) if hazard.deletions else self._published
        with self._lock:
            if known is not None and known.plans.hazard == hazard:
                plans = known.plans
            self._known[wall_id] = _Learned(now, states, plans)
            self._known.move_to_end(wall_id)
            while len(self._known) > WALLS:
                self._known.popitem(last=False)
        return plans

    def _learn(self, session: Session, workspace_id: str, wall_id: str) -> Hazard:
        """The wall's own history over that of the workspace's other walls over the published."""
        others = histories.verdicts_elsewhere(session, workspace_id, wall_id, limit=POSTS)
        own = histories.verdicts_on(session, wall_id, limit=POSTS)
        return learn(_spans(own), learn(_spans(others), published()))

    def _jitter(self) -> float:
        return int.from_bytes(self._random(4), "big") / 2**32


def _spans(rows: Sequence[histories.Judged]) -> list[Lifespan]:
    found = (lifespan(row.since, Verdict.model_validate(row.verdict)) for row in rows)
    return [span for span in found if span is not None]


def phase_of(moment: datetime) -> float:
    """Where in the day (UTC) a moment is, in seconds."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return (moment - midnight).total_seconds()


def _is_planned(watch: Watch, at: datetime) -> bool:
    """Whether a look is the one that was planned, or nearly: the schedule's own jitter could have
    put it here. A second look of the same visit is not."""
    due = watch.next_check_at
    if due is None or watch.next_check_reason in EXTRA:
        return False
    since = watch.last_check_at or watch.created_at
    return due - at <= NEARLY * max(due - since, timedelta(0))


def _still_asked_for(watch: Watch, seen: Observation) -> bool:
    """Whether a person asked for a look after this one began, or another path took it: it does not
    answer them."""
    asked_at = watch.next_check_at if watch.next_check_reason == watches.ASKED else None
    direct = seen.vantage.id == DEFAULT_VANTAGE
    return asked_at is not None and (seen.at < asked_at or not direct)
