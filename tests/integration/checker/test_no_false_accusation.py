"""Whatever stands in the way, a look is invalid with its reason and never says absent."""

import pytest

from archiver.checker.look import Checker
from archiver.domain.observation import Reason, Sighting, Validity
from tests.integration.checker.conftest import Watcher
from tests.walls.simulated import SimulatedWall

pytestmark = pytest.mark.asyncio(loop_scope="module")
TARGET = 107

OBSTACLES = [
    ("login_redirect", Reason.LOGIN_WALL),
    ("login_in_place", Reason.LOGIN_WALL),
    ("login_after_two", Reason.LOGIN_WALL),
    ("captcha", Reason.CHALLENGE),  # with status 200
    ("cloudflare", Reason.CHALLENGE),
    ("forbidden", Reason.CHALLENGE),
    ("rate_limited", Reason.RATE_LIMITED),
    ("short", Reason.RATE_LIMITED),  # status 200, the list silently stops
    ("geo", Reason.GEO_BLOCKED),
    ("consent_in_place", Reason.CONSENT_WALL),
    ("consent_over", Reason.CONSENT_WALL),
    ("database_error", Reason.SERVER_ERROR),
    ("bad_gateway", Reason.SERVER_ERROR),
    ("shell", Reason.NOT_RENDERED),
    ("empty", Reason.NOT_RENDERED),
    ("redirect_home", Reason.NOT_RENDERED),
    ("site_gone", Reason.SERVER_ERROR),  # 404 everywhere: the site, not the wall
    ("drop", Reason.NETWORK_ERROR),
]


async def test_obstacles_are_told_and_nothing_else(checker: Checker, wall: SimulatedWall) -> None:
    watcher = Watcher(checker, wall, TARGET)
    assert (await watcher.look()).sighting is Sighting.PRESENT
    wall.remove(TARGET)  # the temptation: it is really gone behind each obstacle
    told = {}
    for situation, _ in OBSTACLES:
        wall.situation = situation
        look = await watcher.look()
        told[situation] = (look.validity, look.reason, look.sighting)
        assert look.detail
    assert told == {name: (Validity.INVALID, reason, None) for name, reason in OBSTACLES}
    wall.situation = "live"
    assert (await watcher.look()).sighting is Sighting.ABSENT


async def test_first_look_never_says_absent(checker: Checker, wall: SimulatedWall) -> None:
    """Without a look that saw it, nothing tells a removed post from one that never was."""
    watcher = Watcher(checker, wall, TARGET)
    wall.remove(TARGET)
    look = await watcher.look()
    assert (look.reason, look.sighting) == (Reason.INCOMPLETE, None)


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


async def test_renamed_author_is_no_removal(checker: Checker, wall: SimulatedWall) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    wall.post(TARGET).author = "Somebody Renamed"
    assert (await watcher.look()).sighting is not Sighting.ABSENT


async def test_shortened_text_is_no_removal(checker: Checker, wall: SimulatedWall) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    wall.post(TARGET).text = wall.post(TARGET).text[:30] + "\u2026 more"
    assert (await watcher.look()).sighting in (Sighting.PRESENT, Sighting.EDITED)
