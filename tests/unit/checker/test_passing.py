"""One list out of several readings of the same page."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.checker.passing import by_place, unfolded, weave
from archiver.checker.reading import Box, Post
from tests.unit.checker.builders import post, reading

NAMES = "abcdefghijklmnopqrstuvwxyz"


def posts(names: str) -> tuple[Post, ...]:
    return tuple(post(name) for name in names)


def names(found: tuple[Post, ...]) -> str:
    return "".join(str(one.author) for one in found)


@pytest.mark.parametrize(
    ("before", "now", "woven"),
    [
        ("abc", "abcd", "abcd"),  # grows at its end
        ("abc", "xabc", "xabc"),  # something new came meanwhile
        ("abcd", "cdef", "abcdef"),  # rolls on
        ("cdef", "abcd", "abcdef"),  # rolls back
        ("abd", "abcd", "abcd"),  # unfolds between
        ("abcd", "ad", "abcd"),  # folds up again: what was seen was seen
        ("", "ab", "ab"),
        ("ab", "", "ab"),
    ],
)
def test_what_passed_by_is_kept_in_its_order(before: str, now: str, woven: str) -> None:
    found = weave(posts(before), posts(now))
    assert names(found.posts) == woven
    assert not any(one.gap for one in found.posts)


def test_readings_without_a_common_post_leave_a_gap() -> None:
    found = weave(posts("abc"), posts("xyz"))
    assert not found.joined
    assert names(found.posts) == "abcxyz"
    assert [one.author for one in found.posts if one.gap] == ["x"]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.integers(7, 9))
def test_overlapping_windows_give_the_list_back(steps: list[int], window: int) -> None:
    found: tuple[Post, ...] = posts(NAMES[:window])
    at = 0
    for step in steps:
        at = min(at + step, len(NAMES) - window)
        woven = weave(found, posts(NAMES[at : at + window]))
        assert woven.joined
        found = woven.posts
    assert names(found) == NAMES[: at + window]


def test_parents_are_found_again_in_the_joined_list() -> None:
    reply = replace(post("r"), parent=0)
    found = weave(posts("abc"), (post("c"), replace(reply, parent=0), post("d")))
    assert names(found.posts) == "abcrd"
    assert found.posts[3].parent == 2


def test_the_same_words_twice_are_two_posts() -> None:
    twice = (replace(post("a"), post_id=None), replace(post("a"), post_id=None))
    assert names(weave(twice, (*twice, post("b"))).posts) == "aab"


LONG = "The soles came off after two weeks, and nobody at the shop has answered me since."


def test_a_cut_text_is_the_same_post_in_full() -> None:
    cut = post("a", LONG[:50] + "... See more")
    whole = post("a", LONG)
    found = unfolded((cut, post("b")), (whole, post("b")))
    assert [one.unfolded for one in found] == [False, False]
    assert [one.text for one in weave((cut, post("b")), found).posts] == [LONG, post("b").text]


def test_another_post_that_begins_alike_is_another_post() -> None:
    one = replace(post("a", "Hello there... no more"), post_id=None)
    other = replace(post("a", "Hello there, all of you"), post_id=None)
    assert len(weave((one,), (other,)).posts) == 2


def test_what_is_seen_only_after_unfolding_is_marked() -> None:
    hidden = replace(post("c"), hidden_by="folded")
    now = unfolded((post("a"), hidden), (post("a"), post("b"), post("c")))
    assert [one.unfolded for one in now] == [False, True, True]
    kept = weave((post("a"), hidden), now).posts
    assert [one.unfolded for one in kept] == [False, True, True]
    later = weave(kept, posts("abc")).posts
    assert [one.unfolded for one in later] == [False, True, True]


def test_reused_nodes_are_put_in_the_order_of_the_page() -> None:
    placed = [replace(post(n), box=Box(0, y, 9, 9)) for n, y in (("b", 20), ("a", 10), ("c", 30))]
    found = by_place(reading(*placed, replace(post("r"), parent=0, box=Box(0, 25, 9, 9))))
    assert names(found.posts) == "abrc"
    assert found.posts[2].parent == 1
