"""A tab of Chromium, as the situations that all browsers share use it."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.extension import stub
from tests.e2e.extension.launch import Browser


class ChromiumTab:
    """See `situations.Tab`."""

    slack = 0

    def __init__(self, browser: Browser, host: stub.Host, page: Page) -> None:
        self._browser = browser
        self._host = host
        self._page = page

    def goto(self, url: str) -> None:
        self._page.goto(url)

    def run(self, function: str, *arguments: Any) -> Any:
        return self._page.evaluate(f"all => ({function})(...all)", list(arguments))

    def prefer_dark(self, is_dark: bool) -> None:
        self._page.emulate_media(color_scheme="dark" if is_dark else "light")

    def zoom(self, factor: float) -> None:
        self._browser.zoom(self._page, factor)
        self._page.wait_for_function("factor => devicePixelRatio === factor", arg=factor)

    def picture(self, selector: str) -> bytes:
        return self._page.locator(selector).screenshot()

    def start_picker(self) -> None:
        self._page.bring_to_front()
        self._browser.start_picker(self._page)

    def aim(self, selector: str) -> None:
        self._browser.aim(self._page, self._page.locator(selector))

    def click(self, selector: str) -> None:
        self._browser.click_at(self._page, self._page.locator(selector))

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def capture(self, selector: str) -> stub.Upload:
        return self._sent(self._browser.capture(self._page, selector))

    def capture_in_frame(self, selector: str) -> stub.Upload:
        before = {row["id"] for row in self._browser.status()["captures"]}
        self.start_picker()
        (frame,) = self._page.main_frame.child_frames
        locator = frame.locator(selector)
        self._browser.aim(self._page, locator)
        expect(frame.locator("rature-marks")).to_have_count(1)
        self._browser.click_at(self._page, locator)
        return self._sent(self._browser.wait_for_new(before))

    def _sent(self, capture: str) -> stub.Upload:
        return self._browser.sent(self._host.service.uploads, capture)

    def kept(self) -> int:
        return len(self._browser.status()["captures"])

    def said(self) -> str:
        return self._browser.words_now(self._page)
