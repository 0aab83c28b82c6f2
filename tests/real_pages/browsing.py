"""Opens many saved pages with one browser, a few tabs at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.checker.browser import BrowserHouse
from archiver.checker.gate import AddressPolicy
from archiver.checker.options import CheckerOptions
from archiver.checker.page_state import Response
from archiver.checker.reader_output import describe
from archiver.checker.reading_room import SAVED, saved_page
from archiver.checker.tab import Tab
from tests.real_pages.folder import SavedPage

TABS = 3
Work = Callable[[SavedPage, Tab, Response], Awaitable[Any]]


def options_for(chromium: Path) -> CheckerOptions:
    """Options under which no address at all is opened."""
    return CheckerOptions(
        policy=AddressPolicy(set()),
        clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        executable=str(chromium),
    )


async def on_each(pages: Iterable[SavedPage], chromium: Path, work: Work) -> dict[str, Any]:
    """What `work` gives for each page, by the page's path."""
    options, free = options_for(chromium), asyncio.Semaphore(TABS)
    async with BrowserHouse(options) as house:

        async def one(page: SavedPage) -> tuple[str, Any]:
            async with free, saved_page(house, page.file.read_bytes(), options) as tab:
                return page.path, await work(page, tab, await tab.open(SAVED))

        return dict(await asyncio.gather(*(one(page) for page in pages)))


async def read_all(pages: Iterable[SavedPage], chromium: Path) -> dict[str, dict[str, Any]]:
    """What `rature read` prints for each page."""

    async def read(_: SavedPage, tab: Tab, response: Response) -> dict[str, Any]:
        return describe(SAVED, response, await tab.read())

    return await on_each(pages, chromium, read)
