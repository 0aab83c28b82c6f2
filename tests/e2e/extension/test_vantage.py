"""The person's own view: looks with the person's session, on sites that the person allowed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.extension import stub
from tests.e2e.extension.launch import Browser, launch
from tests.e2e.extension.test_masks import hold
from tests.walls.simulated import SESSION, SimulatedWall

WATCH = "wat_0000000000000000"
POST, MASKED = 105, 106
UNAVAILABLE = (503, {"title": "Service Unavailable", "detail": ""})
Running = tuple[Browser, stub.Host, SimulatedWall]
# Moves what is remembered of the looks so far into the past, as time does; not while one is taken,
# which would put back what it found before.
AGE = """([minutes]) => navigator.locks.request("rature-look", async () => {
  const { all, get, put } = await import("/lib/db.js");
  const past = minutes * 60_000;
  for (const row of await all("looked")) await put("looked", { ...row, at: row.at - past });
  const kept = await get("settings", "sites");
  for (const site of Object.values(kept?.value ?? {})) {
    site.looks = site.looks.map((at) => at - past);
  }
  if (kept) await put("settings", kept);
  await chrome.alarms.clear("looks");
})"""
ALARM = "chrome.alarms.create('looks', {when: Date.now()})"
# A page of a program: changes its address again and again, shows a skeleton, and last of all what
# the last address holds.
VIEW = """async (url) => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let turn = 0; turn < 10; turn += 1) {
    history.pushState({}, "", turn % 2 ? url : location.href.replace(/[^/]*$/, "shop"));
    await pause(20);
  }
  document.body.innerHTML = "<p>One moment ...</p>";
  const text = await (await fetch(url)).text();
  await pause(900);
  document.body.innerHTML = new DOMParser().parseFromString(text, "text/html").body.innerHTML;
}"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One browser, whose person is signed in on the wall and captured a post there."""
    folder = tmp_path_factory.mktemp("vantage")
    with (
        stub.serve() as host,
        SimulatedWall("blog") as wall,
        launch(folder, [host.origin, wall.origin]) as browser,
    ):
        browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
        browser.open(f"{wall.origin}/signin").close()
        page = browser.open(wall.url)
        browser.wait_until(browser.capture(page, f"#comment-{POST} p"), "sealed")
        wait_for_looks(browser, host, 1)
        page.close()
        yield browser, host, wall


@pytest.fixture
def host(running: Running) -> Iterator[stub.Host]:
    """Everything as right after a public look that missed the post."""
    browser, host, wall = running
    host.service.watches = [watched(wall, "removed", "suspected")]
    wall.situation = "live"
    browser.ask("watches.refresh")
    browser.ask("site.set", {"origin": wall.origin, "isOn": True})
    return host


def watched(
    wall: SimulatedWall, state: str, level: str | None, number: int = POST, **changes: Any
) -> dict[str, Any]:
    post = wall.post(number)
    verdict = {
        "state": state,
        "level": level,
        "silent": False,
        "last_seen": "2026-03-07T20:14:00Z",
        "first_missing": "2026-03-07T20:29:00Z" if level else None,
    }
    return {
        "id": WATCH,
        "url": wall.url,
        "text": post.text,
        "author": post.author,
        "post_id": f"comment-{number}",
        "permalink": f"{wall.url}#comment-{number}",
        "last_check_at": datetime.now(UTC).isoformat(),
        "verdict": verdict | changes,
    }


def own_page(browser: Browser) -> Page:
    return browser.own_page()


def has_looks(browser: Browser, host: stub.Host, count: int, patience_s: int) -> bool:
    """Whether the service was sent so many own looks, within that time."""
    page = own_page(browser)
    for _ in range(patience_s * 40):
        if len(host.service.looks()) >= count:
            return True
        page.wait_for_timeout(25)
    return False


def wait_for_looks(browser: Browser, host: stub.Host, count: int) -> list[dict[str, Any]]:
    """The own looks that the service was sent, once there are so many."""
    has_looks(browser, host, count, patience_s=20)
    assert len(host.service.looks()) == count
    return host.service.looks()


def look_again(browser: Browser, host: stub.Host) -> dict[str, Any]:
    """What an alarm's look sends, a while after the one before."""
    before = len(host.service.looks())
    page = own_page(browser)
    page.evaluate(AGE, [180])
    for _ in range(
        20
    ):  # the look before may set an alarm of its own in this one's place, for later
        page.evaluate(ALARM)
        if has_looks(browser, host, before + 1, patience_s=1):
            break
    return wait_for_looks(browser, host, before + 1)[-1]


