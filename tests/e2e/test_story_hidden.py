"""Story 1's hidden complaint: its author sees it, nobody else does.

The real extension in a real Chromium, the real service as a process with its checker, and a
wall that shows a post to whoever is signed in as its author. From the capture to the notification,
the panel, the service's page and the bundle with the author's looks in it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from archiver.domain.observation import Observation
from tests.e2e.axe import assert_accessible
from tests.e2e.extension.launch import Browser, launch
from tests.e2e.extension.test_vantage import AGE
from tests.e2e.proof import unpack, verify_with_rature
from tests.e2e.scenario import until
from tests.servers.service import RatureService
from tests.walls.simulated import SESSION, SimulatedWall

POST = 105
NEVER_PUBLIC = 107
TAKEN_DOWN = 115
TOLD_BY_MISTAKE = 103
SETTINGS = {
    "RATURE_POLICY__LIKELY_SPAN": "3",
    "RATURE_POLICY__CONFIRM_AFTER": "3600",
    "RATURE_HOST_PAUSE": "0",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[RatureService]:
    with RatureService(tmp_path_factory.mktemp("service"), SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def wall() -> Iterator[SimulatedWall]:
    with SimulatedWall("blog") as running:
        yield running


@pytest.fixture(scope="module")
def browser(
    tmp_path_factory: pytest.TempPathFactory, service: RatureService, wall: SimulatedWall
) -> Iterator[Browser]:
    """The man's browser: paired, signed in on the wall, and looking there is allowed."""
    with launch(tmp_path_factory.mktemp("browser"), [service.url, wall.origin]) as running:
        signin = next(w for w in service.command("signin").stdout.split() if "/signin?" in w)
        running.open(signin)
        running.pair(service.url, approve=lambda page: page.click("button[value=approve]"))
        running.open(f"{wall.origin}/signin").close()
        yield running


def capture(browser: Browser, wall: SimulatedWall, post: int) -> str:
    """The post is captured by its author: the id of its watch."""
    page = browser.open(wall.url)
    row = browser.wait_until(browser.capture(page, f"#comment-{post} p"), "sealed", patience=120)
    page.close()
    return str(row["answer"]["watch_id"])


def card(panel: Page, wall: SimulatedWall, post: int) -> Locator:
    return panel.locator("#cards li").filter(has_text=wall.post(post).text)


def verdict(service: RatureService, watch: str) -> dict[str, Any]:
    found: dict[str, Any] = service.client.get(f"/api/v1/watches/{watch}").json()["verdict"]
    return found


def looks(service: RatureService, watch: str) -> list[dict[str, Any]]:
    """All looks, oldest first."""
    found = service.client.get(f"/api/v1/watches/{watch}/observations").json()["items"]
    return list(reversed(found))


def of_the_author(service: RatureService, watch: str) -> list[dict[str, Any]]:
    return [look for look in looks(service, watch) if look["vantage"]["class"] == "author"]


def look_now(post: Locator, said: str) -> None:
    post.get_by_role("button", name="Look now").click()
    result = post.get_by_role("status")
    expect(result).to_contain_text("Looking")
    expect(result).to_contain_text(said, timeout=120_000)


