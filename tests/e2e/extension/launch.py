"""Starts Chromium with the extension, and does with it what a person does.

Nothing is granted to the pages that are captured: the toolbar's button is pressed for real (see
popup.py). Only the host permission of the service is given beforehand, in a copy of the extension
whose manifest names it, because nobody can press the browser's own permission prompt in a test.

    with launch(tmp_path, services=["http://127.0.0.1:8787"]) as browser:
        browser.pair("http://127.0.0.1:8787", approve=lambda page: page.click("text=Approve"))
        page = browser.open("https://example.test/wall")
        capture = browser.capture(page, "#comment-7")
        browser.wait_until(capture, "sealed")
"""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import (
    BrowserContext,
    CDPSession,
    Error,
    Locator,
    Page,
    Playwright,
    sync_playwright,
)

import archiver
from tests.e2e.extension.marks import below, classes, is_picking, marks, texts
from tests.e2e.extension.popup import PATIENCE_S, Popup

SOURCE = Path(archiver.__file__).parent.parent / "extension"
U = TypeVar("U")
STATES = ("waiting", "failed", "archived", "sealed")
# Not while something is on its way: what is kept would be put back to what it was before.
PASS_TIME = """ms => navigator.locks.request("rature-outbox", async () => {
  const { all, put } = await import("/lib/db.js");
  for (const row of await all("captures")) {
    await put("captures", { ...row, next_attempt_at: row.next_attempt_at - ms });
  }
  for (const { not_before, next_attempt_at, ...row } of await all("actions")) {
    const past = { not_before: not_before - ms, next_attempt_at: next_attempt_at - ms };
    await put("actions", { ...row, ...past });
  }
  const alarm = await chrome.alarms.get("outbox");
  const when = alarm && Math.max(Date.now(), alarm.scheduledTime - ms);
  if (when) await chrome.alarms.create("outbox", { when });
})"""


