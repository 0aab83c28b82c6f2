from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from archiver.checker.budget import IS_SPENT, IS_SPREAD, day_of, next_day, postponed

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def at(hours: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hours)


TABLE = [
    # (hour now, used, budget, hour of the last visit), (waits until, why)
    ((9, 0, 100, None), None),  # nothing was used
    ((9, 49, 100, 8.99), None),  # the first half is not spread
    ((13, 51, 100, 12), None),  # the second half, but the last visit is long ago
    ((12.1, 51, 100, 12), (12 + 12 / 50, IS_SPREAD)),  # an equal part of the rest of the day
    ((9, 100, 100, 8), (24, IS_SPENT)),
    ((9, 101, 100, 8), (24, IS_SPENT)),  # a budget that was lowered meanwhile
    ((9, 0, 0, None), (24, IS_SPENT)),  # none at all
    ((23, 3, 4, 1), None),
    ((2, 3, 4, 1), (1 + 23 / 2, IS_SPREAD)),
    ((0.5, 1, 2, -3), (12, IS_SPREAD)),  # a visit of yesterday counts from midnight
]


@pytest.mark.parametrize(("given", "expected"), TABLE)
def test_when_the_next_visit_may_be_made(
    given: tuple[float, int, int, float | None], expected: tuple[float, str] | None
) -> None:
    now, used, budget, last = given
    last_visit = None if last is None else at(last)
    found = postponed(at(now), used=used, budget=budget, last_visit=last_visit)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert abs(found[0] - at(expected[0])) < timedelta(seconds=1)
        assert found[1] == expected[1]


def test_the_day_is_that_of_utc() -> None:
    assert day_of(at(23.99)) == "2026-03-02"
    assert next_day(at(23.99)) == at(24)
    assert next_day(at(0)) == at(24)


@hypothesis_given(st.integers(1, 300), st.integers(0, 23))
def test_a_day_of_constant_need_never_exceeds_its_budget_and_is_watched_to_its_end(
    budget: int, begin: int
) -> None:
    now, used, last, made = at(begin), 0, None, []
    while now < at(24):
        found = postponed(now, used=used, budget=budget, last_visit=last)
        if found is None:
            used, last = used + 1, now
            made.append(now)
            now += timedelta(seconds=20)
        else:
            assert found[0] > now
            now = found[0]
    assert len(made) <= budget
    half = [moment for moment in made if moment >= at(begin + (24 - begin) / 2)]
    assert half or budget < 4
    if budget >= 8:
        assert made[-1] >= at(24) - timedelta(hours=(24 - begin) * 0.6)
