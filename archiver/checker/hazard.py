"""How soon posts vanish: a rate for each class of age, times a factor for the part of day. Pure.

The published figures are the prior; `archiver.checker.hazard_learning` learns from a wall's own
history. Nothing here knows a text, an author, or whether somebody complained: a post is its ages
alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
HORIZON = 30 * DAY
PUBLISHED = (
    (0.0, 0.0),
    (8 * MINUTE, 0.05),
    (30 * MINUTE, 0.33),
    (HOUR, 0.45),
    (DAY, 0.90),
    (HORIZON, 1.0),
)
"""(age, share of deletions up to it) of what is deleted at all: Zhu et al., "The Velocity of
Censorship", USENIX Security 2013 (Weibo). Straight in the logarithm of the age between two points,
straight in the age before the first."""
DELETED_SHARE = 0.2
"""Of all posts, how many vanish within the horizon, as long as nothing is known. Only the shape of
the prior matters: its height follows what was observed (`hazard_learning`)."""
EDGES = (
    *(minutes * MINUTE for minutes in (0, 2, 4, 8, 12, 18, 30, 45)),
    *(hours * HOUR for hours in (1, 2, 4, 8, 14)),
    *(days * DAY for days in (1, 2, 4, 8, 15, 30)),
)
PARTS = 12
PART = DAY / PARTS
"""The day (UTC) has twelve parts of two hours."""


@dataclass(frozen=True)
class Lifespan:
    """One post: it was there at age `seen`, and first missing at age `missing` (None: never so
    far), in seconds after the first look. `phase`: where in the day (UTC) its age was 0."""

    phase: float
    seen: float
    missing: float | None = None


@dataclass(frozen=True)
class Hazard:
    """Deletions a second: `rates` by class of age, times `daily` by part of the day (mean 1).
    `deletions`: how many observed ones it rests on."""

    rates: tuple[float, ...]
    daily: tuple[float, ...] = (1.0,) * PARTS
    deletions: int = 0

    @property
    def is_even(self) -> bool:
        """Whether the time of day makes no difference worth a plan of its own."""
        return max(self.daily) <= 2 * min(self.daily)

    def shares(self, ages: Sequence[float], phase: float) -> list[float]:
        """The probability to vanish between each two of these ages, for a post that is there at
        the first of them. Ages beyond the horizon count as the horizon."""
        alive, found = 1.0, []
        for start, end in pairwise(ages):
            risk = sum(
                self.rates[segment.age] * self.daily[segment.part] * segment.length
                for segment in segments(start, min(end, HORIZON), phase)
            )
            after = alive * exp(-risk)
            found.append(alive - after)
            alive = after
        return found


@dataclass(frozen=True)
class Segment:
    """A piece of time within one class of age and one part of the day; its length in seconds."""

    age: int
    part: int
    length: float


def segments(start: float, end: float, phase: float) -> Iterator[Segment]:
    """Cuts the ages from `start` to `end` at the edges of classes and of the day's parts."""
    age_class = next((i for i in range(len(EDGES) - 2, 0, -1) if EDGES[i] <= start), 0)
    at = start
    while at < end:
        while age_class < len(EDGES) - 2 and at >= EDGES[age_class + 1]:
            age_class += 1
        moment = (at + phase) / PART
        part = int(moment)
        until = min(end, (part + 1) * PART - phase)
        if age_class < len(EDGES) - 2:
            until = min(until, EDGES[age_class + 1])
        if until <= at:  # rounding: the edge was reached all but exactly
            part, until = part + 1, min(end, at + 1.0)
        yield Segment(age_class, part % PARTS, until - at)
        at = until


def published_share(age: float) -> float:
    """The share of deletions that happen up to an age, by the published figures."""
    if age <= 0:
        return 0.0
    for (start, low), (end, high) in pairwise(PUBLISHED):
        if age <= end:
            part = age / end if start == 0 else log(age / start) / log(end / start)
            return low + (high - low) * part
    return 1.0


def published() -> Hazard:
    """The prior: the published figures as a rate for each class of age."""
    alive, rates = 1.0, []
    for start, end in pairwise(EDGES):
        share = DELETED_SHARE * (published_share(end) - published_share(start))
        rates.append(-log(1 - share / alive) / (end - start))
        alive -= share
    return Hazard(tuple(rates))
