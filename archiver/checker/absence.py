"""What must hold before a post that is not found counts as absent: an ordered table. Pure.

The first gate that is closed makes the look invalid, with the gate's reason. Those that were
passed are kept in the observation's `facts`, in this order; the closed one with a `!`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archiver.checker import controls, in_place, redesign
from archiver.checker.anchoring import Wanted, normalise
from archiver.checker.page_state import Finding
from archiver.checker.wall import Wall
from archiver.domain.observation import Observation, Reason

TRACE = 60
"""Characters of a text that are looked for outside the items."""
TRACE_LEAST = 12
"""Shorter texts stand anywhere by chance."""


@dataclass(frozen=True)
class Case:
    """A wall on which the post was not found. `excuse` explains a list that stops short."""

    wanted: Wanted
    history: Sequence[Observation]
    wall: Wall
    place: controls.Gate
    excuse: Finding | None


@dataclass(frozen=True)
class AbsenceGate:
    """One row: `closed` gives the reason why an absence proves nothing, or None."""

    gate_id: str
    comment: str
    closed: Callable[[Case], Finding | None]


def _place(case: Case) -> Finding | None:
    if case.place.passed:
        return None
    if case.excuse is not None:
        return case.excuse
    if case.place.short_list:
        return Finding(Reason.RATE_LIMITED, f"The list stops short. {case.place.detail}")
    return Finding(Reason.INCOMPLETE, case.place.detail)


def _shown(case: Case) -> Finding | None:
    hidden = [entry for entry in case.wall.posts if not entry.post.visible]
    if len(hidden) * 2 <= len(case.wall.posts):
        return None
    return Finding(Reason.NOT_RENDERED, "Most of the page's posts cannot be seen.")


def _no_trace(case: Case) -> Finding | None:
    """Seen outside the items: then the reading, not the post, failed."""
    outside = normalise(case.wall.outside)
    texts = case.wanted.texts
    if not any(len(text) >= TRACE_LEAST and text[:TRACE] in outside for text in texts):
        return None
    detail = "The words stand on the page outside of the posts that were recognised."
    return Finding(Reason.INCOMPLETE, detail)


ABSENCE_GATES: tuple[AbsenceGate, ...] = (
    AbsenceGate("place_read", "Enough neighbours stand on both sides of its place.", _place),
    AbsenceGate(
        "nothing_folded",
        "No more is folded away than when it was seen.",
        lambda case: in_place.folded(case.history, case.wall),
    ),
    AbsenceGate(
        "no_other_name",
        "Its words do not stand in its place under another name.",
        lambda case: in_place.same_words_in_place(case.wanted, case.history, case.wall),
    ),
    AbsenceGate(
        "same_shape",
        "The wall is shaped as when it was seen.",
        lambda case: redesign.another_shape(case.history, case.wall),
    ),
    AbsenceGate("posts_shown", "Most posts of the list can be seen.", _shown),
    AbsenceGate("no_trace", "Its words do not stand outside of the recognised posts.", _no_trace),
)


def closed_gate(case: Case) -> tuple[Finding | None, tuple[str, ...]]:
    """The finding of the first closed gate (None: all were passed), and the facts to keep."""
    facts: list[str] = []
    for gate in ABSENCE_GATES:
        finding = gate.closed(case)
        if finding is not None:
            return finding, (*facts, f"!{gate.gate_id}")
        facts.append(gate.gate_id)
    return None, tuple(facts)
