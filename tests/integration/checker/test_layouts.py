"""Made-up pages of other layouts are read as a person would count their posts."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from archiver.checker.browser import BrowserHouse
from archiver.checker.reader_output import describe
from archiver.checker.reading_room import SAVED, saved_page
from tests.real_pages.browsing import options_for
from tests.real_pages.layouts import LAYOUTS, Layout

HEAD = (
    "<!doctype html><meta charset=utf-8><title>Coats</title>"
    "<nav><a href=/>Home</a> <a href=/n>News</a></nav>"
)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def readings(chromium: Path) -> dict[str, dict[str, Any]]:
    """What is read of each page, in one browser."""
    options, read = options_for(chromium), {}
    async with BrowserHouse(options) as house:
        for layout in LAYOUTS:
            whole = f"{HEAD}{layout.body}<footer>Acme 1902</footer>"
            async with saved_page(house, whole.encode(), options) as tab:
                response = await tab.open(SAVED)
                read[layout.name] = describe(SAVED, response, await tab.read())
    return read


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
async def test_posts_are_read(layout: Layout, readings: dict[str, dict[str, Any]]) -> None:
    reading = readings[layout.name]
    if layout.posts:  # the article alone may be told, but nobody is to believe that it is the list
        found = [(post["author"], post["text"]) for post in reading["posts"]]
        assert found == list(layout.posts)
    if layout.people:
        pages = [post["author_id"] and urlsplit(post["author_id"]) for post in reading["posts"]]
        assert [page and f"{page.path}{page.query}" for page in pages] == list(layout.people)
    stones = [at for at, post in enumerate(reading["posts"]) if post["tombstone"]]
    assert stones == list(layout.stones)
    assert reading["page"]["validity"] == ("valid" if layout.posts else "invalid")
