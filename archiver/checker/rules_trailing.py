"""Which looks count, and the invalid ones after the last that did. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile

from archiver.domain.observation import Observation, Sighting, Validity
from archiver.domain.verdict import Policy


def counts(look: Observation) -> bool:
    """Whether a valid look says something."""
    # A plain request runs no script of the page: it can find a post, never miss one.
    return look.via == "browser" or look.sighting is Sighting.PRESENT


def _in_turn(public: Sequence[Observation], policy: Policy) -> list[Observation]:
    """Without the invalid looks of a path beside which another one looked at the same time: that
    it could not see the wall says nothing where the other did, and not twice what both met."""
    if len({look.vantage.id for look in public}) < 2:  # noqa: PLR2004 - one path has none beside it
        return list(public)
    within = timedelta(seconds=policy.disputed_within)
    kept: list[Observation] = []
    for at, look in enumerate(public):
        before = takewhile(lambda x: look.at - x.at <= within, reversed(kept))  # noqa: B023
        after = takewhile(lambda x: x.at - look.at <= within, public[at + 1 :])  # noqa: B023
        doubled = any(_beside(look, x) for x in before)
        if look.validity is Validity.VALID or not (
            doubled or any(_beside(look, x) and _settles(x) for x in after)
        ):
            kept.append(look)
    return kept


def _beside(look: Observation, other: Observation) -> bool:
    return look.vantage.id != other.vantage.id


def _settles(look: Observation) -> bool:
    return look.validity is Validity.VALID and counts(look)


def trailing_of(public: Sequence[Observation], policy: Policy) -> tuple[Observation, ...]:
    """The invalid looks after the last one that counts, each round of several paths once."""
    trailing: list[Observation] = []
    for look in _in_turn(public, policy):
        if look.validity is Validity.INVALID:
            trailing.append(look)
        elif counts(look):
            trailing.clear()
    return tuple(trailing)
