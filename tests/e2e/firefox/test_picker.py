"""Every way to start the picker in Firefox, and picking by keys."""

from tests.e2e.extension import stub, wall
from tests.e2e.extension.pictures import contains_colour
from tests.e2e.firefox.browser import Browser
from tests.e2e.firefox.page import Page, wait_for

OUTLINE = (0xB3, 0x26, 0x1E)


def marks(page: Page) -> bool:
    return page.count("rature-marks") > 0


def test_shortcut_menu_and_button_start_the_same_picker_and_escape_leaves_no_trace(
    paired: Browser, site: str
) -> None:
    page = paired.open(f"{site}/wall")
    before = page.run("() => document.documentElement.outerHTML")

    def by_menu() -> None:
        page.open_menu("#comment-42 p")
        assert paired.ui.choose_in_menu() == "Capture this post"

    for start in (lambda: paired.ui.press_shortcut("Alt", "Shift", "R"), by_menu):
        start()
        wait_for(lambda: marks(page), "the picker is on the page")
        assert page.run("() => document.querySelector('rature-marks').shadowRoot") is None
        page.press("Escape")
        wait_for(lambda: not marks(page), "the picker is gone")
    paired.start_picker(page)
    page.press("Escape")
    wait_for(lambda: not marks(page), "the picker is gone")
    assert page.run("() => document.documentElement.outerHTML") == before


def test_arrows_narrow_widen_and_go_to_the_neighbour_and_enter_captures(
    paired: Browser, host: stub.Host, site: str
) -> None:
    page = paired.open(f"{site}/wall")
    before = paired.captures()
    paired.ui.press_shortcut("Alt", "Shift", "R")
    wait_for(lambda: marks(page), "the picker is on the page")
    page.move("#comment-4 p")
    # keys pressed before the next frame mean the place of the mouse already
    for key in ("ArrowDown", "ArrowUp", "ArrowRight", "Enter"):
        page.press(key)
    capture = paired.wait_for_new(before)
    paired.wait_until(capture, "sealed")
    assert host.service.uploads[capture].manifest.post.text == wall.COMPLAINT


def test_the_outline_is_drawn_whatever_styles_the_page_allows(paired: Browser, site: str) -> None:
    page = paired.open(f"{site}/strict")
    assert not contains_colour(page.screenshot(), OUTLINE)
    paired.start_picker(page)
    page.move("#comment-2 p")
    wait_for(lambda: contains_colour(page.screenshot(), OUTLINE), "the outline is drawn")
    page.press("Escape")


def test_events_made_by_the_page_capture_nothing(paired: Browser, site: str) -> None:
    page = paired.open(f"{site}/forger")
    before = paired.captures()
    paired.start_picker(page)
    # the page fires clicks and Enter every 20 ms meanwhile
    page.run("() => new Promise((done) => setTimeout(done, 500))")
    assert marks(page)
    assert paired.captures() == before
    page.press("Escape")
    wait_for(lambda: not marks(page), "the picker is gone")


def test_a_page_that_the_browser_keeps_closed_is_explained(paired: Browser, site: str) -> None:
    for address in ("about:robots", f"view-source:{site}/wall"):
        popup = paired.press_toolbar_button(paired.open(address))
        popup.click("#capture")
        popup.wait_for_text("does not let extensions work on this page")
        popup.close()
