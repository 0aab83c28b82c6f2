"""A tab of Firefox, as the situations that all browsers share use it."""

from typing import Any

from tests.e2e.extension import stub
from tests.e2e.extension.marks import is_picking
from tests.e2e.firefox.browser import Browser
from tests.e2e.firefox.page import Page
from tests.servers.waiting import wait_for

SCHEME = "layout.css.prefers-color-scheme.content-override"
DARK, LIGHT = 0, 1
PREFERS_DARK = "() => matchMedia('(prefers-color-scheme: dark)').matches"
RATIO = "() => devicePixelRatio"


class FirefoxTab:
    """See `situations.Tab`. The picker is called by the keyboard, which takes a second less than
    the toolbar's popup."""

    slack = 1

    def __init__(self, browser: Browser, host: stub.Host, page: Page) -> None:
        self._browser = browser
        self._host = host
        self._page = page

    def goto(self, url: str) -> None:
        self._page.goto(url)

    def run(self, function: str, *arguments: Any) -> Any:
        return self._page.run(function, *arguments)

    def prefer_dark(self, is_dark: bool) -> None:
        self._browser.ui.set_number(SCHEME, DARK if is_dark else LIGHT)
        wait_for(lambda: self.run(PREFERS_DARK) == is_dark, "the scheme is told to the page")

    def zoom(self, factor: float) -> None:
        before = self.run(RATIO)
        self._browser.ui.zoom(factor)
        wait_for(lambda: self.run(RATIO) != before, "the page is zoomed")

    def picture(self, selector: str) -> bytes:
        return self._page.screenshot(selector)

    def start_picker(self) -> None:
        self._browser.ui.press_shortcut("Alt", "Shift", "R")
        wait_for(lambda: is_picking(self.said()), "the picker is on the page")

    def aim(self, selector: str) -> None:
        self._page.move(selector)

    def click(self, selector: str) -> None:
        self._page.click(selector)

    def press(self, key: str) -> None:
        self._page.press(key)

    def capture(self, selector: str) -> stub.Upload:
        return self._capture_on(self._page, selector)

    def capture_in_frame(self, selector: str) -> stub.Upload:
        return self._capture_on(self._page.frame(), selector)

    def _capture_on(self, page: Page, selector: str) -> stub.Upload:
        before = self._browser.captures()
        self.start_picker()
        page.click(selector)
        capture = self._browser.wait_for_new(before)
        uploads = self._host.service.uploads
        return wait_for(lambda: uploads.get(capture), "the capture is sent", 60)

    def kept(self) -> int:
        return len(self._browser.captures())

    def said(self) -> str:
        return self._page.said()
