"""Whether the target's place was read: who must be found again before an absence counts."""

import pytest

from archiver.checker.controls import judge_place
from archiver.checker.wall import Wall
from archiver.domain.observation import Observation, Sighting, Validity
from tests.unit.checker.builders import NOON, seen_among, wall

TEN = [f"p{n}" for n in range(10)]  # the target is p5


def without(*names: str, of: list[str] = TEN) -> list[str]:
    return [name for name in of if name not in names]


@pytest.mark.parametrize(
    ("now", "passed"),
    [
        (wall(without("p5")), True),  # all neighbours
        (wall(["n1", "n2", *without("p5")]), True),  # new posts push it along
        (wall(without("p5")[::-1]), True),  # the list turned round
        (wall(without("p5", "p4", "p6", "p1")), True),  # 6 of 8, both sides
        (wall(without("p5", "p4", "p6", "p3", "p7")), True),  # five of the reserve
        (wall(without("p5", "p4", "p6", "p3", "p7", "p2")), False),  # 4 of 8, no reserve
        (wall(["p0", "p1", "p2", "p3", "p4"]), False),  # one side only: cut off
        (wall(["p6", "p7", "p8", "p9"]), False),  # the other side only
        (wall(["p1", "p2", "p3", "p4", "|", "p6", "p7", "p8", "p9"]), False),  # a gap at its place
        (wall([]), False),  # nothing at all
        (wall(["a", "b", "c", "d", "e", "f"]), False),  # another wall
    ],
)
def test_neighbours_prove_the_place(now: Wall, passed: bool) -> None:
    assert judge_place([seen_among(TEN, "p5")], now, "p5").passed is passed


def test_figures_count_the_nearest_on_both_sides() -> None:
    gate = judge_place([seen_among(TEN, "p5")], wall(without("p5", "p7")), "p5")
    figures = gate.controls
    assert (figures.known, figures.found, figures.before, figures.after) == (8, 7, 4, 3)


@pytest.mark.parametrize(
    ("known", "now", "passed"),
    [
        # four others: all of them
        (["a", "b", "T", "c", "d"], wall(["a", "b", "c", "d"]), True),
        (["a", "b", "T", "c", "d"], wall(["a", "b", "c"]), False),
        # two others: all of them, and the list from end to end
        (["a", "T", "b"], wall(["a", "b"]), True),
        (["a", "T", "b"], wall(["a", "b"], ends=False), False),
        # nobody else: nothing can be proven
        (["T"], wall([]), False),
        # first or last of the list: that end must be proven
        (["T", "a", "b", "c", "d", "e"], wall(["a", "b", "c", "d", "e"]), True),
        (["T", "a", "b", "c", "d", "e"], wall(["a", "b", "c", "d", "e"], starts=False), False),
        (["a", "b", "c", "d", "e", "T"], wall(["a", "b", "c", "d", "e"]), True),
        (["a", "b", "c", "d", "e", "T"], wall(["a", "b", "c", "d", "e"], ends=False), False),
    ],
)
def test_small_walls_and_ends(known: list[str], now: Wall, passed: bool) -> None:
    assert judge_place([seen_among(known, "T")], now, "T").passed is passed


def test_without_a_sighting_nothing_is_proven() -> None:
    never = Observation(at=NOON, validity=Validity.VALID, sighting=Sighting.ABSENT)
    assert not judge_place([], wall(TEN), "p5").passed
    assert not judge_place([never], wall(TEN), "p5").passed


def test_posts_by_the_same_author_are_no_controls() -> None:
    look = seen_among(["a", "b", "T", "c", "d"], "T")
    assert judge_place([look], wall(["a", "b", "c", "d"]), "T").controls.known == 4
    assert judge_place([look], wall(["a", "b", "c", "d"]), "a").controls.known == 3


def test_reserve_steps_in_when_neighbours_vanished_too() -> None:
    many = [f"q{n}" for n in range(20)]
    look = seen_among(many, "q10")
    survivors = ["q0", "q1", "q2", "q17", "q18", "q19"]
    assert judge_place([look], wall(survivors), "q10").passed
    assert not judge_place([look], wall(survivors[:4]), "q10").passed


def test_list_that_stops_short_is_told_from_other_losses() -> None:
    look = seen_among(TEN, "p5")
    assert judge_place([look], wall(["p0", "p1", "p2"]), "p5").short_list
    # two of each page, so that the list is long all the same
    thinned = ["p0", "p1", "b0", "b1", "c0", "c1", "d0", "d1", "e0", "e1"]
    assert judge_place([look], wall(thinned), "p5").short_list
    assert not judge_place([look], wall(thinned, ends=False), "p5").short_list
    assert not judge_place([look], wall(["a", "b", "c", "d", "e", "f", "g", "h"]), "p5").short_list
