"""A commenter at his own browser: he writes with isso's client, and sees what only he sees."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from playwright.async_api import Page, async_playwright

from archiver.checker.gate import AddressPolicy
from archiver.checker.options import CheckerOptions
from archiver.checker.reading import Post
from archiver.checker.reading_room import read_file
from archiver.domain.observation import (
    Observation,
    Sibling,
    Sighting,
    Validity,
    Vantage,
    VantageClass,
)
from tests.walls.isso import Isso


@asynccontextmanager
async def browser_page(chromium: Path) -> AsyncIterator[Page]:
    """A page of a person's browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(chromium), args=["--no-sandbox"]
        )
        try:
            yield await browser.new_page()
        finally:
            await browser.close()


async def write(page: Page, wall: Isso, author: str, text: str) -> str:
    """Send a comment by the form under the article, and give what isso says beside it."""
    await page.goto(wall.post_url)
    await page.fill(".isso-postbox .isso-textarea", text)
    await page.fill("#isso-postbox-author", author)
    await page.click(".isso-postbox input[type=submit]")
    own = page.locator(".isso-comment", has_text=text)
    await own.wait_for()
    return await own.locator(".isso-note").inner_text()


async def author_look(
    page: Page, author: str, text: str, at: datetime, chromium: Path
) -> Observation:
    """Give the look of the author's own browser: the page as it now stands, read as any page."""
    options = CheckerOptions(
        policy=AddressPolicy(frozenset()), clock=lambda: at, executable=str(chromium)
    )
    saved = (await page.content()).encode()
    _, _, reading = await read_file(saved, options, scripts=False)
    place = next(
        number
        for number, post in enumerate(reading.posts)
        if post.author == author and text in post.text and post.visible
    )
    items = [_sibling(number, post) for number, post in enumerate(reading.posts)]
    return Observation(
        at=at,
        vantage=Vantage(**{"class": VantageClass.AUTHOR, "id": "browser"}),
        validity=Validity.VALID,
        sighting=Sighting.PRESENT,
        matched_by="author+text",
        seen=items[place],
        siblings=[item for item in items if item.position != place],
    )


def _sibling(place: int, post: Post) -> Sibling:
    return Sibling(position=place, post_id=post.post_id, author=post.author, text=post.text)
