"""Whether a post's place on the wall was really read: the neighbours say so. Pure.

Controls are the posts by other authors that stood nearest to the target in the last valid look
that saw it. An absence counts only when enough of them are found again around its place. Places
are judged by neighbours, never by numbers: new posts push everything along.

| known before            | needed                                                              |
| ----------------------- | ------------------------------------------------------------------- |
| 5 or more               | 60 % of the nearest 8 (4 a side), one a side or that end proven     |
| 3 or 4                  | all of them, one a side or that end proven                          |
| 1 or 2                  | all of them, and the list read from end to end                      |
| none, or never seen     | never enough                                                        |

The reserve, when nearest ones vanished too: five of all siblings ever seen, on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from archiver.checker.anchoring import (
    Candidate,
    loosely_same,
    normalise,
    same_author,
    same_id,
)
from archiver.checker.wall import Wall
from archiver.domain.observation import Controls, Observation, Sibling, Validity

EACH_SIDE = 4
ENOUGH = 5
SHARE = 0.6
STEADY = 0.8
"""Share of neighbouring controls that must run the same way in a list that was read in part."""
FEW = 2
MIN_ALONE = 20
"""Characters a text needs to be re-identified without its author's name."""


@dataclass(frozen=True)
class Gate:
    """Whether the target's place was read. `controls` are the figures, `detail` a sentence."""

    passed: bool
    controls: Controls
    detail: str
    short_list: bool = False


def last_seen(history: Sequence[Observation]) -> Observation | None:
    """The last valid look that found the target and its place."""
    for look in reversed(history):
        if look.validity is Validity.VALID and look.seen is not None:
            return look
    return None


def judge_place(history: Sequence[Observation], wall: Wall, author: str | None) -> Gate:
    """Whether the wall was read around the target's place, by the looks before."""
    seen = last_seen(history)
    if seen is None or seen.seen is None:
        return Gate(False, Controls(), "The post was never seen here: its place is unknown.")
    place = seen.seen.position
    author = author or seen.seen.author
    others = [s for s in seen.siblings if not same_author(s.author, author)]
    before = [s for s in others if s.position < place][-EACH_SIDE:]
    after = [s for s in others if s.position > place][:EACH_SIDE]
    sides = _Sides.of(before, after, wall, loose=seen.reader != wall.reader)
    if sides.known == 0:
        return Gate(False, sides.controls, "No other post is known that could prove its place.")
    return _nearest(sides, wall) or _reserve(history, wall, author, sides)


@dataclass(frozen=True)
class _Sides:
    """Controls on both sides with the places where they are now (None: not found)."""

    before: tuple[int | None, ...]
    after: tuple[int | None, ...]

    @classmethod
    def of(
        cls, before: Sequence[Sibling], after: Sequence[Sibling], wall: Wall, *, loose: bool
    ) -> "_Sides":
        found = places([*before, *after], wall, loose=loose)
        return cls(tuple(found[: len(before)]), tuple(found[len(before) :]))

    @property
    def known(self) -> int:
        return len(self.before) + len(self.after)

    @property
    def found_before(self) -> list[int]:
        return [place for place in self.before if place is not None]

    @property
    def found_after(self) -> list[int]:
        return [place for place in self.after if place is not None]

    @property
    def found(self) -> int:
        return len(self.found_before) + len(self.found_after)

    @property
    def controls(self) -> Controls:
        return Controls(
            known=self.known,
            found=self.found,
            before=len(self.found_before),
            after=len(self.found_after),
        )

    def turned(self) -> bool:
        """Whether the list now runs the other way."""
        return runs_back(self.found_before + self.found_after)


def runs_back(places: Sequence[int]) -> bool:
    """Whether posts that once followed each other now stand in the opposite order."""
    falling = sum(one > two for one, two in pairwise(places))
    return falling > len(places) / 2


def place_of(sibling: Sibling, wall: Wall, *, loose: bool) -> int | None:
    """Where a known post stands on the wall now; None when it is not found."""
    return places([sibling], wall, loose=loose)[0]


def places(siblings: Sequence[Sibling], wall: Wall, *, loose: bool) -> list[int | None]:
    """Where known posts stand on the wall now, none twice; None for those that are not found."""
    taken: set[int] = set()
    candidates = [entry.candidate() for entry in wall.posts]
    found: list[int | None] = []
    for sibling in siblings:
        place = _place_of(sibling, candidates, taken, loose=loose)
        if place is not None:
            taken.add(place)
        found.append(place)
    return found


