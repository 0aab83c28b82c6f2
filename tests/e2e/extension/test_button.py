"""The button at each post, on a site that the person allowed and an adapter knows."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.extension import stub
from tests.e2e.extension.blog import serve
from tests.e2e.extension.launch import Browser, launch
from tests.e2e.extension.pictures import differing_box
from tests.real_pages.styles import conversation

COVER = """() => { const over = document.createElement('div'); over.id = 'over';
  over.style.cssText =
    'position:fixed;inset:0;z-index:2147483647;background:#fff;pointer-events:none';
  document.documentElement.append(over); }"""
TRY = """() => { const host = document.querySelector('rature-button');
  for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click'])
    host.dispatchEvent(new MouseEvent(type, {bubbles: true, composed: true, clientX: 5}));
  host.click(); host.focus();
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
  return [host.shadowRoot, document.activeElement === host]; }"""

# What a program of one page does: the address of another page, and its content.
BECOME = """async (url) => {
  history.pushState({}, "", url);
  const text = await (await fetch(url)).text();
  const other = new DOMParser().parseFromString(text, "text/html");
  document.head.innerHTML = other.head.innerHTML;
  document.body.innerHTML = other.body.innerHTML;
}"""


@pytest.fixture(scope="module")
def blog() -> Iterator[str]:
    with serve() as origin:
        yield origin


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, shared_host: stub.Host, blog: str
) -> Iterator[Browser]:
    """The browser's own question cannot be answered in a test: both origins are allowed before."""
    folder = tmp_path_factory.mktemp("button")
    with launch(folder, [shared_host.origin, blog]) as running:
        running.pair(shared_host.origin, approve=lambda page: page.click("text=Approve"))
        yield running


def popup_for(browser: Browser, page: Page) -> Page:
    page.bring_to_front()
    tab = browser.own_page().evaluate(
        "url => chrome.tabs.query({}).then((tabs) => tabs.find((tab) => tab.url === url).id)",
        page.url,
    )
    return browser.open(browser.address(f"pages/popup.html?tab={tab}"))


def buttons(browser: Browser, page: Page) -> list[dict[str, Any]]:
    """Label and place of each button, as the browser's own tools see through the closed root."""
    session = browser.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    found = []
    for node in tree:
        name = node.get("name", {}).get("value", "")
        if node.get("role", {}).get("value") == "button" and "with Rature" in name:
            box = session.send("DOM.getBoxModel", {"backendNodeId": node["backendDOMNodeId"]})
            x, y = box["model"]["content"][:2]
            found.append({"label": name, "x": x + 10, "y": y + 10})
    session.detach()
    return found


