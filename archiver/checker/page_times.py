"""The order of a wall's pages by the times of their posts. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from archiver.checker.reading import Post
from archiver.domain.instant import to_utc

STEADY = 0.9
"""Share of neighbouring posts that must run the same way for a list to be in order of time."""
ENOUGH = 2
"""Pairs of neighbouring posts at the least from which a direction is taken."""


def by_time(pages: Sequence[Sequence[Post]]) -> list[int] | None:
    """The pages' places in the list's own order; None when times do not tell.

    Only posts that answer no other count: replies stand under what they answer, whatever the time.
    """
    times = [_times(posts) for posts in pages]
    if not all(times):
        return None
    rising = _rising(times)
    if rising is None:
        return None
    order = sorted(range(len(pages)), key=lambda at: (min(times[at]), max(times[at])))
    if any(max(times[one]) > min(times[other]) for one, other in pairwise(order)):
        return None
    return order if rising else order[::-1]


def newest(posts: Sequence[Post]) -> datetime | None:
    """The latest time that a post carries in its mark-up; None when none does."""
    found = [moment for moment in (moment_of(post.markup_time) for post in posts) if moment]
    return max(found, default=None)


def _times(posts: Sequence[Post]) -> list[datetime]:
    found = [
        moment_of(post.markup_time)
        for post in posts
        if post.parent is None and post.parent_id is None
    ]
    return [moment for moment in found if moment is not None]


def moment_of(text: str | None) -> datetime | None:
    """A machine-readable time with its offset, in UTC; None for anything else."""
    try:
        return to_utc(datetime.fromisoformat(text or ""))
    except ValueError:
        return None


def _rising(times: Sequence[Sequence[datetime]]) -> bool | None:
    pairs = [pair for page in times for pair in pairwise(page) if pair[0] != pair[1]]
    if len(pairs) < ENOUGH:
        return None
    share = sum(one < other for one, other in pairs) / len(pairs)
    if share >= STEADY:
        return True
    return False if share <= 1 - STEADY else None
