"""An old copy is asked past; what cannot be passed says nothing."""

from collections.abc import Iterator

import pytest

from archiver.checker.look import Checker
from archiver.domain.observation import Reason, Sighting
from tests.integration.checker.small_site import (
    Answer,
    Asked,
    Looker,
    SmallSite,
    comments,
    page,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
TARGET = 4
OLD = {"Age": "7200"}


@pytest.fixture
def site() -> Iterator[SmallSite]:
    with SmallSite(page(comments(range(9)))) as made:
        yield made


def gone(_: Asked) -> Answer:
    return Answer(page(comments([n for n in range(9) if n != TARGET])))


def copy(headers: dict[str, str], last: int = 9) -> Answer:
    return Answer(page(comments(range(last))), headers)


async def test_a_cache_that_heeds_the_header_is_passed(checker: Checker, site: SmallSite) -> None:
    looker = Looker(checker, site, TARGET)
    await looker.look()
    look = await looker.look(
        lambda asked: gone(asked) if "no-cache" in asked.headers["cache-control"] else copy(OLD)
    )
    assert look.sighting is Sighting.ABSENT


async def test_a_cache_that_heeds_nothing_else_is_passed_by_a_parameter(
    checker: Checker, site: SmallSite
) -> None:
    looker = Looker(checker, site, TARGET)
    await looker.look()
    look = await looker.look(lambda asked: gone(asked) if "_" in asked.query else copy(OLD))
    assert look.sighting is Sighting.ABSENT
    assert "Age 7200" in (look.detail or "")
    assert look.final_url == site.url  # the parameter is no part of the wall's address
    assert len({asked.query["_"] for asked in site.asked if "_" in asked.query}) >= 1


async def test_what_cannot_be_passed_says_nothing(checker: Checker, site: SmallSite) -> None:
    looker = Looker(checker, site, TARGET)
    await looker.look()
    look = await looker.look(lambda _: copy(OLD))
    assert (look.sighting, look.reason) == (None, Reason.STALE_CACHE)


async def test_a_copy_older_than_the_last_look_is_known_by_its_newest_post(
    checker: Checker, site: SmallSite
) -> None:
    """No age is told, but the cache says that it answered, and newer posts were seen before."""
    looker = Looker(checker, site, TARGET)
    await looker.look(page(comments(range(12))))
    hit = {"X-Cache": "HIT from edge"}
    look = await looker.look(lambda asked: copy({}, 12) if "_" in asked.query else copy(hit, 3))
    assert look.sighting is Sighting.PRESENT
    assert (await looker.look(lambda _: copy(hit, 3))).reason is Reason.STALE_CACHE


async def test_a_fresh_copy_is_not_asked_for_twice(checker: Checker, site: SmallSite) -> None:
    looker = Looker(checker, site, TARGET)
    await looker.look(lambda _: copy({"Age": "20", "X-Cache": "HIT"}))
    await looker.look()
    assert len(site.asked_for("/wall")) == 2
