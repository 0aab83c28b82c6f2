"""Erasing a post from its page, and how long it says that a post is kept."""

from datetime import timedelta

from archiver.services.access import OWNER
from archiver.services.erasure import ErasureReason
from archiver.wiring import House
from tests.integration.captures.sample import TEXT
from tests.integration.client import TestClient
from tests.integration.watches.model import ModelLooker, MovedClock, visit_all_due
from tests.integration.web.forms import csrf_token
from tests.integration.web.test_watch_pages import captured, watch, words


def test_the_page_says_what_goes_and_what_stays_and_erases_only_when_it_is_meant(
    house: House, owner: TestClient, looker: ModelLooker
) -> None:
    address = captured(house, owner)
    visit_all_due(house, looker)
    assert f"{address}/erasure" in owner.get(address).text
    asked = words(owner.get(f"{address}/erasure").text)
    assert "1 capture with its pictures" in asked
    assert "1 look at it" in asked
    assert "0 other watched posts lose these pages" in asked
    assert "Proofs that you downloaded, and backups" in asked
    form = {"csrf_token": csrf_token(owner, f"{address}/erasure"), "reason": "other"}
    refused = owner.post(f"{address}/erasure", data=form)
    assert refused.status_code == 409
    assert "Tick the box first." in words(refused.text)
    assert owner.get(address).status_code == 200
    done = owner.post(f"{address}/erasure", data={**form, "meant": "true"})
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert TEXT not in owner.get("/").text
    gone = owner.get(address)
    assert gone.status_code == 410
    assert "was erased at" in words(gone.text)
    [row] = house.erasure.listed(OWNER)
    assert row.reason == "other"


def test_erasing_needs_the_form_of_the_session(house: House, owner: TestClient) -> None:
    address = captured(house, owner)
    sent = owner.post(f"{address}/erasure", data={"meant": "true", "csrf_token": "0" * 64})
    assert sent.status_code == 403
    assert owner.get(address).status_code == 200


def test_a_post_is_kept_for_ever_unless_a_time_is_set(house: House, owner: TestClient) -> None:
    address = watch(owner)
    assert "For ever, unless you erase it." in words(owner.get(address).text)
    house.retention.days = 30
    assert "For as long as it is watched, and 30 days longer." in words(owner.get(address).text)
    owner.post(f"{address}/stop", data={"csrf_token": csrf_token(owner, address)})
    assert "Until 1 Apr 2026" in words(owner.get(address).text)


def test_what_is_no_longer_watched_is_erased_when_its_time_is_over(
    house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker
) -> None:
    stopped, watched = captured(house, owner), watch(owner, text="another post of the wall")
    visit_all_due(house, looker)
    owner.post(f"{stopped}/stop", data={"csrf_token": csrf_token(owner, stopped)})
    clock.forward(days=29, hours=23)
    house.retention.days = 30
    assert house.retention.enforce() == 0
    clock.forward(hours=2)
    house.upkeep.tidy()
    with_session = house.sessions.make_link_code(OWNER)
    owner.get("/signin", params={"code": with_session})
    assert owner.get(stopped).status_code == 410
    assert owner.get(watched).status_code == 200
    [row] = house.erasure.listed(OWNER)
    assert row.reason == ErasureReason.RETENTION
    house.upkeep.tidy()  # not twice a day
    clock.forward(days=1)
    assert house.retention.enforce() == 0


def test_a_post_whose_schedule_has_run_out_ends_with_its_last_look(
    house: House, owner: TestClient, clock: MovedClock
) -> None:
    watch(owner)
    [view] = house.watching.watches(OWNER, offset=0, limit=9).items
    with house.database.transaction() as session:
        row = session.merge(view.watch)
        row.next_check_at, row.last_check_at = None, clock() + timedelta(days=1)
    house.retention.days = 10
    clock.forward(days=10, hours=23)
    assert house.retention.enforce() == 0
    clock.forward(hours=2)
    assert house.retention.enforce() == 1
