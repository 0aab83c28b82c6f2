"""One list out of several readings of the same page, while it grows, unfolds or rolls by. Pure.

Lists that only keep what is in the window (nodes unmounted off-screen) never stand on the page as a
whole: what passed by is kept, in its order, with its neighbours. Two readings that have no post in
common leave a gap: nobody knows what stood between them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.checker.anchoring import same_id
from archiver.checker.reading import Post, Reading

Mark = tuple[str | None, str | None, str, int]
SHORTEST_BEGINNING = 12
"""Characters of a cut text at the least by which it is known again in full."""
LEAST_WITHOUT_ID = 30
"""The same for posts without ids of their own."""


@dataclass(frozen=True)
class Woven:
    """The list so far; `joined`: the readings had a post in common; `fresh`: some are new."""

    posts: tuple[Post, ...]
    joined: bool
    fresh: bool


def weave(before: Sequence[Post], now: Sequence[Post]) -> Woven:
    """Adds a reading to what was read before. Of a post in both, the one that can be seen stays."""
    pairs = _pairs(before, now)
    if not before or not pairs:
        first = tuple(replace(post, gap=True) for post in now[:1]) if before else tuple(now[:1])
        posts = (*_lists(before), *_lists((*first, *now[1:]), len(before)))
        return Woven(posts, joined=not before or not now, fresh=bool(now))
    order: list[tuple[int | None, int | None]] = []
    one = other = 0
    matched = {at for at, _ in pairs}
    again = {at for _, at in pairs}
    for here, there in [*_rising(pairs), (len(before), len(now))]:
        order += [(at, None) for at in range(one, here) if at not in matched]
        order += [(_partner(pairs, at), at) for at in range(other, there)]
        if here < len(before):
            order.append((here, there))
        one, other = here + 1, there + 1
    return Woven(_merged(order, before, now), joined=True, fresh=len(again) < len(now))


def _partner(pairs: Sequence[tuple[int, int]], there: int) -> int | None:
    return next((at for at, again in pairs if again == there), None)


def _lists(posts: Sequence[Post], shift: int = 0) -> tuple[Post, ...]:
    return tuple(
        post if post.parent is None else replace(post, parent=post.parent + shift) for post in posts
    )


def _merged(
    order: Sequence[tuple[int | None, int | None]], before: Sequence[Post], now: Sequence[Post]
) -> tuple[Post, ...]:
    old_places = {old: at for at, (old, _) in enumerate(order) if old is not None}
    new_places = {new: at for at, (_, new) in enumerate(order) if new is not None}
    merged = []
    for old, new in order:
        earlier = None if old is None else before[old]
        later = None if new is None else now[new]
        post = _better(earlier, later)
        places = new_places if post is later else old_places
        parent = None if post.parent is None else places.get(post.parent)
        box = post.box if later is not None and post is later else None
        gap = earlier.gap if earlier is not None else post.gap
        merged.append(replace(post, parent=parent, box=box, gap=gap))
    return tuple(merged)


def _better(earlier: Post | None, later: Post | None) -> Post:
    """The newer reading of a post, unless it has been folded away since."""
    if earlier is not None and (later is None or (earlier.visible and not later.visible)):
        return earlier
    if later is None:
        raise ValueError("neither reading has the post")
    if earlier is None or not earlier.visible:
        return later
    return replace(later, unfolded=earlier.unfolded)


def _pairs(before: Sequence[Post], now: Sequence[Post]) -> list[tuple[int, int]]:
    """Places of the same posts in both readings: exact ones, then those whose text was cut."""
    known = {mark: at for at, mark in enumerate(_marks(before))}
    pairs = [(known[mark], at) for at, mark in enumerate(_marks(now)) if mark in known]
    left = [at for at in range(len(before)) if at not in {one for one, _ in pairs}]
    free = [at for at in range(len(now)) if at not in {other for _, other in pairs}]
    for at in left:
        match = next((other for other in free if _grown(before[at], now[other])), None)
        if match is not None:
            free.remove(match)
            pairs.append((at, match))
    return sorted(pairs, key=lambda pair: pair[1])


def _marks(posts: Sequence[Post]) -> list[Mark]:
    """What a post is known by; the same words by the same author are counted."""
    seen: Counter[tuple[str | None, str | None, str]] = Counter()
    marks = []
    for post in posts:
        mark = (post.post_id, post.author, post.key)
        marks.append((*mark, seen[mark]))
        seen[mark] += 1
    return marks


def _grown(before: Post, now: Post) -> bool:
    """Whether one is the other with its cut text in full: nothing about them differs, and the
    words are those before the dots, wherever the dots stand."""
    if before.author != now.author or before.markup_time != now.markup_time:
        return False
    if before.post_id and now.post_id and not same_id(before.post_id, now.post_id):
        return False
    start, dots, _ = before.key.partition("...")
    own = bool(before.post_id and now.post_id)
    enough = SHORTEST_BEGINNING if own else LEAST_WITHOUT_ID
    return bool(dots) and len(start) >= enough and now.key.startswith(start.rstrip(" [("))


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs that stand in the same order in both readings, greedily."""
    kept: list[tuple[int, int]] = []
    for pair in pairs:
        if not kept or pair[0] > kept[-1][0]:
            kept.append(pair)
    return kept


def unfolded(before: Sequence[Post], now: Sequence[Post]) -> tuple[Post, ...]:
    """The reading after unfolding: what nobody could see before is marked so.

    A post whose text was only cut was there before.
    """
    plain = {other for one, other in _pairs(before, now) if before[one].visible}
    known = {other: before[one].unfolded for one, other in _pairs(before, now)}
    return tuple(
        replace(post, unfolded=post.visible and (at not in plain or known.get(at, False)))
        for at, post in enumerate(now)
    )


def by_place(reading: Reading) -> Reading:
    """The reading in the order in which its posts stand on the page.

    Lists that reuse their nodes place them anywhere in the document.
    """
    posts = reading.posts
    heights = [post.box.y for post in posts if post.box is not None]
    if len(heights) != len(posts) or heights == sorted(heights):
        return reading
    order = sorted(range(len(posts)), key=heights.__getitem__)
    places = {old: new for new, old in enumerate(order)}
    moved = tuple(
        replace(posts[at], parent=None if (up := posts[at].parent) is None else places[up])
        for at in order
    )
    return replace(reading, posts=moved)
