"""A second network path over days: when it looks, and what becomes of what it sees."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.config import Settings
from archiver.domain.observation import Reason
from archiver.wiring import House, build_house
from tests.integration.captures.sample import CAPTURES, TEXT, Sample
from tests.integration.client import TestClient, client_for, token_headers
from tests.integration.watches.model import (
    WALL,
    ModelLooker,
    ModelPost,
    MovedClock,
    live_until,
    visit_all_due,
)

WATCHES = "/api/v1/watches"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POST = "Both soles have holes."
PASSWORD = "a-very-long-password"


@pytest.fixture
def house(tmp_path: Path, clock: MovedClock, looker: ModelLooker) -> Iterator[House]:
    settings = Settings(
        data=tmp_path / "data",
        embedded_worker=False,
        host_pause=0,
        proxy_urls=[f"http://me:{PASSWORD}@proxy.example:3128"],
    )
    with build_house(settings, clock=clock, looker=looker) as built:
        yield built


def watch(client: TestClient, looker: ModelLooker, until: timedelta | None = None) -> str:
    looker.posts = [ModelPost(POST, START, START + until if until else None)]
    answer = client.post(WATCHES, json={"url": WALL, "text": POST})
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier


def shown(client: TestClient, watch_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{WATCHES}/{watch_id}").json()
    return found


def looks(client: TestClient, watch_id: str) -> list[tuple[str, str, str]]:
    """(vantage, what it said, moment) of each look, oldest first."""
    answer = client.get(f"{WATCHES}/{watch_id}/observations", params={"limit": 500}).json()
    return [
        (look["vantage"]["id"], look["sighting"] or look["reason"], look["at"])
        for look in reversed(answer["items"])
    ]


def by_path(client: TestClient, watch_id: str) -> list[str]:
    return [said for vantage, said, _ in looks(client, watch_id) if vantage == "path2"]


def test_a_removal_is_seen_by_both_before_it_is_more_than_suspected(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch_id = watch(client, looker, timedelta(minutes=30))
    while shown(client, watch_id)["verdict"]["level"] not in ("likely", "confirmed"):
        live_until(house, clock, looker, clock.now + timedelta(minutes=1))
        assert clock.now < START + timedelta(hours=3), "never firmer than suspected"
    told = looks(client, watch_id)
    assert by_path(client, watch_id).count("absent") >= 2
    assert told[-2][0] == "path2", "the other path speaks before the level is raised"
    live_until(house, clock, looker, START + timedelta(days=3))
    verdict = shown(client, watch_id)["verdict"]
    assert (verdict["state"], verdict["level"]) == ("removed", "confirmed")
    assert len(by_path(client, watch_id)) <= 6, by_path(client, watch_id)
    assert shown(client, watch_id)["disagreements"] == []
    assert [v["id"] for v in shown(client, watch_id)["vantages"]] == ["default", "path2"]


def test_what_is_withheld_from_one_path_is_disputed_for_ever_and_not_visited_all_the_time(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch_id = watch(client, looker)
    live_until(house, clock, looker, START + timedelta(minutes=25))
    looker.faces = {"default"}
    states = set()
    while clock.now < START + timedelta(days=5):
        live_until(house, clock, looker, clock.now + timedelta(hours=2))
        states.add(shown(client, watch_id)["verdict"]["state"])
    assert states == {"disputed"}
    told = looks(client, watch_id)
    assert len(told) < 80, len(told)
    between = shown(client, watch_id)["disagreements"]
    assert between[0]["saw_it"] == "path2"
    assert between[0]["missed_it"] == "default"


def test_a_path_that_fails_is_a_network_error_of_its_own_and_holds_nothing_up(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.broken = {"path2"}
    watch_id = watch(client, looker, timedelta(minutes=30))
    live_until(house, clock, looker, START + timedelta(days=3))
    verdict = shown(client, watch_id)["verdict"]
    assert (verdict["state"], verdict["level"]) == ("removed", "confirmed")
    assert (verdict["reason"], verdict["unresolved"]) == (None, 0)
    assert set(by_path(client, watch_id)) == {"network_error"}
    direct = [said for vantage, said, _ in looks(client, watch_id) if vantage == "default"]
    assert len(by_path(client, watch_id)) <= len(direct)


def test_a_quiet_wall_is_seen_by_the_other_path_now_and_then(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch_id = watch(client, looker)
    live_until(house, clock, looker, START + timedelta(hours=20))
    assert by_path(client, watch_id) == []
    live_until(house, clock, looker, START + timedelta(days=7))
    assert set(by_path(client, watch_id)) == {"present"}
    assert 3 <= len(by_path(client, watch_id)) <= 7
    assert shown(client, watch_id)["verdict"]["state"] == "visible"


def test_another_page_for_programs_is_found_now_and_then(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch_id = watch(client, looker)
    looker.faces = {"path2"}  # the default one is served a page from which nothing vanishes
    live_until(house, clock, looker, START + timedelta(days=2))
    assert shown(client, watch_id)["verdict"]["state"] == "disputed"
    assert shown(client, watch_id)["disagreements"][0]["missed_it"] == "path2"


def test_the_second_witness_may_come_by_the_other_path(
    client: TestClient, house: House, looker: ModelLooker
) -> None:
    looker.posts = [ModelPost(TEXT, START)]
    looker.obstacle = Reason.LOGIN_WALL
    made = client.post(CAPTURES, **Sample().request())
    assert made.status_code == 201, made.text

    class HalfOpen(ModelLooker):
        """Asks the default vantage alone for a login."""

        def _look(self, target: Any, visit: Any, name: str) -> Any:
            self.obstacle = Reason.LOGIN_WALL if name == "default" else None
            return super()._look(target, visit, name)

    half = HalfOpen(looker.clock, looker.posts)
    assert visit_all_due(house, half) == 1
    capture = client.get(f"{CAPTURES}/{made.json()['id']}").json()
    assert capture["grade"] == "user+witness"
    told = looks(client, made.json()["watch_id"])
    assert [(vantage, said) for vantage, said, _ in told] == [
        ("default", "login_wall"),
        ("path2", "present"),
    ]
    assert shown(client, made.json()["watch_id"])["verdict"]["state"] == "visible"


def test_a_challenge_is_not_gone_round(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch_id = watch(client, looker)
    looker.obstacle = Reason.CHALLENGE
    for _ in range(24):
        clock.forward(minutes=30)
        visit_all_due(house, looker)
    assert {said for _, said, _ in looks(client, watch_id)} == {"challenge"}
    assert by_path(client, watch_id) == []


def test_the_pages_show_from_where_it_was_looked_at_and_never_the_password(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch_id = watch(client, looker)
    live_until(house, clock, looker, START + timedelta(minutes=10))
    looker.faces = {"default"}
    live_until(house, clock, looker, START + timedelta(minutes=20))
    with client_for(house, headers=token_headers(house)) as fresh:
        api = fresh.get(f"{WATCHES}/{watch_id}").text
    assert PASSWORD not in api
    assert "proxy.example" not in api
    assert PASSWORD not in repr(house.settings)
    assert PASSWORD not in " ".join(house.warnings())
