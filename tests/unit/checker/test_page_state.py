"""Whether a page could be read at all: what decides alone, what only excuses."""

import pytest

from archiver.checker.page_state import Response, blocked, excuse, same_host
from archiver.checker.reading import Layer, Reading
from archiver.domain.observation import Reason
from tests.unit.checker.builders import post, reading

WALL = "https://brand.example/wall"
LIST = (post("a"), post("b"), post("c"))


@pytest.mark.parametrize(
    ("response", "page", "reason"),
    [
        (Response(200, WALL), reading(*LIST), None),
        (Response(404, WALL), reading(), None),  # told elsewhere: the page is gone
        (Response(None, WALL), reading(), Reason.NETWORK_ERROR),
        (Response(403, WALL, refused=True), reading(), Reason.NETWORK_ERROR),
        (Response(502, WALL, unreachable=True), reading(), Reason.NETWORK_ERROR),
        (Response(429, WALL), reading(*LIST), Reason.RATE_LIMITED),
        (Response(451, WALL), reading(), Reason.GEO_BLOCKED),
        (Response(401, WALL), reading(), Reason.LOGIN_WALL),
        (Response(403, WALL), reading(), Reason.CHALLENGE),
        (Response(500, WALL), reading(*LIST), Reason.SERVER_ERROR),
        (Response(418, WALL), reading(), Reason.SERVER_ERROR),
        (Response(200, WALL), reading(challenges=("recaptcha",)), Reason.CHALLENGE),
        # a captcha in the comment form of a healthy wall
        (Response(200, WALL), reading(*LIST, challenges=("recaptcha",)), None),
        (Response(200, WALL), reading(*LIST, challenges=("turnstile",)), None),
        (Response(503, WALL), reading(challenges=("cloudflare",)), Reason.CHALLENGE),
        (
            Response(200, WALL, headers={"cf-mitigated": "challenge"}),
            reading(),
            Reason.CHALLENGE,
        ),
        (Response(200, "https://brand.example/login?next=/wall"), reading(), Reason.LOGIN_WALL),
        (Response(200, "https://accounts.example/x"), reading(passwords=1), Reason.LOGIN_WALL),
        (Response(200, WALL), reading(passwords=1), Reason.LOGIN_WALL),
        # a log-in box in a forum's header
        (Response(200, WALL), reading(*LIST, passwords=1), None),
        (
            Response(200, WALL),
            reading(*LIST, layer=Layer(1.0, consent=True, password=False)),
            Reason.CONSENT_WALL,
        ),
        # a cookie banner at the bottom covers little
        (
            Response(200, WALL),
            reading(*LIST, layer=Layer(0.2, consent=True, password=False)),
            None,
        ),
        (
            Response(200, WALL),
            reading(*LIST, layer=Layer(0.9, consent=False, password=True)),
            Reason.LOGIN_WALL,
        ),
    ],
)
def test_what_decides_alone(response: Response, page: Reading, reason: Reason | None) -> None:
    finding = blocked(WALL, response, page)
    assert (finding.reason if finding else None) == reason


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (reading(*LIST), None),
        (reading(*LIST, passwords=1), Reason.LOGIN_WALL),
        (reading(), Reason.NOT_RENDERED),
        (reading(*LIST, quality=0.1), Reason.NOT_RENDERED),
        (reading(consent=True), Reason.CONSENT_WALL),
    ],
)
def test_what_only_excuses(page: Reading, reason: Reason | None) -> None:
    finding = excuse(page)
    assert (finding.reason if finding else None) == reason


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://x.com/a", "https://www.x.com/b", True),
        ("https://x.com/a", "https://netflix.com/a", False),  # one host is no part of another
        ("https://x.com/a", "https://x.com.evil.example/a", False),
    ],
)
def test_hosts_are_compared_whole(one: str, other: str, same: bool) -> None:
    assert same_host(one, other) is same
