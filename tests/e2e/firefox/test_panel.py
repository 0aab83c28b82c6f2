"""Firefox's sidebar, and looks with the person's own session."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.extension import stub
from tests.e2e.extension.test_popup import watch
from tests.e2e.extension.test_vantage import AGE, POST, VIEW, WATCH, watched
from tests.e2e.firefox.browser import Browser
from tests.e2e.firefox.page import Page
from tests.servers.waiting import wait_for
from tests.walls.simulated import SESSION, SimulatedWall

PRESS = """(card, name, isByMouse) => {
  const buttons = [...document.querySelectorAll(`${card} button`)];
  const button = buttons.find((each) => each.textContent === name && !each.hidden);
  if (isByMouse) button.id = "pressed";
  else button.click();
}"""


@pytest.fixture(scope="module")
def wall() -> Iterator[SimulatedWall]:
    with SimulatedWall("blog") as running:
        yield running


def elsewhere(wall: SimulatedWall) -> str:
    """The wall by a name that is not the service's: Firefox's permissions know no ports."""
    return wall.origin.replace("127.0.0.1", "localhost")


def press(page: Page, card: str, name: str, *, by_mouse: bool = False) -> None:
    """By the mouse where the browser asks something only in answer to a person."""
    page.bring_to_front()
    page.run(PRESS, card, name, by_mouse)
    if by_mouse:
        page.click("#pressed")


def test_the_popup_opens_the_sidebar(paired: Browser, host: stub.Host, site: str) -> None:
    popup = paired.press_toolbar_button(paired.open(f"{site}/wall"))
    popup.click("#panel")
    wait_for(lambda: paired.ui.run("() => SidebarController.isOpen"), "the sidebar opens")
    paired.ui.run("() => SidebarController.hide()")


def test_what_is_told_while_the_service_is_down_is_told_later(
    paired: Browser, host: stub.Host
) -> None:
    host.service.watches = [{**watch(0, "removed", "likely", text="A complaint"), "id": WATCH}]
    paired.ask("watches.refresh")
    panel = paired.open(paired.address("pages/panel.html"))
    panel.wait_for_text("Probably no longer publicly visible", "#cards")
    assert "Ceased to be publicly visible between" in panel.text("#cards")
    host.stop()
    press(panel, "#cards", "I was told why")
    panel.wait_for_shown("#cards textarea")
    panel.fill("#cards textarea", "Against the house rules.")
    press(panel, "#cards", "Add to the file")
    panel.wait_for_text("Against the house rules.", "#cards")
    paired.stop_background()
    host.start()
    paired.ask("outbox.flush")
    wait_for(host.service.notices, "the service is told")
    assert host.service.notices() == [(WATCH, "reasons_given", "Against the house rules.")]
    panel.wait_for_text("the service knows", "#cards")
    panel.close()


def test_a_site_is_looked_at_once_it_is_allowed_and_never_a_cookie_leaves(
    paired: Browser, host: stub.Host, wall: SimulatedWall
) -> None:
    host.service.told.clear()
    origin = elsewhere(wall)
    found = watched(wall, "removed", "suspected")
    found |= {"url": f"{origin}/wall", "permalink": f"{origin}/wall#comment-{POST}"}
    host.service.watches = [found]
    paired.open(f"{origin}/signin").close()
    wall.post(POST).only_for = frozenset({"author"})
    paired.ask("watches.refresh")
    panel = paired.open(paired.address("pages/panel.html"))
    panel.wait_for_text("does not look here", "#sites")
    press(panel, "#sites", "Allow on this site", by_mouse=True)
    paired.ui.answer_prompt("Allow")
    panel.wait_for_text("looks here with your session", "#sites")

    def look(after: int) -> dict[str, Any]:
        panel.run(f"() => ({AGE})([180])")
        panel.run("() => chrome.alarms.create('looks', {when: Date.now()})")
        wait_for(lambda: len(host.service.looks()) > after, "a look is sent")
        return host.service.looks()[after]

    first = look(0)
    assert (first["vantage"]["class"], first["sighting"]) == ("author", "present")
    panel.wait_for_text("the post is there", "#sites")
    wait_for(lambda: not [url for url, _ in paired.pages() if url.startswith(origin)], "it closes")
    wall.situation = "login_redirect"
    second = look(1)
    assert (second["validity"], second["reason"]) == ("invalid", "login_wall")
    wall.situation = "live"
    # everybody sees the post: for a day no alarm looks for it, only who passes by
    host.service.watches = [{**found, "verdict": watched(wall, "visible", None)["verdict"]}]
    paired.ask("watches.refresh")
    panel.run(f"() => ({AGE})([180])")
    page = paired.open(f"{origin}/wall")
    wait_for(lambda: len(host.service.looks()) == 3, "a look in passing is sent")
    assert "in passing" in host.service.looks()[2]["detail"]
    # the same within a page that does not load, where the browser tells of it and where it does not
    for count, tells in ((4, True), (5, False)):
        paired.ui.set_flag("dom.navigation.webidl.enabled", tells)
        page.goto(f"{origin}/none")
        assert page.run("() => 'navigation' in globalThis") is tells
        panel.run(f"() => ({AGE})([180])")
        page.run(VIEW, f"{origin}/wall")
        wait_for(lambda count=count: len(host.service.looks()) == count, "it is seen in passing")
        seen = host.service.looks()[-1]
        assert (seen["sighting"], "in passing" in seen["detail"]) == ("present", True)
    page.goto(f"{origin}/wall")
    page.goto(f"{origin}/shop")
    panel.run(f"() => ({AGE})([180])")
    page.run("() => history.back()")  # the page is as it was left: nothing of it runs anew
    wait_for(lambda: len(host.service.looks()) == 6, "who comes back passes by, too")
    assert "in passing" in host.service.looks()[-1]["detail"]
    # a page that was opened in the background is passed by when it comes to the front
    panel.run(f"() => ({AGE})([180])")
    behind = paired.open(f"{origin}/wall", background=True)
    assert behind.run("() => document.hidden")
    assert len(host.service.looks()) == 6
    behind.bring_to_front()
    wait_for(lambda: len(host.service.looks()) == 7, "it is passed by at last")
    assert "in passing" in host.service.looks()[-1]["detail"]
    assert SESSION not in json.dumps(host.service.looks())
    behind.close()
    page.close()
    press(panel, "#sites", "Switch off")
    panel.wait_for_text("does not look here", "#sites")
    contains = "origin => chrome.permissions.contains({origins: [origin]})"
    wait_for(lambda: not panel.run(contains, "http://localhost/*"), "the permission is given back")
    panel.close()
