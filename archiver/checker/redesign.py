"""Whether the wall still has the shape that it had when the post was last seen. Pure.

A redesign may move, cut or regroup a list in ways that no neighbour tells: it never makes an
absence. Both signs must speak for it, the way down to the items and what they are made of, since a
single first item with a picture or without a name differs from the next.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from archiver.checker.controls import last_seen
from archiver.checker.page_state import Finding
from archiver.checker.wall import Wall
from archiver.domain.observation import Observation, Reason

ALIKE = 0.6
"""Share of an item's elements that both shapes have, from which they are the same design."""


def another_shape(history: Sequence[Observation], wall: Wall) -> Finding | None:
    """The doubt that a redesign casts on an absence; None when the wall is shaped as before.

    Shapes that another version of the reader took are not compared. Those that the site's adapter
    took once, and not the other time, are: it steps aside exactly when a site was redesigned.
    """
    seen = last_seen(history)
    if seen is None or not seen.skeleton or not wall.skeleton:
        return None
    if _version(seen.reader) != _version(wall.reader):
        return None
    if resembles(seen.skeleton, wall.skeleton):
        return None
    detail = "The wall has another shape than when the post was last seen: a redesign?"
    return Finding(Reason.INCOMPLETE, detail)


def _version(reader: str | None) -> str | None:
    return None if reader is None else reader.partition("+")[0]


def resembles(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two skeletons (`path`, `tags`) are of one design, as far as they tell."""
    if not one.get("path") or not other.get("path") or one["path"] == other["path"]:
        return True
    return _overlap(one.get("tags") or {}, other.get("tags") or {}) >= ALIKE


def _overlap(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """Elements that both have, as a share of those of either, 0 to 1."""
    names = {*one, *other}
    either = sum(max(one.get(name, 0), other.get(name, 0)) for name in names)
    both = sum(min(one.get(name, 0), other.get(name, 0)) for name in names)
    return both / either if either else 1.0
