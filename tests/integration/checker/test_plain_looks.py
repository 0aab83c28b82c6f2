"""Looks without a browser: they find a post where it was proven to stand, or ask for a browser."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from archiver.checker.look import Checker, open_checker
from archiver.domain.look import Look, Way
from archiver.domain.observation import Observation
from archiver.domain.post import Target
from archiver.evidence.wacz import open_wacz, write_wacz
from tests.integration.checker.conftest import MORNING, checker_options
from tests.walls.simulated import SimulatedWall

POST = 105
PLAIN = Way(plain=True)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


class Story:
    """Looks at one post, hours apart, as the service would ask for them."""

    def __init__(self, checker: Checker, clock: Clock, wall: SimulatedWall) -> None:
        post = wall.post(POST)
        self.checker, self.clock, self.wall = checker, clock, wall
        self.target = Target(url=wall.url, text=post.text, author=post.author)
        self.history: list[Observation] = []
        self.requests = 0

    async def look(self, hours: float) -> Look:
        self.clock.now += timedelta(hours=hours)
        before = len(self.wall.asked)
        look = (await self.checker.visit(self.wall.url, [self.target], [self.history], PLAIN))[0]
        self.requests = len(self.wall.asked) - before
        self.history.append(look.observation)
        return look

    async def proven(self) -> None:
        """Two looks by a browser, six hours apart."""
        for hours in (0, 6):
            seen = (await self.look(hours)).observation
            assert (seen.sighting, seen.via) == ("present", "browser")


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def checker(chromium: Path, clock: Clock) -> AsyncIterator[Checker]:
    async with open_checker(replace(checker_options(chromium), clock=clock)) as looking:
        yield looking


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("kind", ["blog"])
async def test_a_plain_request_confirms_and_a_browser_finds_out(
    checker: Checker, clock: Clock, kind: str
) -> None:
    with SimulatedWall(kind) as wall:
        story = Story(checker, clock, wall)
        await story.proven()
        plain = await story.look(1)
        seen = plain.observation
        assert (seen.via, seen.sighting, seen.matched_by) == ("http", "present", "id")
        assert (seen.status, seen.final_url, seen.page) == (200, wall.url, "page")
        assert seen.controls.before >= 1
        assert seen.controls.after >= 1
        assert story.requests == 1
        # its evidence: the answer as it came, and a recording that opens
        assert plain.visit is not None
        assert [file.name for file in plain.visit.files] == ["page.html"]
        assert story.target.text in plain.visit.files[0].data.decode()
        assert plain.visit.recording is not None
        packed = write_wacz(plain.visit.recording, plain.visit.at, "test")
        assert [address for address, _ in open_wacz(packed).pages] == [wall.url]

        wall.remove(POST)
        missed = (await story.look(1)).observation
        assert (missed.via, missed.sighting) == ("browser", "absent")
        assert story.requests >= 2, "the browser looked in the same visit"
        later = (await story.look(1)).observation
        assert (later.via, later.sighting) == ("browser", "absent")
        assert story.requests >= 1


async def test_each_fourth_look_is_a_browsers(checker: Checker, clock: Clock) -> None:
    with SimulatedWall("blog") as wall:
        story = Story(checker, clock, wall)
        await story.proven()
        vias = [(await story.look(2)).observation.via for _ in range(8)]
    assert vias == ["http"] * 3 + ["browser"] + ["http"] * 3 + ["browser"]


DOUBTS = {
    "login_redirect": ("invalid", "login_wall"),
    "drop": ("invalid", "network_error"),
    "consent_over": None,
}
LATER = ("drop", "consent_over", "script")
"""What the short run leaves out."""


@pytest.mark.parametrize(
    "situation",
    [
        "login_redirect",
        "hidden",
        "edited",
        *(pytest.param(name, marks=pytest.mark.matrix) for name in LATER),
    ],
)
async def test_in_doubt_a_browser_looks(checker: Checker, clock: Clock, situation: str) -> None:
    with SimulatedWall("blog") as wall:
        story = Story(checker, clock, wall)
        await story.proven()
        post = wall.post(POST)
        if situation == "hidden":
            post.hidden = "display"
        elif situation == "edited":
            post.text = post.text.replace("nobody", "somebody")
        elif situation == "script":
            wall.kind = "client"
        else:
            wall.situation = situation
        seen = (await story.look(1)).observation
        assert seen.via == "browser"
        assert story.requests >= 1
        if situation == "hidden":
            assert seen.sighting == "concealed"
        if situation == "edited":
            assert seen.sighting == "edited"
        if expected := DOUBTS.get(situation):
            assert (seen.validity, seen.reason) == expected


async def test_a_page_made_by_scripts_is_never_looked_at_without_a_browser(
    checker: Checker, clock: Clock
) -> None:
    with SimulatedWall("client") as wall:
        story = Story(checker, clock, wall)
        await story.proven()
        assert [look.source for look in story.history] == [None, None]
        assert (await story.look(1)).observation.via == "browser"


async def test_class_names_that_change_at_each_load_prove_nothing(
    checker: Checker, clock: Clock
) -> None:
    with SimulatedWall("soup") as wall:
        story = Story(checker, clock, wall)
        await story.proven()
        seen = (await story.look(1)).observation
        first, second = (look.source for look in story.history[:2])
        assert (seen.via == "http") == (first is not None and first == second)
