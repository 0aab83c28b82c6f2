"""Old copies, addresses that caches do not know, other orders, and what may be sent."""

from datetime import UTC, datetime

import pytest

from archiver.checker.freshness import is_old, too_old, unknown_to_caches, without_parameter
from archiver.checker.harmless import may_leave, meant_method
from archiver.checker.orders import best, linked
from archiver.checker.page_state import Response
from archiver.checker.reading import Link
from archiver.domain.observation import Reason
from tests.unit.checker.builders import post, reading

WALL = "https://acme.example/wall?lang=fr"
DAY = datetime(2026, 3, 2, tzinfo=UTC)
EARLIER = reading(post("a", markup_time="2026-03-01T09:00:00Z"))


@pytest.mark.parametrize(
    ("headers", "known", "old"),
    [
        ({"age": "301"}, None, True),
        ({"age": "300"}, None, False),
        ({"x-cache": "HIT from edge"}, DAY, True),  # newer posts were seen before
        ({"cf-cache-status": "HIT"}, DAY, True),
        ({"cf-cache-status": "MISS"}, DAY, False),
        ({}, DAY, False),  # posts may have been removed
        ({"x-cache": "HIT"}, datetime(2026, 3, 1, 9, tzinfo=UTC), False),
        ({"x-cache": "HIT"}, None, False),
    ],
)
def test_old_copies(headers: dict[str, str], known: datetime | None, old: bool) -> None:
    response = Response(200, WALL, headers=headers)
    assert is_old(response, EARLIER, known) is old
    finding = too_old(response, EARLIER, known)
    assert (finding.reason if finding else None) == (Reason.STALE_CACHE if old else None)


def test_the_parameter_is_added_and_taken_away() -> None:
    asked = unknown_to_caches(WALL, DAY)
    assert asked.startswith(f"{WALL}&_=")
    assert without_parameter(asked, WALL) == WALL
    own = "https://acme.example/wall?_=1"
    assert without_parameter(own, own) == own


def links(*addresses: str) -> list[Link]:
    return [Link(address) for address in addresses]


def test_orders_are_told_from_other_links() -> None:
    found = linked(
        [WALL],
        links(
            WALL,
            f"{WALL}&sort=top",
            f"{WALL}&orderby=date&order=desc",
            f"{WALL}&page=2",
            f"{WALL}&sort=new&page=2",
            f"{WALL}&sort=vote&action=vote",
            "https://elsewhere.example/wall?lang=fr&sort=new",
            "https://acme.example/other?lang=fr&sort=new",
        ),
    )
    assert [order.name for order in found] == ["sort=top", "order=desc&orderby=date"]
    chosen = best(found)
    assert chosen is not None
    assert chosen.name == "order=desc&orderby=date"  # by time: it leaves nothing out
    assert best([]) is None


