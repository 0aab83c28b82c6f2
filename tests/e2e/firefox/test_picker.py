"""Every way to start the picker in Firefox, picking by keys, and pages that mean ill."""

from tests.e2e.extension import situations, stub, wall
from tests.e2e.extension.pictures import contains_colour
from tests.e2e.firefox.browser import Browser
from tests.e2e.firefox.page import Page
from tests.servers.waiting import wait_for

OUTLINE = (0xB3, 0x26, 0x1E)
# What a page that knows where the extension is gets to see of it.
SNOOP = """async base => {
  const said = {};
  for (const path of ['manifest.json', 'lib/db.js', 'pages/panel.html']) {
    said[path] = await fetch(base + path).then(({status}) => status, ({name}) => name);
  }
  said.module = await import(base + 'lib/db.js').then(() => 'loaded', ({name}) => name);
  said.picture = await new Promise((done) => {
    const image = new Image();
    image.onload = () => done('loaded');
    image.onerror = () => done('refused');
    image.src = base + 'icons/128.png';
  });
  said.speaks = typeof globalThis.browser?.runtime + typeof globalThis.chrome?.runtime;
  said.rooms = typeof globalThis.RaturePage + typeof globalThis.RatureReader;
  said.databases = (await indexedDB.databases()).length;
  return said;
}"""


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


def test_made_up_clicks_and_keys_neither_start_a_capture_nor_press_our_buttons(
    paired: Browser, site: str
) -> None:
    page = paired.open(f"{site}/pressing")
    before = paired.captures()
    wait_for(lambda: page.run("() => window.pressed > 10"), "it presses before the picker is there")
    assert not marks(page)
    paired.start_picker(page)
    begun = page.run("() => window.pressed")
    # on everything, ours included
    wait_for(lambda: page.run("begun => window.pressed > begun + 40", begun), "it pressed enough")
    assert marks(page)
    assert paired.captures() == before
    page.press("Escape")
    wait_for(lambda: not marks(page), "the picker is gone")


def test_neither_changed_prototypes_nor_clobbered_names_forge_anything(
    paired: Browser, host: stub.Host, site: str
) -> None:
    shown = paired.open(f"{site}/hostile")
    page = shown.untouched()
    assert page.run("() => document.wrappedJSObject.title") == "forged"  # it believes in itself
    capture = paired.capture(page, "#comment-42 p")
    paired.wait_until(capture, "sealed")
    situations.check_nothing_forged(host.service.uploads[capture], f"{site}/hostile")


def test_a_page_reads_nothing_of_the_extension_and_speaks_to_no_part_of_it(
    paired: Browser, site: str
) -> None:
    page = paired.open(f"{site}/bare")
    paired.start_picker(page)  # our scripts are there, in a world of their own
    assert page.run(SNOOP, paired.address("")) == {
        "manifest.json": "TypeError",
        "lib/db.js": "TypeError",
        "pages/panel.html": "TypeError",
        "module": "TypeError",
        "picture": "refused",
        "speaks": "undefinedundefined",
        "rooms": "undefinedundefined",
        "databases": 0,
    }
    page.press("Escape")
    wait_for(lambda: not marks(page), "the picker is gone")


def test_a_page_that_the_browser_keeps_closed_is_explained(paired: Browser, site: str) -> None:
    for address in ("about:robots", f"view-source:{site}/wall"):
        popup = paired.press_toolbar_button(paired.open(address))
        popup.click("#capture")
        popup.wait_for_text("does not let extensions work on this page")
        popup.close()
