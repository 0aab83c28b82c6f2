"""Recording what a visit's pages ask for and are answered, as the browser has it.

Nothing here may change what a look says: a body that cannot be had is noted as cut off, and the
visit goes on. The browser forgets the bodies of a page when it leaves it, so that each is fetched
as soon as its answer is complete, and `settle` is awaited before the next page is opened.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from playwright.async_api import BrowserContext, Request, Response
from playwright.async_api import Error as PlaywrightError

from archiver.checker.options import CheckerOptions
from archiver.domain.recording import Exchange, Headers, Recording

MAX_EXCHANGES = 2000
SETTLE_SECONDS = 2.0
"""How long bodies under way may hold up the next page, or the visit's end."""
OWN_ANSWERS = ("x-rature-refused", "x-rature-unreachable")
"""Headers by which the checking proxy marks what it said itself."""
AS_SENT = frozenset({"document", "xhr", "fetch"})
"""What a page says: its headers are asked for exactly as they were sent, which costs two more
round trips to the browser. Those of its decoration are as the browser sums them up."""
BODILESS = frozenset({204, 205, 304})


@dataclass
class _Entry:
    """One request under way, and what is known of it so far."""

    request: Request
    at: datetime
    response: Response | None = None
    request_headers: Headers = ()
    headers: Headers = ()
    body: bytes = b""
    cut: str | None = "time"
    failure: str | None = None


class Recorder:
    """Records one visit. `began` is its beginning; all moments are counted from there by a clock
    that nobody sets meanwhile."""

    def __init__(self, options: CheckerOptions, began: datetime, browser: str | None) -> None:
        self._limit = options.record_body_bytes
        self._left = options.record_bytes
        self._on = options.record_bytes > 0
        self._browser = browser
        self._began = began
        self._zero = asyncio.get_running_loop().time()
        self._entries: dict[Request, _Entry] = {}
        self._left_out = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self, context: BrowserContext) -> None:
        """Records everything that the pages of this context ask for from now on."""
        if not self._on:
            return
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("requestfinished", self._on_finished)
        context.on("requestfailed", self._on_failed)

    async def settle(self) -> None:
        """Waits until the bodies that are complete have been fetched, but not for long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SETTLE_SECONDS)

    def close(self) -> None:
        """Gives up what is still under way."""
        for task in self._tasks:
            task.cancel()

    def document(self, url: str) -> tuple[bytes, str] | None:
        """The newest whole answer that a page at this address was made of, with its media type;
        None when it was not recorded."""
        for entry in reversed(self._entries.values()):
            response = entry.response
            if response is None or response.url != url or not _is_document(entry.request):
                continue
            if response.status != 200 or entry.cut is not None:  # noqa: PLR2004
                return None
            named = (value for name, value in entry.headers if name.lower() == "content-type")
            return entry.body, next(named, "")
        return None

    def recording(self) -> Recording | None:
        """What was recorded so far; None when recording is off."""
        if not self._on:
            return None
        exchanges = tuple(_exchange(entry) for entry in self._entries.values())
        return Recording(exchanges, self._browser, self._left_out)

    def _now(self) -> datetime:
        return self._began + timedelta(seconds=asyncio.get_running_loop().time() - self._zero)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith(("http://", "https://")):
            return
        if len(self._entries) >= MAX_EXCHANGES:
            self._left_out += 1
            return
        self._entries[request] = _Entry(request, self._now())

    def _on_response(self, response: Response) -> None:
        entry = self._entries.get(response.request)
        if entry is not None:
            entry.response = response

    def _on_failed(self, request: Request) -> None:
        entry = self._entries.get(request)
        if entry is not None:
            entry.failure = request.failure or "failed"
            entry.cut = "disconnect"
            self._start(entry, whole=False)

    def _on_finished(self, request: Request) -> None:
        entry = self._entries.get(request)
        if entry is not None:
            self._start(entry, whole=True)

    def _start(self, entry: _Entry, *, whole: bool) -> None:
        task = asyncio.create_task(self._fetch(entry, whole=whole))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fetch(self, entry: _Entry, *, whole: bool) -> None:
        request, response = entry.request, entry.response
        raw = request.resource_type in AS_SENT
        try:
            if raw:
                entry.request_headers = _pairs(await request.headers_array())
            if response is None:
                return
            entry.headers = (
                _pairs(await response.headers_array()) if raw else _pairs_of(response.headers)
            )
            if whole:
                await self._fetch_body(entry, response)
        except PlaywrightError:
            entry.cut = "unspecified"  # the browser has forgotten it, or went away

    async def _fetch_body(self, entry: _Entry, response: Response) -> None:
        if response.status in BODILESS or 300 <= response.status < 400:  # noqa: PLR2004
            entry.cut = None
            return
        if self._left <= 0 or _declared(entry.headers) > self._limit:
            entry.cut = "length"
            return
        body = await response.body()
        entry.body = body[: min(self._limit, self._left)]
        self._left -= len(entry.body)
        entry.cut = "length" if len(entry.body) < len(body) else None


def _exchange(entry: _Entry) -> Exchange:
    request, response = entry.request, entry.response
    own = _own_answer(entry.headers)
    if response is None or own:
        failure = own or entry.failure or "no answer until the visit's end"
        return Exchange(
            at=entry.at,
            method=request.method,
            url=request.url,
            request_headers=entry.request_headers or _pairs_of(request.headers),
            request_body=_sent(request),
            failure=failure,
        )
    return Exchange(
        at=entry.at,
        method=request.method,
        url=request.url,
        request_headers=entry.request_headers or _pairs_of(request.headers),
        request_body=_sent(request),
        status=response.status,
        reason=response.status_text,
        headers=entry.headers or _pairs_of(response.headers),
        body=entry.body,
        cut=entry.cut,
        failure=entry.failure,
        document=_is_document(request),
    )


def _own_answer(headers: Headers) -> str | None:
    """What the checking proxy said in the server's place; it is no answer of the site."""
    for name, value in headers:
        if name.lower() in OWN_ANSWERS:
            return f"the checking proxy: {value}"
    return None


def _is_document(request: Request) -> bool:
    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except PlaywrightError:
        return False  # a request without a frame: of a worker


def _sent(request: Request) -> bytes:
    try:
        return request.post_data_buffer or b""
    except PlaywrightError:
        return b""


def _declared(headers: Headers) -> int:
    """The length that the answer gave of itself, in bytes; 0 when it gave none."""
    values = [value for name, value in headers if name.lower() == "content-length"]
    return int(values[0]) if values and values[0].isascii() and values[0].isdigit() else 0


def _pairs(headers: Iterable[Any]) -> Headers:
    return tuple((item["name"], item["value"]) for item in headers)


def _pairs_of(headers: dict[str, str]) -> Headers:
    return tuple(headers.items())
