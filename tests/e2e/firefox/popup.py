"""The popup behind the toolbar's button.

WebDriver BiDi does not list it; another page of the extension has its window from
`chrome.extension.getViews`, and the mouse presses where the browser shows it.
"""

from typing import Any

from tests.e2e.firefox.chrome_ui import ChromeUi
from tests.e2e.firefox.page import Page
from tests.servers.waiting import PATIENCE_S, wait_for

MIDDLE = """selector => {
  const [view] = chrome.extension.getViews({type: 'popup'});
  const element = view?.document.querySelector(selector);
  if (!element?.getClientRects().length) return null;
  element.scrollIntoView({block: 'center', behavior: 'instant'});
  const box = element.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""
TEXT = """() => {
  const [view] = chrome.extension.getViews({type: 'popup'});
  return view?.document.body?.innerText ?? '';
}"""


class Popup:
    """The open popup."""

    def __init__(self, own: Page, ui: ChromeUi) -> None:
        self._own = own
        self._ui = ui
        wait_for(self.text, "the popup opens")

    def text(self) -> str:
        """What can be read in it; nothing when it is closed."""
        return str(self._own.run(TEXT))

    def wait_for_text(self, wanted: str) -> str:
        wait_for(lambda: wanted in self.text(), f"{wanted!r} in the popup", PATIENCE_S)
        return self.text()

    def ask(self, function: str) -> Any:
        """What a function of the popup's document gives."""
        return self._own.run(
            f"() => ({function})(chrome.extension.getViews({{type: 'popup'}})[0].document)"
        )

    def click(self, selector: str) -> None:
        """Presses the mouse in the middle of an element, once the popup has come to rest there."""
        seen: list[tuple[float, float] | None] = [None]

        def at_rest() -> tuple[float, float] | None:
            middle = self._own.run(MIDDLE, selector)
            origin = self._ui.popup_origin()
            place = middle and origin and (middle[0] + origin[0], middle[1] + origin[1])
            seen.append(place)
            return place if place and seen[-1] == seen[-2] else None

        self._ui.press_at(*wait_for(at_rest, f"{selector} in the popup can be pressed"))

    def screenshot(self) -> bytes:
        """PNG of what the browser shows in the popup."""
        return self._ui.picture_of_popup()

    def close(self) -> None:
        self._ui.close_popup()
        wait_for(lambda: not self.text(), "the popup closes")
