"""Health of the checks: the page, the interface, `/metrics`, `/readyz` and the command line."""

import re
from pathlib import Path

import pytest

from archiver.checker.health import BARREN_ROUNDS
from archiver.cli import main
from archiver.domain.observation import Reason
from archiver.domain.post import Target
from archiver.services.access import OWNER, Scope
from archiver.services.health import WARNING
from archiver.wiring import House
from tests.integration.client import BASE, TestClient, client_for, token_headers
from tests.integration.watches.model import (
    WALL,
    ModelLooker,
    ModelPost,
    MovedClock,
    visit_all_due,
)
from tests.integration.web.forms import csrf_token


def alarmed(house: House, looker: ModelLooker, clock: MovedClock) -> None:
    """A site that resolves nothing."""
    view, _ = house.watching.start(OWNER, Target(url=WALL, text="Mine"), actor="tok_test")
    looker.obstacle = Reason.NOT_RENDERED
    for _ in range(BARREN_ROUNDS):
        house.watching.ask(OWNER, view.watch.id, actor="tok_test")
        visit_all_due(house, looker)
        clock.forward(minutes=1)


def test_an_empty_page_explains_itself(owner: TestClient) -> None:
    page = owner.get("/checks").text
    assert "No look was taken so far" in page
    assert "There is none so far" in page
    assert 'href="/checks"' in owner.get("/").text
    french = owner.get("/checks", headers={"Accept-Language": "fr"}).text
    assert "Santé des vérifications" in french
    assert "Aucune vérification" in french


