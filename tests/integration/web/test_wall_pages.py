"""A wall's page: its budget, what is known of it, its posts; and the same by the interface."""

import re

import pytest

from archiver.checker.schedule import IS_PUBLISHED
from archiver.domain.post import Target
from archiver.services.access import OWNER
from archiver.wiring import House
from tests.integration.client import TestClient, client_for, token_headers
from tests.integration.watches.model import WALL, ModelLooker, ModelPost, visit_all_due
from tests.integration.web.forms import csrf_token


def wall_with_a_post(house: House, looker: ModelLooker) -> tuple[str, str]:
    view, _ = house.watching.start(OWNER, Target(url=WALL, text="Holes."), actor="tok_test")
    looker.posts = [ModelPost("Holes.", house.clock())]
    visit_all_due(house, looker)
    return view.watch.wall_id, view.watch.id


def test_the_budget_is_shown_and_set_on_the_walls_page(
    owner: TestClient, house: House, looker: ModelLooker
) -> None:
    wall_id, watch_id = wall_with_a_post(house, looker)
    watch_page = owner.get(f"/watches/{watch_id}").text
    assert "1 of 144 scheduled visits were made today." in watch_page
    assert f'href="/walls/{wall_id}"' in watch_page
    page = owner.get(f"/walls/{wall_id}").text
    assert "1 of 144 scheduled visits" in page
    assert IS_PUBLISHED in page
    assert "published figures stand in" in page
    assert re.search(r"<th scope=\"row\">60 minutes</th><td>4[456] %", page)
    assert "The 35 looks" in page

    sent = {"visits": "20", "csrf_token": csrf_token(owner, f"/walls/{wall_id}")}
    assert owner.post(f"/walls/{wall_id}/visits", data=sent).status_code == 303
    page = owner.get(f"/walls/{wall_id}").text
    assert "1 of 20 scheduled visits" in page
    assert 'value="20"' in page
    owner.post(f"/walls/{wall_id}/visits", data={**sent, "visits": ""})
    assert "1 of 144 scheduled visits" in owner.get(f"/walls/{wall_id}").text


@pytest.mark.parametrize("typed", ["-1", "1441", "many", "١٢", "3.5"])
def test_a_number_that_does_not_fit_is_refused_in_words(
    owner: TestClient, house: House, looker: ModelLooker, typed: str
) -> None:
    wall_id, _ = wall_with_a_post(house, looker)
    sent = {"visits": typed, "csrf_token": csrf_token(owner, f"/walls/{wall_id}")}
    answer = owner.post(f"/walls/{wall_id}/visits", data=sent)
    assert answer.status_code == 422
    assert "whole number from 0 to 1440" in answer.text
    assert "1 of 144" in answer.text


def test_the_page_speaks_french(owner: TestClient, house: House, looker: ModelLooker) -> None:
    wall_id, _ = wall_with_a_post(house, looker)
    page = owner.get(f"/walls/{wall_id}", headers={"Accept-Language": "fr"}).text
    assert "1 visites programmées sur 144" in page
    assert "En combien de temps les messages disparaissent ici" in page
    assert "placée d’après la vitesse" in page


def test_setting_needs_the_forms_token_and_ones_own_wall(
    owner: TestClient, house: House, looker: ModelLooker
) -> None:
    wall_id, _ = wall_with_a_post(house, looker)
    assert owner.post(f"/walls/{wall_id}/visits", data={"visits": "1"}).status_code == 403
    assert owner.get("/walls/wal_0000000000000000").status_code == 404


def test_the_interface_shows_and_sets_it_too(house: House, looker: ModelLooker) -> None:
    wall_id, watch_id = wall_with_a_post(house, looker)
    with client_for(house, headers=token_headers(house)) as client:
        wall = client.get(f"/api/v1/walls/{wall_id}").json()
        assert (wall["visits_per_day"], wall["visits_per_day_set"]) == (144, None)
        assert (wall["visits_today"], wall["asked_today"]) == (1, 0)
        assert wall["next_day_at"] == "2026-03-03T00:00:00Z"
        set_ = client.patch(f"/api/v1/walls/{wall_id}", json={"visits_per_day": 3}).json()
        assert (set_["visits_per_day"], set_["visits_per_day_set"]) == (3, 3)
        assert client.get("/api/v1/walls").json()["items"][0]["visits_per_day"] == 3
        for wrong in ({"visits_per_day": -1}, {"visits_per_day": 1441}, {}, {"budget": 3}):
            assert client.patch(f"/api/v1/walls/{wall_id}", json=wrong).status_code == 422
        plan = client.get(f"/api/v1/walls/{wall_id}/plan").json()
        assert (plan["learned_from"], plan["by_hour"], len(plan["looks"])) == (0, [], 35)
        assert plan["vanished"][-1] == {"seconds": 2592000.0, "share": 1.0}
        verdict = client.get(f"/api/v1/watches/{watch_id}").json()["verdict"]
        assert verdict["next_check_at"] is not None
        assert verdict["next_check_reason"] == IS_PUBLISHED
        assert client.get("/api/v1/walls/wal_0/plan").status_code == 404
        assert client.patch("/api/v1/walls/wal_0", json={"visits_per_day": 1}).status_code == 404
