"""Two network paths to a real page: service, browser, upstream proxy, site with two faces."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archiver.checker.commands import check
from archiver.config import Settings
from archiver.wiring import House, build_house, make_path
from tests.integration.checker.conftest import checker_options
from tests.integration.client import TestClient, client_for, token_headers
from tests.servers.two_faced import TwoFaced, by_agent, by_path
from tests.servers.upstream import UpstreamProxy
from tests.walls.simulated import Answer, SimulatedWall

WATCHES = "/api/v1/watches"
PASSWORD = "a-very-long-password"
POST = 108


KINDS = ["http", pytest.param("socks5", marks=pytest.mark.matrix)]


@pytest.fixture(params=KINDS)
def upstream(request: pytest.FixtureRequest) -> Iterator[UpstreamProxy]:
    with UpstreamProxy(request.param, f"me:{PASSWORD}") as proxy:
        yield proxy


@pytest.fixture
def house(tmp_path: Path, chromium: Path, upstream: UpstreamProxy) -> House:
    return build_house(
        Settings(
            data=tmp_path / "data",
            chromium=chromium,
            allow_private_hosts=["127.0.0.1"],
            host_pause=0,
            proxy_urls=[upstream.url],
        )
    )


def watch(client: TestClient, site: TwoFaced) -> str:
    post = site.first.post(POST)
    body = {"url": site.url, "text": post.text, "author": post.author}
    return str(client.post(WATCHES, json=body).json()["id"])


def look(client: TestClient, watch_id: str) -> dict[str, Any]:
    answer = client.post(f"{WATCHES}/{watch_id}/checks", params={"wait": 120})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["observation"]
    return found


def vantages(client: TestClient, watch_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    shown = client.get(f"{WATCHES}/{watch_id}").json()
    return shown, {one["id"]: one["last"] for one in shown["vantages"]}


def wait_for_both(client: TestClient, watch_id: str, number: int) -> dict[str, str]:
    """What the vantages said, once so many looks were recorded: the other path looks after the
    answer to whoever asked."""
    for _ in range(600):
        total = client.get(f"{WATCHES}/{watch_id}/observations").json()["total"]
        if total >= number:
            return vantages(client, watch_id)[1]
        asyncio.run(asyncio.sleep(0.1))
    raise AssertionError("the other path never looked")


def test_a_post_withheld_from_one_path_is_disputed(
    house: House, upstream: UpstreamProxy, tmp_path: Path
) -> None:
    site = TwoFaced("blog", by_path)
    with site, client_for(house, headers=token_headers(house)) as client:
        watch_id = watch(client, site)
        assert look(client, watch_id)["sighting"] == "present"
        site.first.remove(POST)
        missed = look(client, watch_id)
        assert (missed["vantage"]["id"], missed["sighting"]) == ("default", "absent")
        told = wait_for_both(client, watch_id, missed_number(client, watch_id))
        assert told == {"default": "absent", "path2": "present"}
        shown, _ = vantages(client, watch_id)
        assert shown["verdict"]["state"] == "disputed"
        between = shown["disagreements"][-1]
        assert (between["saw_it"], between["missed_it"]) == ("path2", "default")
        everything = json.dumps(client.get(f"{WATCHES}/{watch_id}/observations").json())
    own = int(site.url.split(":")[2].split("/")[0])
    assert {port for _, port in upstream.asked} == {own}
    assert upstream.state.turned_away == 0
    others = [language for shows_other, _, language in site.asked if shows_other]
    assert all(language.startswith("en-GB") for language in others)
    assert PASSWORD not in everything
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert PASSWORD.encode() not in file.read_bytes(), file


def missed_number(client: TestClient, watch_id: str) -> int:
    """How many looks there are when the other path has looked as well."""
    looks = client.get(f"{WATCHES}/{watch_id}/observations").json()["items"]
    direct = [one for one in looks if one["vantage"]["id"] == "default"]
    return len(direct) + 1


@pytest.mark.parametrize("upstream", ["http"], indirect=True)
def test_another_page_for_programs_is_found_by_another_browser(house: House) -> None:
    site = TwoFaced("soup", by_agent)
    with site, client_for(house, headers=token_headers(house)) as client:
        watch_id = watch(client, site)
        assert look(client, watch_id)["sighting"] == "present"
        site.first.remove(POST)
        assert look(client, watch_id)["sighting"] == "absent"
        told = wait_for_both(client, watch_id, missed_number(client, watch_id))
        assert told == {"default": "absent", "path2": "present"}
        assert vantages(client, watch_id)[0]["verdict"]["state"] == "disputed"


@pytest.mark.parametrize("upstream", ["http"], indirect=True)
def test_what_is_withheld_for_legal_reasons_here_is_seen_from_elsewhere(house: House) -> None:
    site = TwoFaced("blog", by_path)
    site.first.answer = lambda asked: Answer(451, "<p>Not here.</p>")  # type: ignore[method-assign]
    with site, client_for(house, headers=token_headers(house)) as client:
        watch_id = watch(client, site)
        first = look(client, watch_id)
        assert (first["validity"], first["reason"]) == ("invalid", "geo_blocked")
        told = wait_for_both(client, watch_id, 2)
        assert told == {"default": "geo_blocked", "path2": "present"}
        shown = vantages(client, watch_id)[0]["verdict"]
        assert (shown["state"], shown["unresolved"]) == ("visible", 0)


@pytest.mark.parametrize("upstream", ["http", "socks5"], indirect=True)
async def test_check_by_another_path(chromium: Path, upstream: UpstreamProxy) -> None:
    options = checker_options(chromium)
    path = make_path(Settings(), upstream.url)
    site = TwoFaced("blog", by_path)
    site.first.remove(POST)
    with site:
        post = site.other.post(POST)
        via = replace(options, paths=(path,)).by(path.id)
        seen = await check(site.url, text=post.text, author=post.author, options=via)
        missed = await check(site.url, text=post.text, author=post.author, options=options)
    assert seen["observation"]["vantage"] == {"class": "public", "id": "path2"}
    assert seen["observation"]["sighting"] == "present"
    assert missed["observation"]["sighting"] is None


async def test_a_path_that_fails_is_a_network_error(
    chromium: Path, upstream: UpstreamProxy
) -> None:
    options = checker_options(chromium)
    path = make_path(Settings(), upstream.url.replace(PASSWORD, "wrong"))
    with SimulatedWall("blog") as wall:
        via = replace(options, paths=(path,)).by(path.id)
        seen = (await check(wall.url, text=wall.post(POST).text, options=via))["observation"]
    assert (seen["validity"], seen["reason"]) == ("invalid", "network_error")
    assert upstream.asked == []
    assert upstream.state.turned_away > 0
    assert "wrong" not in json.dumps(seen)
