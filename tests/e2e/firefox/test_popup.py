"""Firefox's popup in both languages, and what it tells."""

from collections.abc import Iterator

import pytest

from tests.e2e.extension import stub
from tests.e2e.extension.test_popup import WORDS, watch
from tests.e2e.firefox.browser import Browser, launch
from tests.e2e.firefox.popup import Popup
from tests.servers.waiting import wait_for

LANGUAGES = {"en-US": "en", "fr": "fr"}
BUTTON = {"en-US": "Capture a post", "fr": "Capturer un message"}
MENU = {"en-US": "Capture this post", "fr": "Capturer ce message"}


@pytest.fixture(scope="module", params=list(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def spoken(
    tmp_path_factory: pytest.TempPathFactory, host: stub.Host, language: str
) -> Iterator[Browser]:
    """A paired browser in that language."""
    host.service.decision = "authorization_pending"
    rows = WORDS[LANGUAGES[language]]
    host.service.watches = [watch(n, row[0], row[1]) for n, row in enumerate(rows)]
    with launch(tmp_path_factory.mktemp(language), language=language) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("button"))
        yield browser


def opened(browser: Browser, site: str) -> Popup:
    return browser.press_toolbar_button(browser.open(f"{site}/wall"))


def test_each_verdict_is_in_plain_words(spoken: Browser, site: str, language: str) -> None:
    popup = opened(spoken, site)
    for _, _, state, window in WORDS[LANGUAGES[language]]:
        said = popup.wait_for_text(state)
        assert window.replace(" ", "") in said.replace(" ", "").replace("\u202f", "")
    assert BUTTON[language] in said
    assert popup.ask("(document) => document.documentElement.lang") == LANGUAGES[language]
    assert "Alt+Shift+R" in said
    assert popup.ask("(document) => document.documentElement.scrollWidth") <= 320
    popup.close()


def test_the_menu_and_the_picker_speak_it_too(spoken: Browser, site: str, language: str) -> None:
    page = spoken.open(f"{site}/wall")
    page.open_menu("#comment-42 p")
    assert spoken.ui.choose_in_menu() == MENU[language]
    wait_for(lambda: page.count("rature-marks"), "the picker is on the page")
    page.press("Escape")
    wait_for(lambda: not page.count("rature-marks"), "the picker is gone")


def test_a_change_of_verdict_is_notified_and_a_first_verdict_is_not(
    spoken: Browser, host: stub.Host
) -> None:
    own = spoken.own_page()
    # Without a desktop Firefox closes a notification as soon as it was shown, and says so.
    own.run(
        """() => {
          globalThis.seen = [];
          chrome.notifications.onClosed.addListener((id) => globalThis.seen.push(id));
        }"""
    )
    host.service.watches = [watch(91, "visible"), watch(92, "visible")]
    spoken.ask("watches.refresh")
    host.service.watches = [watch(91, "removed", "likely"), watch(92, "visible")]
    spoken.ask("watches.refresh")
    wait_for(lambda: own.run("() => globalThis.seen"), "a notification")
    assert own.run("() => globalThis.seen") == ["watch:wat_91"]


def test_a_page_script_reaches_neither_the_database_nor_the_pages_of_the_extension(
    spoken: Browser, site: str
) -> None:
    page = spoken.open(f"{site}/wall")
    spoken.start_picker(page)
    assert page.run("() => [typeof browser, typeof chrome]") == [
        "undefined",
        "undefined",
    ]
    assert page.run("() => indexedDB.databases().then((all) => all.length)") == 0
    load = """address => fetch(address).then(() => 'read', (error) => error.name)"""
    assert page.run(load, spoken.address("manifest.json")) == "TypeError"
    page.press("Escape")


def test_the_token_never_leaves_the_background(spoken: Browser, host: stub.Host) -> None:
    assert host.service.token not in str(spoken.status())
