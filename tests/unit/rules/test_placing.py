"""The looks are placed where they narrow the windows most."""

import inspect
from datetime import timedelta
from itertools import combinations, pairwise

import pytest

from archiver.checker import placing
from archiver.checker.hazard import DAY, HORIZON, HOUR, MINUTE, PARTS, Hazard, Lifespan, published
from archiver.checker.hazard_learning import learn
from archiver.checker.placing import LEAST_GAP, LOOKS, SETTLING, Plans, make_plan
from archiver.checker.rules import judge
from archiver.checker.schedule import (
    IS_LEARNED,
    IS_PUBLISHED,
    IS_RECHECK,
    IS_REGULAR,
    JITTER,
    next_check,
    planned_age,
)
from archiver.domain.observation import Observation
from bench.schedule import draw_posts, evenly, fixed_list, measure, usual
from bench.schedule import planned as planned_looks
from tests.unit.rules.shorthand import START, moment, records

NIGHT = Hazard(published().rates, (4.0, 4.0, *((4 / 10,) * 10)), 60)


def expected(ages: list[float], hazard: Hazard) -> float:
    shares = hazard.shares(ages, 0.0)
    gaps = [end - start for start, end in pairwise(ages)]
    return sum(share * placing._loss(gap) for share, gap in zip(shares, gaps, strict=True))


def test_a_plan_spends_its_looks_and_reaches_the_horizon() -> None:
    for hazard in (published(), NIGHT):
        ages = make_plan(hazard).listed()
        assert len(ages) == LOOKS
        assert ages[:2] == [0.0, SETTLING]
        assert ages[-1] == HORIZON
        assert all(end - start >= LEAST_GAP for start, end in pairwise(ages))


def test_no_other_choice_from_the_grid_is_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "STEP", 2.0)
    monkeypatch.setattr(placing, "LOOKS", 6)
    plan = make_plan(published())
    ages = [0.0]
    for left in range(5, 0, -1):
        following = plan.next_age(ages[-1], left)
        assert following is not None
        ages.append(following)
    assert ages[-1] == HORIZON
    between = [age for age in plan.ages if SETTLING < age < HORIZON]
    best = min(
        expected([0.0, SETTLING, *chosen, HORIZON], published())
        for chosen in combinations(between, 3)
    )
    assert expected(ages, published()) == pytest.approx(best, rel=1e-9)


def test_no_single_move_makes_the_plan_better() -> None:
    ages = make_plan(published()).listed()
    reached = expected(ages, published())
    for index in range(2, LOOKS - 1):
        for factor in (0.93, 1.07):
            moved = sorted({*ages} - {ages[index]} | {ages[index] * factor})
            assert expected(moved, published()) >= reached * 0.995


def test_looks_are_placed_in_the_hours_of_the_moderators() -> None:
    ages = make_plan(NIGHT, phase=12 * HOUR).listed()
    hours = [((age + 12 * HOUR) % DAY) / HOUR for age in ages[2:]]
    at_night = sum(hour <= 6 for hour in hours)
    even = make_plan(published()).listed()
    before = sum(((age + 12 * HOUR) % DAY) / HOUR <= 6 for age in even[2:])
    assert at_night >= before + 5


def test_from_any_age_the_next_look_is_ahead_and_within_the_horizon() -> None:
    plan = make_plan(published())
    for age in (0.0, 1.0, 119.0, 121.0, HOUR, 3 * DAY, HORIZON - 1):
        for left in (-1, 0, 1, 7, 34, 90):
            following = plan.next_age(age, left)
            assert following is not None
            assert age < following <= HORIZON
    assert plan.next_age(HORIZON, 5) is None
    assert plan.next_age(HOUR, 0) == HORIZON


def test_fewer_looks_left_are_placed_further_apart() -> None:
    plan = make_plan(published())
    found = [plan.next_age(HOUR, left) for left in (30, 20, 10, 5, 1)]
    assert found == sorted(found, key=lambda age: age or 0)
    assert found[0] != found[-1]


def test_plans_are_shared_by_the_part_of_the_day_where_it_matters() -> None:
    even, night = Plans(published()), Plans(NIGHT)
    assert even.plan(0.0) is even.plan(15 * HOUR)
    assert night.plan(1.0) is night.plan(HOUR)
    assert night.plan(1.0).ages == night.plan(15 * HOUR).ages
    assert night.plan(1.0).following != night.plan(15 * HOUR).following
    assert len(NIGHT.daily) == PARTS


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_the_jitter_is_a_share_of_the_gap_and_the_last_look_is_never_early(chance: float) -> None:
    plan = make_plan(published())
    due = plan.next_age(HOUR, 30)
    moved = planned_age(plan, HOUR, 30, chance)
    assert due is not None
    assert moved is not None
    assert moved - due == pytest.approx((2 * chance - 1) * JITTER * (due - HOUR))
    last = planned_age(plan, 29 * DAY, 1, chance)
    assert last is not None
    assert HORIZON <= last <= HORIZON + JITTER * DAY + 1
    assert planned_age(plan, HORIZON, 1, chance) is None


def planned(
    given: str, now: tuple[int, str], *, hazard: Hazard | None = None
) -> tuple[timedelta, str]:
    looks = records(given)
    at, reason = next_check(
        captured_at=START,
        now=moment(*now),
        records=[look for look in looks if isinstance(look, Observation)],
        verdict=judge(looks),
        jitter=lambda: 0.5,
        plan=make_plan(hazard or published()),
        looks_left=LOOKS - 1,
    )
    return at - START, reason


def test_the_plan_replaces_the_list_and_says_what_it_rests_on() -> None:
    assert planned("P@0m", (0, "m")) == (timedelta(seconds=SETTLING), IS_PUBLISHED)
    learned = learn([Lifespan(0.0, 60.0, 600.0)] * 9, published())
    at, reason = planned("P@0m", (3, "m"), hazard=learned)
    assert reason == IS_LEARNED
    assert at < planned("P@0m", (3, "m"))[0]


def test_quick_looks_retries_and_the_time_after_the_horizon_are_as_ever() -> None:
    assert planned("P@0m A@1d", (1, "d")) == (timedelta(days=1, minutes=1), IS_RECHECK)
    assert planned("P@0m I@1d", (1, "d")) == (
        timedelta(days=1, minutes=5),
        "after an invalid look",
    )
    assert planned("P@0m", (31, "d")) == (timedelta(days=35), IS_REGULAR)


def test_nothing_that_a_plan_is_made_of_tells_posts_apart() -> None:
    # Deterministic, and of the wall's hazard and the time of day alone: a post that somebody
    # complained about has the plan of its neighbours.
    assert list(inspect.signature(make_plan).parameters) == ["hazard", "phase"]
    assert list(inspect.signature(planned_age).parameters) == [
        "plan", "age", "looks_left", "chance",
    ]  # fmt: skip
    assert make_plan(NIGHT, 7.0) == make_plan(NIGHT, 7.0)


def test_the_plan_reaches_the_aim_and_beats_the_list() -> None:
    posts = draw_posts(usual, 4000, 7)
    windows = sorted(measure(posts, planned_looks([])))
    fixed, even = measure(posts, fixed_list), measure(posts, evenly)
    assert windows[len(windows) // 2] <= 30 * MINUTE
    assert sum(windows) / len(windows) <= 275 * MINUTE  # 4,000 draws: give or take 7
    assert sum(windows) < 0.75 * sum(fixed)
    assert sorted(even)[2000] == pytest.approx(1270.6 * MINUTE, rel=0.001)
