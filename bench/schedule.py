"""`schedule`: how narrow the windows of deletions are that 35 visits in 30 days leave.

Simulated: posts whose deletions fall 5 % into the first 8 minutes, 33 % into 30, 45 % into an hour,
90 % into a day and the rest into 30 days (straight in the logarithm of the age between these
points), and two walls that differ: one whose moderators delete at night, one within 10 minutes.
The schedules are the product's own, with its jitter; a deletion's window reaches from the last
look before it to the first after it. Evenly spaced visits, the baseline of all figures, and each
schedule are measured on the same deletions in the same run.
"""

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from statistics import fmean, median

from archiver.checker.hazard import Lifespan, published
from archiver.checker.hazard_learning import learn
from archiver.checker.placing import LOOKS, Plans
from archiver.checker.schedule import JITTER, REGULAR, planned_age
from bench.report import Figure

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
PERIOD = 30 * DAY
MEASURE = ((0.0, 0.0), (8.0, 0.05), (30.0, 0.33), (60.0, 0.45), (1440.0, 0.90), (43200.0, 1.0))
"""(minutes, share of deletions up to then)."""
DELETIONS = 20_000
HISTORIES = (20, 100)
"""Ended windows that a wall's hazard is learned from."""
REPEATS = 3
"""Histories of each length; the figure is over the deletions of all."""
LIVE_A_DELETION = 4
"""Posts that stay for each that goes: the history knows of them too."""
NIGHT = (1 * HOUR, 5 * HOUR)
SEED = 2013


@dataclass(frozen=True)
class Post:
    """When in the day (UTC) it was first seen, and the age at which it is deleted; seconds."""

    phase: float
    deleted: float


Draw = Callable[[random.Random], Post]
Looks = Callable[[Post, random.Random], Sequence[float]]
"""The ages of the looks at a post that is never found deleted, the first one 0."""


def run() -> Iterator[Figure]:
    """Yields the figures, minutes."""
    for wall, draw in (("", usual), (", at night", at_night), (", within 10 min", within_minutes)):
        posts = draw_posts(draw, DELETIONS, SEED)
        even = measure(posts, evenly)
        yield from _figures(f"evenly spaced{wall}", even, even)
        yield from _figures(f"fixed list cut to 35{wall}", measure(posts, fixed_list), even)
        yield from _figures(f"planned, nothing learned{wall}", measure(posts, planned([])), even)
        for ended in HISTORIES:
            windows = [
                window
                for repeat in range(REPEATS)
                for window in measure(
                    posts[repeat::REPEATS], planned(history(draw, ended, SEED + 1 + repeat))
                )
            ]
            yield from _figures(f"planned, {ended} windows learned{wall}", windows, even)


def _figures(name: str, windows: Sequence[float], even: Sequence[float]) -> Iterator[Figure]:
    for kind, figure in (("median", median), ("mean", fmean)):
        value, baseline = figure(windows) / MINUTE, figure(even) / MINUTE
        yield Figure("schedule", f"{kind} window, {name}", value, "min", baseline)


def usual(chance: random.Random) -> Post:
    """A post deleted by the measure."""
    share = chance.random()
    phase = chance.random() * DAY
    place = max(bisect_left([part for _, part in MEASURE], share), 1)
    (start, low), (end, high) = MEASURE[place - 1], MEASURE[place]
    part = (share - low) / (high - low)
    minutes = end * part if start == 0 else start * exp(log(end / start) * part)
    return Post(phase, minutes * MINUTE)


def at_night(chance: random.Random) -> Post:
    """A post deleted in one of the next nights, nearly always in the first."""
    phase = chance.random() * DAY
    night = 0
    while chance.random() < 0.2:
        night += 1
    moment = NIGHT[0] + chance.random() * (NIGHT[1] - NIGHT[0]) + night * DAY
    return Post(phase, moment - phase if moment > phase else moment - phase + DAY)


def within_minutes(chance: random.Random) -> Post:
    """A post deleted within ten minutes."""
    return Post(chance.random() * DAY, chance.random() * 10 * MINUTE)


def draw_posts(draw: Draw, count: int, seed: int) -> list[Post]:
    """So many posts, the same ones for a seed."""
    chance = random.Random(seed)
    return [draw(chance) for _ in range(count)]


def evenly(_post: Post, _chance: random.Random) -> Sequence[float]:
    """35 visits, the first at 0 and the last after 30 days, without jitter."""
    return [PERIOD * visit / (LOOKS - 1) for visit in range(LOOKS)]


def fixed_list(_post: Post, chance: random.Random) -> Sequence[float]:
    """The fixed list up to 30 days, where one more closes the period."""
    ages = [age for age in REGULAR if age < PERIOD]
    moved = [
        age + (2 * chance.random() - 1) * JITTER * (age - before)
        for before, age in pairwise((0.0, *ages))
    ]
    return [*moved[: LOOKS - 1], PERIOD]


def planned(spans: Sequence[Lifespan]) -> Looks:
    """The planned looks after a history."""
    plans = Plans(learn(spans, published()))

    def looks(post: Post, chance: random.Random) -> Sequence[float]:
        ages, plan = [0.0], plans.plan(post.phase)
        while len(ages) < LOOKS:
            following = planned_age(plan, ages[-1], LOOKS - len(ages), chance.random())
            if following is None:
                break
            ages.append(following)
        return ages

    return looks


def history(draw: Draw, ended: int, seed: int) -> list[Lifespan]:
    """What the looks at a wall's first posts tell: `ended` windows under the plan that knows
    nothing, and posts that stayed, seen for as long as the last look."""
    chance = random.Random(seed)
    looks = planned([])
    spans = []
    for _ in range(ended):
        post = draw(chance)
        seen, missing = window_of(post, looks(post, chance))
        spans.append(Lifespan(post.phase, seen, missing))
        spans += [
            Lifespan(chance.random() * DAY, chance.random() * PERIOD)
            for _ in range(LIVE_A_DELETION)
        ]
    return spans


def window_of(post: Post, ages: Sequence[float]) -> tuple[float, float]:
    """The last look before the deletion and the first after it; looks end the period at least."""
    place = max(bisect_left(ages, post.deleted), 1)
    return ages[place - 1], ages[place] if place < len(ages) else max(post.deleted, PERIOD)


def measure(posts: Sequence[Post], looks: Looks) -> list[float]:
    """The windows that the looks leave, in seconds."""
    chance = random.Random(SEED)
    windows = []
    for post in posts:
        seen, missing = window_of(post, looks(post, chance))
        windows.append(missing - seen)
    return windows
