"""What can be shown of a post, and what its owner chose to show."""

from typing import Any

import pytest

from archiver.services.access import Scope
from archiver.wiring import House
from tests.integration.captures.sample import TEXT, Part, Sample, parts, picture, send
from tests.integration.client import TestClient, token_headers
from tests.integration.export.looks import looked, minutes, sighting

WATCHES = "/api/v1/watches"
EMPTY = {"pictures": {}, "show": []}


@pytest.fixture
def capture(client: TestClient, house: House) -> dict[str, Any]:
    """A capture with an attachment, and a look at its post."""
    letter = Part("attachment", "letter.png", "image/png", picture(40, 40))
    sent = send(client, Sample(files=[*parts(), letter]))
    looked(house, sent["watch_id"], sighting(minutes(house, 0)))
    return sent


@pytest.fixture
def masks(capture: dict[str, Any]) -> str:
    """The address of the post's masks."""
    return f"{WATCHES}/{capture['watch_id']}/masks"


def offered(client: TestClient, masks: str) -> dict[str, dict[str, Any]]:
    """What the capture and the look offer, by kind."""
    answer = client.get(f"{masks}/offer")
    assert answer.status_code == 200, answer.text
    return {record["kind"]: record for record in answer.json()["records"]}


def test_pictures_and_fields_are_offered_record_by_record(
    client: TestClient, masks: str, capture: dict[str, Any]
) -> None:
    captured = offered(client, masks)["capture"]
    assert (captured["leaf"], captured["id"]) == (capture["leaf_index"], capture["id"])
    (screenshot,) = captured["pictures"]
    assert screenshot["key"] == f"{capture['leaf_index']}/screenshot"
    assert (screenshot["width"], screenshot["height"]) == (200, 120)
    assert client.get(screenshot["url"]).headers["content-type"] == "image/png"
    previews = {field["name"]: field["preview"] for field in captured["fields"]}
    assert previews["text"] == TEXT
    assert "Chromium 156" in previews["environment"]


def test_the_page_that_a_look_saw_is_offered_once(client: TestClient, masks: str) -> None:
    records = client.get(f"{masks}/offer").json()["records"]
    pages = [p for record in records for p in record["pictures"] if p["folder"] == "page"]
    assert [(page["width"], page["height"]) for page in pages] == [(90, 70)]
    assert client.get(pages[0]["url"]).status_code == 200


def test_attachments_and_what_names_files_by_plain_hashes_are_never_offered(
    client: TestClient, house: House
) -> None:
    changes = {"transformations": [{"name": "crop", "output_sha256": "0" * 64}]}
    sent = send(client, Sample(files=[*parts()], changes=changes))
    records = client.get(f"{WATCHES}/{sent['watch_id']}/masks/offer").json()["records"]
    names = {field["name"] for record in records for field in record["fields"]}
    assert not names & {"transformations", "seen", "siblings", "skeleton"}
    assert not any("attachments" in p["key"] for record in records for p in record["pictures"])


def test_nothing_is_shown_until_something_is_saved(client: TestClient, masks: str) -> None:
    assert client.get(masks).json() == {**EMPTY, "updated_at": None}


def test_a_plan_is_kept_replaced_and_forgotten(
    client: TestClient, masks: str, capture: dict[str, Any]
) -> None:
    leaf = capture["leaf_index"]
    plan = {
        "pictures": {f"{leaf}/screenshot": [[0, 0, 64, 32], [10, 50, 200, 120]]},
        "show": [f"{leaf}/fields/text.json"],
    }
    kept = client.put(masks, json=plan)
    assert kept.status_code == 200, kept.text
    assert {name: kept.json()[name] for name in plan} == plan
    assert client.get(masks).json() == kept.json()
    assert client.put(masks, json=EMPTY).json()["pictures"] == {}
    assert client.delete(masks).status_code == 204
    assert client.get(masks).json() == {**EMPTY, "updated_at": None}


def test_saving_masks_touches_no_evidence(
    client: TestClient, house: House, masks: str, capture: dict[str, Any]
) -> None:
    receipt = f"/api/v1/captures/{capture['id']}"
    before = client.get(receipt).json()["custody"]
    client.put(masks, json={"pictures": {f"{capture['leaf_index']}/screenshot": []}})
    assert client.get(receipt).json()["custody"] == before


@pytest.mark.parametrize(
    ("plan", "field", "told"),
    [
        # below and right of the picture
        ({"pictures": {"{leaf}/screenshot": [[0, 0, 201, 10]]}}, ".0", "200 x 120 pixels"),
        # an inverted box, the second one
        ({"pictures": {"{leaf}/screenshot": [[0, 0, 9, 9], [9, 9, 0, 0]]}}, ".1", "is empty"),
        # a box without area
        ({"pictures": {"{leaf}/screenshot": [[5, 5, 5, 9]]}}, ".0", "is empty"),
        # negative pixels
        ({"pictures": {"{leaf}/screenshot": [[-1, 0, 5, 9]]}}, "pictures", "greater than"),
        # three numbers
        ({"pictures": {"{leaf}/screenshot": [[1, 2, 3]]}}, "pictures", "required"),
        # a leaf that belongs to nobody here
        ({"pictures": {"999/screenshot": []}}, "pictures.999/screenshot", "no picture"),
        # a folder that the capture does not have
        ({"pictures": {"{leaf}/context_screenshot": []}}, "context_screenshot", "no picture"),
        # an attachment can never be shown
        ({"pictures": {"{leaf}/attachments/01.png": []}}, "pictures", "match"),
        # nor a field that names files by plain hashes
        ({"show": ["{leaf}/fields/transformations.json"]}, "show.0", "no field"),
        # nor any other file
        ({"show": ["{leaf}/contributor/manifest.json"]}, "show.0", "match"),
        ({"show": ["{leaf}/fields/../snapshot.html"]}, "show.0", "match"),
        # more boxes than anybody draws
        ({"pictures": {"{leaf}/screenshot": [[0, 0, 1, 1]] * 201}}, "pictures", "at most 200"),
        # an unknown key
        ({"hide": []}, "hide", "not permitted"),
    ],
)
def test_what_does_not_fit_is_told(
    client: TestClient, masks: str, plan: dict[str, Any], field: str, told: str
) -> None:
    leaf = str(offered(client, masks)["capture"]["leaf"])
    sent = {
        "pictures": {k.replace("{leaf}", leaf): v for k, v in plan.get("pictures", {}).items()},
        "show": [path.replace("{leaf}", leaf) for path in plan.get("show", [])],
        **{name: value for name, value in plan.items() if name not in EMPTY},
    }
    answer = client.put(masks, json=sent)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert field in problem["errors"][0]["field"]
    assert told in problem["detail"]
    assert client.get(masks).json()["updated_at"] is None


def test_masks_of_another_post_and_callers_without_scope(
    client: TestClient, house: House, masks: str
) -> None:
    other = f"{WATCHES}/wat_0000000000000000/masks"
    assert client.get(other).status_code == 404
    assert client.get(f"{other}/offer").status_code == 404
    assert client.put(other, json=EMPTY).status_code == 404
    assert client.delete(other).status_code == 404
    reader = token_headers(house, Scope.READ)
    assert client.put(masks, json=EMPTY, headers=reader).status_code == 403
    assert client.get(masks, headers=reader).status_code == 200