def dwell(page: Page) -> None:
    """Until a button has been in plain sight long enough; its clock is the page's own."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 1200))")


def count(browser: Browser) -> int:
    return len(browser.status()["captures"])


def test_nothing_is_on_a_page_before_the_person_allows_it(shared: Browser, blog: str) -> None:
    page = shared.open(f"{blog}/night")
    page.wait_for_load_state("load")
    assert page.locator("rature-button").count() == 0
    registered = shared.own_page().evaluate("() => chrome.scripting.getRegisteredContentScripts()")
    assert [script["id"] for script in registered if script["id"] == "button"] == []
    offer = popup_for(shared, page).locator("#button")
    expect(offer).to_contain_text("reads and sends nothing until you press one")
    expect(popup_for(shared, shared.open(f"{blog}/other")).locator("#button")).to_be_hidden()


def test_the_button_takes_its_post_and_is_in_no_picture(
    shared: Browser, shared_host: stub.Host, blog: str
) -> None:
    page = shared.open(f"{blog}/walnut")
    post = conversation()[3]
    there = page.locator(f"#comment-{post.id}")
    there.scroll_into_view_if_needed()
    alone, around = there.screenshot(), page.screenshot()
    popup = popup_for(shared, page)
    popup.click("#button button")
    expect(popup.locator("#button")).to_contain_text("Take the buttons away")
    popup.close()
    page.bring_to_front()
    page.locator("rature-button").wait_for(state="attached")
    dwell(page)
    assert differing_box(page.screenshot(), around) is not None  # the buttons can be seen
    button = next(one for one in buttons(shared, page) if "Two loaves" in one["label"])
    before = {row["id"] for row in shared.status()["captures"]}
    # The browser pictures a tab only after the extension was called there: that is said.
    page.mouse.click(button["x"], button["y"])
    assert "The post is chosen" in shared.mark_words(page)
    shared.press_toolbar_button(page).click("#capture")
    capture = shared.wait_for_new(before)
    sent = shared.sent(shared_host.service.uploads, capture)
    assert sent.manifest.post.text == post.values()["text"]
    assert sent.manifest.post.post_id == f"comment-{post.id}"
    assert sent.manifest.post.author == post.author
    assert sent.manifest.post.author_id == f"https://{post.handle}.example/"
    assert sent.manifest.post.permalink == f"https://brot.example/night/#comment-{post.id}"
    # From now on the buttons of this tab need nothing more.
    page.locator("rature-button").wait_for(state="attached")
    dwell(page)
    other = next(one for one in buttons(shared, page) if "Two loaves" in one["label"])
    page.mouse.click(other["x"], other["y"])
    again = shared.sent(shared_host.service.uploads, shared.wait_for_new({*before, capture}))
    for upload in (sent, again):  # pixel by pixel the page without any of ours
        assert differing_box(upload.files["context_screenshot.png"], around) is None
        assert differing_box(upload.files["screenshot.png"], alone) is None
    assert again.manifest.post.post_id == f"comment-{post.id}"
    assert again.manifest.completeness == "COMPLETE"
    assert again.manifest.environment.options["site"] == "wordpress"
    assert b"rature-button" not in again.files["snapshot.html"]


def test_a_page_cannot_press_it_nor_hide_what_is_pressed(shared: Browser, blog: str) -> None:
    shared.ask("button.set", {"origin": blog, "isOn": True})
    before = count(shared)
    page = shared.open(f"{blog}/hostile")
    page.locator("rature-button").wait_for(state="attached")
    dwell(page)
    assert page.evaluate(TRY) == [None, False]
    button = buttons(shared, page)[0]
    page.evaluate(COVER)
    page.evaluate("() => new Promise((done) => setTimeout(done, 600))")
    page.mouse.click(button["x"], button["y"])
    page.evaluate("() => document.querySelector('#over').remove()")
    page.mouse.click(button["x"], button["y"])  # uncovered just now: too early to be meant
    page.evaluate("document.documentElement.style.opacity = '0.01'")
    dwell(page)
    page.mouse.click(button["x"], button["y"])
    dwell(page)
    assert page.locator("rature-marks").count() == 0
    assert count(shared) == before


def test_it_comes_to_posts_that_appear_without_a_load(shared: Browser, blog: str) -> None:
    shared.ask("button.set", {"origin": blog, "isOn": True})
    page = shared.open(f"{blog}/other")  # no site that an adapter knows, until it becomes one
    dwell(page)
    assert page.locator("rature-button").count() == 0
    page.evaluate(BECOME, f"{blog}/walnut")
    page.locator("rature-button").wait_for(state="attached")
    author = conversation()[0].author
    post = page.locator(f"#comment-{conversation()[0].id}")
    post.scroll_into_view_if_needed()
    dwell(page)
    assert any(author in one["label"] for one in buttons(shared, page))
    name = post.locator(".fn a").first  # a program fills the same element with another post
    name.evaluate("element => { element.textContent = 'Somebody Else'; }")
    dwell(page)
    labels = [one["label"] for one in buttons(shared, page)]
    assert any("Somebody Else" in label for label in labels), labels
    page.evaluate(BECOME, f"{blog}/other")
    page.locator("rature-button").wait_for(state="detached")
    shared.ask("button.set", {"origin": blog, "isOn": False})


def test_the_keyboard_reaches_it_and_what_is_withdrawn_is_gone(shared: Browser, blog: str) -> None:
    shared.ask("button.set", {"origin": blog, "isOn": True})
    page = shared.open(f"{blog}/keys")
    page.locator("rature-button").wait_for(state="attached")
    dwell(page)
    page.keyboard.press("Shift+Tab")  # from the top of the page backwards: the last of it
    assert page.evaluate("document.activeElement.localName") == "rature-button"
    dwell(page)
    page.keyboard.press("Enter")
    assert "The post is chosen" in shared.mark_words(page)
    shared.ask("button.set", {"origin": blog, "isOn": False})
    page.reload()
    page.wait_for_load_state("load")
    assert page.locator("rature-button").count() == 0
    registered = shared.own_page().evaluate("() => chrome.scripting.getRegisteredContentScripts()")
    assert [script for script in registered if script["id"] == "button"] == []


def test_a_redesigned_site_is_said_to_be_read_as_any_other(
    shared: Browser, shared_host: stub.Host, blog: str
) -> None:
    page = shared.open(f"{blog}/changed")
    capture = shared.capture(page, "text=Two loaves, both fine")
    assert "layout is not the one that Rature knows" in shared.mark_words(page)
    manifest = shared.sent(shared_host.service.uploads, capture).manifest
    assert manifest.post.text == conversation()[3].values()["text"]
    assert manifest.environment.options["site"].startswith("!wordpress no_")
