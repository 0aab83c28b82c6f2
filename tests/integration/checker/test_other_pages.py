"""What other pages of a site are asked for, where those that come first to mind say nothing."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import pytest

from archiver.checker.look import Checker
from archiver.domain.observation import Reason, Sighting
from tests.integration.checker.small_site import Looker, SmallSite, item, page

pytestmark = pytest.mark.asyncio(loop_scope="module")
LOG_IN = page(
    "<form method='post' action='/login'><input name='username'>"
    "<input type='password' name='password'><button>Log in</button></form>"
)
NONE: Mapping[int, str] = MappingProxyType({})


@pytest.fixture
def site() -> Iterator[SmallSite]:
    with SmallSite() as made:
        yield made


def fill(site: SmallSite, numbers: Iterable[int], stones: Mapping[int, str] = NONE) -> None:
    """Posts on the wall, each with a page of its own; those that were there before are away. Where
    there are `stones`, the wall shows these words, and only the post's own page the post."""
    for number in range(12):
        site.pages.pop(f"/p/{100 + number}", None)
    shown = []
    for number in numbers:
        path = f"/p/{100 + number}"
        dated = item(number).replace("<time", f"<a href='{path}'><time")
        shown.append(dated.replace("</time>", "</time></a>"))
        site.pages[path] = page(shown[-1])
        if number in stones:
            shown[-1] = f"<article class='comment'><p>{stones[number]}</p></article>"
    site.pages["/wall"] = page(f"<section id='list'>{''.join(shown)}</section>")


async def test_a_front_page_that_lets_nobody_in_is_no_dead_site(
    checker: Checker, site: SmallSite
) -> None:
    site.pages["/"] = LOG_IN
    fill(site, range(9))
    look = Looker(checker, site, 4)
    assert (await look.look()).sighting is Sighting.PRESENT
    del site.pages["/wall"]
    assert (await look.look()).sighting is Sighting.WALL_GONE
    fill(site, [])  # the posts' own pages are away, too: nothing shows that the site lives
    del site.pages["/wall"]
    assert (await look.look()).reason is Reason.SERVER_ERROR


async def test_a_dead_link_of_the_first_neighbour_leaves_the_others(
    checker: Checker, site: SmallSite
) -> None:
    fill(site, range(9))
    del site.pages["/p/100"]
    look = Looker(checker, site, 4)
    assert (await look.look()).sighting is Sighting.PRESENT
    fill(site, [number for number in range(9) if number != 4])
    del site.pages["/p/100"]
    seen = await look.look()
    assert seen.sighting is Sighting.ABSENT
    assert seen.trio is not None
    assert seen.trio.agrees


@pytest.mark.parametrize(
    ("words", "by_its_own_page"),
    [
        ("This comment is unavailable.", True),
        ("Iruzkin hau ez dago", True),
        ("This comment was removed by a moderator.", False),
    ],
)
async def test_a_placeholder_that_names_no_removal_is_none_while_the_post_has_its_own_page(
    checker: Checker, site: SmallSite, words: str, *, by_its_own_page: bool
) -> None:
    fill(site, range(9))
    look = Looker(checker, site, 4)
    assert (await look.look()).sighting is Sighting.PRESENT
    fill(site, range(9), {4: words})
    seen = await look.look()
    assert seen.sighting is (Sighting.COLLAPSED if by_its_own_page else Sighting.TOMBSTONE)
    del site.pages["/p/104"]
    assert (await look.look()).sighting is Sighting.TOMBSTONE
