"""Watches over HTTP: made once, listed by pages, stopped; nobody else's are ever seen."""

from typing import Any

import pytest

from archiver.domain.ids import make_id
from archiver.services.access import Scope
from archiver.store.tables import Workspace
from archiver.wiring import House
from tests.integration.client import TestClient, client_for, token_headers
from tests.integration.watches.model import WALL

WATCHES = "/api/v1/watches"
TEXT = "After eight months both soles have holes."


def new_watch(**changes: Any) -> dict[str, Any]:
    return {"url": WALL, "text": TEXT, "author": "A. Customer", **changes}


def test_a_new_watch_is_due_at_once_and_says_nothing_yet(client: TestClient) -> None:
    answer = client.post(WATCHES, json=new_watch(post_id="p1", permalink=f"{WALL}#p1"))
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["Location"] == f"{WATCHES}/{made['id']}"
    assert made["id"].startswith("wat_")
    assert made["wall_id"].startswith("wal_")
    assert made["grade"] == "witness-only"
    assert made["capture_ids"] == []
    verdict = made["verdict"]
    assert verdict["state"] == "indeterminate"
    assert verdict["rules"] == ["no_valid_look"]
    assert verdict["next_check_at"] == "2026-03-02T09:00:00Z"
    assert verdict["next_check_reason"] == "first look"
    shown = client.get(f"{WATCHES}/{made['id']}").json()
    assert shown == {**made, "vantages": [], "disagreements": []}


def test_the_same_post_is_watched_once(client: TestClient) -> None:
    first = client.post(WATCHES, json=new_watch())
    again = client.post(WATCHES, json=new_watch())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert client.get(WATCHES).json()["total"] == 1


OTHER_POSTS = [
    {"text": TEXT + " Both!"},  # other words
    {"author": "B. Customer"},  # the same words of another author
    {"author": None},  # nobody knows whose
    {"post_id": "p2"},  # the same words posted again
    {"url": "https://wall.example/boots"},  # on another wall
]


@pytest.mark.parametrize("changes", OTHER_POSTS)
def test_another_post_is_another_watch(client: TestClient, changes: dict[str, Any]) -> None:
    first = client.post(WATCHES, json=new_watch())
    other = client.post(WATCHES, json=new_watch(**changes))
    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]


SAME_WALL = [
    "https://WALL.example/shoes",  # a host's case does not matter
    "https://wall.example/shoes#comment-3",  # a place in the page is the same page
]


@pytest.mark.parametrize("url", SAME_WALL)
def test_posts_of_one_page_share_a_wall(client: TestClient, url: str) -> None:
    first = client.post(WATCHES, json=new_watch()).json()
    second = client.post(WATCHES, json=new_watch(url=url, text="Another complaint")).json()
    assert second["wall_id"] == first["wall_id"]
    walls = client.get("/api/v1/walls").json()
    assert [(wall["id"], wall["url"]) for wall in walls["items"]] == [(first["wall_id"], WALL)]
    one = client.get(f"/api/v1/walls/{first['wall_id']}").json()
    assert one["host"] == "wall.example"


REFUSED = [
    ("url", "file:///etc/passwd"),
    ("url", "javascript:alert(1)"),
    ("url", "http://127.0.0.1:8787/"),
    ("url", "http://169.254.169.254/latest/meta-data/"),
    ("url", "not an address"),
    ("permalink", "http://10.0.0.1/p/1"),
    ("parent", "http://[::1]/article"),
]


@pytest.mark.parametrize(("field", "address"), REFUSED)
def test_an_address_that_is_never_opened_is_refused(
    client: TestClient, field: str, address: str
) -> None:
    answer = client.post(WATCHES, json=new_watch(**{field: address}))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert client.get(WATCHES).json()["total"] == 0


UNFIT = [
    ({"text": ""}, "text"),  # empty
    ({"text": " \n "}, "text"),  # nothing but white space
    ({"text": "x"}, "text"),  # one character is everywhere
    ({"url": ""}, "url"),
    ({"posted_at": "2026-03-01T10:00:00"}, "posted_at"),  # a time without its offset
    ({"colour": "red"}, "colour"),  # unknown field
]