def test_the_page_shows_alarms_shares_and_what_waits(
    owner: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    alarmed(house, looker, clock)
    page = owner.get("/checks").text
    assert f"The last {BARREN_ROUNDS} visits to wall.example saw nothing to rely on" in page
    assert re.search(r"<td>0 %<br><small class=\"meta\">0 of 5</small>", page)
    assert "the page stayed empty: 5" in page
    assert "Records without checkpoint so far" in page
    assert WARNING in owner.get("/").text
    french = owner.get("/checks", headers={"Accept-Language": "fr"}).text
    assert "n’ont rien vu de fiable" in french


def test_a_canary_is_set_shown_misread_and_removed_on_the_page(
    owner: TestClient, house: House, looker: ModelLooker
) -> None:
    sent = {
        "csrf_token": csrf_token(owner, "/checks"),
        "url": WALL,
        "text": "Old post",
        "author": "",
        "expected": "live",
    }
    assert owner.post("/canaries", data={**sent, "text": "x"}).status_code == 422
    assert owner.post("/canaries", data={**sent, "url": "http://127.0.0.1/"}).status_code == 422
    assert owner.post("/canaries", data={**sent, "csrf_token": ""}).status_code == 403
    assert owner.post("/canaries", data=sent).status_code == 303
    assert "certainly there" in owner.get("/checks").text
    assert "not read so far" in owner.get("/checks").text
    visit_all_due(house, looker)
    page = owner.get("/checks").text
    assert "Rature misreads a canary on wall.example" in page
    assert "misread since" in page
    assert "no fault of the checks" in page
    found = re.search(r'action="/canaries/(wat_[0-9a-f]+)/remove"', page)
    assert found
    answer = owner.post(
        f"/canaries/{found[1]}/remove", data={"csrf_token": csrf_token(owner, "/checks")}
    )
    assert answer.status_code == 303
    assert "Rature misreads" not in owner.get("/checks").text


def test_a_capped_post_says_why_on_its_own_page(
    owner: TestClient, house: House, looker: ModelLooker
) -> None:
    view, _ = house.watching.start(OWNER, Target(url=WALL, text="Mine"), actor="tok_test")
    looker.posts = [ModelPost("Mine", house.clock())]
    with client_for(house, headers=token_headers(house)) as client:
        sent = {"url": WALL, "text": "Old post", "expected": "live"}
        assert client.post("/api/v1/canaries", json=sent).status_code == 201
    visit_all_due(house, looker)
    page = owner.get(f"/watches/{view.watch.id}").text
    assert "The checker misreads a post of this site that it knows" in page
    assert "Not known" in page
    assert "Misread: wat_" not in page  # the author said nothing


def test_the_interface_sets_lists_and_removes_canaries(house: House, looker: ModelLooker) -> None:
    with client_for(house, headers=token_headers(house)) as client:
        sent = {"url": WALL, "text": "Old post", "expected": "live"}
        made = client.post("/api/v1/canaries", json=sent).json()
        assert (made["site"], made["expected"], made["wrong_at"]) == ("wall.example", "live", None)
        visit_all_due(house, looker)
        listed = client.get("/api/v1/canaries").json()
        assert [item["watch_id"] for item in listed] == [made["watch_id"]]
        assert (listed[0]["read_as"], listed[0]["wrong_at"] is None) == ("absent", False)
        wrong = {**sent, "expected": "perhaps"}
        assert client.post("/api/v1/canaries", json=wrong).status_code == 422
        path = f"/api/v1/canaries/{made['watch_id']}"
        assert client.delete(path).status_code == 204
        assert client.delete(path).status_code == 404
        notice = {"notice": "site_right"}
        path = f"/api/v1/watches/{made['watch_id']}/notices"
        assert client.post(path, json=notice).status_code == 422
    with client_for(house, headers=token_headers(house, Scope.READ)) as reader:
        assert reader.post("/api/v1/canaries", json=sent).status_code == 403


def test_metrics_are_for_this_machine_or_a_token(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    alarmed(house, looker, clock)
    with client_for(house) as elsewhere:
        assert elsewhere.get("/metrics").status_code == 401
        answer = elsewhere.get("/metrics", headers=token_headers(house, Scope.READ))
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        assert elsewhere.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 401
        local = TestClient(elsewhere.app, base_url=BASE, client=("127.0.0.1", 5000))
        assert local.get("/metrics").status_code == 200
        # A proxy on this machine hands on what others ask.
        assert local.get("/metrics", headers={"X-Forwarded-For": "9.9.9.9"}).status_code == 401
    lines = answer.text.splitlines()
    assert 'rature_valid_look_share{period="24h",site="wall.example"} 0.0' in lines
    assert 'rature_looks{outcome="not_rendered",site="wall.example"} 5.0' in lines
    assert 'rature_barren_visits{site="wall.example"} 5.0' in lines
    assert 'rature_site_alarm{site="wall.example"} 1.0' in lines
    assert 'rature_site_degraded{site="wall.example"} 0.0' in lines
    assert "rature_looks_due 0.0" in lines
    assert any(line.startswith("rature_leaves_unsealed ") for line in lines)
    assert any(line.startswith("rature_oldest_look_overdue_seconds ") for line in lines)


def test_readyz_tells_of_it_without_naming_a_site(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    with client_for(house) as client:
        assert WARNING not in client.get("/readyz").json()["warnings"]
        alarmed(house, looker, clock)
        told = client.get("/readyz")
        assert WARNING in told.json()["warnings"]
        assert "wall.example" not in told.text


@pytest.mark.usefixtures("house")
def test_the_operator_sets_canaries_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RATURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RATURE_PUBLIC_URL", BASE)

    def run(*arguments: str) -> tuple[int, str]:
        status = main(["canary", *arguments])
        return status, capsys.readouterr().out

    status, added = run(
        "add", WALL, "--text", "Old post", "--expected", "removed", "--everybody"
    )  # fmt: skip
    assert status == 0
    identifier = added.strip()
    assert run("list")[1].split() == [
        identifier,
        *["wall.example", "removed", "not", "read", "so", "far"],
    ]
    assert run("remove", identifier)[0] == 0
    assert run("list") == (0, "")
    assert run("remove", identifier)[0] == 1
    refused = run("add", "http://127.0.0.1/", "--text", "Old post", "--expected", "live")
    assert refused == (2, "")
