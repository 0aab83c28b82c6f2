"""What is read of saved pages of real sites, where the folder of them is there.

Nothing is asked of a checkout without that folder: then the cases are none, and the rest of the
suite says by simulated walls what is promised.
"""

from pathlib import Path
from typing import Any

import pytest_asyncio

from tests.real_pages.browsing import read_all
from tests.real_pages.expectations import FIELDS, digests_of, load, selectors, wrong_fields
from tests.real_pages.folder import REASONS, SavedPage, saved_pages

PAGES = saved_pages()
CLOSE = 0.1
"""How far a number of posts may be off, as a share of what a person counts."""
RIGHT = 0.9
"""The share of pages on which it must be so."""
NO_LIST = [page for page in PAGES if page.kind in REASONS]
HOLD_STONES = {
    "reddit/redesign-post-a-2022.html",
    "slashdot/story-comments-2026.html",
    "tripadvisor/forum-topic-2026.html",
    "xenforo/verticalscope-plantedtank-2026.html",
}
"""Pages on which a person finds placeholders of removed posts."""
LISTS = [page for page in PAGES if page.is_list]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def readings(chromium: Path) -> dict[str, dict[str, Any]]:
    """`rature read` of every saved page, in one browser."""
    return await read_all(PAGES, chromium) if PAGES else {}


def is_right(page: SavedPage, reading: dict[str, Any]) -> bool:
    near = abs(len(reading["posts"]) - page.items) <= CLOSE * page.items
    return near and reading["page"]["validity"] == "valid"


def test_lists_have_the_number_of_posts_that_a_person_counts(
    readings: dict[str, dict[str, Any]],
) -> None:
    missed = [
        f"{page.path}: {len(readings[page.path]['posts'])} of {page.items},"
        f" {readings[page.path]['page']['reason']}"
        for page in LISTS
        if not is_right(page, readings[page.path])
    ]
    assert len(missed) <= len(LISTS) * (1 - RIGHT), "\n".join(missed)


def test_no_page_without_a_list_is_taken_for_one(readings: dict[str, dict[str, Any]]) -> None:
    taken = {
        page.path: readings[page.path]["page"]["reason"]
        for page in NO_LIST
        if readings[page.path]["page"]["reason"] not in REASONS[page.kind]
    }
    assert not taken


def test_no_list_is_taken_for_an_obstacle(readings: dict[str, dict[str, Any]]) -> None:
    barred = {"challenge", "login_wall", "consent_wall", "rate_limited", "geo_blocked"}
    taken = {
        page.path: readings[page.path]["page"]["reason"]
        for page in LISTS
        if readings[page.path]["page"]["reason"] in barred
    }
    assert not taken


def test_placeholders_are_told_from_posts(readings: dict[str, dict[str, Any]]) -> None:
    stones = {
        path: sum(post["tombstone"] is not None for post in reading["posts"])
        for path, reading in readings.items()
    }
    found = {path: count for path, count in stones.items() if count}
    assert set(found) <= HOLD_STONES, found
    assert len(found) >= min(len(readings), 1)


def test_fields_of_the_sample_are_what_the_mark_up_says(
    readings: dict[str, dict[str, Any]],
) -> None:
    posts = {
        path: [digests_of(post) for post in readings[path]["posts"]]
        for path in selectors()
        if path in readings
    }
    sample = [expected for expected in load() if expected.page in posts]
    wrong = dict.fromkeys(FIELDS, 0)
    asked = dict.fromkeys(FIELDS, 0)
    for expected in sample:
        for field in expected.fields:
            asked[field] += 1
        for field in wrong_fields(expected, posts[expected.page]):
            wrong[field] += 1
    assert len(load()) >= 200
    assert not any(wrong.values()), (wrong, asked)
