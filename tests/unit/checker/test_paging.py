"""Other pages of a list, recognised by their addresses and nothing else."""

from dataclasses import replace

import pytest

from archiver.checker.pages import PageRead, arrange
from archiver.checker.paging import next_number, page_number
from tests.unit.checker.builders import post, reading

SITE = "https://brand.example"


@pytest.mark.parametrize(
    ("base", "address", "text", "expected"),
    [
        ("/wall", "/wall?page=2", "2", 2),
        ("/wall?page=3", "/wall?page=2", "Älter", 2),  # the text does not matter
        ("/?p=5", "/?p=5&cpage=2", "Older comments", 2),  # WordPress
        ("/2026/03/news/", "/2026/03/news/comment-page-2/#comments", "", 2),
        ("/2026/03/news/comment-page-3/", "/2026/03/news/comment-page-2/", "", 2),
        ("/topic/12-shoes/", "/topic/12-shoes/page/4/", "4", 4),
        ("/topic/12-shoes", "/topic/12-shoes?start=20", "2", 20),
        ("/viewtopic.php?t=9", "/viewtopic.php?t=9&start=15", "2", 15),
        ("/thread-7", "/thread-7-2", "2", None),  # another thread as likely as a page
        ("/?p=5", "/?p=6", "Next article", None),  # WordPress: another article
        ("/articles/5", "/articles/6", "Next", None),
        ("/wall", "/wall?replytocom=12", "Reply", None),
        ("/wall", "/wall?share=12", "12", None),
        ("/wall", "/shop?page=2", "2", None),
        ("/wall", "https://other.example/wall?page=2", "2", None),  # another host
        ("/wall?page=2", "/wall", "1", None),  # the address without a number has none
    ],
)
def test_page_numbers(base: str, address: str, text: str, expected: int | None) -> None:
    address = address if address.startswith("https:") else SITE + address
    assert page_number(SITE + base, address, text=text) == expected


def test_next_page_is_the_nearest_unread_one() -> None:
    assert next_number({3}, {1, 2, 4, 9}, None) == 2
    assert next_number({2, 3}, {1, 2, 4, 9}, None) == 1
    assert next_number({1, 2}, {1, 2}, None) is None


def read(number: int | None, linked: set[int], *names: str) -> PageRead:
    return PageRead(number, frozenset(linked), reading(*[post(name) for name in names]))


def at(number: int | None, linked: set[int], *days: int) -> PageRead:
    """A page whose posts carry times; the day is the author's name too."""
    posts = [replace(post(str(d)), markup_time=f"2026-03-0{d}T09:00:00Z") for d in days]
    return PageRead(number, frozenset(linked), reading(*posts))


@pytest.mark.parametrize(
    ("pages", "order", "starts", "ends"),
    [
        # one page without links: all there is
        ([read(None, set(), "a", "b")], "ab", True, True),
        # the plain address is the first page
        ([read(None, {2}, "a", "b"), read(2, {3}, "c"), read(3, {2}, "d")], "abcd", True, True),
        # it is the last one (WordPress with the newest page by default)
        ([read(None, {2}, "e", "f"), read(2, {1}, "c", "d"), read(1, set(), "a", "b")],
         "abcdef", True, True),
        # it is a double of page 1
        ([read(None, {1, 2}, "a", "b"), read(2, {1}, "c"), read(1, {2}, "a", "b")],
         "abc", True, True),
        # without times no end is proven while a page is unread: the newest page may come first
        ([read(None, {2, 3}, "a", "b"), read(2, {3}, "c")], "abc", False, False),
        ([read(3, {2}, "c")], "c", False, False),
        # times rise with the numbers: the beginning is proven, the end is not
        ([at(2, {1, 3}, 3, 4), at(1, {2, 3}, 1, 2)], "1234", True, False),
        # newest first, and pages counted from the oldest: page 3 is the beginning
        ([at(3, {2, 1}, 6, 5), at(2, {1, 3}, 4, 3)], "6543", True, False),
        # the page without a number is the newest one
        ([at(None, {2, 3}, 8, 7), at(3, {2}, 6, 5), at(2, {3}, 4, 3)], "876543", True, True),
        # the same on a wall that shows the oldest first
        ([at(None, {1, 2}, 5, 6), at(2, {1}, 3, 4), at(1, {2}, 1, 2)], "123456", True, True),
        # pages counted from 0: the page without a number comes before page 1
        ([at(None, {1, 2}, 1, 2), at(1, {2}, 3, 4), at(2, {1}, 5, 6)], "123456", True, True),
    ],
)  # fmt: skip
def test_pages_in_their_order(pages: list[PageRead], order: str, starts: bool, ends: bool) -> None:
    wall = arrange(pages)
    assert "".join(str(entry.post.author) for entry in wall.posts) == order
    assert (wall.starts, wall.ends) == (starts, ends)
    assert len({entry.stretch for entry in wall.posts}) == 1


def test_unread_page_in_between_is_a_gap() -> None:
    wall = arrange([read(None, {2, 3}, "a"), read(3, {2}, "c")])
    assert [entry.stretch for entry in wall.posts] == [0, 1]
    assert not wall.complete


@pytest.mark.parametrize(
    "pages",
    [
        # page 2 links to a page 1 that was not read: it may be this one or another
        [read(None, {2}, "a", "b"), read(2, {1}, "c", "d")],
        # pages counted from 0 or the newest page by default: links alone do not tell
        [read(None, {1, 2}, "a", "b"), read(1, {2}, "c", "d"), read(2, {1}, "e", "f")],
        # times in no order (most liked first) tell as little
        [at(None, {1}, 3, 1, 2), at(1, set(), 5, 4, 6)],
    ],
)
def test_a_page_of_unknown_place_stands_apart(pages: list[PageRead]) -> None:
    """A live post was once taken for removed because its page was put in the wrong place."""
    wall = arrange(pages)
    bare = {str(post.author) for post in pages[0].reading.posts}
    here = {entry.stretch for entry in wall.posts if entry.post.author in bare}
    there = {entry.stretch for entry in wall.posts if entry.post.author not in bare}
    assert not here & there
    assert not wall.complete
    near = wall.neighbours(0, without=frozenset({0}))
    assert {str(sibling.author) for sibling in near} <= bare


def test_post_pushed_across_the_page_edge_counts_once() -> None:
    wall = arrange([read(None, {2}, "a", "b"), read(2, set(), "b", "c")])
    assert [entry.post.author for entry in wall.posts] == ["a", "b", "c"]
