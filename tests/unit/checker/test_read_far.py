"""Looks that read a wall farther than its posts need: when they are due, what they know later."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.checker.goal import goal_of
from archiver.checker.read_far import (
    ENDS,
    EVERY,
    FAR,
    STARTS,
    all_found,
    is_due,
    is_far,
    known,
    place_again,
)
from archiver.checker.sighting import conclude
from archiver.checker.thinned import shows_a_choice
from archiver.checker.wall import MAX_SIBLINGS_EACH_SIDE, Wall
from archiver.domain.observation import THINNED, Observation, Sighting, Validity
from archiver.domain.post import Target
from tests.unit.checker.builders import post, seen_among, wall, words

NAMES = [f"q{n:02d}" for n in range(24)]
TARGET = "q06"
FIRST_PAGE = NAMES[:10]
GOAL = Target(url="https://brand.example/wall", text=words(TARGET), author=TARGET)


def look(names: Sequence[str], *, far: bool = False, ends: bool = False) -> Observation:
    """A look that saw the target among these; of `NAMES` the first ones are the list's start."""
    shape = {FAR: far, STARTS: names[0] == NAMES[0], ENDS: ends}
    return seen_among(names, TARGET).model_copy(update={"skeleton": shape})


def people(history: Sequence[Observation]) -> tuple[list[str | None], list[str | None]]:
    before, after = known(history)
    return [one.author for one in before], [one.author for one in after]


def without(names: Sequence[str], *gone: str) -> list[str]:
    return [name for name in names if name not in gone]


def test_the_first_look_reads_far_and_then_one_of_so_many() -> None:
    far, near = look(NAMES, far=True, ends=True), look(FIRST_PAGE)
    assert is_due([])
    assert is_due([near])
    assert not is_due([far, *[near] * (EVERY - 2)])
    assert is_due([far, *[near] * (EVERY - 1)])
    plain = near.model_copy(update={"seen": None})
    invalid = near.model_copy(update={"validity": Validity.INVALID})
    assert not is_due([far, *[plain, invalid] * EVERY])


@pytest.mark.parametrize(
    ("shown", "far"),
    [
        (wall(NAMES), True),
        (wall(NAMES, ends=False), False),
        (wall(NAMES, starts=False), False),
        (wall(NAMES + [f"r{n}" for n in range(MAX_SIBLINGS_EACH_SIDE - 17)], ends=False), True),
        (wall(NAMES + [f"r{n}" for n in range(MAX_SIBLINGS_EACH_SIDE - 18)], ends=False), False),
        (replace(wall(NAMES, starts=False), alone=True), True),
        (wall(without(NAMES, TARGET), ends=False), True),  # gone meanwhile: nothing to go on for
    ],
)
def test_how_far_is_far(shown: Wall, far: bool) -> None:
    assert is_far(shown, post(TARGET)) is far


def test_a_post_is_found_again_by_all_that_is_known_of_it() -> None:
    shown = wall(NAMES)
    assert place_again(shown, shown.posts[6].post) == 6
    assert place_again(shown, post(TARGET)) == 6
    assert place_again(shown, post(TARGET, post_id="c-99")) is None
    assert place_again(shown, post(TARGET, text="Other words.")) is None


def test_what_the_last_look_did_not_reach_is_known_of_the_far_one() -> None:
    far, near = look(NAMES, far=True, ends=True), look(NAMES[3:10])
    assert people([far, near]) == (NAMES[:6], NAMES[7:])
    assert people([near]) == (NAMES[3:6], NAMES[7:10])
    assert people([look(NAMES), near]) == (NAMES[3:6], NAMES[7:10])  # that one was not to read far
    assert people([far]) == (NAMES[:6], NAMES[7:])
    assert people([]) == ([], [])


def test_what_went_before_the_last_look_is_not_missed_any_more() -> None:
    far = look(NAMES, far=True, ends=True)
    assert people([far, look(without(NAMES[:12], "q02", "q08"))])[1] == [
        *without(NAMES[7:12], "q08"),
        *NAMES[12:],
    ]
    to_its_end = look(NAMES[:12], ends=True)  # by then it had no more
    assert people([far, to_its_end])[1] == NAMES[7:12]


def test_a_list_that_was_turned_round_is_continued_on_its_other_side() -> None:
    far, near = look(NAMES, far=True, ends=True), look(NAMES[3:10][::-1])
    assert people([far, near]) == ([*NAMES[7:][::-1]], [*NAMES[:6][::-1]])


def test_two_looks_with_nobody_in_common_say_nothing_of_each_other() -> None:
    near = look(["x1", "x2", TARGET, "x3"])
    assert people([look(NAMES, far=True), near]) == (["x1", "x2"], ["x3"])


@pytest.mark.parametrize(
    ("shown", "choice"),
    [
        (wall(without(NAMES, TARGET)), False),
        (wall(without(NAMES, TARGET)[:12]), True),
        (wall(without(NAMES, TARGET)[:12], ends=False), False),  # no more was read
        (wall(without(NAMES, TARGET, *NAMES[14:23])), True),  # most of what only the far one saw
        (wall(without(NAMES, TARGET, "q12", "q15", "q18", "q21")), False),
    ],
)
def test_a_choice_is_told_by_what_the_far_look_saw(shown: Wall, choice: bool) -> None:
    far, near = look(NAMES, far=True, ends=True), look(FIRST_PAGE)
    assert shows_a_choice([far, near], shown, TARGET) is choice
    assert not shows_a_choice([near], wall(without(FIRST_PAGE, TARGET), ends=False), TARGET)


def test_an_absence_on_the_page_that_was_read_is_doubted_by_the_pages_behind() -> None:
    history = [look(NAMES, far=True, ends=True), look(FIRST_PAGE)]
    near = wall(without(NAMES[:12], TARGET), ends=False)
    alone = conclude(GOAL, history, near, None)
    assert (alone.sighting, THINNED in alone.facts) == (Sighting.ABSENT, False)
    cut = conclude(GOAL, history, near, None, replace(near, ends=True))
    assert (cut.sighting, THINNED in cut.facts) == (Sighting.ABSENT, True)
    whole = conclude(GOAL, history, near, None, wall(without(NAMES, TARGET)))
    assert THINNED not in whole.facts


def test_reading_on_is_asked_for_until_it_knows_enough() -> None:
    far, near = look(NAMES, far=True, ends=True), look(FIRST_PAGE)
    page, gone = wall(FIRST_PAGE, ends=False), wall(without(FIRST_PAGE, TARGET), ends=False)
    first = goal_of([GOAL], [[]]).farther(page)
    assert first is not None
    assert not first(wall(NAMES[:20], ends=False))
    assert first(wall(NAMES))
    assert goal_of([GOAL], [[far, near]]).farther(page) is None
    missed = goal_of([GOAL], [[far, near]]).farther(gone)
    assert missed is not None
    assert not missed(wall(without(NAMES[:20], TARGET), ends=False))
    assert missed(wall(without(NAMES, TARGET)))
    assert goal_of([GOAL], [[near]]).farther(gone) is None  # everybody known is there


@given(st.sets(st.sampled_from(without(NAMES, TARGET))), st.integers(8, 24))
def test_everybody_known_is_found_again_or_somebody_is_missing(gone: set[str], read: int) -> None:
    history = [look(NAMES, far=True, ends=True), look(FIRST_PAGE)]
    shown = wall(without(NAMES, *gone)[:read], ends=False)
    there = {entry.post.author for entry in shown.posts}
    assert all_found(history, shown) is (there >= set(without(NAMES, TARGET)))
