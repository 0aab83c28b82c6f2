"""The list of watched posts, and one of them through its life."""

import html
import re

import pytest

from archiver.domain.look import Look
from archiver.domain.observation import Observation, Sighting, Validity, Vantage
from archiver.wiring import House
from tests.integration.captures.sample import CAPTURES, TEXT, WALL, Sample
from tests.integration.client import TestClient, token_headers
from tests.integration.watches.model import (
    PAGE,
    ModelLooker,
    ModelPost,
    MovedClock,
    live_until,
    visit_all_due,
)
from tests.integration.web.forms import csrf_token


def words(page: str) -> str:
    """The page as a person reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def watch(owner: TestClient, **fields: str) -> str:
    sent = {"url": WALL, "text": TEXT, **fields, "csrf_token": csrf_token(owner, "/")}
    answer = owner.post("/watches", data=sent)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"])


def captured(house: House, owner: TestClient) -> str:
    answer = owner.post(CAPTURES, **_with_token(Sample().request(), token_headers(house))).json()
    return f"/watches/{answer['watch_id']}"


def _with_token(request: dict[str, object], bearer: dict[str, str]) -> dict[str, object]:
    headers = request.get("headers", {})
    assert isinstance(headers, dict)
    return {**request, "headers": {**headers, **bearer}}


def test_an_empty_list_says_what_to_do(owner: TestClient) -> None:
    shown = words(owner.get("/").text)
    assert "Load the extension" in shown
    assert "Capture a post" in shown


def test_a_watch_by_address_appears_in_the_list(owner: TestClient) -> None:
    address = watch(owner, author="Le client")
    assert TEXT in words(owner.get("/").text)
    shown = words(owner.get(address).text)
    assert "Not known" in shown
    assert "No look yet" in shown


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "x"}, "one character"),
        ({"text": "  "}, "empty"),
        ({"url": "file:///etc/passwd"}, "http"),
        ({"url": "http://169.254.169.254/"}, "169.254.169.254"),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_stays(
    owner: TestClient, fields: dict[str, str], told: str
) -> None:
    sent = {"url": WALL, "text": TEXT, "author": "Anne", **fields}
    page = owner.post("/watches", data={**sent, "csrf_token": csrf_token(owner, "/")})
    assert page.status_code == 422
    assert told in words(page.text)
    assert 'value="Anne"' in page.text


def test_a_removal_is_told_with_its_window_and_never_names_a_culprit(
    house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker
) -> None:
    gone = clock.now.replace(hour=10)
    looker.posts.append(ModelPost(TEXT, clock.now, gone))
    address = captured(house, owner)
    live_until(house, clock, looker, clock.now.replace(day=5))
    shown = words(owner.get(address).text)
    assert "No longer publicly visible between" in shown
    assert "confirmed" in shown
    assert "Silent: no notice" in shown
    assert "6 of 6 found" in shown
    assert "seen by the contributor and by an independent look" in shown
    assert "deleted by" not in shown.lower()
    french = words(owner.get(address, headers={"Accept-Language": "fr"}).text)
    assert "A cessé d’être visible publiquement entre" in french


def test_failed_looks_are_shown_and_change_nothing(
    house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker
) -> None:
    from archiver.domain.observation import Reason  # noqa: PLC0415 - this test alone

    looker.posts.append(ModelPost(TEXT, clock.now))
    address = captured(house, owner)
    visit_all_due(house, looker)
    looker.obstacle = Reason.LOGIN_WALL
    clock.forward(minutes=30)
    visit_all_due(house, looker)
    shown = words(owner.get(address).text)
    assert "Visible" in shown
    assert "could not tell: the site asked for a login" in shown
    assert "That changes nothing above" in shown


def test_the_page_is_sent_again_only_when_it_changed(
    house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker
) -> None:
    looker.posts.append(ModelPost(TEXT, clock.now))
    address = watch(owner)
    found = re.search(r'hx-get="([^"]+)"', owner.get(address).text)
    assert found
    live = html.unescape(found[1])
    assert owner.get(live).status_code == 204
    visit_all_due(house, looker)
    changed = owner.get(live)
    assert changed.status_code == 200
    assert "Anybody can see this post" in changed.text


def test_evidence_is_shown_as_pictures_and_text_that_cannot_act(
    house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker
) -> None:
    looker.posts.append(ModelPost(TEXT, clock.now))
    address = captured(house, owner)
    visit_all_due(house, looker)
    pictures = re.findall(r'<img src="(/evidence/[^"]+)"', owner.get(address).text)
    assert len(pictures) == 2
    for source in pictures:
        picture = owner.get(source)
        assert picture.headers["content-type"] == "image/png"
        assert "sandbox" in picture.headers["content-security-policy"]
    links = re.findall(r'href="(/evidence/[^"]+\.html)"', owner.get(address).text)
    snapshot = owner.get(links[0])
    assert snapshot.headers["content-type"].startswith("text/plain")


def test_a_look_brings_its_files_over_the_api_too(
    house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker
) -> None:
    looker.posts.append(ModelPost(TEXT, clock.now))
    watch_id = watch(owner).rpartition("/")[2]
    visit_all_due(house, looker)
    bearer = token_headers(house)
    (look,) = owner.get(f"/api/v1/watches/{watch_id}/observations", headers=bearer).json()["items"]
    address = f"/api/v1/observations/{look['id']}/files"
    picture = owner.get(f"{address}/page.png", headers=bearer)
    assert picture.content == PAGE.data
    assert "sandbox" in picture.headers["content-security-policy"]
    assert owner.get(f"{address}/other.png", headers=bearer).status_code == 404
    assert owner.get(f"{address}/page.png").status_code == 401


def test_looking_now_marks_the_watch_due(
    house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker
) -> None:
    looker.posts.append(ModelPost(TEXT, clock.now))
    address = watch(owner)
    visit_all_due(house, looker)
    sent = {"csrf_token": csrf_token(owner, address)}
    answer = owner.post(f"{address}/checks", data=sent, headers={"HX-Request": "true"})
    assert "Looking now" in answer.text
    assert visit_all_due(house, looker) == 1


def test_a_withdrawal_is_recorded_as_the_authors_own(
    house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker
) -> None:
    looker.posts.append(ModelPost(TEXT, clock.now, clock.now.replace(hour=10)))
    address = captured(house, owner)
    visit_all_due(house, looker)
    clock.forward(hours=2)
    sent = {"csrf_token": csrf_token(owner, address), "notice": "withdrawn", "text": "mine"}
    assert owner.post(f"{address}/notices", data=sent).status_code == 303
    visit_all_due(house, looker)
    shown = words(owner.get(address).text)
    assert "Withdrawn by its author" in shown
    assert "I deleted it myself : mine" in shown or "I deleted it myself: mine" in shown

    (taking_back,) = re.findall(rf"{address}/notices/[^/]+/retraction", owner.get(address).text)
    for _ in range(2):  # pressed twice, it is told once
        assert owner.post(taking_back, data=sent).status_code == 303
    visit_all_due(house, looker)
    after = owner.get(address).text
    assert "Withdrawn by its author" not in words(after)
    assert words(after).count("taken back:") == 1
    assert taking_back not in after
    assert owner.post(f"{address}/notices/not_0/retraction", data=sent).status_code == 404
    for kind in ("retracted", "site_right"):
        assert owner.post(f"{address}/notices", data={**sent, "notice": kind}).status_code == 422


def test_stopping_and_watching_again(owner: TestClient) -> None:
    address = watch(owner)
    sent = {"csrf_token": csrf_token(owner, address)}
    assert owner.post(f"{address}/stop", data=sent).status_code == 303
    assert "No further look is planned" in words(owner.get(address).text)
    assert owner.post(f"{address}/resume", data=sent).headers["location"] == address
    assert "Next look" in words(owner.get(address).text)


def test_another_workspaces_post_does_not_exist(house: House, owner: TestClient) -> None:
    page = owner.get("/watches/wat_0123456789abcdef")
    assert page.status_code == 404
    assert "there is no watch" in words(page.text)


def test_page_data_cannot_become_markup(owner: TestClient) -> None:
    address = watch(owner, text="<script>alert(1)</script> ruined shoes")
    assert "<script>alert" not in owner.get(address).text
    assert (
        "<script>alert(1)</script> ruined shoes"
        in words(owner.get(address).text).replace("&lt;", "<")
        or "&lt;script&gt;" in owner.get(address).text
    )


def test_the_page_says_who_stamped_a_capture_and_when(house: House, owner: TestClient) -> None:
    address = captured(house, owner)
    house.keeping.settle()
    shown = words(owner.get(address).text)
    assert "first stamped at" in shown
    assert re.search(
        r"the embedded authority: \d+ \w+ \d{4}, [\d:]+ UTC ; within 1 s; proves", shown
    )
    assert "qualified" not in shown


def test_it_is_shown_from_where_a_post_was_looked_at_and_when_paths_disagreed(
    house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker
) -> None:
    looker.posts.append(ModelPost(TEXT, clock.now))
    address = watch(owner)
    visit_all_due(house, looker)
    assert "From where" not in words(owner.get(address).text)  # one vantage needs no table
    seen = Observation(
        at=clock.now,
        vantage=Vantage(id="path2"),
        validity=Validity.VALID,
        sighting=Sighting.ABSENT,
    )
    house.concluding.add_look(address.rpartition("/")[2], Look(seen))
    shown = words(owner.get(address).text)
    assert "the look from “default” saw the post and the one from “path2” did not" in shown
    assert "public path2 1 of 1" in shown
    assert "Disputed" in shown
    french = words(owner.get(address, headers={"Accept-Language": "fr"}).text)
    assert "la vérification depuis « default » a vu le message" in french
    assert "D’où le message a été vérifié" in french
