"""Looks taken with another version of the reader are compared with tolerance, no others."""

from dataclasses import replace

import pytest

from archiver.checker.anchoring import loosely_same, normalise
from archiver.checker.isolated_world import reader_version
from archiver.checker.sighting import say
from archiver.checker.wall import Wall, WallPost
from archiver.domain.observation import Sighting
from archiver.domain.post import Target
from tests.unit.checker.builders import post, seen_among, wall, words

NAMES = ["a", "b", "c", "T", "d", "e", "f"]
OLD, NEW = "0123", "4567"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the zip broke, again!", "The zip broke - again", True),
        (
            "the zip broke after a week",
            "the zip broke after a week See",
            True,
        ),  # a label more at the end
        ("the zip broke again", "the zip held again", False),
        ("the zip broke", "the zip broke, and nobody of you answers me", False),
        ("no", "no!", True),
        ("no", "no way", False),  # too little to be sure
        ("", "", True),
    ],
)
def test_letters_must_agree(one: str, other: str, same: bool) -> None:
    assert loosely_same(normalise(one), normalise(other)) is same
    assert loosely_same(normalise(other), normalise(one)) is same


def shown(text: str, reader: str) -> Wall:
    posts = [WallPost(post(n, text) if n == "T" else post(n), 0) for n in NAMES]
    return Wall(tuple(posts), starts=True, ends=True, reader=reader)


@pytest.mark.parametrize(
    ("text", "reader", "sighting"),
    [
        (words("T"), OLD, Sighting.PRESENT),
        (words("T") + "!", OLD, Sighting.EDITED),
        (words("T") + "!", NEW, Sighting.PRESENT),
        ("T says: " + words("T"), NEW, Sighting.PRESENT),  # the older one left the name out
        (words("T").replace("shoes", "boots"), NEW, Sighting.EDITED),
    ],
)
def test_a_newer_reader_makes_no_edit(text: str, reader: str, sighting: Sighting) -> None:
    seen = seen_among(NAMES, "T").model_copy(update={"reader": OLD})
    target = Target(url="https://brand.example/wall", text=words("T"), author="T", post_id="c-T")
    assert say(target, [seen], shown(text, reader), None).sighting is sighting


def test_one_look_with_the_same_reader_makes_it_exact_again() -> None:
    old = seen_among(NAMES, "T").model_copy(update={"reader": OLD})
    new = seen_among(NAMES, "T", minutes=5).model_copy(update={"reader": NEW})
    target = Target(url="https://brand.example/wall", text=words("T"), author="T", post_id="c-T")
    assert say(target, [old, new], shown(words("T") + "!", NEW), None).sighting is Sighting.EDITED


def test_neighbours_are_known_again_by_a_newer_reader() -> None:
    """Without ids their words must do, and those may be cut otherwise now."""
    seen = seen_among(NAMES, "T")
    bare = [s.model_copy(update={"post_id": None}) for s in seen.siblings]
    history = [seen.model_copy(update={"reader": OLD, "siblings": bare})]
    posts = [post(n, f"{words(n)}!", post_id=None) for n in NAMES if n != "T"]
    now = Wall(tuple(WallPost(p, 0) for p in posts), starts=True, ends=True, reader=NEW)
    target = Target(url="https://brand.example/wall", text=words("T"), author="T")
    assert say(target, history, now, None).sighting is Sighting.ABSENT
    same = replace(now, reader=OLD)
    assert say(target, history, same, None).sighting is None


def test_the_version_is_that_of_the_scripts() -> None:
    assert len(reader_version()) == 12
    assert wall(NAMES).reader is None
