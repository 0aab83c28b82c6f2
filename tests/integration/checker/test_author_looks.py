"""What the contributor's own browser sees, beside the public's real looks: hidden and pending."""

from pathlib import Path
from typing import Any

import pytest

from archiver.config import Settings
from archiver.wiring import House, build_house
from tests.integration.client import TestClient, client_for, token_headers
from tests.walls.sim_posts import SimPost
from tests.walls.simulated import SimulatedWall

WATCHES = "/api/v1/watches"
POST = 108
UNPLACED = "The post was never seen here: its place is unknown."


@pytest.fixture
def house(tmp_path: Path, chromium: Path) -> House:
    settings = Settings(
        data=tmp_path / "data", chromium=chromium, allow_private_hosts=["127.0.0.1"], host_pause=0
    )
    return build_house(settings)


def watch(client: TestClient, wall: SimulatedWall, post: SimPost) -> str:
    body = {"url": wall.url, "text": post.text, "author": post.author}
    return str(client.post(WATCHES, json=body).json()["id"])


def public_look(client: TestClient, watch_id: str) -> dict[str, Any]:
    answer = client.post(f"{WATCHES}/{watch_id}/checks", params={"wait": 120})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def sibling(place: int, post: SimPost) -> dict[str, Any]:
    return {"position": place, "author": post.author, "text": post.text}


def author_look(
    client: TestClient, house: House, watch_id: str, posts: list[SimPost], post: SimPost
) -> dict[str, Any]:
    """As the extension sends it: what is on the page for the author, with the posts around it."""
    sent = {
        "watch_id": watch_id,
        "at": house.clock().isoformat(),
        "vantage": {"class": "author", "id": "browser"},
        "validity": "valid",
        "sighting": "present",
        "matched_by": "author+text",
        "seen": sibling(posts.index(post), post),
        "siblings": [sibling(at, other) for at, other in enumerate(posts) if other is not post],
    }
    answer = client.post("/api/v1/observations", json=sent)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["watch"]["verdict"]
    return found


def test_hidden_is_told_from_removed_by_the_authors_own_look(house: House) -> None:
    with (
        SimulatedWall("blog") as wall,
        client_for(house, headers=token_headers(house)) as client,
    ):
        posts, post = list(wall.posts), wall.post(POST)
        watch_id = watch(client, wall, post)
        assert public_look(client, watch_id)["observation"]["sighting"] == "present"
        wall.remove(POST)
        for _ in range(2):
            assert public_look(client, watch_id)["observation"]["sighting"] == "absent"
        verdict = author_look(client, house, watch_id, posts, post)
        assert (verdict["state"], verdict["level"]) == ("hidden", "suspected")
        assert "hidden_suspected" in verdict["rules"]
        shown = client.get(f"{WATCHES}/{watch_id}").json()
        told = [(one["class"], one["id"], one["last"]) for one in shown["vantages"]]
        assert told == [("public", "default", "absent"), ("author", "browser", "present")]
        assert shown["disagreements"] == []


def test_a_post_that_was_never_public_is_pending(house: House) -> None:
    with (
        SimulatedWall("blog") as wall,
        client_for(house, headers=token_headers(house)) as client,
    ):
        posts, post = list(wall.posts), wall.post(POST)
        wall.remove(POST)
        watch_id = watch(client, wall, post)
        # The first look begins by itself, before or after this asks for one: it is waited for, so
        # that the next begins when the author's look is known.
        first = public_look(client, watch_id)
        assert first["observation"]["detail"] == UNPLACED
        author_look(client, house, watch_id, posts, post)
        missed = public_look(client, watch_id)
        assert missed["observation"]["sighting"] == "absent", missed["observation"]["detail"]
        verdict = missed["watch"]["verdict"]
        assert verdict["state"] == "pending"
        assert (verdict["silent"], verdict["windows"]) == (False, [])
