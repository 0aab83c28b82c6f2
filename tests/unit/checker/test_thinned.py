"""Whether a wall shows but a choice of its posts, so that an absence on it says nothing."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.checker.sighting import conclude
from archiver.checker.thinned import CUT, MANY, SHARE, shows_a_choice, shows_few
from archiver.checker.wall import Wall
from archiver.domain.observation import THINNED, Observation, Reason, Sibling, Sighting
from archiver.domain.post import Target
from tests.unit.checker.builders import seen_among, sibling, wall, words

NAMES = [f"q{n:02d}" for n in range(24)]
TARGET = "q06"
EVERY_SECOND = [name for name in NAMES if int(name[1:]) % 2]
NO_EVEN_ONE = [name for name in NAMES if name != TARGET]


def without(*names: str, of: Sequence[str] = NO_EVEN_ONE) -> list[str]:
    return [name for name in of if name not in names]


def stretch(first: int, last: int) -> list[str]:
    return [name for name in NAMES if first <= int(name[1:]) <= last]


@pytest.mark.parametrize(
    ("shown", "choice"),
    [
        (wall(NO_EVEN_ONE), False),  # it alone
        (wall(without("q01", "q12", "q20")), False),  # three others
        (wall(without("q00", "q02", "q08", "q14", "q20")), False),  # five
        (wall(without("q00", "q02", "q08", "q12", "q16", "q20")), True),  # six of twenty-three
        (wall(EVERY_SECOND), True),
        (wall(EVERY_SECOND[::-1]), True),
        (wall(NO_EVEN_ONE[:12]), True),  # the first twelve
        (wall(NO_EVEN_ONE[:20]), True),  # the first twenty: three are cut off
        (wall(NO_EVEN_ONE[:21]), False),  # two might have been removed
        (wall(NO_EVEN_ONE[::-1]), False),  # turned round
        (wall(NO_EVEN_ONE[::-1][:20]), True),  # turned round and cut
        (wall(["new1", "new2", "new3", *NO_EVEN_ONE[:20]]), False),  # new ones pushed them out
        (wall(["new1", "new2", *NO_EVEN_ONE[:20]]), True),  # not as many
        (wall(NO_EVEN_ONE[:12], ends=False), False),  # no more was read
        (wall(NO_EVEN_ONE[8:], starts=False), False),
        (wall(without(*stretch(3, 10))), False),  # a sweep around its place
        (
            wall(without(*stretch(3, 10), "q12", "q14", "q16", "q18", "q20", "q22")),
            True,
        ),
        (wall(without(*stretch(4, 23))), True),  # a sweep to the end is a list that was cut
        (wall(without(*stretch(0, 10))), True),  # and so is one from its beginning
        (wall([]), False),  # the gate of the place has decided
    ],
)
def test_what_makes_a_choice(shown: Wall, choice: bool) -> None:
    assert shows_a_choice([seen_among(NAMES, TARGET)], shown, TARGET) is choice


def test_on_a_list_with_room_for_so_many_new_posts_push_old_ones_out() -> None:
    look, kept = seen_among(NAMES[1:10], TARGET), without(TARGET, of=NAMES[1:7])
    assert not shows_a_choice([look], wall(["new1", "new2", "new3", *kept]), TARGET)
    assert shows_a_choice([look], wall(["new1", *kept]), TARGET)
    fewer = without("q01", "q03", "q04", of=kept)
    assert shows_a_choice([look], wall(["new1", "new2", "new3", *fewer]), TARGET)


@pytest.mark.parametrize(
    ("shown", "few"),
    [
        (wall(NAMES[:11]), True),  # of twenty-three others
        (wall(NAMES[:13]), False),  # twelve others: the target is one of the thirteen
        (wall(NAMES[:11], ends=False), False),  # there is more, which was not read
        (wall(NAMES[:11], starts=False), False),
        (wall([*NAMES[:4], *(f"new{at}" for at in range(20))]), True),  # new ones do not count
    ],
)
def test_less_than_a_half_is_a_list_that_was_cut(shown: Wall, few: bool) -> None:
    assert shows_few([seen_among(NAMES, TARGET)], shown) is few


@pytest.mark.parametrize(
    ("known", "missing", "choice"),
    [
        (NAMES[:12], ["q01", "q03", "q04"], True),  # three of eleven
        (NAMES[:13], ["q01", "q03", "q04"], False),  # three of twelve
        (NAMES[:8], ["q01", "q03"], False),
        (NAMES[4:9], ["q04", "q08"], False),  # two of four
    ],
)
def test_on_a_small_wall(known: list[str], missing: list[str], choice: bool) -> None:
    shown = wall(without(TARGET, *missing, of=known))
    assert shows_a_choice([seen_among(known, TARGET)], shown, TARGET) is choice


def with_answers(names: Sequence[str], to: str) -> Observation:
    """The wall with these posts answering to another."""
    look = seen_among(NAMES, TARGET)
    marked = [
        s.model_copy(update={"parent": f"c-{to}"}) if s.author in names else s
        for s in look.siblings
    ]
    return look.model_copy(update={"siblings": marked})


@pytest.mark.parametrize("to", [TARGET, "q09"])
def test_answers_go_with_what_they_answer(to: str) -> None:
    answers = [name for name in EVERY_SECOND if name != "q09"]
    shown = wall(without(*answers, to))
    assert not shows_a_choice([with_answers(answers, to)], shown, TARGET)
    assert shows_a_choice([with_answers(answers, "q08")], shown, TARGET)  # that one is there


def test_an_author_who_took_all_of_theirs_with_them_makes_no_choice() -> None:
    look = seen_among(NAMES, TARGET)
    theirs = EVERY_SECOND
    owned: list[Sibling] = [
        s.model_copy(update={"author": TARGET}) if s.author in theirs else s for s in look.siblings
    ]
    shown = wall(without(*theirs))
    assert not shows_a_choice([look.model_copy(update={"siblings": owned})], shown, TARGET)
    assert shows_a_choice([look], shown, TARGET)


@pytest.mark.parametrize(
    ("text", "choice"),
    [("This comment was deleted.", False), ("This comment is unavailable.", True), ("", True)],
)
def test_tombstones_that_name_a_removal_are_no_missing_posts(text: str, choice: bool) -> None:
    shown = wall(NO_EVEN_ONE)
    stones = tuple(
        replace(entry, post=replace(entry.post, text=text, key=text.lower(), author=None))
        if entry.post.author in EVERY_SECOND
        else entry
        for entry in shown.posts
    )
    now = replace(shown, posts=stones)
    assert shows_a_choice([seen_among(NAMES, TARGET)], now, TARGET) is choice


def test_an_absence_on_it_is_marked_and_a_parent_on_it_is_not_said_to_be_gone() -> None:
    look = seen_among(NAMES, TARGET)
    target = Target(url="https://brand.example/wall", text=words(TARGET), author=TARGET)
    said = conclude(target, [look], wall(NO_EVEN_ONE[:20]), None)
    assert (said.sighting, THINNED in said.facts) == (Sighting.ABSENT, True)
    assert THINNED not in conclude(target, [look], wall(NO_EVEN_ONE), None).facts
    answers = look.model_copy(
        update={"seen": sibling(TARGET, 6).model_copy(update={"parent": "c-q05"})}
    )
    assert conclude(target, [answers], wall(without("q05")), None).sighting is Sighting.PARENT_GONE
    fewer = conclude(target, [answers], wall(without("q05", "q21", "q22", "q23")), None)
    assert (fewer.sighting, fewer.reason) == (None, Reason.INCOMPLETE)


@given(st.sets(st.sampled_from([n for n in NAMES if n not in ("q05", "q06", "q07")])))
def test_whatever_is_left_out_beside_its_neighbours_is_counted(left_out: set[str]) -> None:
    """With both next neighbours there nothing is swept: the shares alone decide."""
    shown = wall(without(*left_out))
    tail = next(at for at in range(24) if NAMES[23 - at] not in left_out)
    many = len(left_out) >= MANY and len(left_out) > SHARE * (len(NAMES) - 1)
    assert shows_a_choice([seen_among(NAMES, TARGET)], shown, TARGET) is (many or tail >= CUT)
