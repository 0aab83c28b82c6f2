"""Looks that read a wall farther than its posts need, and what they know of it later. Pure.

A list of many pages may be cut behind the page on which a post is missed. So first of all, and now
and then, the wall is read on, as far as a look keeps posts; when a post is missed, until the others
that were known are found again, or nothing more comes. Nothing rests on reading on that fails: the
look is then what it would have been without.
"""

from collections.abc import Sequence

from archiver.checker.anchoring import normalise
from archiver.checker.controls import last_seen, places, runs_back
from archiver.checker.reading import Post
from archiver.checker.wall import MAX_SIBLINGS_EACH_SIDE, Wall
from archiver.domain.observation import Observation, Sibling, Validity

EVERY = 12
"""Looks that saw the post, of which at least one is to read far."""
FAR, STARTS, ENDS = "far", "starts", "ends"
"""Keys of a look's skeleton: it was to read far; that end of the list was reached."""


def is_due(history: Sequence[Observation]) -> bool:
    """Whether the next look is to read far."""
    return not any(_was_far(look) for look in _seen(history)[-EVERY + 1 :])


def is_far(wall: Wall, post: Post) -> bool:
    """Whether as many posts were read on both sides of one as a look keeps."""
    place = place_again(wall, post)
    if place is None:
        return True  # it is not shown any more: nothing is gained by going on
    before = wall.starts or wall.alone or place >= MAX_SIBLINGS_EACH_SIDE
    return before and (wall.ends or len(wall.posts) - 1 - place >= MAX_SIBLINGS_EACH_SIDE)


def place_again(wall: Wall, post: Post) -> int | None:
    """Where a post that was read stands on a wall that was read with it, or a little later."""
    mark = (post.post_id, post.author, post.markup_time, post.key)
    for at, entry in enumerate(wall.posts):
        other = entry.post
        if other is post or (other.post_id, other.author, other.markup_time, other.key) == mark:
            return at
    return None


def all_found(history: Sequence[Observation], wall: Wall) -> bool:
    """Whether everybody who was known around the target is there."""
    seen = last_seen(history)
    loose = seen is not None and seen.reader != wall.reader
    before, after = known(history)
    return None not in places([*before, *after], wall, loose=loose)


def known(history: Sequence[Observation]) -> tuple[list[Sibling], list[Sibling]]:
    """The posts before and after the target as last known, in one order.

    They are those of the last look that saw it; where that one did not reach an end of the list,
    those beyond come from the last look that read far. Empty when the target was never seen.
    """
    seen = last_seen(history)
    if seen is None or seen.seen is None:
        return [], []
    before, after = _sides(seen)
    far = next((look for look in reversed(_seen(history)) if _was_far(look)), None)
    if far is None or far is seen:
        return before, after
    beyond = _beyond(far, [*before, *after])
    reached = seen.skeleton or {}
    return (
        before if reached.get(STARTS) else [*beyond[0], *before],
        after if reached.get(ENDS) else [*after, *beyond[1]],
    )


def _seen(history: Sequence[Observation]) -> list[Observation]:
    return [x for x in history if x.validity is Validity.VALID and x.seen is not None]


def _was_far(look: Observation) -> bool:
    return bool((look.skeleton or {}).get(FAR))


def _sides(look: Observation) -> tuple[list[Sibling], list[Sibling]]:
    place = look.seen.position if look.seen else 0
    before = [sibling for sibling in look.siblings if sibling.position < place]
    return before, [sibling for sibling in look.siblings if sibling.position > place]


def _beyond(far: Observation, nearer: Sequence[Sibling]) -> tuple[list[Sibling], list[Sibling]]:
    """The posts of a look that stood before and after all of those that another look saw, too."""
    before, after = _sides(far)
    there = [*before, *after]
    marks = {_mark(sibling): at for at, sibling in enumerate(there)}
    again = [marks[_mark(sibling)] for sibling in nearer if _mark(sibling) in marks]
    if not again:
        return [], []
    # what has come between the two looks' posts, or has gone from there, is known of the nearer
    ahead = there[: min(*again, len(before))]
    behind = there[max(max(again) + 1, len(before)) :]
    return (behind[::-1], ahead[::-1]) if runs_back(again) else (ahead, behind)


def _mark(sibling: Sibling) -> tuple[str | None, str]:
    return sibling.author, normalise(sibling.text)
