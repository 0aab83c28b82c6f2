"""The whole way with the real checker: service, worker, browser, wall, evidence, verdict."""

from pathlib import Path
from typing import Any

import pytest

from archiver.config import Settings
from archiver.evidence.wacz import open_wacz
from archiver.wiring import House, build_house
from tests.integration.client import TestClient, client_for, token_headers
from tests.walls.simulated import SimulatedWall

WATCHES = "/api/v1/watches"
GONE, STAYS = 108, 115


@pytest.fixture
def house(tmp_path: Path, chromium: Path) -> House:
    settings = Settings(
        data=tmp_path / "data",
        chromium=chromium,
        allow_private_hosts=["127.0.0.1"],
        host_pause=0,
    )
    return build_house(settings)


def watch(client: TestClient, wall: SimulatedWall, number: int) -> str:
    post = wall.post(number)
    body = {"url": wall.url, "text": post.text, "author": post.author}
    answer = client.post(WATCHES, json=body)
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier


def look(client: TestClient, watch_id: str) -> dict[str, Any]:
    answer = client.post(f"{WATCHES}/{watch_id}/checks", params={"wait": 120})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def evidence(client: TestClient, look_id: str, name: str) -> bytes:
    answer = client.get(f"/api/v1/observations/{look_id}/files/{name}")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_removal_on_a_live_wall_is_found_and_proven(house: House) -> None:
    with (
        SimulatedWall("blog") as wall,
        client_for(house, headers=token_headers(house)) as client,
    ):
        words = wall.post(GONE).text
        gone, stays = watch(client, wall, GONE), watch(client, wall, STAYS)
        for watch_id in (gone, stays):
            seen = look(client, watch_id)
            assert seen["observation"]["sighting"] == "present", seen["observation"]
            assert seen["watch"]["verdict"]["state"] == "visible"
        last = look(client, gone)["observation"]

        wall.remove(GONE)
        missed = look(client, gone)
        verdict = missed["watch"]["verdict"]
        assert (verdict["state"], verdict["level"]) == ("removed", "suspected"), missed
        assert verdict["silent"] is True
        assert verdict["last_seen"] == last["at"]
        assert verdict["first_missing"] == missed["observation"]["at"]
        controls = missed["observation"]["controls"]
        assert controls["before"] >= 1
        assert controls["after"] >= 1
        assert look(client, stays)["watch"]["verdict"]["state"] == "visible"

        names = {file["role"] for file in last["files"]}
        assert names == {"page", "post", "snapshot", "recording"}
        files = {file["role"]: evidence(client, last["id"], file["name"]) for file in last["files"]}
        assert files["post"].startswith(b"\x89PNG")
        assert words in files["snapshot"].decode()
        pages = [address for address, _ in open_wacz(files["recording"]).pages]
        assert pages[0] == wall.url

        # A login wall in front: nothing is concluded, nothing moves.
        wall.situation = "login_redirect"
        blind = look(client, gone)
        assert blind["observation"]["validity"] == "invalid"
        assert blind["observation"]["reason"] == "login_wall"
        unmoved = ("state", "level", "last_seen", "first_missing")
        now = blind["watch"]["verdict"]
        assert {name: now[name] for name in unmoved} == {name: verdict[name] for name in unmoved}
