"""Whether the checker still reads a site right, by posts of which a person knows the answer. Pure.

A canary is known to be `live`, or known to be `removed`. An invalid look at it says nothing: that a
site cannot be read is told by the count of barren visits, not by canaries.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from archiver.domain.observation import Observation, Sighting, VantageClass

EVERY = timedelta(hours=6)
EVERY_WHILE_WRONG = timedelta(hours=1)
"""A misread canary is looked at more often: until it is read right, the site says nothing."""
JITTER = 0.15
BARREN_ROUNDS = 5
"""Visits to a site in a row without any valid look: then it raises its own alarm."""
THERE = frozenset({Sighting.PRESENT, Sighting.MOVED, Sighting.EDITED, Sighting.COLLAPSED})


class Expected(StrEnum):
    """What a person knows of a canary."""

    LIVE = "live"
    REMOVED = "removed"


def reads_right(expected: Expected, look: Observation) -> bool | None:
    """Whether a public look agrees with what is known; None when it says nothing.

    A concealed post is not there for a person: right for a removed canary, wrong for a live one.
    """
    if look.sighting is None or look.vantage.class_ is not VantageClass.PUBLIC:
        return None
    return (look.sighting in THERE) is (expected is Expected.LIVE)


def next_look(now: datetime, *, wrong: bool, jitter: Callable[[], float]) -> datetime:
    """When a canary is looked at next; `jitter` gives a number from 0 to 1."""
    every = EVERY_WHILE_WRONG if wrong else EVERY
    return now + every * (1 + JITTER * (2 * jitter() - 1))


def is_alarming(barren: int) -> bool:
    """Whether so many visits in a row without a valid look call for a person."""
    return barren >= BARREN_ROUNDS
