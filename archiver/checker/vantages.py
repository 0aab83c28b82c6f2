"""Which vantages looked at a post, and when they disagreed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.checker.rules_facts import gather, is_seen
from archiver.domain.observation import Observation, Reason, Sighting, Validity, VantageClass
from archiver.domain.verdict import Policy


@dataclass(frozen=True)
class VantageSeen:
    """One vantage: how often it looked, how often validly, and what its newest look said."""

    class_: VantageClass
    id: str
    looks: int
    valid: int
    last_at: datetime
    last: Sighting | Reason


@dataclass(frozen=True)
class Disagreement:
    """Two public vantages of which, within `disputed_within`, one saw the post and one did not.
    It lasted from `since` to `until`: the first and the last pair of such looks."""

    since: datetime
    until: datetime
    saw_it: str
    missed_it: str


def vantages_of(records: Sequence[Observation]) -> list[VantageSeen]:
    """The vantages in the order of their first look; `records` are oldest first."""
    found: dict[tuple[VantageClass, str], list[Observation]] = {}
    for look in records:
        found.setdefault((look.vantage.class_, look.vantage.id), []).append(look)
    return [
        VantageSeen(
            class_=class_,
            id=name,
            looks=len(looks),
            valid=sum(look.validity is Validity.VALID for look in looks),
            last_at=looks[-1].at,
            last=looks[-1].sighting or looks[-1].reason or Reason.CHECKER_FAULT,
        )
        for (class_, name), looks in found.items()
    ]


def disagreements_of(records: Sequence[Observation], policy: Policy) -> list[Disagreement]:
    """When public vantages disagreed, oldest first. Looks of one pair of vantages that go on
    disagreeing are one disagreement until the two agree again."""
    looks = gather(records, policy).looks
    within = timedelta(seconds=policy.disputed_within)
    going_on: dict[frozenset[str], Disagreement] = {}
    found: list[Disagreement] = []
    for at, later in enumerate(looks):
        for earlier in _newest_of_others(looks[:at], later):
            if later.at - earlier.at > within:
                continue
            pair = frozenset({earlier.vantage.id, later.vantage.id})
            before = going_on.pop(pair, None)
            if is_seen(earlier) == is_seen(later):
                continue
            now = _between(earlier, later, before)
            if before is not None and before.since == now.since:
                found.remove(before)
            found.append(now)
            going_on[pair] = now
    return sorted(found, key=lambda one: one.since)


def _newest_of_others(looks: Sequence[Observation], look: Observation) -> list[Observation]:
    newest = {other.vantage.id: other for other in looks if other.vantage.id != look.vantage.id}
    return list(newest.values())


def _between(earlier: Observation, later: Observation, before: Disagreement | None) -> Disagreement:
    """The disagreement of two looks, or `before` going on when it is the same way round."""
    saw, missed = (earlier, later) if is_seen(earlier) else (later, earlier)
    since = earlier.at
    if before is not None and before.saw_it == saw.vantage.id:
        since = before.since
    return Disagreement(since, later.at, saw.vantage.id, missed.vantage.id)