def test_a_complaint_that_only_its_author_sees_is_found_hidden(
    tmp_path: Path, browser: Browser, service: RatureService, wall: SimulatedWall
) -> None:
    watch = capture(browser, wall, POST)
    until(lambda: verdict(service, watch)["state"] == "visible", "the public saw it")
    until(lambda: of_the_author(service, watch), "the capture is the author's first look")

    panel = browser.open(browser.address("pages/panel.html"))
    panel.get_by_role("button", name="Allow on this site").click()
    expect(panel.locator("#sites")).to_contain_text("looks here with your session")
    wall.post(POST).only_for = frozenset({"author"})  # what the moderator does
    post = card(panel, wall, POST)
    look_now(post, "the post is not there")
    expect(post).to_contain_text("Missing at the last look")
    look_now(post, "the post is not there")

    panel.evaluate(AGE, [60])  # a quarter of an hour is not waited for
    browser.ask("watches.refresh")
    panel.evaluate("chrome.alarms.create('looks', {when: Date.now()})")
    expect(post).to_contain_text("Perhaps hidden from others", timeout=120_000)
    notified = "chrome.notifications.getAll().then(Object.keys)"
    assert panel.evaluate(notified) == [f"watch:{watch}"]
    for _ in range(5):  # until the span of this service's policy has passed
        look_now(post, "the post is not there")
        if verdict(service, watch)["level"] == "likely":
            break
    expect(post).to_contain_text("Probably hidden from everybody but its author")
    said = post.inner_text()
    assert "Ceased to be publicly visible between" in said
    assert "You, in your own browser" in said

    found = verdict(service, watch)
    assert (found["state"], found["level"], found["silent"]) == ("hidden", "likely", True)
    own = of_the_author(service, watch)
    assert [look["sighting"] for look in own] == ["present", "present"]
    assert own[0]["siblings"]
    assert own[1]["siblings"] == []  # the public had seen it: no more of others than needed
    page = browser.open(f"{service.url}/watches/{watch}")
    expect(page.locator("main")).to_contain_text("idden")
    page.close()
    with panel.expect_download(timeout=120_000) as saved:
        post.get_by_role("button", name="Save evidence file").click()
    saved.value.save_as(tmp_path / "bundle.zip")
    verify_with_rature(service, tmp_path / "bundle.zip")
    data = unpack(tmp_path / "bundle.zip", tmp_path / "opened")
    lines = (data / "observations.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    told = [Observation.model_validate(record) for record in records]
    assert [o.sighting for o in told if o.vantage.class_ == "author"] == ["present", "present"]
    assert json.loads((data / "verdict.json").read_text())["state"] == "hidden"
    assert not [
        path for path in data.rglob("*") if path.is_file() and SESSION.encode() in path.read_bytes()
    ]


def test_a_complaint_that_the_public_never_saw_is_pending(
    browser: Browser, service: RatureService, wall: SimulatedWall
) -> None:
    wall.post(NEVER_PUBLIC).only_for = frozenset({"author"})  # held back from the beginning
    watch = capture(browser, wall, NEVER_PUBLIC)
    own = until(lambda: of_the_author(service, watch), "the capture is the author's first look")
    assert own[0]["sighting"] == "present"
    browser.ask("watches.refresh")
    panel = browser.open(browser.address("pages/panel.html"))
    post = card(panel, wall, NEVER_PUBLIC)
    look_now(post, "the post is not there")
    expect(post).to_contain_text("Never shown to the public so far")
    found = verdict(service, watch)
    assert (found["state"], found["silent"], found["windows"]) == ("pending", False, [])
    panel.close()


def test_what_was_told_by_mistake_is_taken_back_and_the_search_goes_on(
    browser: Browser, service: RatureService, wall: SimulatedWall
) -> None:
    watch = capture(browser, wall, TOLD_BY_MISTAKE)
    until(lambda: verdict(service, watch)["state"] == "visible", "the public saw it")
    browser.ask("watches.refresh")
    panel = browser.open(browser.address("pages/panel.html"))
    post = card(panel, wall, TOLD_BY_MISTAKE)
    post.get_by_role("button", name="I deleted it myself").click()
    post.get_by_role("button", name="Yes, I deleted it").click()
    browser.pass_time(10)
    until(lambda: verdict(service, watch)["state"] == "withdrawn", "it counts as withdrawn")
    wall.remove(TOLD_BY_MISTAKE)
    look_now(post, "the post is not there")
    assert verdict(service, watch)["state"] == "withdrawn"

    post.get_by_role("button", name="Take back").click()
    until(lambda: verdict(service, watch)["state"] == "removed", "it counts no longer")
    assert verdict(service, watch)["next_check_at"] is not None
    assert "notice_retracted" in verdict(service, watch)["rules"]
    expect(post).to_contain_text("Missing at the last look", timeout=60_000)
    panel.close()
    page = browser.open(f"{service.url}/watches/{watch}")
    expect(page.locator("main")).to_contain_text("taken back")
    page.close()


@pytest.fixture(scope="module")
def missed(service: RatureService, wall: SimulatedWall) -> str:
    """A post that was seen and is missed: the id of its watch."""
    post = wall.post(TAKEN_DOWN)
    body = {"url": wall.url, "text": post.text, "author": post.author}
    watch = str(service.client.post("/api/v1/watches", json=body).json()["id"])
    for state in ("visible", "removed"):
        service.client.post(f"/api/v1/watches/{watch}/checks", params={"wait": 50})
        assert verdict(service, watch)["state"] == state
        wall.remove(TAKEN_DOWN)
    return watch


@pytest.mark.parametrize(
    "path", ["/", "/help", "/access", "/checks", "/verify", "/watches/{}", "/watches/{}/masks"]
)
def test_the_services_pages_can_be_used_by_everybody(
    browser: Browser, service: RatureService, missed: str, path: str
) -> None:
    page = browser.open(f"{service.url}{path.format(missed)}")
    assert page.locator("h1, h2").count() > 0
    assert_accessible(page)
    page.close()