def _place_of(
    sibling: Sibling, items: Sequence[Candidate], taken: set[int], *, loose: bool
) -> int | None:
    key = normalise(sibling.text)
    fallback = None
    for place, item in enumerate(items):
        if place in taken:
            continue
        words = bool(key) and (item.key == key or (loose and loosely_same(key, item.key)))
        own = same_author(sibling.author, item.author)
        # an id alone may only count places: the words or the name must agree as well
        if (words or own) and same_id(sibling.post_id, item.post_id):
            return place
        if fallback is not None:
            continue
        # texts longer than what was kept of them are compared by their beginning
        begins = len(sibling.text) >= 1000 and item.key.startswith(key[:900])  # noqa: PLR2004
        if (words or begins) and (len(key) >= MIN_ALONE or own):
            fallback = place
    return fallback


def _nearest(sides: _Sides, wall: Wall) -> Gate | None:
    if sides.found < _needed(sides.known):
        return None
    if sides.known <= FEW and not wall.complete:
        return Gate(False, sides.controls, "Too few other posts are known for a partly read list.")
    return _both_sides(sides, wall)


def _needed(known: int) -> float:
    return SHARE * known if known >= ENOUGH else known


def _both_sides(sides: _Sides, wall: Wall) -> Gate | None:
    start, end = (wall.ends, wall.starts) if sides.turned() else (wall.starts, wall.ends)
    if not (sides.found_before or (not sides.before and start)):
        return None
    if not (sides.found_after or (not sides.after and end)):
        return None
    if not _unbroken(sides, wall):
        detail = "Between its neighbours a part of the list was not read."
        return Gate(False, sides.controls, detail)
    if not wall.complete and not _ordered(sides):
        return Gate(False, sides.controls, "The list's order has changed and it was read in part.")
    return Gate(True, sides.controls, "Its neighbours were found on both sides of its place.")


def _ordered(sides: _Sides) -> bool:
    """Whether what stood before the target still stands before what stood after it, and all of
    them run one way: under another order (by votes) neighbours are anywhere, and so is the post."""
    before, after = sides.found_before, sides.found_after
    rising = [one < two for one, two in pairwise([*before, *after])]
    if rising and 1 - STEADY < sum(rising) / len(rising) < STEADY:
        return False
    if not before or not after:
        return True
    return max(before) < min(after) or min(before) > max(after)


def _unbroken(sides: _Sides, wall: Wall) -> bool:
    stretches = {wall.posts[place].stretch for place in sides.found_before + sides.found_after}
    return len(stretches) == 1


def _reserve(
    history: Sequence[Observation], wall: Wall, author: str | None, nearest: _Sides
) -> Gate:
    before, after = _ever_seen(history, author)
    loose = any(look.seen is not None and look.reader != wall.reader for look in history)
    sides = _Sides.of(before, after, wall, loose=loose)
    enough = nearest.known >= ENOUGH and sides.found >= ENOUGH
    if enough:
        gate = _both_sides(sides, wall)
        if gate is not None:
            return gate
    missing = f"Only {nearest.found} of {nearest.known} neighbours were found again."
    return Gate(False, nearest.controls, missing, short_list=_stops_short(nearest, wall, history))


def _ever_seen(
    history: Sequence[Observation], author: str | None
) -> tuple[list[Sibling], list[Sibling]]:
    """All siblings of the looks that saw the target, nearest last (before) and first (after)."""
    before: list[Sibling] = []
    after: list[Sibling] = []
    known: set[tuple[str | None, str | None, str]] = set()
    for look in reversed(history):
        if look.validity is not Validity.VALID or look.seen is None:
            continue
        for sibling in look.siblings:
            mark = (sibling.post_id, sibling.author, normalise(sibling.text))
            if mark in known or same_author(sibling.author, author):
                continue
            known.add(mark)
            (before if sibling.position < look.seen.position else after).append(sibling)
    return before, after


def _stops_short(sides: _Sides, wall: Wall, history: Sequence[Observation]) -> bool:
    """Whether the list ends where the target's neighbours began, though it was longer before, or
    shows from end to end only a lesser part of the posts that were known."""
    seen = last_seen(history)
    if seen is None or not wall.posts:
        return False
    longer = len(wall.posts) * 2 <= len(seen.siblings) + 1
    one_side = not sides.found_before or not sides.found_after
    loose = seen.reader != wall.reader
    again = sum(place is not None for place in places(seen.siblings, wall, loose=loose))
    thinned = wall.starts and wall.ends and 0 < again * 2 < len(seen.siblings)
    return (longer and one_side) or thinned
