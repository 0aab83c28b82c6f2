"""One page in the browser: opened, waited for, read, and kept as evidence."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, CDPSession, Frame, Page, Request, Route
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Response as PageResponse
from playwright.async_api import TimeoutError as PlaywrightTimeout

from archiver.checker.harmless import UNHEARD, may_leave, meant_method
from archiver.checker.isolated_world import IsolatedWorld
from archiver.checker.options import CheckerOptions
from archiver.checker.page_state import Response
from archiver.checker.proxy_connection import Visit
from archiver.checker.reading import Reading, parse_reading
from archiver.checker.recording import Recorder
from archiver.domain.errors import ReaderFault
from archiver.domain.evidence_file import EvidenceFile

QUIET_MS = 120
"""A page with scripts is settled when it added nothing for so long and asks for nothing."""
CALLS = frozenset({"xhr", "fetch", "script", "document"})
FAILED = frozenset({429, *range(500, 600)})
"""Statuses that keep a page from showing its list; others are its own affair."""
PICTURE_PNG_UP_TO = 6000
"""Pixels of height above which the picture is a JPEG: a PNG would take seconds."""
PICTURE_SECONDS = 20.0
"""How long the browser may take to draw a page."""
HELD_SECONDS = 2.0
"""A request that is open for longer waits for news (long polling): nobody waits for it again."""
LOAD_SECONDS = 8.0
"""How long pictures and frames may hold up the reading of a page that is already there."""


class Tab:
    """A page of one visit. Playwright's errors pass through; `look` gives them their reasons."""

    def __init__(
        self,
        page: Page,
        cdp: CDPSession,
        visit: Visit,
        options: CheckerOptions,
        *,
        scripts: bool,
        recorder: Recorder | None,
    ) -> None:
        self._page = page
        self._scripts = scripts
        self._cdp = cdp
        self._visit = visit
        self._options = options
        self._recorder = recorder
        self._world = IsolatedWorld(page, cdp)
        self._response: PageResponse | None = None
        self._calls: set[Request] = set()
        self._held: set[str] = set()
        self.failed_calls: list[int] = []
        """Statuses of 429 or 500 and above that the page's own requests got."""
        page.on("response", self._on_response)
        page.on("request", self._on_request)
        page.on("requestfinished", self._on_ended)
        page.on("requestfailed", self._on_ended)
        page.on("framenavigated", self._on_navigated)

    @classmethod
    async def open_in(
        cls,
        context: BrowserContext,
        visit: Visit,
        options: CheckerOptions,
        *,
        scripts: bool = True,
        recorder: Recorder | None = None,
    ) -> "Tab":
        """A new tab of the context. Without `scripts` the page's own never run. What `recorder`
        fetches of a page is there before the next is opened."""
        page = await context.new_page()
        page.set_default_timeout(options.page_seconds * 1000)
        cdp = await context.new_cdp_session(page)
        return cls(page, cdp, visit, options, scripts=scripts, recorder=recorder)

    def _on_request(self, request: Request) -> None:
        if request.resource_type in CALLS and _path(request) not in self._held:
            self._calls.add(request)

    def _on_ended(self, request: Request) -> None:
        self._calls.discard(request)

    def _on_response(self, response: PageResponse) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self._response = response
        elif request.resource_type in ("xhr", "fetch") and response.status in FAILED:
            self.failed_calls.append(response.status)

    def _on_navigated(self, frame: object) -> None:
        if frame == self._page.main_frame:
            self._world.leave()

    @property
    def url(self) -> str:
        """Where the page is now."""
        return self._page.url

    async def pass_caches(self) -> None:
        """From now on asks every cache on the way for the original (RFC 9111 section 5.2.1.4)."""
        fresh = {"Cache-Control": "no-cache", "Pragma": "no-cache"}
        await self._page.set_extra_http_headers(fresh)

    async def open(self, url: str) -> Response:
        """Opens an address and waits until the page has settled.

        Raises:
            PlaywrightError: the browser failed; network failures are told in the response.
        """
        if self._recorder is not None:
            await self._recorder.settle()
        self._response = None
        self._calls.clear()
        self.failed_calls.clear()
        try:
            await self._page.goto(url, wait_until="domcontentloaded")
        except PlaywrightTimeout:
            return Response(None, url, unreachable=True)
        except PlaywrightError as failure:
            if "net::" not in str(failure) and "Download" not in str(failure):
                raise
            return Response(None, url, refused=bool(self._visit.refused), unreachable=True)
        await self._loaded()
        await self.settle()
        return await self.response()

    async def _loaded(self) -> None:
        try:
            await self._page.wait_for_load_state("load", timeout=LOAD_SECONDS * 1000)
        except PlaywrightTimeout:
            return  # a picture that never comes keeps nobody from reading

    async def response(self) -> Response:
        """How the page that is shown now was answered."""
        if self._response is None:
            return Response(None, self.url, unreachable=True)
        headers = await self._response.all_headers()
        return Response(
            status=self._response.status,
            url=self.url,
            refused="x-rature-refused" in headers,
            unreachable="x-rature-unreachable" in headers,
            headers=headers,
        )

    async def settle(
        self, *, more_than: int = 0, most: float | None = None, quiet: int = QUIET_MS
    ) -> None:
        """Waits until the page adds nothing more; with `more_than`, for more elements than that.

        `most` in seconds, `quiet` in milliseconds.
        """
        if not self._scripts:
            return  # nothing moves, and no timer would ever ring
        loop = asyncio.get_running_loop()
        deadline = loop.time() + (most if most is not None else self._options.patience)
        while (left := deadline - loop.time()) > 0:
            wish = {"quiet": quiet, "most": int(left * 1000), "wanted": more_than + 1}
            state = await self.run(f"RatureReader.settle({json.dumps(wish)})")
            if not self._calls or not state["still"]:
                return
            await self._calls_end(min(left, HELD_SECONDS))

    async def _calls_end(self, most: float) -> None:
        """Waits until one of the page's own requests ends, or the time is over."""
        waiting = asyncio.get_running_loop().create_future()

        def ended(_: Request) -> None:
            if not waiting.done():
                waiting.set_result(None)

        self._page.on("requestfinished", ended)
        self._page.on("requestfailed", ended)
        try:
            if self._calls:
                await asyncio.wait_for(waiting, most)
        except TimeoutError:
            if most >= HELD_SECONDS:
                self._held.update(_path(request) for request in self._calls)
            self._calls.clear()
        finally:
            self._page.remove_listener("requestfinished", ended)
            self._page.remove_listener("requestfailed", ended)

    @asynccontextmanager
    async def harmless(self, *, asking: bool = False) -> AsyncIterator[list[str]]:
        """While it lasts, nothing is sent that would change something, and the page stays.

        Gives the addresses that were held back and may have brought something to read. `asking` is
        for clicks on what no wording tells: see `may_leave`.
        """
        closing: set[asyncio.Task[None]] = set()
        held: list[str] = []

        async def guard(route: Route) -> None:
            request = route.request
            away = request.is_navigation_request() and _is_top(request)
            kind, body = request.resource_type, request.post_data
            method = meant_method(request.method, request.headers)
            if not away and may_leave(
                method, kind, request.url, body, leads_away=False, asking=asking
            ):
                await route.continue_()
                return
            if kind not in UNHEARD:
                held.append(request.url)
            if away:
                await route.fulfill(status=204)  # the page stays where it is
            else:
                await route.abort()

        def shut(popup: Page) -> None:
            closing.add(asyncio.ensure_future(popup.close()))

        self._page.on("popup", shut)
        await self._page.context.route("**/*", guard)  # what it opens beside itself, too
        try:
            yield held
        finally:
            await self._page.context.unroute("**/*", guard)
            self._page.remove_listener("popup", shut)
            await asyncio.gather(*closing)

    @property
    def frames(self) -> list[Frame]:
        """The frames inside the page."""
        return [frame for frame in self._page.frames if frame != self._page.main_frame]

    async def run(self, expression: str) -> Any:
        """Evaluates in the isolated world, with the page-reading scripts loaded.

        Raises:
            ReaderFault: the scripts threw.
            PlaywrightError: the page went away.
        """
        return await self._world.run(expression)

    async def ask(self, function: str, *arguments: object) -> Any:
        """Calls a function of the page-reading scripts with values that JSON can carry.

        Raises:
            ReaderFault, PlaywrightError: as for `run`.
        """
        given = ", ".join(json.dumps(argument) for argument in arguments)
        return await self.run(f"RatureReader.{function}({given})")

    async def read(self) -> Reading:
        """What the page shows now.

        Raises:
            ReaderFault: the scripts threw, or returned another form than agreed.
        """
        raw = await self.run("RatureReader.readPage()")
        try:
            return parse_reading(raw)
        except (KeyError, TypeError, ValueError) as failure:
            raise ReaderFault(f"unexpected reading: {failure!r}") from failure

    async def picture(self) -> EvidenceFile:
        """The whole page from its top, bounded in height, in CSS pixels.

        Raises:
            PlaywrightError: the page went away.
            TimeoutError: the browser draws none.
        """
        try:
            return await self._drawn()
        except (PlaywrightError, TimeoutError):
            await self._loaded()  # a page that has just made way for another is not drawn
            return await self._drawn()

    async def _drawn(self) -> EvidenceFile:
        async with asyncio.timeout(PICTURE_SECONDS):
            return await self._shot()

    async def _shot(self) -> EvidenceFile:
        size = (await self._cdp.send("Page.getLayoutMetrics"))["cssContentSize"]
        height = min(int(size["height"]), self._options.max_picture_height)
        kind = "png" if height <= PICTURE_PNG_UP_TO else "jpeg"
        clip = {"x": 0, "y": 0, "width": size["width"], "height": max(height, 1), "scale": 1}
        wish: dict[str, Any] = {"format": kind, "clip": clip, "captureBeyondViewport": True}
        wish["optimizeForSpeed"] = True  # a larger file in much less time; still lossless
        if kind == "jpeg":
            wish["quality"] = 85
        shot = await self._cdp.send("Page.captureScreenshot", wish)
        name = "page.png" if kind == "png" else "page.jpg"
        return EvidenceFile(name, f"image/{kind}", base64.b64decode(shot["data"]))

    async def html(self) -> EvidenceFile:
        """The document as it stands now."""
        text = await self.run(
            "(document.doctype ? `<!DOCTYPE ${document.doctype.name}>\\n` : '')"
            " + document.documentElement.outerHTML"
        )
        return EvidenceFile("page.html", "text/html", str(text).encode("utf-8", "replace"))

    async def close(self) -> None:
        """Closes the tab."""
        await self._page.close()


def _is_top(request: Request) -> bool:
    """Whether a navigation is one of a whole page; a page that just opens has no frame yet."""
    try:
        return request.frame.parent_frame is None
    except PlaywrightError:
        return True


def _path(request: Request) -> str:
    """What a repeated request is known by: its address without the query."""
    parts = urlsplit(request.url)
    return f"{parts.netloc}{parts.path}"
