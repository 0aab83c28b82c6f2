"""`visit`: one visit with evidence of a wall with 20 posts, against a bare load of the same page.

The checker reads the page, looks for all 20 posts, and brings home a picture of the page, its HTML
and a crop of each post, through the checking proxy. Baseline: the same Chromium in the same run
opens the page in a new Playwright context, takes one picture of the whole page and closes it. The
two take turns; the median of each counts.
"""

import asyncio
import html
import os
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median

from playwright.async_api import Browser, async_playwright

from archiver.checker.chromium import find_chromium
from archiver.checker.gate import AddressPolicy
from archiver.checker.look import Checker, open_checker
from archiver.checker.options import CheckerOptions
from archiver.domain.observation import Sighting
from archiver.domain.post import Target
from bench.report import Figure

POSTS = 20
ROUNDS = 9
WARM_UP = 2
VIEWPORT = (1280, 900)
WORDS = (
    "After eight months both soles have holes and nobody answers my letters. I sent the receipt,"
    " the pictures and the form that was asked for; then I was sent on to somebody else."
)


def run() -> Iterator[Figure]:
    """Yields the milliseconds of one visit with those of the bare load."""
    with wall() as url:
        visits, loads = asyncio.run(measure(url))
    yield Figure("visit", "visit with evidence", median(visits) * 1000, "ms", median(loads) * 1000)


async def measure(url: str) -> tuple[list[float], list[float]]:
    """Seconds of each visit and of each bare load, in turns."""
    executable = find_chromium(os.environ.get("RATURE_CHROMIUM"))
    options = CheckerOptions(
        policy=AddressPolicy(allow_private=frozenset({"127.0.0.1"})),
        clock=lambda: datetime.now(UTC),
        executable=str(executable) if executable else None,
        viewport=VIEWPORT,
    )
    visits: list[float] = []
    loads: list[float] = []
    async with open_checker(options) as checker, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=options.executable,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        await checker.start()
        for _ in range(WARM_UP + ROUNDS):
            visits.append(await seconds(lambda: visit(checker, url)))
            loads.append(await seconds(lambda: load(browser, url)))
        await browser.close()
    return visits[WARM_UP:], loads[WARM_UP:]


async def seconds(work: Callable[[], Awaitable[None]]) -> float:
    """How long it takes."""
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


async def visit(checker: Checker, url: str) -> None:
    """One visit for all posts; insists that each was seen and that there is evidence of each."""
    targets = [Target(url=url, text=text(n), author=author(n)) for n in range(POSTS)]
    looks = await checker.visit(url, targets, [()] * POSTS)
    for look in looks:
        kept = (*look.files, *(look.visit.files if look.visit else ()))
        names = {file.name.partition(".")[0] for file in kept}
        if look.observation.sighting is not Sighting.PRESENT or not {"page", "post"} <= names:
            raise RuntimeError(f"not seen with evidence: {look.observation.detail}")


async def load(browser: Browser, url: str) -> None:
    """What anybody's script does: open, picture, close."""
    width, height = VIEWPORT
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    await page.goto(url)
    await page.screenshot(full_page=True)
    await context.close()


def text(number: int) -> str:
    """A post's words; no two posts have the same."""
    return f"Complaint number {number + 1}. {WORDS}"


def author(number: int) -> str:
    """A post's author."""
    return f"Customer {chr(ord('A') + number)}."


def page() -> bytes:
    """The wall: 20 comments as many sites mark them up."""
    posts = "".join(
        f'<article class="comment" id="comment-{n + 1}"><header><b class="author">{author(n)}</b>'
        f' <time datetime="2026-03-{n + 1:02}T09:00:00Z">{n + 1} March</time></header>'
        f"<p>{html.escape(text(n))}</p></article>"
        for n in range(POSTS)
    )
    style = "body{font:16px sans-serif;max-width:40em;margin:auto}article{padding:1em}"
    return (
        f'<!doctype html><html lang="en"><title>A wall</title><style>{style}</style>'
        f"<h1>What our customers say</h1><section>{posts}</section><footer>Acme</footer></html>"
    ).encode()


@contextmanager
def wall() -> Iterator[str]:
    """Serves the wall on loopback and gives its address."""
    body = page()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/wall"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