def test_the_capture_is_a_look_and_carries_no_more_of_others_than_their_places_need(
    running: Running,
) -> None:
    _, host, wall = running
    first = host.service.looks()[0]
    assert (first["validity"], first["sighting"]) == ("valid", "present")
    assert first["vantage"] == {"class": "author", "id": "browser"}
    assert first["watch_id"] == WATCH
    assert first["seen"]["text"] == wall.post(POST).text
    near = {sibling["post_id"] for sibling in first["siblings"]}
    assert near == {f"comment-{n}" for n in (101, 102, 103, 104, 106, 107, 108, 109)}
    assert {sibling["text"] for sibling in first["siblings"]} == {""}


def test_a_look_is_taken_in_a_tab_of_its_own_that_is_closed_afterwards(
    running: Running, host: stub.Host
) -> None:
    browser, _, wall = running
    front = browser.open(f"{wall.origin}/shop")
    tabs = len(browser.context.pages)
    look = look_again(browser, host)
    assert (look["sighting"], look["matched_by"]) == ("present", "id")
    assert "seen" not in look  # the public saw it once: its place needs no other proof
    assert "siblings" not in look
    assert wall.asked[-1] == "/wall"
    for _ in range(200):
        if len(browser.context.pages) == tabs:
            break
        front.wait_for_timeout(25)
    assert len(browser.context.pages) == tabs
    assert front.evaluate("document.visibilityState") == "visible"
    sent = json.dumps(host.service.looks())
    assert SESSION not in sent
    assert "cookie" not in sent
    front.close()


@pytest.mark.parametrize(
    ("situation", "reason"),
    [
        ("login_redirect", "login_wall"),
        ("redirect_home", "incomplete"),
        ("login_in_place", "login_wall"),
        ("captcha", "challenge"),
        ("cloudflare", "challenge"),
        ("rate_limited", "rate_limited"),
        ("database_error", "server_error"),
        ("site_gone", "server_error"),
        ("shell", "not_rendered"),
        ("consent_in_place", "consent_wall"),
        ("short", "incomplete"),
    ],
)
def test_in_doubt_a_look_says_nothing_and_why(
    running: Running, host: stub.Host, situation: str, reason: str
) -> None:
    browser, _, wall = running
    hidden, wall.post(POST).only_for = wall.post(POST).only_for, frozenset({"nobody"})
    wall.situation = situation
    try:
        look = look_again(browser, host)
    finally:
        wall.post(POST).only_for = hidden
    assert (look["validity"], look["reason"], look["sighting"]) == ("invalid", reason, None)


def test_not_there_needs_neighbours_and_the_session(running: Running, host: stub.Host) -> None:
    browser, _, wall = running
    assert look_again(browser, host)["sighting"] == "present"
    wall.post(POST).only_for = frozenset({"nobody"})
    try:
        look = look_again(browser, host)
        assert look["sighting"] == "absent"
        assert look["controls"] == {"known": 8, "found": 8, "before": 4, "after": 4}
        browser.open(f"{wall.origin}/logout").close()
        look = look_again(browser, host)
        assert (look["validity"], look["reason"]) == ("invalid", "login_wall")
    finally:
        wall.post(POST).only_for = None
        browser.open(f"{wall.origin}/signin").close()


@pytest.fixture
def passing(running: Running, host: stub.Host) -> Running:
    """Everybody sees the post: for a day no alarm looks for it, only who passes by."""
    browser, _, wall = running
    host.service.watches = [watched(wall, "visible", None)]
    browser.ask("watches.refresh")
    return running


def test_who_passes_by_looks_and_a_page_that_reloads_itself_does_not(passing: Running) -> None:
    browser, host, wall = passing
    own_page(browser).evaluate(AGE, [180])
    before = len(host.service.looks())
    page = browser.open(wall.url)
    look = wait_for_looks(browser, host, before + 1)[-1]
    assert look["sighting"] == "present"
    assert "in passing" in look["detail"]
    for _ in range(4):
        page.reload()
    # a hostile page's own script can neither ask for a look nor tell one
    forged = page.evaluate(
        """() => {
          window.postMessage({name: "page.passed", payload: {}}, "*");
          dispatchEvent(new CustomEvent("rature", {detail: {name: "watch.withdraw"}}));
          return typeof globalThis.chrome?.runtime?.sendMessage + typeof globalThis.RatureReader;
        }"""
    )
    assert forged == "undefinedundefined"
    browser.ask("watches.refresh")
    assert len(host.service.looks()) == before + 1
    assert host.service.notices() == []
    page.close()


def test_who_passes_by_within_a_page_that_does_not_load_looks_too(passing: Running) -> None:
    browser, host, wall = passing
    before = len(host.service.looks())
    page = browser.open(f"{wall.origin}/none")  # the status is that of this page, not of the wall
    own_page(browser).evaluate(AGE, [180])
    page.evaluate(VIEW, wall.url)
    look = wait_for_looks(browser, host, before + 1)[-1]
    assert (look["sighting"], look.get("status")) == ("present", None)
    assert "in passing" in look["detail"]
    own_page(browser).evaluate(AGE, [180])
    page.evaluate(VIEW, wall.url)  # once more, and one look more: not one for each address
    assert wait_for_looks(browser, host, before + 2)[-1]["sighting"] == "present"
    page.close()


