"""Forty of a hundred watched posts vanish: each gets its look in one visit, and the pages that are
asked beside the wall are few, shared, and fairly spread."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from archiver.checker.added import PAGES_ASKED
from archiver.checker.look import Checker, open_checker
from archiver.domain.look import Look
from archiver.domain.observation import Observation, Reason, Sighting
from archiver.domain.post import Target
from tests.integration.checker.conftest import checker_options
from tests.walls.sim_posts import SimPost, make_posts
from tests.walls.simulated import SimulatedWall

pytestmark = pytest.mark.asyncio(loop_scope="module")
POSTS, GONE = 100, 40
MOST = 31
"""Pages beside the wall: those of `further_pages`, and the neighbour's once again at the end."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def checker(chromium: Path) -> AsyncIterator[Checker]:
    """One with time enough: how many pages are asked is what these tests are about."""
    options = replace(checker_options(chromium), visit_seconds=900)
    async with open_checker(options) as looking:
        yield looking


@pytest.fixture
def wall() -> Iterator[SimulatedWall]:
    with SimulatedWall("soup") as site:
        site.posts = make_posts(POSTS)
        site.former_people = {post.slug for post in site.posts}
        yield site


class Watched:
    """All posts of a wall with their looks."""

    def __init__(self, checker: Checker, wall: SimulatedWall) -> None:
        self.checker, self.wall = checker, wall
        self.posts: Sequence[SimPost] = list(wall.posts)
        self.targets = [Target(url=wall.url, text=p.text, author=p.author) for p in self.posts]
        self.histories: list[list[Observation]] = [[] for _ in self.posts]

    async def visit(self) -> tuple[list[Look], list[str]]:
        """The looks, and what was asked beside the wall."""
        self.wall.asked.clear()
        looks = await self.checker.visit(self.wall.url, self.targets, self.histories)
        for look, history in zip(looks, self.histories, strict=True):
            history.append(look.observation)
        return looks, [path for path in self.wall.asked if path != "/wall" and ".ico" not in path]


def sightings(looks: Sequence[Look], posts: Sequence[SimPost], gone: set[int]) -> list[set[str]]:
    """What is said of the posts that are gone, and of the others."""
    said: list[set[str]] = [set(), set()]
    for look, post in zip(looks, posts, strict=True):
        seen = look.observation
        said[post.number not in gone].add(str(seen.sighting or f"!{seen.reason}"))
    return said


def remove_forty(wall: SimulatedWall) -> set[int]:
    gone = {post.number for post in wall.posts if post.number % 5 in (3, 4)}
    assert len(gone) == GONE
    wall.remove(*gone)
    return gone


async def test_each_of_forty_gets_its_look_in_one_visit(
    checker: Checker, wall: SimulatedWall
) -> None:
    watched = Watched(checker, wall)
    await watched.visit()
    gone = remove_forty(wall)
    looks, asked = await watched.visit()
    assert sightings(looks, watched.posts, gone) == [{Sighting.ABSENT}, {Sighting.PRESENT}]
    assert len(asked) <= MOST
    assert len(set(asked)) >= len(asked) - 1  # none twice, but the neighbour's at the end


@pytest.mark.matrix
async def test_those_that_were_not_asked_are_asked_by_the_next_looks(
    checker: Checker, wall: SimulatedWall
) -> None:
    watched = Watched(checker, wall)
    await watched.visit()
    gone = remove_forty(wall)
    for _ in range(4):
        looks, asked = await watched.visit()
        assert sightings(looks, watched.posts, gone) == [{Sighting.ABSENT}, {Sighting.PRESENT}]
        assert len(asked) <= MOST
    missed = [h for h, post in zip(watched.histories, watched.posts, strict=True)
              if post.number in gone]  # fmt: skip
    assert all(any(PAGES_ASKED in look.facts for look in history) for history in missed)


@pytest.mark.matrix
async def test_one_that_is_still_at_its_own_address_leaves_those_open_that_were_not_asked(
    checker: Checker, wall: SimulatedWall
) -> None:
    watched = Watched(checker, wall)
    await watched.visit()
    before = list(wall.posts)
    gone = remove_forty(wall)
    kept = [post for post in before if post.number in gone]
    wall.unlisted = kept  # the wall stops short of them; each is served at its own address
    looks, asked = await watched.visit()
    said = sightings(looks, watched.posts, gone)
    assert said == [{Sighting.COLLAPSED, f"!{Reason.INCOMPLETE}"}, {Sighting.PRESENT}]
    assert len(asked) <= MOST


@pytest.mark.matrix
async def test_a_lone_removal_asks_five_pages_at_the_most(
    checker: Checker, wall: SimulatedWall
) -> None:
    watched = Watched(checker, wall)
    await watched.visit()
    wall.remove(150)
    looks, asked = await watched.visit()
    assert sightings(looks, watched.posts, {150}) == [{Sighting.ABSENT}, {Sighting.PRESENT}]
    assert len(asked) <= 5
