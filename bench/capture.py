"""`capture`: from the click on a post until its capture is kept in the outbox, in a real Chromium.

Baselines of the same run: for a post of one window, the browser's own picture of that very element
(what the same machine needs for the pixels alone); for a post of 10,000 pixels, what Chrome's quota
of two pictures a second dictates for the pictures that were taken (the first two at once); for the
same post in Firefox, which has no such quota, the 3 seconds that are the aim.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.report import Figure
from tests.e2e.extension import launch as chromium
from tests.e2e.extension import stub, wall
from tests.e2e.firefox import browser as firefox

POST = "#comment-42"
TALL = f"document.querySelector('{POST}').style.height = '10000px'"
QUOTA_S = 0.5
FIREFOX_AIM_S = 3.0
ROUNDS = 5
# Resolves with the time at which one more capture is on disk; the outbox says so when it changes.
KEPT = """(before) => new Promise(resolve => {
  const look = async () => {
    const {value} = await chrome.runtime.sendMessage({name: 'status.read', payload: {}});
    const row = value.captures.find(({id}) => !before.includes(id));
    if (row) resolve(Date.now());
  };
  chrome.storage.onChanged.addListener(() => void look());
})"""


def run() -> Iterator[Figure]:
    """Yields the medians of one window, then the tall post in both browsers."""
    yield from _run(ROUNDS)


def run_quick() -> Iterator[Figure]:
    """Each once."""
    yield from _run(1)


def _run(rounds: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, stub.serve() as host, wall.serve() as site:
        yield from _chromium(Path(folder) / "chromium", host, site, rounds)
        yield from _firefox(Path(folder) / "firefox", host, site, rounds)


def _chromium(folder: Path, host: stub.Host, site: str, rounds: int) -> Iterator[Figure]:
    folder.mkdir()
    with chromium.launch(folder, [host.origin]) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
        page = browser.open(f"{site}/wall")
        taken = [_timed(lambda: page.locator(POST).screenshot()) for _ in range(rounds)]
        kept = [_kept(browser, host, site, "/wall")[0] for _ in range(rounds)]
        yield Figure("capture", "click to kept, one window", median(kept), "s", median(taken))
        tall = [_kept(browser, host, site, "/tall", TALL) for _ in range(max(1, rounds // 2))]
        seconds, pictures = median(each[0] for each in tall), tall[0][1]
        dictated = (pictures - 2) * QUOTA_S
        yield Figure("capture", "click to kept, 10,000 pixels", seconds, "s", dictated)


def _kept(
    browser: chromium.Browser, host: stub.Host, site: str, path: str, script: str = "0"
) -> tuple[float, int]:
    """Seconds from the click until it is kept, and how many pictures of the window were taken."""
    page = browser.open(site + path)
    page.evaluate(script)
    before = [row["id"] for row in browser.status()["captures"]]
    browser.start_picker(page)
    x, y = browser.aim(page, page.locator(f"{POST} p"))
    page.wait_for_timeout(1200)  # Chrome's quota forgets what was pictured before
    own = browser.own_page()
    own.evaluate(f"before => {{ globalThis.kept = ({KEPT})(before) }}", before)
    clicked = time.time()
    page.mouse.click(x, y)
    seconds = own.evaluate("kept") / 1000 - clicked
    pictures = _sent(browser, host, before)
    page.close()
    return seconds, pictures


def _sent(browser: Any, host: stub.Host, before: list[str]) -> int:
    """How many pictures the capture was made of, as its manifest says; that of the window too."""
    capture = next(row["id"] for row in browser.status()["captures"] if row["id"] not in before)
    browser.wait_until(capture, "sealed", patience=60)
    manifest = host.service.uploads[capture].manifest
    assert manifest.missing == [], manifest.missing
    return int(manifest.environment.options["pictures"]) + 1


def _firefox(folder: Path, host: stub.Host, site: str, rounds: int) -> Iterator[Figure]:
    folder.mkdir()
    with firefox.launch(folder) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("button"))
        for path, script, figure in (
            ("/wall", "0", "Firefox, click to kept, one window"),
            ("/tall", TALL, "Firefox, click to kept, 10,000 pixels"),
        ):
            kept = [_kept_in_firefox(browser, host, site + path, script) for _ in range(rounds)]
            yield Figure("capture", figure, median(kept), "s", FIREFOX_AIM_S)


def _kept_in_firefox(browser: firefox.Browser, host: stub.Host, url: str, script: str) -> float:
    page = browser.open(url)
    page.run(f"() => {{ {script} }}")
    before = browser.captures()
    browser.start_picker(page)
    page.move(f"{POST} p")
    own = browser.own_page()
    own.run(f"before => {{ globalThis.kept = ({KEPT})(before) }}", before)
    clicked = time.time()
    page.click(f"{POST} p")
    seconds = float(own.run("() => kept")) / 1000 - clicked
    _sent(browser, host, before)
    page.close()
    return seconds


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
