"""Picking by mouse and keyboard, and who may start it."""

from playwright.sync_api import Page, expect

from tests.e2e.extension import stub, wall
from tests.e2e.extension.launch import Browser

CALL = """chrome.tabs.query({active: true})
  .then(([tab]) => chrome.commands.onCommand.dispatch('capture', tab))"""


def pick_by_keys(browser: Browser, page: Page, over: str, keys: list[str]) -> str:
    before = len(browser.status()["captures"])
    browser.start_picker(page)
    page.locator(over).hover()
    for key in keys:
        page.keyboard.press(key)
    while len(rows := browser.status()["captures"]) == before:
        page.wait_for_timeout(50)
    return str(rows[0]["id"])


def test_the_item_around_the_mouse_is_picked_and_enter_captures(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    capture = pick_by_keys(shared, shared.open(f"{site}/wall"), "#comment-3 time", ["Enter"])
    assert shared.sent(shared_host.service.uploads, capture).manifest.post.post_id == "comment-3"


def test_arrow_down_narrows_and_arrow_up_widens_again(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/wall")
    narrow = pick_by_keys(shared, page, "#comment-3 p", ["ArrowDown", "Enter"])
    again = pick_by_keys(shared, page, "#comment-4 p", ["ArrowDown", "ArrowUp", "Enter"])
    posts = [
        shared.sent(shared_host.service.uploads, each).manifest.post for each in (narrow, again)
    ]
    assert posts[0].text == "Commentaire numéro 3 sur la boutique, livré en 3 jours."
    assert posts[0].author is None
    assert posts[1].author == "Client 4"


def test_arrow_right_goes_to_the_next_post_without_a_mouse(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/wall")
    capture = pick_by_keys(shared, page, "#comment-4 p", ["ArrowRight", "Enter"])
    assert shared.sent(shared_host.service.uploads, capture).manifest.post.text == wall.COMPLAINT


def test_escape_leaves_the_page_as_it_was(shared: Browser, site: str) -> None:
    count = len(shared.status()["captures"])
    page = shared.open(f"{site}/wall")
    before = page.content()
    shared.start_picker(page)
    assert page.content() != before
    page.keyboard.press("Escape")
    expect(page.locator("rature-marks")).to_have_count(0)
    assert page.content() == before
    page.click("#comment-42 time")  # a link of the page works again
    page.wait_for_url("**/wall#comment-42")
    assert len(shared.status()["captures"]) == count


def test_the_click_that_captures_does_not_reach_the_page(shared: Browser, site: str) -> None:
    page = shared.open(f"{site}/wall")
    shared.capture(page, "#comment-42 time")
    assert page.url == f"{site}/wall"


def test_the_marks_are_in_a_closed_shadow_root(shared: Browser, site: str) -> None:
    page = shared.open(f"{site}/wall")
    shared.start_picker(page)
    assert page.evaluate("document.querySelector('rature-marks').shadowRoot") is None


def test_shortcut_and_menu_start_the_same_picker(shared: Browser, site: str) -> None:
    """The browser's own menu and shortcuts cannot be pressed in a test; their events can be sent.

    The toolbar's button gives access to the tab first, as menu and shortcut do by themselves.
    """
    page = shared.open(f"{site}/wall")
    shared.press_toolbar_button(page)
    worker = shared.context.service_workers[0]
    for event in (
        "chrome.commands.onCommand.dispatch('capture', tab)",
        "chrome.contextMenus.onClicked.dispatch({menuItemId: 'capture'}, tab)",
    ):
        worker.evaluate(f"chrome.tabs.query({{active: true}}).then(([tab]) => {event})")
        expect(page.locator("rature-marks")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator("rature-marks")).to_have_count(0)


def test_called_by_a_key_it_begins_with_the_post_under_the_mouse(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    before = {row["id"] for row in shared.status()["captures"]}
    page = shared.open(f"{site}/wall")
    shared.press_toolbar_button(page)
    page.locator("#comment-3 time").hover()
    shared.context.service_workers[0].evaluate(CALL)
    expect(page.locator("rature-marks")).to_have_count(1)
    page.keyboard.press("Enter")  # the mouse has not moved since
    capture = shared.wait_for_new(before)
    assert shared.sent(shared_host.service.uploads, capture).manifest.post.post_id == "comment-3"


def test_a_page_that_the_browser_keeps_closed_is_explained(shared: Browser) -> None:
    page = shared.open("chrome://version")
    popup = shared.press_toolbar_button(page)
    popup.click("#capture")
    popup.wait_for_text("does not let extensions work on this page")


def test_nothing_is_on_a_page_before_a_person_acts(shared: Browser, site: str) -> None:
    page = shared.open(f"{site}/wall")
    session = shared.context.new_cdp_session(page)
    worlds: list[str] = []
    session.on(
        "Runtime.executionContextCreated", lambda event: worlds.append(event["context"]["origin"])
    )
    session.send("Runtime.enable")
    assert not any(world.startswith("chrome-extension:") for world in worlds)
