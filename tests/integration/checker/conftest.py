"""One browser for all looks of a test module; a fresh simulated wall for each test."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from archiver.checker.gate import AddressPolicy
from archiver.checker.look import Checker, open_checker
from archiver.checker.options import CheckerOptions
from archiver.domain.look import Look
from archiver.domain.observation import Observation
from archiver.domain.post import Target
from tests.walls.simulated import KINDS, SimulatedWall

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class TestClock:
    """Goes on ten minutes at each reading."""

    __test__ = False

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=10)
        return self.now


class Watcher:
    """Looks at one post of a simulated wall again and again, with its history."""

    def __init__(self, checker: Checker, wall: SimulatedWall, number: int) -> None:
        post = wall.post(number)
        self.checker = checker
        self.wall = wall
        self.target = Target(url=wall.url, text=post.text, author=post.author)
        self.history: list[Observation] = []
        self.looks: list[Look] = []

    async def look(self) -> Observation:
        """One more look; it joins the history."""
        look = (await self.checker.visit(self.wall.url, [self.target], [self.history]))[0]
        self.looks.append(look)
        self.history.append(look.observation)
        return look.observation


def checker_options(chromium: Path) -> CheckerOptions:
    return CheckerOptions(
        policy=AddressPolicy({"127.0.0.1"}),
        clock=TestClock(),
        executable=str(chromium),
        patience=1.5,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def checker(chromium: Path) -> AsyncIterator[Checker]:
    async with open_checker(checker_options(chromium)) as looking:
        yield looking


@pytest.fixture(params=KINDS)
def wall(request: pytest.FixtureRequest) -> Iterator[SimulatedWall]:
    """A wall of each kind of mark-up, live, with 24 posts."""
    with SimulatedWall(request.param) as site:
        yield site
