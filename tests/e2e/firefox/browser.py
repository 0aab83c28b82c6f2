"""Starts Firefox with the extension's package, and does with it what a person does.

Nothing is granted beforehand: the package is the one that `make extension` builds, the toolbar's
button is pressed, and the browser's own prompt for the service's address is answered.

    with launch(tmp_path) as browser:
        browser.pair("http://127.0.0.1:8787", approve=lambda page: page.click("button"))
        page = browser.open("http://127.0.0.1:8000/wall")
        capture = browser.capture(page, "#comment-7 p")
        browser.wait_until(capture, "sealed")
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import archiver
from tests.e2e.extension.marks import is_picking
from tests.e2e.firefox.bidi import Bidi
from tests.e2e.firefox.chrome_ui import ChromeUi
from tests.e2e.firefox.page import Page
from tests.e2e.firefox.popup import Popup
from tests.e2e.firefox.profile import ADDRESS, EXTENSION_ID, write_profile
from tests.servers.firefox import find_firefox, takes_unsigned
from tests.servers.process import Process, accepts, free_port
from tests.servers.waiting import PATIENCE_S, wait_for

ROOT = Path(archiver.__file__).parent.parent
START_S = 60.0
STATES = ("waiting", "failed", "archived", "sealed")
STATE = "id => WebExtensionPolicy.getByID(id).extension.backgroundState"
SUSPEND = """async id => {
  const {extension} = WebExtensionPolicy.getByID(id);
  await extension.terminateBackground({disableResetIdleForTest: true});
  return extension.backgroundState;
}"""


def build_package(folder: Path, source: Path = ROOT / "extension") -> Path:
    """The package for Firefox, as `make extension` builds it."""
    script = ROOT / "scripts" / "build_extension.py"
    options = ["--source", source, "--out", folder]
    subprocess.run([sys.executable, script, *options, "firefox"], check=True, capture_output=True)
    return next(folder.glob("rature-firefox-*.zip"))


class Browser:
    """A running Firefox with the extension. One window; the profile outlives it."""

    def __init__(self, folder: Path, package: Path, size: tuple[int, int]) -> None:
        self._folder = folder
        self._package = package
        self._size = size
        self._start()
        with ExitStack() as unless_done:
            unless_done.callback(self.close)
            self.install(package)
            unless_done.pop_all()

    def _start(self) -> None:
        port = free_port()
        width, height = self._size
        self._process = Process(
            [
                find_firefox(),
                "--headless",
                "--no-remote",
                "--profile",
                self._folder / "profile",
                "--remote-debugging-port",
                str(port),
                "--remote-allow-system-access",
                f"--width={width}",
                f"--height={height}",
            ],
            log=self._folder / "firefox.log",
            # Firefox 159 and later; those before take the flag
            env={**os.environ, "MOZ_REMOTE_ALLOW_SYSTEM_ACCESS": "1"},
        )
        with ExitStack() as unless_done:
            unless_done.callback(self._process.kill9)  # nobody else knows of it so far
            self._process.wait_until(
                partial(accepts, port), what="Firefox listens", seconds=START_S
            )
            self._bidi = Bidi(port)
            unless_done.callback(self._bidi.close)
            self.ui = ChromeUi(self._bidi)
            unless_done.pop_all()
        self._own: Page | None = None

    def install(self, package: Path) -> None:
        """Installs a package, for good where the browser allows it, or updates to it."""
        self._package = package
        self._bidi.call(
            "webExtension.install",
            extensionData={"type": "archivePath", "path": str(package)},
            **{"moz:permanent": takes_unsigned()},
        )
        self._own = None
        self.ui.pin_button()

    def address(self, path: str) -> str:
        """Of a page of the extension, for instance `pages/pair.html`."""
        return f"moz-extension://{ADDRESS}/{path}"

    def open(self, url: str, *, background: bool = False) -> Page:
        """A page in a new tab, in front or behind the one that is there."""
        page = self._new_tab(background=background)
        page.goto(url)
        return page

    def _new_tab(self, *, background: bool) -> Page:
        made = self._bidi.call("browsingContext.create", type="tab", background=background)
        return Page(self._bidi, made["context"])

    def pages(self) -> list[tuple[str, Page]]:
        """Every tab: address and page."""
        tree = self._bidi.call("browsingContext.getTree", maxDepth=0)["contexts"]
        return [(each["url"], Page(self._bidi, each["context"])) for each in tree]

    def own_page(self) -> Page:
        """A page of the extension kept open in the background."""
        if self._own is None:
            self._own = self._new_tab(background=True)
            self._own.goto(self.address("messages.js"))
        return self._own

    def press_toolbar_button(self, page: Page) -> Popup:
        """Presses Rature's button while `page` is in front; gives the popup that opens."""
        own = self.own_page()
        page.bring_to_front()
        self.ui.press_button()
        return Popup(own, self.ui)

    def start_picker(self, page: Page) -> None:
        """Toolbar button, then "Capture a post": two clicks. The outline is then on the page, and
        nothing lies over it: the press that finds a panel still closing only ends that."""
        popup = self.press_toolbar_button(page)
        popup.click("#capture")
        wait_for(lambda: is_picking(page.said()), "the picker is on the page")
        wait_for(lambda: not popup.text() and not self.ui.is_popup_there(), "the popup is closed")

    def capture(self, page: Page, post: str) -> str:
        """Captures the post around an element's middle with three clicks; gives its id.

        Returns when the capture is kept.
        """
        before = self.captures()
        self.start_picker(page)
        page.click(post)
        return self.wait_for_new(before)

    def captures(self) -> list[str]:
        """The ids of all captures, newest first."""
        return [str(row["id"]) for row in self.status()["captures"]]

    def wait_for_new(self, before: list[str], patience: float = 3 * PATIENCE_S) -> str:
        def new() -> list[str]:
            return [each for each in self.captures() if each not in before]

        return str(wait_for(new, "a capture is kept", patience)[0])

    def status(self) -> dict[str, Any]:
        """What the popup knows: service, grant, trouble, watches, captures (newest first)."""
        return dict(self.ask("status.read"))

    def ask(self, name: str, payload: Mapping[str, Any] | None = None) -> Any:
        """Sends one message of extension/messages.js, as a page of the extension does."""
        message = {"name": name, "payload": dict(payload or {})}
        answer = self.own_page().run("message => chrome.runtime.sendMessage(message)", message)
        assert "fault" not in answer, answer["fault"]
        return answer["value"]

    def wait_until(self, capture: str, state: str, patience: float = PATIENCE_S) -> dict[str, Any]:
        """Waits until a capture is `waiting`, `failed`, `archived` (or further: `sealed`)."""
        wanted = STATES[STATES.index(state) :] if state == "archived" else (state,)

        def row() -> dict[str, Any] | None:
            found = next(row for row in self.status()["captures"] if row["id"] == capture)
            return dict(found) if found["state"] in wanted else None

        return dict(wait_for(row, f"the capture is {state}", patience))

    def start_pairing(self, origin: str, answer: str = "Allow") -> Page:
        """Types the address on the pair page, presses Connect and answers the browser's prompt."""
        page = self.open(self.address("pages/pair.html"))
        page.wait_for_shown("#go")
        page.fill("#address", origin)
        page.click("#go")
        self.ui.answer_prompt(answer)
        return page

    def pair(self, origin: str, approve: Callable[[Page], None]) -> None:
        """Pairs through the real pages. `approve` gets the service's page, which shows the code."""
        page = self.start_pairing(origin)

        def opened() -> Page | None:
            found = (tab for url, tab in self.pages() if url.startswith(f"{origin}/pair"))
            return next(found, None)

        approval: Page = wait_for(opened, "the service's page opens")
        approval.wait_for_shown("button")
        approve(approval)
        page.wait_for_shown("#done")
        approval.close()
        page.close()

    def stop_background(self) -> None:
        """Suspends the event page, as the browser does after half a minute without work."""
        assert self.ui.run(SUSPEND, EXTENSION_ID) == "stopped"

    def stop_running_background(self) -> None:
        """The same as soon as it runs, which it does when somebody asks it something."""
        wait_for(lambda: self.ui.run(STATE, EXTENSION_ID) == "running", "the event page runs")
        self.stop_background()

    def kill(self) -> None:
        """The browser's processes die at once, without a chance to write anything."""
        self._process.kill9()
        self._bidi.close()

    def close(self) -> None:
        self._bidi.close()
        self._process.stop()

    def restart(self) -> None:
        """Starts the browser anew with the same profile."""
        self._start()
        if not takes_unsigned():
            self.install(self._package)


@contextmanager
def launch(
    folder: Path,
    *,
    language: str = "en-US",
    scale: float = 1,
    size: tuple[int, int] = (1280, 900),
    package: Path | None = None,
    preferences: Mapping[str, Any] | None = None,
) -> Iterator[Browser]:
    """Firefox with the extension. `folder` keeps profile and package; `scale` is the device pixel
    ratio; `size` the window in CSS pixels; `package` another one than that of this checkout."""
    write_profile(folder / "profile", language, scale, dict(preferences or {}))
    browser = Browser(folder, package or build_package(folder / "package"), size)
    try:
        yield browser
    finally:
        browser.close()
        shutil.rmtree(folder / "profile", ignore_errors=True)
