"""A page that knows of the extension and means ill."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.extension import situations, stub, wall_situations
from tests.e2e.extension.launch import Browser

POST = "#comment-42"


@pytest.fixture
def page(shared: Browser) -> Iterator[Page]:
    page = shared.context.new_page()
    yield page
    page.close()


def test_neither_changed_prototypes_nor_clobbered_names_forge_anything(
    shared: Browser, shared_host: stub.Host, site: str, page: Page
) -> None:
    page.goto(f"{site}/hostile")
    assert page.evaluate("document.title") == "forged"  # the page believes in itself
    box = page.evaluate_handle("document.getElementById('comment-42')").as_element()
    assert box is not None
    before = {row["id"] for row in shared.status()["captures"]}
    shared.start_picker(page)
    page.mouse.move(300, 300, steps=3)
    page.mouse.click(*middle(shared, page))
    capture = shared.wait_for_new(before)
    upload = shared.sent(shared_host.service.uploads, capture)
    situations.check_nothing_forged(upload, f"{site}/hostile")


def middle(browser: Browser, page: Page) -> tuple[float, float]:
    """Of the post's words, as the browser knows it; the page's own scripts are not asked."""
    session = browser.context.new_cdp_session(page)
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": f"{POST} p"})["nodeId"]
    session.send("DOM.scrollIntoViewIfNeeded", {"nodeId": node})
    quad = session.send("DOM.getBoxModel", {"nodeId": node})["model"]["content"]
    session.detach()
    return (quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2


def test_a_page_of_fifty_thousand_elements_is_captured(
    shared: Browser, shared_host: stub.Host, site: str, page: Page
) -> None:
    page.goto(f"{site}/huge")
    upload = shared.sent(shared_host.service.uploads, shared.capture(page, f"{POST} p"))
    assert upload.manifest.post.text == wall_situations.COMPLAINT
    assert "screenshot" not in upload.manifest.missing


def test_a_page_reads_nothing_of_the_extension_and_speaks_to_no_part_of_it(
    shared: Browser, site: str, page: Page
) -> None:
    page.goto(f"{site}/bare")  # no policy of the page's own that would refuse it first
    read = """async address => {
      try { return (await fetch(address)).status } catch (error) { return error.name }
    }"""
    for path in ("manifest.json", "pages/mask.html", "lib/db.js"):
        assert page.evaluate(read, shared.address(path)) == "TypeError"
    told = page.evaluate(
        "id => { try { chrome.runtime.sendMessage(id, {name: 'status.read'}) }"
        " catch (error) { return error.name } }",
        shared.extension_id,
    )
    assert told == "TypeError"  # a page has no chrome.runtime: nothing is connectable
    databases = page.evaluate("indexedDB.databases().then(all => all.map(({name}) => name))")
    assert databases == []
    frame = page.evaluate(
        """address => new Promise(resolve => {
          const frame = document.createElement('iframe');
          const seen = () => frame.contentDocument?.body?.id ?? 'closed';
          frame.onload = () => { try { resolve(seen()) } catch { resolve('closed') } };
          frame.src = address;
          document.body.append(frame);
        })""",
        shared.address("pages/mask.html"),
    )
    assert frame == "closed"


def test_made_up_clicks_and_keys_neither_start_a_capture_nor_press_our_buttons(
    shared: Browser, site: str, page: Page
) -> None:
    count = len(shared.status()["captures"])
    page.goto(f"{site}/pressing")
    shared.start_picker(page)
    page.wait_for_function("window.pressed > 40")  # on everything, ours included
    assert len(shared.status()["captures"]) == count
    page.keyboard.press("Escape")
    expect(page.locator("rature-marks")).to_have_count(0)
