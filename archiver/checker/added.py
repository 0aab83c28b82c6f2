"""What is said of a post after its other pages were asked.

Nothing here asks anything: see `asking`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from archiver.checker.controls import last_seen
from archiver.checker.sighting import Said
from archiver.checker.telling import Told
from archiver.domain.observation import Answer, Observation, Reason, Sighting, Trio

PAGES_ASKED = "pages_asked"
"""Fact of a look: whatever other page could tell more of the post was asked."""
ENOUGH_ASKED = 5
"""Posts of a visit, asked and found gone, that speak for others that could not be asked."""


@dataclass(frozen=True)
class Added:
    """What is said of a post after its other pages were asked. `whole`: all that could be asked
    were; `soft`: something rests on pages that only look like "not found"."""

    told: Told
    trio: Trio | None = None
    whole: bool = True
    soft: bool = False


def asked_before(history: Sequence[Observation]) -> list[Observation]:
    """The absences since the post was last seen whose pages were asked."""
    seen = last_seen(history)
    since = takewhile(lambda look: look is not seen, reversed(history))
    return [x for x in since if x.sighting is Sighting.ABSENT and PAGES_ASKED in x.facts]


def speak_for_others(found: Sequence[Added]) -> bool:
    """Whether enough were asked, and every one of them is gone."""
    asked = [one for one in found if one.whole]
    gone = [one for one in asked if one.told.said.sighting is Sighting.ABSENT]
    return len(asked) >= ENOUGH_ASKED and len(gone) == len(asked)


def doubted(added: Added) -> Added:
    """Without what the pages seemed to say: the site does not answer as it did."""
    if added.told.said.sighting is Sighting.AUTHOR_GONE:
        detail = "The author's page seemed gone, but the site turned the visit away by then."
        return replace(added, told=left_open(added.told, Reason.INCOMPLETE, detail))
    if added.trio is None or not added.trio.agrees:
        return added
    unclear = added.trio.model_copy(update={"target": Answer.UNCLEAR, "agrees": None})
    return replace(added, trio=unclear, whole=False)


def left_open(told: Told, reason: Reason, detail: str) -> Told:
    """No evidence of anything, for that reason."""
    said = told.said
    open_said = Said(detail, reason=reason, controls=said.controls, facts=said.facts)
    return replace(told, said=open_said)


def withheld(told: Told) -> Told:
    """The post's own page answers with status 451."""
    detail = "Not on the wall, and its own page is withheld in this country (status 451)."
    return left_open(told, Reason.GEO_BLOCKED, detail)


def by_own_address(told: Told) -> Told:
    """The post's own page shows it: it is no absence, whatever the wall shows."""
    detail = "The post is reachable by its own address, but no longer on the wall."
    said = told.said
    there = Said(detail, Sighting.COLLAPSED, controls=said.controls, facts=said.facts)
    return replace(told, said=there)


def with_fact(told: Told, fact: str) -> Told:
    """The same, and one fact more."""
    return replace(told, said=replace(told.said, facts=(*told.said.facts, fact)))