def test_a_script_on_a_page_may_only_say_that_the_page_was_opened(
    running: Running, host: stub.Host
) -> None:
    browser, _, wall = running
    page = browser.open(wall.url)
    session = browser.context.new_cdp_session(page)
    worlds: list[dict[str, Any]] = []
    session.on("Runtime.executionContextCreated", lambda event: worlds.append(event["context"]))
    session.send("Runtime.enable")
    own = next(world for world in worlds if world["origin"].startswith("chrome-extension:"))
    for name in ("watch.withdraw", "watch.reasons", "site.set", "status.read"):
        answer = session.send(
            "Runtime.evaluate",
            {
                "expression": f"chrome.runtime.sendMessage({{name: '{name}', payload: {{}}}})",
                "contextId": own["id"],
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        assert answer["result"]["value"]["fault"]["code"] == "message_refused"
    page.close()


def test_what_was_hidden_by_masks_is_told_by_no_look(running: Running, host: stub.Host) -> None:
    browser, _, wall = running
    name = wall.post(MASKED).author
    unseen = watched(wall, "pending", None, last_seen=None)
    host.service.refusals = [UNAVAILABLE] * 50  # answers are lost, but the service may have it
    page = browser.open(wall.url)
    capture, review = hold(browser, page, f"#comment-{MASKED} p")
    review.check("#author")
    review.click("#send")
    review.locator("#done").wait_for(state="visible")
    while browser.status()["trouble"] is None:
        review.wait_for_timeout(20)
    masked = {**watched(wall, "removed", "suspected", MASKED), "id": "wat_0000000000000001"}
    host.service.watches = [masked, unseen]
    browser.ask("watches.refresh")
    own_page(browser).evaluate(AGE, [180])
    browser.ask("watches.refresh")
    waiting = "chrome.alarms.get('looks').then((alarm) => alarm ?? null)"
    assert own_page(browser).evaluate(waiting) is None
    host.service.refusals.clear()
    browser.ask("outbox.flush")
    assert browser.wait_until(capture, "sealed")["answer"]["watch_id"] == masked["id"]
    page.close()
    review.close()

    first = len(host.service.looks())
    look = look_again(browser, host)  # one look at the page of both: it tells of one
    assert look["watch_id"] == WATCH
    assert (look["sighting"], look["seen"]["author"]) == ("present", unseen["author"])
    assert {sibling["author"] for sibling in look["siblings"]} == {
        wall.post(number).author for number in (101, 102, 103, 104, 107, 108, 109)
    }
    own_page(browser).evaluate(AGE, [180])
    page = browser.open(wall.url)
    assert "in passing" in wait_for_looks(browser, host, first + 2)[-1]["detail"]
    browser.ask("outbox.flush")
    told = host.service.looks()[first:]
    assert [look["watch_id"] for look in told] == [WATCH, WATCH]
    assert name not in json.dumps(told, ensure_ascii=False)

    # what another browser left out when it captured the post is not known to the service either
    host.service.watches = [{**unseen, "author": None, "permalink": None}]
    browser.ask("watches.refresh")
    seen = look_again(browser, host)["seen"]
    assert (seen["author"], seen["permalink"]) == (None, None)
    assert seen["post_id"] == f"comment-{POST}"
    host.service.watches = [masked]
    browser.ask("watches.refresh")
    own_page(browser).evaluate(AGE, [180])
    browser.ask("watches.refresh")
    assert own_page(browser).evaluate(waiting) is None
    page.close()


def test_the_panel_says_when_it_last_looked_and_switches_it_off(
    running: Running, host: stub.Host
) -> None:
    browser, _, wall = running
    look_again(browser, host)
    panel = browser.open(browser.address("pages/panel.html"))
    site = panel.locator("#sites li")
    expect(site).to_contain_text("the post is there")
    expect(panel.locator("#own")).to_contain_text("never a cookie")
    site.get_by_role("button", name="Switch off").click()
    expect(site).to_contain_text("does not look here")
    scripts = "chrome.scripting.getRegisteredContentScripts().then((all) => all.length)"
    assert panel.evaluate(scripts) == 0
    before = len(host.service.looks())
    panel.evaluate(AGE, [180])
    browser.ask("watches.refresh")
    assert panel.evaluate("chrome.alarms.get('looks').then((alarm) => alarm ?? null)") is None
    browser.open(wall.url).close()
    assert len(host.service.looks()) == before
    site.get_by_role("button", name="Allow on this site").click()
    expect(site).to_contain_text("looks here with your session")
    assert panel.evaluate(scripts) == 1
    panel.close()
