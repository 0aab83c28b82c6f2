"""What the matrix of situations does not tell of a look: its details, and the first look."""

import pytest

from archiver.checker.look import Checker
from archiver.domain.observation import Observation, Reason, Sighting
from tests.integration.checker.conftest import Watcher
from tests.walls.simulated import KINDS, SimulatedWall

pytestmark = pytest.mark.asyncio(loop_scope="module")
TARGET = 107
IN_SHORT = pytest.mark.parametrize(
    "wall",
    [pytest.param(kind, marks=() if kind == "soup" else pytest.mark.matrix) for kind in KINDS],
    indirect=True,
)
"""What the short run plays in one mark-up alone."""


def said(observation: Observation) -> tuple[str | None, str | None]:
    return observation.sighting, observation.reason


async def test_live_post_is_present_with_its_neighbours(
    checker: Checker, wall: SimulatedWall
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    first = await watcher.look()
    assert said(first) == (Sighting.PRESENT, None)
    assert first.matched_by == "author+text"
    assert first.similarity == 1.0
    assert first.status == 200
    assert first.seen is not None
    assert first.seen.author == wall.post(TARGET).author
    assert {sibling.author for sibling in first.siblings} > {"Alice Ancel", "Jonas Jung"}
    look = watcher.looks[0]
    assert look.visit is not None
    assert [file.name for file in look.files] == ["post.png"]
    assert [file.name for file in look.visit.files] == ["page.png", "page.html"]


@IN_SHORT
async def test_first_and_last_post_are_missed_too(checker: Checker, wall: SimulatedWall) -> None:
    first, last = Watcher(checker, wall, 101), Watcher(checker, wall, 124)
    await first.look()
    await last.look()
    wall.remove(101)
    wall.remove(124)
    assert said(await first.look()) == (Sighting.ABSENT, None)
    assert said(await last.look()) == (Sighting.ABSENT, None)


@IN_SHORT
@pytest.mark.parametrize(
    ("change", "least", "most"),
    [
        (lambda text: text.replace("9 days", "8 days"), 0.97, 0.9999),  # one character
        (lambda text: text.replace("nobody answers me", "all is well now"), 0.6, 0.9),
    ],
)
async def test_edited_text_is_told_with_its_likeness(
    checker: Checker, wall: SimulatedWall, change, least: float, most: float
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    post = wall.post(TARGET)
    post.text = change(post.text)
    edited = await watcher.look()
    assert said(edited) == (Sighting.EDITED, None)
    assert edited.similarity is not None
    assert least <= edited.similarity <= most


@IN_SHORT
async def test_first_look_never_says_absent(checker: Checker, wall: SimulatedWall) -> None:
    """Without a look that saw it, nothing tells a removed post from one that never was."""
    watcher = Watcher(checker, wall, TARGET)
    wall.remove(TARGET)
    look = await watcher.look()
    assert (look.reason, look.sighting) == (Reason.INCOMPLETE, None)


@IN_SHORT
async def test_too_few_other_posts_prove_nothing(checker: Checker, wall: SimulatedWall) -> None:
    """A lone post has no neighbours: when it goes, the wall looks like one that never loaded."""
    wall.posts = [wall.post(TARGET)]
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    wall.remove(TARGET)
    assert (await watcher.look()).sighting is None


async def test_list_whose_own_requests_are_refused(checker: Checker) -> None:
    with SimulatedWall("client") as wall:
        watcher = Watcher(checker, wall, TARGET)
        await watcher.look()
        wall.situation = "calls_limited"
        assert (await watcher.look()).reason is Reason.RATE_LIMITED
