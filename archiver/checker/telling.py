"""What is said of a target that was looked for in the wall's own order and in another. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.checker.controls import last_seen
from archiver.checker.page_state import Finding
from archiver.checker.sighting import Said, conclude
from archiver.checker.wall import Wall
from archiver.domain.observation import Observation, Reason, Sighting
from archiver.domain.post import Target

MOST_DETAIL = 1000
"""Characters of a look's detail."""


@dataclass(frozen=True)
class Told:
    """What is said, and the wall in whose order it is said; `under` names another order."""

    said: Said
    wall: Wall
    under: str | None = None


@dataclass(frozen=True)
class Orders:
    """The wall in its own order, `far`: read on; `other` in the one that `under` names, if it was
    read."""

    wall: Wall
    far: Wall | None = None
    other: Wall | None = None
    under: str | None = None


def tell(
    target: Target, history: Sequence[Observation], orders: Orders, excuse: Finding | None
) -> Told:
    """A post that is only found in another order is `collapsed`; one that was last seen in another
    order is missed only where that order was read again."""
    said = conclude(target, history, orders.wall, excuse, orders.far)
    told = Told(said, orders.wall)
    if told.said.place is not None:
        return told
    again = None
    if orders.other is not None:
        again = Told(conclude(target, history, orders.other, excuse), orders.other, orders.under)
        if again.said.place is not None and again.said.sighting is not None:
            return _only_there(again)
    if told.said.sighting is not Sighting.ABSENT or not _was_elsewhere(history):
        return told
    if again is not None and again.said.sighting is Sighting.ABSENT:
        return again
    detail = "The post was last seen in another order, which could not be read as far as its place."
    return replace(told, said=Said(detail, reason=Reason.INCOMPLETE, controls=told.said.controls))


def _only_there(again: Told) -> Told:
    if again.said.sighting is not Sighting.PRESENT:
        return again
    detail = f"The post is only found in another order ({again.under})."
    return replace(again, said=replace(again.said, sighting=Sighting.COLLAPSED, detail=detail))


def _was_elsewhere(history: Sequence[Observation]) -> bool:
    seen = last_seen(history)
    return bool(seen and (seen.skeleton or {}).get("under"))


def with_steps(detail: str, steps: Sequence[str]) -> str:
    """A sentence, and what was done to get there."""
    return " ".join((detail, *steps))[:MOST_DETAIL]
