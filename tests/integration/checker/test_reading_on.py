"""A wall is read on beyond what its posts need: it brings more home, and changes nothing else."""

from collections.abc import Iterator

import pytest

from archiver.checker.look import Checker
from archiver.checker.read_far import ENDS, FAR
from archiver.domain.observation import Reason, Sighting
from tests.integration.checker.conftest import Watcher
from tests.walls.sim_markup import page
from tests.walls.simulated import Answer, Asked, SimulatedWall

pytestmark = pytest.mark.asyncio(loop_scope="module")
LIMITED = Answer(429, page("<p>Slow down</p>"), headers={"Retry-After": "600"})
LATER = [f"/wall?page={number}" for number in (1, 2, 3)]  # nobody knows that the bare address is 1
POSTS = 24
TARGET = 103
"""Its number: it stands on the first of three pages."""


class Wall(SimulatedWall):
    """Answers requests for later pages with `behind`, if that is set."""

    behind: Answer | None = None

    def answer(self, asked: Asked) -> Answer | None:
        """As the wall does, but for later pages."""
        if self.behind is not None and asked.query.get("page", "1") != "1":
            return self.behind
        return super().answer(asked)

    def pages_asked(self) -> list[str]:
        """The numbered pages that were asked for since this was last asked."""
        numbered = sorted({path for path in self.asked if "page=" in path})
        self.asked.clear()
        return numbered


@pytest.fixture
def paged() -> Iterator[Wall]:
    with Wall("blog") as site:
        yield site


async def test_the_first_look_brings_the_whole_wall_home_and_the_next_what_it_needs(
    checker: Checker, paged: Wall
) -> None:
    watcher = Watcher(checker, paged, TARGET)
    first = await watcher.look()
    assert (first.sighting, len(first.siblings)) == (Sighting.PRESENT, POSTS - 1)
    assert (first.skeleton or {})[FAR] is True
    assert (first.skeleton or {})[ENDS] is True
    assert paged.pages_asked() == LATER
    visit = watcher.looks[0].visit
    assert visit is not None
    assert {file.name for file in visit.files} == {"page.png", "page.html"}  # of its own page
    second = await watcher.look()
    assert (second.sighting, len(second.siblings)) == (Sighting.PRESENT, 9)
    assert (second.skeleton or {})[FAR] is False
    assert paged.pages_asked() == []


async def test_a_removal_is_told_by_the_page_it_stood_on_when_nobody_else_is_missing(
    checker: Checker, paged: Wall
) -> None:
    watcher = Watcher(checker, paged, TARGET)
    await watcher.look()
    paged.remove(TARGET)
    paged.pages_asked()
    gone = await watcher.look()
    assert gone.sighting is Sighting.ABSENT
    assert paged.pages_asked() == LATER


async def test_what_stands_in_its_way_is_passed_over_but_for_the_wish_to_be_left_alone(
    checker: Checker, paged: Wall
) -> None:
    watcher = Watcher(checker, paged, TARGET)
    paged.behind = LIMITED
    first = await watcher.look()
    assert (first.sighting, len(first.siblings)) == (Sighting.PRESENT, 9)
    assert (watcher.looks[0].retry_after or 0) > 0
    paged.behind = Answer(500, "")
    await watcher.look()
    paged.remove(TARGET)
    assert (await watcher.look()).sighting is Sighting.ABSENT


async def test_a_list_that_is_cut_behind_the_page_accuses_nobody(
    checker: Checker, paged: Wall
) -> None:
    watcher = Watcher(checker, paged, TARGET)
    for _ in range(2):
        await watcher.look()
    first = [post.number for post in paged.in_order()][:12]
    paged.listed = lambda post: post.number in first and post.number != TARGET
    cut = await watcher.look()
    assert (cut.sighting, cut.reason) == (None, Reason.RATE_LIMITED)  # less than a half is left
