"""`visit`: what visits to a wall cost. Processor seconds are those of the whole process tree.

1. One visit with evidence of a wall with 20 posts, all looked for, through the checking proxy:
   picture, HTML, recording and a crop of each post. Baseline: the same Chromium in the same run
   opens the page in a new Playwright context, takes one picture of the whole page and closes it.
2. A visit for 100 watched posts of one wall. Baseline: one for a single post of it.
3. A look by one plain request. Baseline: a look by the browser at the same page.
4. Memory of the process tree after many visits (`RATURE_BENCH_VISITS`, 300 if unset; 1000 for the
   full figure). Baseline: after 50.
5. Where `RATURE_BENCH_CHANGEDETECTION` names a virtual environment with changedetection.io and
   playwright: a visit for 20 and for 100 posts. Baseline: its browser check of as many watches.

Those that are compared take turns; the median of each counts.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from statistics import median

from playwright.async_api import Browser, async_playwright

from archiver.checker.look import Checker, open_checker
from archiver.domain.observation import Sighting
from archiver.domain.post import Target
from bench import visit_costs
from bench.report import Figure
from bench.visit_wall import VIEWPORT, author, make_options, text, wall

POSTS = 20
ROUNDS = 9
WARM_UP = 2


def run() -> Iterator[Figure]:
    """Yields the milliseconds of one visit with those of the bare load, then what visits cost."""
    with wall(POSTS) as url:
        visits, loads = asyncio.run(measure(url))
    yield Figure("visit", "visit with evidence", median(visits) * 1000, "ms", median(loads) * 1000)
    yield from visit_costs.run()


async def measure(url: str) -> tuple[list[float], list[float]]:
    """Seconds of each visit and of each bare load, in turns."""
    options = make_options()
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
