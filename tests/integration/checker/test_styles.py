"""Every post of a made-up page is read right, whatever program's manner it is written in."""

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from archiver.checker.browser import BrowserHouse
from archiver.checker.reader_output import describe
from archiver.checker.reading_room import SAVED, saved_page
from tests.real_pages.browsing import options_for
from tests.real_pages.styles import Style, Words, page, styles, wanted


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def readings(chromium: Path) -> dict[str, dict[str, Any]]:
    """`rature read` of a page in each style, in one browser."""
    options, found = options_for(chromium), {}
    async with BrowserHouse(options) as house:
        for style in styles():
            async with saved_page(house, page(style), options) as tab:
                response = await tab.open(SAVED)
                found[style.name] = describe(SAVED, response, await tab.read())
    return found


def bare(text: str | None) -> str:
    return "".join((text or "").split())


def wrong(style: Style, words: Words, post: dict[str, Any]) -> list[str]:
    """The fields of one post that are not as written."""
    values = words.values()
    faults = [] if bare(post["text"]) == bare(values["text"]) else ["text"]
    for name, forms in style.fields.items():
        said = [post[name] or ""] + ([post["shown_time"] or ""] if name == "time" else [])
        right = [values[form] for form in forms]
        if name == "author":
            fits = any(text.removeprefix("@") in right for text in said)
        else:  # with a label, or within an address
            fits = any(form in text for form in right for text in said)
        if not fits:
            faults.append(f"{name}: {said}")
    return faults


@pytest.mark.parametrize("style", styles(), ids=lambda style: str(style.name))
def test_every_post_is_read_with_its_fields(
    style: Style, readings: dict[str, dict[str, Any]]
) -> None:
    reading = readings[style.name]
    assert reading["page"]["validity"] == "valid"
    expected = wanted(style)
    texts = {bare(words.values()["text"]) for words in expected}
    posts = [post for post in reading["posts"] if bare(post["text"]) in texts]
    assert len(reading["posts"]) == len(expected) + style.others
    assert len(posts) == len(expected), [post["text"] for post in reading["posts"]]
    pairs = zip(expected, posts, strict=True)
    faults = {words.id: found for words, post in pairs if (found := wrong(style, words, post))}
    assert not faults
    assert not any(post["tombstone"] for post in posts)
