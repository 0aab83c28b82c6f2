"""Firefox's own buttons, prompts, menus and shortcuts, used by events in the browser's window.

Web content cannot reach them; Firefox allows it to a test by `--remote-allow-system-access`. The
events are those that Firefox's own WebDriver makes.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.firefox.bidi import Bidi
from tests.e2e.firefox.profile import EXTENSION_ID
from tests.servers.waiting import wait_for

WIDGET = EXTENSION_ID.replace("@", "_").replace(".", "_")
BUTTON = f"#{WIDGET}-browser-action .unified-extensions-item-action-button"
PROMPT = "#notification-popup popupnotification"
POPUP = ".webextension-popup-browser"

PLACE = """selector => {
  const box = document.querySelector(selector)?.getBoundingClientRect();
  return box?.width ? {x: box.x, y: box.y, width: box.width, height: box.height} : null;
}"""
PRESS = """async (x, y) => {
  const source = "chrome://remote/content/shared/webdriver/Event.sys.mjs";
  const {event} = ChromeUtils.importESModule(source);
  for (const type of ["mousemove", "mousedown", "mouseup"]) {
    await event.synthesizeMouseAtPoint(x, y, {type, clickCount: 1}, window);
  }
}"""
POPUP_ORIGIN = """selector => {
  const browsers = [...document.querySelectorAll(selector)];
  const own = browsers.find((each) => each.closest("panel")?.state === "open");
  const box = own?.getBoundingClientRect();
  return box?.width ? [box.x, box.y] : null;
}"""
POPUP_THERE = """selector => [...document.querySelectorAll(selector)].some(
  (each) => (each.closest("panel")?.state ?? "closed") !== "closed"
)"""
PROMPT_TEXT = """selector => {
  const prompt = document.querySelector(selector);
  return PopupNotifications.isPanelOpen && prompt ? prompt.textContent : "";
}"""
PROMPT_BUTTON = """(selector, name) => {
  if (PopupNotifications.panel.state !== "open") return null;
  const box = document.querySelector(selector)?.[name].getBoundingClientRect();
  return box?.width ? [box.x + box.width / 2, box.y + box.height / 2] : null;
}"""
SHORTCUT = """(modifiers, key, code) => {
  const tip = Cc["@mozilla.org/text-input-processor;1"].createInstance(Ci.nsITextInputProcessor);
  tip.beginInputTransactionForTests(window);
  const made = (key, code) => new KeyboardEvent("", {
    key, code, keyCode: key.length === 1 ? key.charCodeAt(0) : 0,
  });
  for (const each of modifiers) tip.keydown(made(each, `${each}Left`));
  tip.keydown(made(key, code));
  tip.keyup(made(key, code));
  for (const each of modifiers) tip.keyup(made(each, `${each}Left`));
}"""
SET_SCALE = "ratio => Services.prefs.setCharPref('layout.css.devPixelsPerPx', ratio)"
MENU_ITEM = """widget => {
  const menu = document.getElementById("contentAreaContextMenu");
  const own = [...menu.children].find((item) => item.id.startsWith(`${widget}-menuitem`));
  return menu.state === "open" && own ? own.label : "";
}"""
CHOOSE_ITEM = """widget => {
  const menu = document.getElementById("contentAreaContextMenu");
  menu.activateItem([...menu.children].find((item) => item.id.startsWith(`${widget}-menuitem`)));
}"""
PICTURE = """async selector => {
  const {browsingContext} = document.querySelector(selector);
  const bitmap = await browsingContext.currentWindowGlobal.drawSnapshot(null, 1, "white");
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  const blob = await canvas.convertToBlob();
  return (await blob.bytes()).toBase64();
}"""


class ChromeUi:
    """The browser's window itself."""

    def __init__(self, bidi: Bidi) -> None:
        self._bidi = bidi
        tree = bidi.call("browsingContext.getTree", **{"moz:scope": "chrome"})
        self._context = tree["contexts"][0]["context"]

    def run(self, function: str, *arguments: Any) -> Any:
        """What a privileged function gives."""
        return self._bidi.run(self._context, function, *arguments)

    def _place(self, selector: str) -> dict[str, float]:
        return dict(wait_for(lambda: self.run(PLACE, selector), f"{selector} is shown"))

    def _press(self, selector: str) -> None:
        box = self._place(selector)
        self.press_at(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def zoom(self, factor: float) -> None:
        """Zooms the tab in front, as Ctrl and + do; 1 is no zoom."""
        self.run("factor => { ZoomManager.zoom = factor }", factor)

    def set_number(self, name: str, value: int) -> None:
        """Sets a preference of the running browser."""
        self.run("(name, value) => Services.prefs.setIntPref(name, value)", name, value)

    def set_flag(self, name: str, value: bool) -> None:
        """The same of one that is on or off."""
        self.run("(name, value) => Services.prefs.setBoolPref(name, value)", name, value)

    @contextmanager
    def pixel_ratio(self, ratio: float) -> Iterator[None]:
        """Every window as on a screen of so many device pixels a CSS pixel, at its size in CSS
        pixels; afterwards as before."""
        width, height = self.run("() => [outerWidth, outerHeight]")
        try:
            self._scale(ratio, width, height)
            yield
        finally:
            self._scale(1, width, height)

    def _scale(self, ratio: float, width: float, height: float) -> None:
        self.run(
            "ratio => Services.prefs.setCharPref('layout.css.devPixelsPerPx', ratio)", f"{ratio}"
        )
        wait_for(lambda: self.run("() => devicePixelRatio") == ratio, f"{ratio} pixels a pixel")
        self.run("(width, height) => resizeTo(width, height)", width, height)
        size = "() => [outerWidth, outerHeight]"
        wait_for(lambda: self.run(size) == [width, height], "the window has its size")

    def pin_button(self) -> None:
        """Moves Rature's button from the menu of extensions to the toolbar, as people may do."""
        self.run("id => CustomizableUI.addWidgetToArea(id, 'nav-bar')", f"{WIDGET}-browser-action")

    def press_button(self) -> None:
        """Presses Rature's button in the toolbar."""
        self._press(BUTTON)

    def press_at(self, x: float, y: float) -> None:
        """Presses the mouse at a point of the browser's window."""
        self.run(PRESS, x, y)

    def popup_origin(self) -> tuple[float, float] | None:
        """Where the popup's content begins in the window; None while it is not open."""
        place = self.run(POPUP_ORIGIN, POPUP)
        return (place[0], place[1]) if place else None

    def is_popup_there(self) -> bool:
        """Whether the popup's panel is open, or not yet wholly closed."""
        return bool(self.run(POPUP_THERE, POPUP))

    def picture_of_popup(self) -> bytes:
        """PNG of the open popup."""
        return base64.b64decode(self.run(PICTURE, POPUP))

    def press_shortcut(self, *keys: str) -> None:
        """Presses a key of the keyboard with modifiers before it: "Alt", "Shift", "R"."""
        *modifiers, key = keys
        self.run(SHORTCUT, modifiers, key, f"Key{key}")

    def choose_in_menu(self) -> str:
        """Chooses Rature's item of the page's open context menu, and gives what it says."""
        label = str(wait_for(lambda: self.run(MENU_ITEM, WIDGET), "the menu has Rature's item"))
        self.run(CHOOSE_ITEM, WIDGET)
        return label

    def prompt(self) -> str:
        """What the prompt that is open asks; waits for one."""
        return str(wait_for(lambda: self.run(PROMPT_TEXT, PROMPT), "a prompt is open"))

    def answer_prompt(self, answer: str) -> None:
        """Presses the prompt's button `Allow` or `Deny`."""
        self.prompt()
        name = {"Allow": "button", "Deny": "secondaryButton"}[answer]
        # Its buttons take nothing while it still moves into place: pressed until it is gone.
        wait_for(lambda: self._press_in_prompt(name), f"the prompt takes {answer}")

    def _press_in_prompt(self, name: str) -> bool:
        place = self.run(PROMPT_BUTTON, PROMPT, name)
        if place:
            self.press_at(*place)
        return not self.run("() => PopupNotifications.isPanelOpen")

    def close_popup(self) -> None:
        """Closes what is open over the page, as Escape does."""
        self.run("s => document.querySelector(s)?.closest('panel').hidePopup()", POPUP)
