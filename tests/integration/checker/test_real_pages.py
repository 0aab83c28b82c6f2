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
NO_LIST = [page for page in PAGES if page.kind in REASONS]
LISTS = [page for page in PAGES if page.is_list]

OPEN_BUT_READABLE = {"obstacle-consent/onetrust-open-aljazeera-2026.html"}
"""A banner that can be refused stands over a list of news that is there to be read."""


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
    assert len(missed) <= len(LISTS) * 0.12, "\n".join(missed)


def test_no_page_without_a_list_is_taken_for_one(readings: dict[str, dict[str, Any]]) -> None:
    taken = {
        page.path: readings[page.path]["page"]["reason"]
        for page in NO_LIST
        if page.path not in OPEN_BUT_READABLE
        and readings[page.path]["page"]["reason"] not in REASONS[page.kind]
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
    for field in FIELDS:
        assert wrong[field] <= asked[field] * 0.06, (field, wrong, asked)