@pytest.mark.parametrize(
    ("method", "kind", "url", "body", "may"),
    [
        ("GET", "fetch", "/replies?of=3", None, True),
        ("GET", "image", "/like.png", None, True),
        ("GET", "xhr", "/comments/3/vote", None, False),
        ("POST", "xhr", "/ajax", "action=wpdShowReplies&id=3", True),
        ("POST", "fetch", "/graphql", '{"query": "query { replies(id: 3) { text } }"}', True),
        ("POST", "fetch", "/graphql", '{"query": "mutation { x(id: 3) }"}', False),
        ("POST", "fetch", "/graphql", "friendly_name=CometReportMutation", False),
        ("POST", "xhr", "/ajax", "action=upvote&id=3", False),
        ("POST", "fetch", "/graphql", '{"query": "query { posts { likeCount } }"}', True),
        ("GET", "xhr", "/ajax?action=like&id=3", None, False),
        ("GET", "image", "/pixel?follow=3", None, False),
        ("GET", "script", "/jsonp?do=report&id=3", None, False),
        ("GET", "xhr", "/comments?sort=votes&page=2", None, True),
        ("GET", "script", "/assets/share/list.js", None, True),
        ("POST", "ping", "/collect", "seen=3", False),
        ("POST", "document", "/comments", "text=hello", False),
        ("DELETE", "fetch", "/comments/3", None, False),
        ("PUT", "fetch", "/comments/3", None, False),
    ],
)
def test_looking_changes_nothing(
    method: str, kind: str, url: str, body: str | None, may: bool
) -> None:
    address = f"https://acme.example{url}"
    assert may_leave(method, kind, address, body, leads_away=False) is may
    assert not may_leave(method, kind, address, body, leads_away=True)


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/graphql?page=2", '{"operationName": "UnfollowUser", "query": ""}'),
        ("/graphql", '{"operationName": "UnlikePost", "query": "", "variables": {}}'),
        ("/graphql", '{"operationName": "SendGift", "query": ""}'),
        ("/posts/5?page=2", "_method=put&text=x"),
        ("/posts/5?page=2", '{"_method": "PATCH"}'),
        ("/api/send", '{"page": 1}'),
        ("/api/save", '{"page": 1}'),
        ("/api/rate", '{"list": 1}'),
        ("/api/retweet", '{"list": 1}'),
        ("/api/createComment", '{"page": 1}'),
        ("/api/sendMessage", '{"page": 1}'),
        ("/ajax", "action=wpdAddComment&page=1"),
        ("/ajax", "action=postComment&page=1"),
    ],
)
def test_an_act_that_also_names_a_question_stays_here(url: str, body: str) -> None:
    """A page's number or an empty `query` beside it makes no question of an act."""
    address = f"https://acme.example{url}"
    for asking in (False, True):
        assert not may_leave("POST", "fetch", address, body, leads_away=False, asking=asking)


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/ajax", "action=wpdLoadMoreComments&offset=20"),
        ("/ajax", "action=load_reviews&rate=5&page=2"),
        ("/api/list", '{"hide": "seen", "edit": false, "sort": "created", "page": 2}'),
        ("/graphql", '{"query": "query { posts(after: 3) { createdAt savedBy rate pin } }"}'),
        ("/graphql", '{"operationName": "CommentList", "query": "query { post { comment } }"}'),
        ("/ajax", "action=getNewReplies&method=get&list=1"),
        ("/posts/save-the-whales/comments", "page=2"),
        ("/api/list", '{"of": "/edit-wars", "page": 2}'),
    ],
)
def test_fields_and_filters_are_no_acts(url: str, body: str) -> None:
    address = f"https://acme.example{url}"
    for asking in (False, True):
        assert may_leave("POST", "fetch", address, body, leads_away=False, asking=asking)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("/api/unfollow/5", False),
        ("/ajax?action=unlike&id=5", False),
        ("/ajax?do=send&id=5", False),
        ("/reviews?rate=5&page=2", True),
        ("/comments?hide=seen&edit=0", True),
    ],
)
def test_old_programs_act_by_get(url: str, may: bool) -> None:
    address = f"https://acme.example{url}"
    assert may_leave("GET", "xhr", address, None, leads_away=False) is may


def test_a_header_may_make_a_method_worse_but_not_better() -> None:
    assert meant_method("POST", {"x-http-method-override": "delete"}) == "DELETE"
    assert meant_method("POST", {"x-method-override": "PATCH"}) == "PATCH"
    assert meant_method("POST", {"x-http-method-override": "GET"}) == "POST"
    assert meant_method("GET", {}) == "GET"


@pytest.mark.parametrize(
    ("url", "body", "may"),
    [
        ("/ajax", "action=loadmore&offset=20", True),
        ("/api/morechildren", "id=3", True),
        ("/youtubei/v1/next", '{"continuation": "abc"}', True),
        ("/graphql", '{"query": "query { replies(after: 3) { text } }"}', True),
        ("/api/7", "id=3", False),
        ("/api/pins", '{"user": 3}', False),
        ("/posts/3/more/report", None, False),
    ],
)
def test_what_no_wording_tells_must_say_that_it_asks(url: str, body: str | None, may: bool) -> None:
    """A click on a control that nobody can read may GET; its POST must name a question."""
    address = f"https://share.example{url}"
    assert may_leave("POST", "fetch", address, body, leads_away=False, asking=True) is may
    assert may_leave("GET", "fetch", address, None, leads_away=False, asking=True) is (
        "report" not in url
    )
