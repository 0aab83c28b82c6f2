"""A model of a wall, a looker that reads it, and a clock that a test moves."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.look import DIRECTLY, Look, Visited, Way
from archiver.domain.observation import Controls, Observation, Reason, Sighting, Validity, Vantage
from archiver.domain.post import Target
from archiver.domain.wall_read import ReadPost, WallRead
from archiver.services.access import OWNER
from archiver.wiring import House
from tests.integration.captures.sample import picture

WALL = "https://wall.example/shoes"
PAGE = EvidenceFile("page.png", "image/png", picture(64, 64))


class MovedClock:
    """The clock of a scenario: it stands still until the test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class ModelPost:
    """A post that is on the wall from one moment until, but not at, another."""

    text: str
    since: datetime
    until: datetime | None = None
    author: str | None = None

    def there_at(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass
class ModelLooker:
    """Answers from the model. `obstacle` stands in front of every page while it is set; `faces`
    are vantages to which nothing is shown, `broken` those whose network path fails. `reads`: it
    brings home all posts of the wall; `walls` holds those of further addresses."""

    clock: Callable[[], datetime]
    posts: list[ModelPost] = field(default_factory=list)
    obstacle: Reason | None = None
    retry_after: float | None = None
    visits: list[tuple[datetime, str, tuple[str, ...]]] = field(default_factory=list)
    histories: list[list[int]] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    faces: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    reads: bool = False
    walls: dict[str, list[ModelPost]] = field(default_factory=dict)

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[Sequence[Observation]],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        self.visits.append((self.clock(), url, tuple(target.text for target in targets)))
        self.histories.append([len(history) for history in histories])
        self.ways.append(way)
        posts = self._there(url)
        visit = Visited(
            url=url,
            at=self.clock(),
            final_url=url,
            status=200,
            files=(PAGE,),
            vantage=way.vantage,
            wall=self._read([] if way.vantage in self.faces else posts),
        )
        return [self._look(target, visit, way.vantage) for target in targets]

    def _there(self, url: str) -> list[ModelPost]:
        return [p for p in self.walls.get(url, self.posts) if p.there_at(self.clock())]

    def _read(self, posts: Sequence[ModelPost]) -> WallRead | None:
        if not self.reads:
            return None
        read = tuple(ReadPost(post.text, post.author) for post in posts)
        return WallRead(read, self.clock(), starts=True, ends=True, reader="1")

    def _look(self, target: Target, visit: Visited, name: str) -> Look:
        vantage = Vantage(id=name)
        obstacle = Reason.NETWORK_ERROR if name in self.broken else self.obstacle
        if obstacle is not None:
            observation = Observation(
                at=self.clock(), vantage=vantage, validity=Validity.INVALID, reason=obstacle
            )
            return Look(observation, (), self.retry_after, visit)
        there = any(post.text == target.text for post in self._there(visit.url))
        there = there and name not in self.faces
        observation = Observation(
            at=self.clock(),
            vantage=vantage,
            validity=Validity.VALID,
            sighting=Sighting.PRESENT if there else Sighting.ABSENT,
            controls=Controls(known=6, found=6, before=3, after=3),
        )
        return Look(observation, visit=visit)


def visit_all_due(house: House, looker: ModelLooker) -> int:
    """Makes every visit that is due now, as a worker would: how many."""
    made = 0
    while (visit := house.checking.claim()) is not None:
        asyncio.run(house.checking.make(looker, visit))
        made += 1
    return made


def live_until(house: House, clock: MovedClock, looker: ModelLooker, end: datetime) -> None:
    """Lets time pass; whenever a watch falls due, the visit is made at that very moment."""
    while True:
        due = next_due(house)
        if due is None or due > end:
            break
        clock.now = max(due, clock.now)
        if not visit_all_due(house, looker):
            raise AssertionError(f"a watch is due at {due}, but nothing could be visited")
    clock.now = end


def next_due(house: House) -> datetime | None:
    """When the next watch of anybody is due."""
    page = house.watching.watches(OWNER, offset=0, limit=500)
    moments = [view.watch.next_check_at for view in page.items if view.watch.next_check_at]
    return min(moments, default=None)
