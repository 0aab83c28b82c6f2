"""Whether a wall shows but a choice of its posts, of which the missing one is none. Pure.

"Top comments", a list that was cut at a number, what one visitor is shown: the neighbours of the
target may all stand there, and yet its absence says nothing, for many others are missing with it.
So it counts only where the post's own page proves it (`archiver.checker.asking`).

| known posts by others that are missing              | they                                      |
| --------------------------------------------------- | ----------------------------------------- |
| side by side with the target, others on both sides  | were swept away with it: no choice        |
| answers to the target, or to one that is missing    | went with what they answer: no choice     |
| `MANY` others, more than `SHARE` of what was there  | make it a choice                          |
| the last `CUT` of the list, and no new ones instead | make it a choice: the list was cut        |
"""

from collections.abc import Sequence
from itertools import takewhile

from archiver.checker.anchoring import same_author, same_id
from archiver.checker.controls import last_seen, places, runs_back
from archiver.checker.in_place import is_nameless
from archiver.checker.instead import names_a_removal
from archiver.checker.read_far import known
from archiver.checker.wall import Wall
from archiver.domain.observation import Observation, Sibling

MANY = 3
SHARE = 1 / 4
CUT = 3


def shows_a_choice(history: Sequence[Observation], wall: Wall, author: str | None) -> bool:
    """Whether so many others are missing that the wall may show only some of its posts.

    `author`: the target's; their other posts are left out, since they may well vanish together.
    """
    seen = last_seen(history)
    if seen is None or seen.seen is None:
        return False
    author = seen.seen.author or author
    before, after = (
        [s for s in side if not same_author(s.author, author)] for side in known(history)
    )
    others, target = [*before, *after], len(before)
    found = places(others, wall, loose=seen.reader != wall.reader)
    if runs_back([place for place in found if place is not None]):
        others, found, target = others[::-1], found[::-1], len(others) - target
    there = [at is not None or _stands_in(s, wall) for s, at in zip(others, found, strict=True)]
    if not any(there):
        return False  # its place was not read, then: that gate is closed
    tail = sum(1 for _ in takewhile(lambda is_there: not is_there, reversed(there)))
    new = len(wall.posts) - sum(place is not None for place in found)
    if wall.ends and tail >= CUT and tail > new:
        return True
    # a list with room for so many drops as many old ones as new ones come
    here = _read(there if tail > new else there[: len(there) - tail], wall)
    gone = {*_swept(there, target), *_answered(seen.seen, others, there)}
    rest = [is_there for at, is_there in enumerate(there) if at in here and at not in gone]
    lost = len(rest) - sum(rest)
    return lost >= MANY and lost > SHARE * len(rest)


def shows_few(history: Sequence[Observation], wall: Wall) -> bool:
    """Whether of all posts that were known the wall shows, from end to end, less than a half: a
    list that was silently cut."""
    seen = last_seen(history)
    if seen is None or not (wall.starts and wall.ends):
        return False
    before, after = known(history)
    found = places([*before, *after], wall, loose=seen.reader != wall.reader)
    return sum(place is not None for place in found) * 2 < len(found)


def _stands_in(sibling: Sibling, wall: Wall) -> bool:
    """Whether a tombstone with its id is there: that is no missing post. One whose words name no
    removal ("not available") is."""
    return any(
        same_id(sibling.post_id, entry.post.post_id)
        and is_nameless(entry.post)
        and names_a_removal(entry.post.text)
        for entry in wall.posts
    )


def _read(there: Sequence[bool], wall: Wall) -> range:
    """Those that stood in the part of the list that was read now."""
    found = [at for at, is_there in enumerate(there) if is_there]
    start = 0 if wall.starts else found[0]
    return range(start, len(there) if wall.ends else found[-1] + 1)


def _swept(there: Sequence[bool], target: int) -> range:
    """The missing ones side by side with the target, where others stand before and after."""
    start = target
    while start > 0 and not there[start - 1]:
        start -= 1
    end = target
    while end < len(there) and not there[end]:
        end += 1
    return range(start, end) if start > 0 and end < len(there) else range(0)


def _answered(target: Sibling, others: Sequence[Sibling], there: Sequence[bool]) -> set[int]:
    """Missing answers to posts that are missing: they went with these."""
    lost = [target, *(s for s, is_there in zip(others, there, strict=True) if not is_there)]
    marks = {mark for s in lost for mark in (s.post_id, s.permalink) if mark}
    return {
        at
        for at, (s, is_there) in enumerate(zip(others, there, strict=True))
        if not is_there and s.parent in marks
    }
