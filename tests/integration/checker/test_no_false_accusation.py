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


@pytest.mark.parametrize(("situation", "reason"), OBSTACLES)
@pytest.mark.parametrize("deleted", [False, True], ids=["still there", "deleted meanwhile"])
async def test_obstacle_is_told_and_nothing_else(
    checker: Checker, wall: SimulatedWall, situation: str, reason: Reason, deleted: bool
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    assert (await watcher.look()).sighting is Sighting.PRESENT
    wall.situation = situation
    if deleted:
        wall.remove(TARGET)
    look = await watcher.look()
    assert (look.validity, look.reason, look.sighting) == (Validity.INVALID, reason, None)
    assert look.detail
    wall.situation = "live"
    after = await watcher.look()
    assert after.sighting is (Sighting.ABSENT if deleted else Sighting.PRESENT)