@pytest.mark.parametrize(("changes", "field"), UNFIT)
def test_a_field_that_does_not_fit_is_named(
    client: TestClient, changes: dict[str, Any], field: str
) -> None:
    answer = client.post(WATCHES, json=new_watch(**changes))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_lists_come_in_pages_the_newest_first(client: TestClient, clock: Any) -> None:
    made = []
    for number in range(5):
        clock.forward(minutes=1)
        made.append(client.post(WATCHES, json=new_watch(text=f"Complaint {number}")).json()["id"])
    page = client.get(WATCHES, params={"offset": 1, "limit": 2}).json()
    assert [item["id"] for item in page["items"]] == [made[3], made[2]]
    assert (page["total"], page["offset"], page["limit"]) == (5, 1, 2)
    assert client.get(WATCHES, params={"limit": 0}).status_code == 422


def test_a_stopped_watch_is_not_due_and_can_be_watched_again(client: TestClient) -> None:
    watch = client.post(WATCHES, json=new_watch()).json()
    stopped = client.delete(f"{WATCHES}/{watch['id']}").json()
    assert stopped["closed_at"] == "2026-03-02T09:00:00Z"
    assert stopped["verdict"]["next_check_at"] is None
    assert client.delete(f"{WATCHES}/{watch['id']}").status_code == 200
    assert client.post(f"{WATCHES}/{watch['id']}/checks").status_code == 409
    again = client.post(WATCHES, json=new_watch())
    assert (again.status_code, again.json()["id"]) == (200, watch["id"])
    assert again.json()["closed_at"] is None


def test_starting_and_stopping_are_in_the_log(client: TestClient, house: House) -> None:
    watch = client.post(WATCHES, json=new_watch()).json()
    client.delete(f"{WATCHES}/{watch['id']}")
    client.delete(f"{WATCHES}/{watch['id']}")
    assert custody_of(house, watch["id"]) == ["watch_started", "watch_stopped"]


def custody_of(house: House, subject_id: str) -> list[str]:
    from sqlmodel import col, select  # noqa: PLC0415

    from archiver.store.tables import Custody  # noqa: PLC0415

    with house.database.reading() as session:
        rows = session.exec(
            select(Custody)
            .where(Custody.subject_id == subject_id)
            .order_by(col(Custody.leaf_index))
        )
        return [row.event for row in rows]


def paths_of(watch: dict[str, Any]) -> list[tuple[str, str, Any]]:
    own = f"{WATCHES}/{watch['id']}"
    look = {
        "watch_id": watch["id"],
        "at": "2026-03-02T09:00:00Z",
        "vantage": {"class": "author"},
        "validity": "valid",
        "sighting": "present",
    }
    return [
        ("GET", own, None),
        ("DELETE", own, None),
        ("GET", f"{own}/observations", None),
        ("GET", f"{own}/verdicts", None),
        ("GET", f"{own}/notices", None),
        ("POST", f"{own}/notices", {"notice": "other"}),
        ("POST", f"{own}/checks", None),
        ("POST", "/api/v1/observations", look),
        ("GET", f"/api/v1/walls/{watch['wall_id']}", None),
        ("GET", f"/api/v1/walls/{watch['wall_id']}/posts", None),
    ]


def test_another_workspace_finds_nothing(client: TestClient, house: House) -> None:
    watch = client.post(WATCHES, json=new_watch()).json()
    stranger = make_id("ws", house.random)
    with house.database.transaction() as session:
        session.add(Workspace(id=stranger, name="stranger", created_at=house.clock()))
    secret = house.access.issue(stranger, name="test", scopes=tuple(Scope)).secret
    headers = {"Authorization": f"Bearer {secret}"}
    for method, path, body in paths_of(watch):
        answer = client.request(method, path, json=body, headers=headers)
        assert answer.status_code == 404, path
    assert client.get(WATCHES, headers=headers).json()["total"] == 0
    assert client.get("/api/v1/walls", headers=headers).json()["total"] == 0


def test_reading_and_watching_need_their_scopes(client: TestClient, house: House) -> None:
    watch = client.post(WATCHES, json=new_watch()).json()
    read, capture = token_headers(house, Scope.READ), token_headers(house, Scope.CAPTURE)
    for method, path, body in paths_of(watch):
        wrong = capture if method == "GET" else read
        answer = client.request(method, path, json=body, headers=wrong)
        assert answer.status_code == 403, path
        assert (
            client.request(method, path, json=body, headers={"Authorization": ""}).status_code
            == 401
        )


def test_no_token_no_watch(house: House) -> None:
    with client_for(house) as anonymous:
        answer = anonymous.post(WATCHES, json=new_watch())
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers
