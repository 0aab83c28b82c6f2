"""Where the looks at one post are placed, so that a deletion is caught in a narrow window. Pure.

`LOOKS` looks are given within the horizon. A plan is a policy: from the age of the last look and
the number of looks left it tells the age of the next one. It is found by dynamic programming over
a grid of ages (Bellman 1957; for inspections of what fails at an unknown time: Barlow, Hunter and
Proschan, "Optimum checking procedures", SIAM 11, 1963), and minimises the expected `_loss` of the
window for the hazard that it is given. What it is given is all it knows: every post of a wall
that was first seen at the same time of day has the same plan.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import add

from archiver.checker.hazard import DAY, HORIZON, HOUR, MINUTE, PART, Hazard

LOOKS = 35
"""Looks within the horizon, the first one at age 0 included: as many as the fixed list has."""
SETTLING = 2 * MINUTE
"""There is always a second look so soon: the first often meets a page that is still being built or
cached, and each look needs the neighbours that an earlier one saw."""
NARROW = 45 * MINUTE
NARROW_COUNTS = 10.0
"""A minute by which a window is narrowed below `NARROW` counts so many times more: whether it is
six hours or seven matters little, whether it is ten minutes or an hour names who was on duty."""
LEAST_GAP = MINUTE
STEP = 1.04
"""The grid of ages grows by this factor, and by at most `LONGEST_STEP` where the hour matters."""
LONGEST_STEP = 4 * HOUR
NEVER = 1e30


@dataclass(frozen=True)
class Plan:
    """`following[left][i]`: from the age `ages[i]`, with `left` looks left, the index of the next.
    `deletions`: how many observed ones it rests on."""

    ages: tuple[float, ...]
    following: tuple[tuple[int, ...], ...]
    deletions: int = 0

    def next_age(self, age: float, left: int) -> float | None:
        """The age of the next look in seconds; None when the horizon is reached. With no looks
        left one more is taken, at the horizon."""
        if age >= HORIZON:
            return None
        if age < SETTLING - LEAST_GAP:
            return SETTLING
        looks = min(max(left, 1), len(self.following) - 1)
        place = max(bisect_right(self.ages, age) - 1, 0)
        soonest = min(bisect_left(self.ages, age + LEAST_GAP), len(self.ages) - 1)
        return self.ages[max(self.following[looks][place], soonest)]

    def listed(self) -> list[float]:
        """All ages, when every look is taken exactly when it is due."""
        ages, left = [0.0], LOOKS - 1
        while (following := self.next_age(ages[-1], left)) is not None:
            ages.append(following)
            left -= 1
        return ages


def make_plan(hazard: Hazard, phase: float = 0.0) -> Plan:
    """The best plan for posts whose age was 0 at this time of day (seconds, UTC)."""
    ages = _grid(even=hazard.is_even)
    shares = hazard.shares(ages, phase)
    total = sum(shares)
    reached = [0.0, *accumulate(share / total for share in shares)]
    return Plan(ages, _policy(ages, reached), hazard.deletions)


def _grid(*, even: bool) -> tuple[float, ...]:
    ages = [0.0, SETTLING]
    while ages[-1] < HORIZON:
        step = max(ages[-1] * (STEP - 1), LEAST_GAP)
        if not even and ages[-1] < HORIZON / 2:
            step = min(step, LONGEST_STEP)
        ages.append(min(ages[-1] + step, HORIZON))
    if ages[-1] - ages[-2] < LEAST_GAP:
        del ages[-2]
    return tuple(ages)


def _loss(window: float) -> float:
    return window + NARROW_COUNTS * min(window, NARROW)


def _policy(ages: Sequence[float], reached: Sequence[float]) -> tuple[tuple[int, ...], ...]:
    """By induction over the number of looks left; the last one is always at the horizon."""
    last = len(ages) - 1
    costs = [
        [
            (reached[later] - reached[place]) * _loss(ages[later] - ages[place])
            for later in range(place + 1, last + 1)
        ]
        for place in range(last)
    ]
    best = [NEVER] * last + [0.0]
    following = [(last,) * (last + 1)]
    for _ in range(LOOKS):
        fewer, best, row = best, [], []
        for place in range(last):
            totals = list(map(add, costs[place], fewer[place + 1 :]))
            least = min(totals)
            best.append(least)
            row.append(place + 1 + totals.index(least))
        best.append(0.0)
        following.append((*row, last))
    return tuple(following)


class Plans:
    """The plans of one hazard, made when they are asked for: posts that were first seen in the same
    part of the day share one, and all do where the time of day makes no difference."""

    def __init__(self, hazard: Hazard) -> None:
        self.hazard = hazard
        self._made: dict[int, Plan] = {}

    def plan(self, phase: float) -> Plan:
        """The plan for a post whose age was 0 at this time of day (seconds, UTC)."""
        part = 0 if self.hazard.is_even else int(phase % DAY / PART)
        if part not in self._made:
            middle = 0.0 if self.hazard.is_even else (part + 0.5) * PART
            self._made[part] = make_plan(self.hazard, middle)
        return self._made[part]