def find_chromium() -> str | None:
    """The browser to use; None for the one that Playwright brings."""
    named = os.environ.get("RATURE_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


def copy_extension(folder: Path, services: Sequence[str]) -> Path:
    """A copy of the extension that may reach these origins; the rest is identical."""
    target = folder / "extension"
    if not target.exists():
        shutil.copytree(SOURCE, target)
        allow(target, services)
    return target


def allow(extension: Path, services: Sequence[str]) -> None:
    """Let a copy of the extension reach these origins."""
    path = extension / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["host_permissions"] = [f"{origin}/*" for origin in services]
    path.write_text(json.dumps(manifest))


class Browser:
    """A running Chromium with the extension. One window; the profile outlives it."""

    def __init__(
        self, playwright: Playwright, folder: Path, extension: Path, **options: Any
    ) -> None:
        self.playwright = playwright
        self._folder = folder
        self._extension = extension
        self._options = options
        self._start()

    def _start(self) -> None:
        width, height = self._options["size"]
        language = self._options["language"]
        arguments = [
            "--headless=new",
            "--enable-unsafe-extension-debugging",
            f"--disable-extensions-except={self._extension}",
            f"--load-extension={self._extension}",
            f"--window-size={width},{height}",
            f"--force-device-scale-factor={self._options['scale']}",
            f"--lang={language}",
            "--hide-scrollbars",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        self.context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            self._folder / "profile",
            executable_path=find_chromium(),
            headless=False,
            ignore_default_args=["--disable-extensions", "--hide-scrollbars"],
            args=arguments,
            no_viewport=True,
            env={**os.environ, "LANGUAGE": language, "LANG": f"{language}.UTF-8"},
        )
        self.extension_id = self._find_extension()

    def _find_extension(self) -> str:
        """The id; Chromium makes it from the folder's path."""
        workers = self.context.service_workers
        worker = workers[0] if workers else self.context.wait_for_event("serviceworker")
        return worker.url.split("/")[2]

    def _browser_session(self) -> CDPSession:
        browser = self.context.browser
        assert browser is not None
        return browser.new_browser_cdp_session()

    def address(self, path: str) -> str:
        """Of a page of the extension, for instance `pages/pair.html`."""
        return f"chrome-extension://{self.extension_id}/{path}"

    def open(self, url: str) -> Page:
        """A page in a new tab, in front."""
        page = self.context.new_page()
        page.goto(url)
        return page

    def press_toolbar_button(self, page: Page) -> Popup:
        """Presses Rature's button while `page` is in front; gives the popup that opens."""
        page.bring_to_front()
        session = self._browser_session()
        own = self.context.new_cdp_session(page).send("Target.getTargetInfo")["targetInfo"]
        tabs = session.send("Target.getTargets", {"filter": [{"type": "tab"}]})["targetInfos"]
        tab = next(
            tab for tab in tabs if tab["url"] == own["url"] and self._holds(session, tab, own)
        )
        session.send(
            "Extensions.triggerAction", {"id": self.extension_id, "targetId": tab["targetId"]}
        )
        return Popup(session, self._popup_target(session, page), lambda: page.wait_for_timeout(20))

    @staticmethod
    def _holds(session: CDPSession, tab: dict[str, Any], own: dict[str, Any]) -> bool:
        """Tab and page have ids of their own; titles tell two equal addresses apart."""
        return bool(tab["title"] == own["title"])

    def _popup_target(self, session: CDPSession, page: Page) -> str:
        wanted = self.address("pages/popup.html")
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for target in session.send("Target.getTargets")["targetInfos"]:
                if target["type"] == "page" and target["url"] == wanted:
                    return str(target["targetId"])
            page.wait_for_timeout(20)
        raise AssertionError("the popup did not open")

    def start_picker(self, page: Page) -> None:
        """Toolbar button, then "Capture a post": two clicks. The outline is then on the page."""
        self.press_toolbar_button(page).click("#capture")
        deadline = time.monotonic() + PATIENCE_S
        while not is_picking(self.words_now(page)):
            assert time.monotonic() < deadline, "no picker on the page"
            page.wait_for_timeout(20)

    def capture(self, page: Page, post: str | Locator) -> str:
        """Captures one post with three clicks, the last on the post's text; gives the capture's id.

        `post` is the element (or its selector) whose middle is clicked; the picker widens it to
        the item around it. Returns when the capture is kept.
        """
        before = {row["id"] for row in self.status()["captures"]}
        page.bring_to_front()
        locator = page.locator(post).first if isinstance(post, str) else post
        self.start_picker(page)
        self.click_at(page, locator)
        return self.wait_for_new(before)

    def click_at(self, page: Page, locator: Locator) -> None:
        """Moves the mouse to the visible middle of an element and clicks, as no page script can."""
        page.mouse.click(*self.aim(page, locator))

    def aim(self, page: Page, locator: Locator) -> tuple[float, float]:
        """Moves the mouse to the visible middle of an element; gives that place."""
        locator.scroll_into_view_if_needed()
        box = locator.bounding_box()
        size = page.evaluate("[innerWidth, innerHeight]")
        assert box is not None
        left, right = max(0, box["x"]), min(size[0], box["x"] + box["width"])
        top, bottom = max(0, box["y"]), min(size[1], box["y"] + box["height"])
        place = (left + right) / 2, (top + bottom) / 2
        page.mouse.move(*place, steps=3)
        return place

    def sent(self, uploads: Mapping[str, U], capture: str) -> U:
        """What the service was sent of a capture, as soon as it is there."""
        deadline = time.monotonic() + 3 * PATIENCE_S
        while capture not in uploads:
            assert time.monotonic() < deadline, self.status()["trouble"]
            self.own_page().wait_for_timeout(10)
        return uploads[capture]

    def mark_words(self, page: Page) -> str:
        """What the extension's notice on a page says; waits for one."""
        deadline = time.monotonic() + PATIENCE_S
        while not (said := self.words_now(page)):
            assert time.monotonic() < deadline, "no notice on the page"
            page.wait_for_timeout(20)
        return said

    def words_now(self, page: Page) -> str:
        """What it says at once, perhaps nothing; its shadow root is closed to scripts only."""
        session = self.context.new_cdp_session(page)
        root = session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        session.detach()
        return " ".join(texts(marks(root)))

    def mark_style(self, page: Page, name: str) -> dict[str, str]:
        """The computed style of a part of the extension's notice on a page, by its class."""
        session = self.context.new_cdp_session(page)
        root = session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        session.send("CSS.enable")
        node = next(each for each in below(marks(root)) if name in classes(each))
        style = session.send("CSS.getComputedStyleForNode", {"nodeId": node["nodeId"]})
        session.detach()
        return {each["name"]: each["value"] for each in style["computedStyle"]}

    def press_in_marks(self, page: Page, label: str) -> None:
        """Presses a button of the extension's notice on a page."""
        session = self.context.new_cdp_session(page)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            nodes = session.send("Accessibility.getFullAXTree")["nodes"]
            found = [node for node in nodes if node.get("name", {}).get("value") == label]
            buttons = [node for node in found if node["role"]["value"] == "button"]
            if buttons:
                break
            assert time.monotonic() < deadline, f"no button {label!r} on the page"
            page.wait_for_timeout(20)
        box = session.send("DOM.getBoxModel", {"backendNodeId": buttons[0]["backendDOMNodeId"]})
        left, top, right, _, _, bottom, *_ = box["model"]["content"]
        session.detach()
        page.mouse.click((left + right) / 2, (top + bottom) / 2)

    def wait_for_new(self, before: set[str]) -> str:
        deadline = time.monotonic() + 3 * PATIENCE_S
        while time.monotonic() < deadline:
            new = [row["id"] for row in self.status()["captures"] if row["id"] not in before]
            if new:
                return str(new[0])
        raise AssertionError("nothing was kept")

    def status(self) -> dict[str, Any]:
        """What the popup knows: service, grant, trouble, watches, captures (newest first)."""
        return dict(self.ask("status.read"))

    def ask(self, name: str, payload: dict[str, Any] | None = None) -> Any:
        """Sends one message of extension/messages.js, as a page of the extension does."""
        page = self.own_page()
        answer = page.evaluate(
            "message => chrome.runtime.sendMessage(message)",
            {"name": name, "payload": payload or {}},
        )
        assert "fault" not in answer, answer["fault"]
        return answer["value"]

    def own_page(self) -> Page:
        """A page of the extension kept open in the background."""
        address = self.address("messages.js")
        for page in self.context.pages:
            if page.url == address:
                return page
        front = self.context.pages[-1] if self.context.pages else None
        page = self.context.new_page()
        page.goto(address)
        if front:
            front.bring_to_front()
        return page

    def pass_time(self, seconds: float) -> None:
        """What waits to be sent, and the alarm that begins it, are as after so long a time."""
        self.own_page().evaluate(PASS_TIME, seconds * 1000)

    def zoom(self, page: Page, factor: float) -> None:
        """Zooms a page as its menu does; 1 takes it back. The tab must be in front."""
        page.bring_to_front()
        self.own_page().evaluate(
            "factor => chrome.tabs.query({active: true})"
            ".then(([tab]) => chrome.tabs.setZoom(tab.id, factor))",
            factor,
        )

    def wait_until(self, capture: str, state: str, patience: float = PATIENCE_S) -> dict[str, Any]:
        """Waits until a capture is `waiting`, `failed`, `archived` (or further: `sealed`)."""
        wanted = STATES[STATES.index(state) :] if state == "archived" else (state,)
        deadline = time.monotonic() + patience
        while True:
            row = next(row for row in self.status()["captures"] if row["id"] == capture)
            if row["state"] in wanted:
                return dict(row)
            assert time.monotonic() < deadline, (
                f"still {row['state']}: {row['problem']} {self.status()['trouble']}"
            )

    def start_pairing(self, origin: str) -> Page:
        """Types the address on the pair page and presses Connect; gives that page."""
        page = self.open(self.address("pages/pair.html"))
        page.fill("#address", origin)
        page.click("#go")
        return page

    def pair(self, origin: str, approve: Callable[[Page], None]) -> None:
        """Pairs through the real pages. `approve` gets the service's page, which shows the code."""
        page = self.open(self.address("pages/pair.html"))
        page.fill("#address", origin)
        with self.context.expect_page() as opened:
            page.click("#go")
        approval = opened.value
        approval.wait_for_url(f"{origin}/**")
        approve(approval)
        page.locator("#done").wait_for(state="visible")
        approval.close()
        page.close()

    def stop_worker(self) -> None:
        """Stops the background, as the browser does at any time."""
        session = self._browser_session()
        for target in session.send("Target.getTargets")["targetInfos"]:
            if target["type"] == "service_worker" and self.extension_id in target["url"]:
                session.send("Target.closeTarget", {"targetId": target["targetId"]})

    def kill(self) -> None:
        """The browser's process dies at once, without a chance to write anything."""
        processes = self._browser_session().send("SystemInfo.getProcessInfo")["processInfo"]
        os.kill(next(each["id"] for each in processes if each["type"] == "browser"), signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """Ends the browser; a dead one is no error."""
        try:
            self.context.close()
        except Error as error:
            if "closed" not in str(error):
                raise

    def load_anew(self) -> None:
        """Loads the extension's folder as it is by now: what an update of a packed extension ends
        with. After a mere restart Chromium would go on running the background of before."""
        path = str(self._extension)
        loaded = self._browser_session().send("Extensions.loadUnpacked", {"path": path})
        assert loaded["id"] == self.extension_id

    def restart(self) -> None:
        """Starts the browser anew with the same profile."""
        (self._folder / "profile" / "SingletonLock").unlink(missing_ok=True)
        self._start()


@contextmanager
def launch(
    folder: Path,
    services: Sequence[str],
    *,
    language: str = "en",
    scale: float = 1,
    size: tuple[int, int] = (1280, 800),
    beside: Browser | None = None,
) -> Iterator[Browser]:
    """Chromium with the extension. `folder` keeps profile and extension; `scale` is the device
    pixel ratio; `size` the window in CSS pixels; `beside` another one that runs meanwhile."""
    extension = copy_extension(folder, services)
    with nullcontext(beside.playwright) if beside else sync_playwright() as playwright:
        browser = Browser(playwright, folder, extension, language=language, scale=scale, size=size)
        try:
            yield browser
        finally:
            browser.close()
