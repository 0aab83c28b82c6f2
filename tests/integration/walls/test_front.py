"""The obstacles in front of a wall answer as such pages do on real sites."""

import threading
from typing import get_args

import httpx
import pytest

from tests.integration.walls.reading import ids_on, pages_of
from tests.walls.front import Front, Mode
from tests.walls.wordpress import WordPress

FORM = 'type="password"'

# mode, status, what only that page says
OBSTACLES: list[tuple[Mode, int, str]] = [
    ("login_in_place", 200, FORM),
    ("captcha", 200, "Just a moment"),
    ("captcha_hold", 200, "px-captcha"),
    ("rate_limited", 429, "Too Many Requests"),
    ("geo", 451, "not available in your country"),
    ("server_error", 500, "Internal Server Error"),
    ("consent", 200, "consent-interstitial"),
]


@pytest.mark.parametrize(("mode", "status", "says"), OBSTACLES)
def test_obstacle_answers_in_place_of_the_wall(
    front: Front, fresh_wordpress: WordPress, mode: Mode, status: int, says: str
) -> None:
    address = front.address(fresh_wordpress.post_url)
    front.mode = mode
    seen = httpx.get(address)

    assert seen.status_code == status
    assert says in seen.text
    assert 'id="comment-' not in seen.text
    front.mode = "pass"
    assert says not in httpx.get(address).text


def test_rate_limit_says_when_to_come_back(front: Front) -> None:
    front.mode, front.retry_after = "rate_limited", 7
    assert httpx.get(front.url).headers["Retry-After"] == "7"


def test_login_redirect_leads_to_a_form_that_knows_where_one_wanted_to_go(
    front: Front, fresh_wordpress: WordPress
) -> None:
    front.mode = "login_redirect"
    first = httpx.get(front.address(fresh_wordpress.post_url))
    then = httpx.get(first.url.join(first.headers["Location"]))

    assert first.status_code == 302
    assert then.url.path == "/login"
    assert then.url.params["next"] == "/nouvelle-collection/"
    assert FORM in then.text


def test_wall_works_wholly_under_the_address_of_the_front(
    front: Front, fresh_wordpress: WordPress
) -> None:
    page = httpx.get(front.address(fresh_wordpress.post_url))

    assert pages_of(front.address(fresh_wordpress.post_url)) == pages_of(fresh_wordpress.post_url)
    assert fresh_wordpress.url not in page.text
    assert fresh_wordpress.url.replace("/", "\\/") not in page.text
    assert front.url in page.text


def test_redirects_and_posted_forms_stay_under_the_front(
    front: Front, fresh_wordpress: WordPress
) -> None:
    redirect = httpx.get(f"{front.url}/nouvelle-collection")  # WordPress adds the slash
    article = front.address(fresh_wordpress.post_url)
    sent = httpx.post(
        f"{front.url}/wp-comments-post.php",
        data={
            "comment_post_ID": str(fresh_wordpress.article_id),
            "author": "Lucie",
            "email": "lucie@example.org",
            "comment": "Toujours pas de réponse.",
        },
    )

    assert redirect.headers["Location"] == article
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith(article)
    assert fresh_wordpress.comments()[-1].text == "Toujours pas de réponse."


def test_dropped_connection_has_no_answer(front: Front) -> None:
    front.mode = "drop"
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(front.url)


def test_slow_wall_outlasts_an_impatient_visitor(front: Front) -> None:
    front.mode = "slow"
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(front.url, timeout=0.3)


def test_stopped_wall_gives_a_gateway_error(front: Front, fresh_wordpress: WordPress) -> None:
    fresh_wordpress.stop()
    assert httpx.get(front.url).status_code == 502


@pytest.mark.parametrize(
    ("mode", "fresh_query", "fresh_header"),
    [
        ("stale", False, False),  # nothing gets past the cache
        ("stale_passable", True, True),
    ],
)
def test_stale_copy_is_told_by_its_age(
    front: Front, fresh_wordpress: WordPress, mode: Mode, fresh_query: bool, fresh_header: bool
) -> None:
    address = front.address(fresh_wordpress.post_url)
    target = ids_on(address)[0]
    fresh_wordpress.moderate(target, "trash")
    front.mode = mode
    mark = f'id="comment-{target}"'

    plain = httpx.get(address)
    busted = httpx.get(address, params={"_": "1"})
    no_cache = httpx.get(address, headers={"Cache-Control": "no-cache"})

    assert mark in plain.text
    assert plain.headers["Age"] == "86400"
    assert (mark not in busted.text, mark not in no_cache.text) == (fresh_query, fresh_header)


def test_short_list_keeps_the_first_comments_and_says_nothing(
    front: Front, fresh_wordpress: WordPress
) -> None:
    address = front.address(fresh_wordpress.post_url)
    whole = httpx.get(address).text
    front.mode, front.short_keep = "short", 4
    short = httpx.get(address)

    # The fourth comment has a reply, which stays with it.
    assert ids_on(address) == [c.id for c in fresh_wordpress.comments()][:5]
    assert short.status_code == 200
    head, tail = whole.index('<li id="comment-'), whole.index("</ol>\n\n\t\t<div class=")
    assert short.text.startswith(whole[:head])
    assert short.text.endswith(whole[tail:])


def test_requests_are_recorded(front: Front) -> None:
    httpx.get(f"{front.url}/feed/", cookies={"session": "secret"})
    assert [(seen.method, seen.path) for seen in front.seen] == [("GET", "/feed/")]
    assert front.seen[0].headers["Cookie"] == "session=secret"


def test_closing_the_front_does_not_wait_for_slow_visitors(fresh_wordpress: WordPress) -> None:
    outcome: list[type[Exception]] = []

    def visit(address: str) -> None:
        try:
            httpx.get(address, timeout=50)
        except httpx.TransportError as error:
            outcome.append(type(error))

    with Front(fresh_wordpress.url) as front:
        front.mode = "slow"
        visitor = threading.Thread(target=visit, args=(front.url,))
        visitor.start()
        while not front.seen:
            visitor.join(0.01)
    visitor.join(5)

    assert outcome == [httpx.RemoteProtocolError]


def test_every_mode_is_tried_above() -> None:
    others = {"pass", "login_redirect", "slow", "drop", "stale", "stale_passable", "short"}
    assert {row[0] for row in OBSTACLES} | others == set(get_args(Mode))
