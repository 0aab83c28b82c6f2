"""What stands between the checker and a real WordPress never becomes a verdict."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.scenario import Desk, Spans, Watched, act, assert_window, named
from tests.servers.service import RatureService
from tests.walls.front import Front, Mode
from tests.walls.wordpress import WordPress

StartService = Callable[..., RatureService]
CONCLUDED = ("state", "level", "silent", "actor", "last_seen", "first_missing", "windows")

# A challenge comes first: it stops the scheduled visits, so that every look below is the one that
# was asked for. The limit with its Retry-After comes last, because it lifts that stop again.
OBSTACLES: list[tuple[Mode, str]] = [
    ("captcha", "challenge"),  # a vendor's widget, status 200
    ("captcha_hold", "challenge"),  # "press and hold", French, status 200
    ("login_redirect", "login_wall"),  # 302 to /login
    ("login_in_place", "login_wall"),  # the form at the wall's own address, status 200
    ("consent", "consent_wall"),  # a page of cookies instead of the wall, status 200
    ("geo", "geo_blocked"),  # 451
    ("server_error", "server_error"),  # 500
    ("drop", "network_error"),  # closed without an answer
    ("stale", "stale_cache"),  # yesterday's copy, and nothing gets past it
    ("short", "rate_limited"),  # two comments a page, and nothing says so
    ("rate_limited", "rate_limited"),  # 429
]
ALL = [mode for mode, _ in OBSTACLES]


@dataclass(frozen=True)
class Standing:
    """How firmly the removal stands while these obstacles come and go, and what leads there."""

    level: str
    settings: dict[str, str]
    modes: list[Mode]


STANDINGS = [
    Standing("suspected", {}, ALL),
    Standing("confirmed", Spans(1, 4).settings, ALL),
]


@pytest.mark.matrix  # the short run meets them on the simulated walls
@pytest.mark.parametrize("standing", STANDINGS)
def test_obstacles_are_invalid_looks_that_move_nothing(
    front: Front,
    fresh_wordpress: WordPress,
    start_service: StartService,
    standing: Standing,
) -> None:
    desk = Desk(start_service(standing.settings))
    front.retry_after = 1
    address = front.address(fresh_wordpress.post_url)
    visible, removed = posts = watch(desk, fresh_wordpress, address, "Tom Hendricks", "Karim B.")
    fresh_wordpress.moderate(removed.comment.id, "spam")
    desk.look(*posts)
    desk.wait_for(removed, "removed", standing.level)

    before = [conclusion(desk, post) for post in posts]
    for mode, reason in OBSTACLES:
        if mode not in standing.modes:
            continue
        front.mode = mode
        for look in desk.look(*posts):
            assert (mode, look["validity"], look["reason"]) == (mode, "invalid", reason), look[
                "detail"
            ]
            assert look["sighting"] is None
        assert [conclusion(desk, post) for post in posts] == before, mode
        assert {desk.verdict(post)["reason"] for post in posts} == {reason}

    front.mode = "pass"
    desk.look(*posts)  # one that began before may still be under way
    assert [look["sighting"] for look in desk.look(*posts)] == ["present", "absent"]
    assert desk.verdict(visible)["state"] == "visible"
    assert desk.verdict(visible)["unresolved"] == desk.verdict(removed)["unresolved"] == 0
    after = conclusion(desk, removed)
    assert {k: v for k, v in after.items() if k != "level"} == {
        k: v for k, v in before[1].items() if k != "level"
    }
    assert ("visible", None) == desk.course(visible)[0] == desk.course(visible)[-1]
    assert {state for state, _ in desk.course(visible)} == {"visible"}


def test_a_wall_that_is_down_takes_nothing_back_and_accuses_nobody(
    fresh_wordpress: WordPress, start_service: StartService
) -> None:
    wall = fresh_wordpress
    desk = Desk(start_service())
    visible, removed = posts = watch(desk, wall, wall.post_url, "Tom Hendricks", "Paul Lemoine")
    wall.moderate(removed.comment.id, "hold")
    desk.look(*posts)
    before = [conclusion(desk, post) for post in posts]
    assert [one["state"] for one in before] == ["visible", "removed"]

    wall.stop_database()  # an error page with status 500
    assert [look["reason"] for look in desk.look(*posts)] == ["server_error"] * 2
    assert {look["status"] for look in (desk.looks(visible)[-1], desk.looks(removed)[-1])} == {500}
    assert [conclusion(desk, post) for post in posts] == before
    wall.stop()  # connections are refused
    assert [look["reason"] for look in desk.look(*posts)] == ["network_error"] * 2
    assert [conclusion(desk, post) for post in posts] == before

    wall.start_database()
    wall.start()
    assert [look["sighting"] for look in desk.look(*posts)] == ["present", "absent"]
    assert [conclusion(desk, post)["state"] for post in posts] == ["visible", "removed"]


@pytest.mark.matrix
def test_what_its_author_takes_down_is_withdrawn_and_nobodys_removal(
    fresh_wordpress: WordPress, start_service: StartService
) -> None:
    desk = Desk(start_service())
    (post,) = watch(desk, fresh_wordpress, fresh_wordpress.post_url, "Oliver Grant")
    fresh_wordpress.moderate(post.comment.id, "delete")
    desk.look(post)
    assert desk.verdict(post)["silent"] is True
    said = {"notice": "withdrawn", "text": "C'est moi qui l'ai effacé."}
    desk.post(f"/watches/{post.watch_id}/notices", json=said)
    verdict = desk.verdict(post)
    assert (verdict["state"], verdict["level"], verdict["actor"]) == ("withdrawn", None, "author")
    assert verdict["silent"] is False
    desk.look(post)
    assert desk.course(post)[-1] == ("withdrawn", None)


def test_the_window_contains_an_act_that_falls_into_a_slow_look(
    front: Front, fresh_wordpress: WordPress, start_service: StartService
) -> None:
    wall = fresh_wordpress
    desk = Desk(start_service())
    (post,) = watch(desk, wall, front.address(wall.post_url), "Tom Hendricks")
    front.slow_seconds = 3
    front.mode = "slow"
    asked = len(front.seen)
    desk.post(f"/watches/{post.watch_id}/checks")
    while len(front.seen) == asked:  # the look has begun, and waits for the page
        assert desk.service.running
    gone = act(wall, post.comment, "trash")
    front.mode = "pass"
    verdict = desk.wait_for(post, "removed", "suspected")
    assert_window(verdict, desk.looks(post), gone)


def watch(desk: Desk, wall: WordPress, address: str, *authors: str) -> list[Watched]:
    """Watch these authors' comments, each seen once alive."""
    posts = [desk.watch(comment, address) for comment in named(wall, *authors)]
    desk.witness(*posts)
    assert {desk.looks(post)[0]["sighting"] for post in posts} == {"present"}
    return posts


def conclusion(desk: Desk, post: Watched) -> dict[str, Any]:
    """Give what an obstacle must not move."""
    verdict = desk.verdict(post)
    return {name: verdict[name] for name in CONCLUDED}
