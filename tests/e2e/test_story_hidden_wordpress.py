"""Story 1's hidden complaint on a real WordPress: put on hold, a comment is still shown to whoever
has its author's cookies, and to nobody else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.domain.instant import parse
from tests.e2e.extension.launch import Browser, launch
from tests.e2e.extension.test_vantage import AGE
from tests.e2e.proof import unpack, verify_with_rature
from tests.e2e.scenario import Contributor, Desk, Spans, act, named, until
from tests.servers.service import RatureService
from tests.walls.wordpress import WordPress

pytestmark = pytest.mark.matrix
SPANS = Spans(1, 3600)


@pytest.fixture
def service(tmp_path: Path, chromium: Path) -> Iterator[RatureService]:
    settings = {**SPANS.settings, "RATURE_HOST_PAUSE": "0"}
    with RatureService(tmp_path / "service", settings) as running:
        yield running


@pytest.fixture
def browser(
    tmp_path: Path, service: RatureService, fresh_wordpress: WordPress
) -> Iterator[Browser]:
    with launch(tmp_path / "browser", [service.url, fresh_wordpress.url]) as running:
        yield running


def look_with_own_session(browser: Browser) -> None:
    """What an alarm begins a quarter of an hour after the look before."""
    page = browser.own_page()
    page.evaluate(AGE, [60])
    browser.ask("watches.refresh")
    page.evaluate("chrome.alarms.create('looks', {when: Date.now()})")


def test_a_comment_on_hold_is_found_hidden_and_given_back_it_is_restored(
    tmp_path: Path, browser: Browser, service: RatureService, fresh_wordpress: WordPress
) -> None:
    wall, desk = fresh_wordpress, Desk(service)
    (complaint,) = named(wall, "Tom Hendricks")
    cookies = wall.author_cookies(complaint.id)
    browser.context.add_cookies(
        [{"name": name, "value": value, "url": wall.url} for name, value in cookies.items()]
    )
    person = Contributor(browser, service)
    post = person.capture(complaint, wall.post_url)
    desk.witness(post)
    browser.ask("watches.refresh")
    browser.ask("site.set", {"origin": wall.url, "isOn": True})

    held = act(wall, complaint, "hold")
    missed = [look["sighting"] for look in (desk.look(post)[0], desk.fresh_look(post)[0])]
    assert missed == ["absent", "absent"]
    look_with_own_session(browser)
    own = until(
        lambda: [look for look in of_the_author(desk, post.watch_id) if look["at"] > held.done],
        "the author's browser looks again",
    )
    assert [look["sighting"] for look in own] == ["present"]
    assert own[0]["matched_by"] == "id"
    desk.fresh_look(post)
    verdict = desk.wait_for(post, "hidden", "likely")
    assert verdict["silent"] is True
    assert verdict["actor"] == "unknown"

    bundle = desk.bundle(post, tmp_path)
    verify_with_rature(service, bundle)
    data = unpack(bundle, tmp_path / "opened")
    assert json.loads((data / "verdict.json").read_text())["state"] == "hidden"
    (secret,) = [value for value in cookies.values() if "@" in value]
    assert_nowhere(secret, data)

    wall.moderate(complaint.id, "approve")
    assert desk.fresh_look(post)[0]["sighting"] == "present"
    assert desk.verdict(post)["state"] == "restored"


def of_the_author(desk: Desk, watch: str) -> list[dict[str, object]]:
    """The looks with the author's own session."""
    found = desk.get(f"/watches/{watch}/observations?limit=500")["items"]
    return [
        {**look, "at": parse(look["at"])} for look in found if look["vantage"]["class"] == "author"
    ]


def assert_nowhere(secret: str, folder: Path) -> None:
    """A secret stands in no file below a folder."""
    for path in folder.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes(), path
