"""The page-reading scripts in a world of their own, which the page's own scripts cannot reach."""

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from archiver.checker import words
from archiver.checker.sites import load as load_sites
from archiver.domain.errors import ReaderFault

MOVED_ON = re.compile("context|navigated|No frame")
"""What the browser says when the page that was asked has made way for another one."""
MOVES = 3
"""How often a page may do so while it is asked one thing."""


@lru_cache(maxsize=1)
def reader_source() -> str:
    """All page-reading scripts with the wordings and the sites' data that help them, in one text.

    Raises:
        SettingsError: a site's data file is not of the agreed form.
    """
    folder = Path(__file__).parents[2] / "extension" / "reader"
    scripts = [path.read_text("utf-8") for path in sorted(folder.glob("*.js"))]
    consent = words.load("consent")
    known = {**words.load("folds"), **consent, "notPlain": consent["not_plain"]}
    sites = json.dumps([site.data() for site in load_sites()])
    given = (f"RatureReader.words = {json.dumps(known)};", f"RatureReader.sites = {sites};")
    return "\n".join((*scripts, *given))


@lru_cache(maxsize=1)
def reader_version() -> str:
    """The version of the page-reading scripts: the beginning of their SHA-256. It changes with
    every change of theirs, so that none can be forgotten."""
    return hashlib.sha256(reader_source().encode("utf-8")).hexdigest()[:12]


class IsolatedWorld:
    """Evaluates in the main frame of a page, whatever page that is by now."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self._page = page
        self._cdp = cdp
        self._context: int | None = None

    def leave(self) -> None:
        """The page is another one now."""
        self._context = None

    async def run(self, expression: str) -> Any:
        """The expression's value, with the page-reading scripts loaded.

        Raises:
            ReaderFault: the scripts threw.
            PlaywrightError: the page went away.
        """
        for _ in range(MOVES):
            try:
                return await self._evaluate(await self._entered(), expression)
            except PlaywrightError as failure:
                if self._page.is_closed() or not MOVED_ON.search(str(failure)):
                    raise
                self.leave()  # the page moved on meanwhile; once more where it is now
        return await self._evaluate(await self._entered(), expression)

    async def _entered(self) -> int:
        if self._context is None:
            tree = await self._cdp.send("Page.getFrameTree")
            frame = tree["frameTree"]["frame"]["id"]
            made = await self._cdp.send(
                "Page.createIsolatedWorld", {"frameId": frame, "worldName": "rature"}
            )
            context = int(made["executionContextId"])
            await self._evaluate(context, f"{reader_source()}\n;true")
            self._context = context
        return self._context

    async def _evaluate(self, context: int, expression: str) -> Any:
        answer = await self._cdp.send(
            "Runtime.evaluate",
            {
                "expression": expression,
                "contextId": context,
                "returnByValue": True,
                "awaitPromise": True,
            },
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            said = details.get("exception", {}).get("description", details.get("text", ""))
            raise ReaderFault(str(said)[:500])
        return answer["result"].get("value")
