"""Whether a missing post lives on at another address: only that takes an accusation back."""

import pytest

from archiver.checker.anchoring import Wanted, normalise
from archiver.checker.elsewhere import MOST_TRIED, Elsewhere, ask, listed
from archiver.checker.further import Page
from archiver.checker.page_state import Response
from archiver.domain.observation import Sibling
from tests.unit.checker.builders import post, reading, sibling, words

SITE = "https://forum.example"
WALL, OWN, NEW = f"{SITE}/wall", f"{SITE}/wall/post/7", f"{SITE}/attic/post/3"
AUTHOR = f"{SITE}/people/ann"
AT = "2026-03-01T09:30:00+00:00"
LATER = "2026-03-04T18:00:00+00:00"


def seen(**more: object) -> Sibling:
    fields = {"permalink": OWN, "time": AT, "author_id": AUTHOR, **more}
    return sibling("ann", 3).model_copy(update=fields)


WANTED = Wanted(
    texts=(normalise(words("ann")),), author="ann", post_ids=("c-ann",), permalinks=(OWN,)
)


@pytest.mark.parametrize(
    ("fields", "time", "is_it"),
    [
        ({"markup_time": AT}, AT, True),
        ({"markup_time": "2026-03-01T10:30:00+01:00"}, AT, True),  # the same moment
        ({"markup_time": LATER}, AT, None),  # posted again
        ({"markup_time": LATER, "post_id": "post-ann"}, AT, None),  # another word before the id
        ({"markup_time": LATER, "post_id": "c-ann"}, AT, True),  # ids go with the post
        ({"shown_time": "01-03-2026, 09:30"}, "01-03-2026, 09:30", True),
        ({"shown_time": "04-03-2026, 18:00"}, "01-03-2026, 09:30", None),
        ({"shown_time": "Yesterday, 09:30"}, "Today, 09:30", False),
        ({"shown_time": "3 h"}, "3 h", False),
        ({"shown_time": "3 h"}, "5 h", False),
        ({}, AT, False),
        ({"markup_time": AT}, None, False),
        ({"markup_time": AT, "author": None}, AT, True),
        ({"markup_time": AT, "author": "bob"}, AT, None),  # quoted there, or shared
        ({"markup_time": AT, "text": "Something else.", "key": "something else."}, AT, None),
        ({"markup_time": AT, "hidden_by": "display"}, AT, None),
        ({"markup_time": AT, "permalink": OWN}, AT, None),  # a list that knows no better
        ({"markup_time": AT, "permalink": f"{WALL}#post-3"}, AT, None),  # its place on the wall
        ({"markup_time": AT, "permalink": None}, AT, None),
    ],
)
def test_what_stands_on_the_authors_page(
    fields: dict[str, object], time: str | None, is_it: bool | None
) -> None:
    there = post("ann", **{"post_id": "x", "permalink": NEW, **fields})
    found = listed([post("carol"), there], seen(time=time), WANTED, [WALL])
    assert found == ([] if is_it is None else [(there, is_it)])


def test_one_name_all_over_is_no_other_authors() -> None:
    """A reader may take "See post" for every post's author."""
    label = {"permalink": NEW, "markup_time": AT, "author": "See post"}
    there = post("ann", **label)
    assert listed([there, post("bob", **label)], seen(), WANTED, [WALL]) == [(there, True)]
    assert listed([there, post("bob")], seen(), WANTED, [WALL]) == []


def test_those_that_surely_are_it_are_tried_first_and_not_many() -> None:
    links = [f"{SITE}/attic/post/{number}" for number in range(5)]
    times = [None, None, None, AT, AT]
    theirs = [
        post("ann", post_id="x", permalink=link, markup_time=time)
        for link, time in zip(links, times, strict=True)
    ]
    found = [(one.permalink, sure) for one, sure in listed(theirs, seen(), WANTED, [WALL])]
    assert found == [(links[3], True), (links[4], True)][:MOST_TRIED]


class Site:
    """Further pages of a site by their addresses; what is not there is answered with 404."""

    def __init__(self, pages: dict[str, Page], most: int = 9) -> None:
        self.pages, self.left = pages, most
        self.opened: list[str] = []

    async def page(self, address: str, *, again: bool = False) -> Page | None:
        if not self.left:
            return None
        self.left -= 1
        self.opened.append(address)
        return self.pages.get(address, answered(address, status=404))


def answered(address: str, *names: str, status: int = 200, **fields: object) -> Page:
    shown = [post(name, **fields) for name in names]
    return Page(Response(url=address, status=status), reading(*shown))


IT = {"post_id": "x", "permalink": NEW, "markup_time": AT}
UNDATED = {"post_id": "x", "permalink": NEW}


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ([answered(AUTHOR, "ann", **IT), answered(NEW, "ann", "bob")], Elsewhere(NEW, True)),
        ([answered(AUTHOR, "ann", **UNDATED), answered(NEW, "ann", "bob")], Elsewhere(NEW)),
        ([answered(AUTHOR, "ann", **IT)], Elsewhere()),  # not found there, either
        ([answered(AUTHOR, "ann", **IT), answered(NEW, "ann", status=410)], Elsewhere()),
        ([answered(AUTHOR, "ann", **IT), answered(NEW, status=502)], Elsewhere(NEW)),
        ([answered(AUTHOR, "ann", **IT), answered(NEW, "bob")], Elsewhere(NEW)),  # not shown
        ([answered(AUTHOR, "bob"), answered(NEW, "ann")], Elsewhere()),
        ([answered(AUTHOR, "ann", status=503, **IT), answered(NEW, "ann")], Elsewhere()),
        ([], Elsewhere()),
    ],
)
async def test_what_its_new_address_says(pages: list[Page], found: Elsewhere) -> None:
    site = Site({page.response.url: page for page in pages})
    assert await ask(site, seen(), WANTED, [WALL]) == found  # type: ignore[arg-type]


@pytest.mark.parametrize("author", [None, "ann", "https://ann.example/", "https://ann.example/me"])
async def test_pages_of_other_sites_are_not_asked(author: str | None) -> None:
    site = Site({})
    assert await ask(site, seen(author_id=author), WANTED, [WALL]) == Elsewhere()  # type: ignore[arg-type]
    assert site.opened == []


@pytest.mark.parametrize("most", [0, 1])
async def test_that_no_more_may_be_asked_is_told(most: int) -> None:
    site = Site({AUTHOR: answered(AUTHOR, "ann", **IT)}, most)
    assert await ask(site, seen(), WANTED, [WALL]) is None  # type: ignore[arg-type]


def test_what_a_look_says_of_it() -> None:
    assert (
        Elsewhere(NEW, True).detail == f"The post is no longer on the wall, but lives on at {NEW}."
    )
    assert "may have been moved" in Elsewhere(NEW).detail
