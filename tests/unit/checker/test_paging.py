"""Other pages of a list, recognised by their addresses and nothing else."""

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
        # later pages were not read
        ([read(None, {2, 3}, "a", "b"), read(2, {3}, "c")], "abc", True, False),
        # earlier pages were not read
        ([read(3, {2}, "c")], "c", False, True),
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


def test_post_pushed_across_the_page_edge_counts_once() -> None:
    wall = arrange([read(None, {2}, "a", "b"), read(2, set(), "b", "c")])
    assert [entry.post.author for entry in wall.posts] == ["a", "b", "c"]
