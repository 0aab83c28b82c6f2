"""The page of the masks as a plain form: without its script everything can be done by numbers."""

import html
import io
import re
import zipfile

import pytest
from PIL import Image

from archiver.evidence.verification import verify_bundle
from archiver.wiring import House
from tests.integration.captures.sample import CAPTURES, TEXT, Sample
from tests.integration.client import TestClient, token_headers
from tests.integration.export.packets import download
from tests.integration.watches.model import ModelLooker, ModelPost, MovedClock, visit_all_due
from tests.integration.web.forms import csrf_token
from tests.integration.web.test_watch_pages import words


@pytest.fixture
def page(house: House, owner: TestClient, clock: MovedClock, looker: ModelLooker) -> str:
    """The address of the masks of a captured post that was looked at once."""
    looker.posts.append(ModelPost(TEXT, clock.now))
    request = Sample().request()
    headers = {**request.pop("headers"), **token_headers(house)}
    captured = owner.post(CAPTURES, **request, headers=headers).json()
    visit_all_due(house, looker)
    return f"/watches/{captured['watch_id']}/masks"


def keys(owner: TestClient, page: str) -> dict[str, str]:
    """Pictures and fields by their last part, from the form."""
    found = re.findall(r'name="(?:shown|show)" value="([^"]+)"', owner.get(page).text)
    return {key.rpartition("/")[2]: key for key in found}


def test_the_watch_leads_to_the_page_and_it_says_that_nothing_is_shown(
    owner: TestClient, page: str
) -> None:
    watch = page.removesuffix("/masks")
    assert f'href="{page}"' in owner.get(watch).text
    shown = words(owner.get(page).text)
    assert "Nothing is shown unless it is ticked" in shown
    assert "Save first" in shown
    assert "checked" not in owner.get(page).text
    french = words(owner.get(page, headers={"Accept-Language": "fr"}).text)
    assert "Rien n’est montré sans être coché" in french


def test_pictures_are_served_as_evidence_that_cannot_act(owner: TestClient, page: str) -> None:
    pictures = re.findall(r'<img src="(/evidence/[^"]+)"', owner.get(page).text)
    assert len(pictures) >= 2
    for address in pictures:
        answer = owner.get(address)
        assert answer.headers["content-type"] == "image/png", address
        assert "sandbox" in answer.headers["content-security-policy"]


def test_nothing_on_the_page_needs_more_than_its_policy_allows(
    owner: TestClient, page: str
) -> None:
    answer = owner.get(page)
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
    assert not re.search(r"\son\w+=", answer.text)


def test_numbers_are_saved_previewed_and_downloaded(owner: TestClient, page: str) -> None:
    by_name = keys(owner, page)
    sent = {
        "csrf_token": csrf_token(owner, page),
        "shown": by_name["screenshot"],
        f"boxes:{by_name['screenshot']}": "0 0 40 20\n\n100, 60, 150, 90",
        "show": [by_name["text.json"], by_name["shown_time.json"]],
    }
    answer = owner.post(page, data=sent)
    assert answer.status_code == 303, words(answer.text)
    text = owner.get(page).text
    assert text.count(" checked") == 3
    assert "0 0 40 20\n100 60 150 90" in html.unescape(text)
    preview = owner.get(f"{page}/picture", params={"key": by_name["screenshot"]})
    with Image.open(io.BytesIO(preview.content)) as picture:
        assert picture.size == (200, 120)
        assert [picture.getpixel(at) for at in ((63, 31), (64, 31), (96, 90))] == [
            (128, 128, 128), (64, 31, 0), (128, 128, 128),
        ]  # fmt: skip
    bundle = download(owner, page.replace("masks", "bundle?masked=true&lang=fr"))
    assert verify_bundle(io.BytesIO(bundle)).valid
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert "data/screenshot/masked.png" in archive.namelist()
        assert "data/screenshot/original.png" not in archive.namelist()


@pytest.mark.parametrize(
    ("boxes", "told"),
    [
        ("1 2 3", "four whole numbers"),
        ("left top right bottom", "four whole numbers"),
        ("0 0 -5 10", "four whole numbers"),
        ("0 0 999 10", "200 x 120 pixels"),
        ("50 50 10 10", "is empty"),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_stays(
    owner: TestClient, page: str, boxes: str, told: str
) -> None:
    key = keys(owner, page)["screenshot"]
    sent = {"csrf_token": csrf_token(owner, page), "shown": key, f"boxes:{key}": boxes}
    answer = owner.post(page, data=sent)
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert boxes in html.unescape(answer.text)
    assert "Save first" in words(owner.get(page).text)


def test_boxes_of_a_picture_that_is_not_ticked_are_not_kept(owner: TestClient, page: str) -> None:
    key = keys(owner, page)["screenshot"]
    sent = {"csrf_token": csrf_token(owner, page), f"boxes:{key}": "0 0 10 10"}
    assert owner.post(page, data=sent).status_code == 303
    assert "0 0 10 10" not in owner.get(page).text
    assert owner.get(f"{page}/picture", params={"key": key}).status_code == 404


def test_forms_of_others_change_nothing(owner: TestClient, page: str) -> None:
    assert owner.post(page, data={"shown": "0/screenshot"}).status_code == 403
    assert owner.get("/watches/wat_0000000000000000/masks").status_code == 404


def test_the_answer_brings_back_the_word_of_the_page(owner: TestClient, page: str) -> None:
    address = page.replace("masks", "bundle")
    download(owner, address)
    answer = owner.get(address, params={"made": "0123456789abcdef"})
    assert "rature_made=0123456789abcdef" in answer.headers["set-cookie"]
    hostile = owner.get(address, params={"made": "x; Domain=example.org"})
    assert "set-cookie" not in hostile.headers
