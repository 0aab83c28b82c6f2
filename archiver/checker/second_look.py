"""When another network path has to look too, and which one. Pure.

| when                                                    | why                                  |
| ------------------------------------------------------- | ------------------------------------ |
| the default vantage does not see the post               | it may be withheld from this path    |
| its next absence could raise the level beyond suspected | the other path speaks before that    |
| its look was invalid, and nobody saw the post yet       | the second witness is still missing  |
| it was withheld here for legal reasons                  | it may be there for others           |
| two vantages disagreed                                  | half an hour later they may agree    |
| now and then                                            | a program may be shown another page  |

A site that put up a challenge or asked for fewer visits gets none by another path either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.checker.rules import judge
from archiver.checker.rules_facts import gather, is_seen
from archiver.domain.look import DEFAULT_VANTAGE
from archiver.domain.observation import (
    Observation,
    Reason,
    Sighting,
    Validity,
    Vantage,
    VantageClass,
)
from archiver.domain.verdict import Level, Policy

DAY, HOUR = 86400.0, 3600.0
RETRY = 240.0
"""Seconds after which a path that could not look during a disappearance tries again."""
BEYOND = frozenset({Level.LIKELY, Level.CONFIRMED})
UNWELCOME = frozenset({Reason.CHALLENGE, Reason.RATE_LIMITED})
OURS = frozenset({Reason.CHECKER_FAULT, Reason.SERVER_ERROR})
"""Another path would meet the same."""
ASSUMED = (Sighting.ABSENT, Sighting.CONCEALED)


@dataclass(frozen=True)
class Paths:
    """The ids of the further network paths, and how many seconds lie between two looks by one of
    them that nothing gave rise to (0: there are none)."""

    ids: tuple[str, ...] = ()
    look_every: float = DAY


def before_look(
    records: Sequence[Observation], now: datetime, paths: Paths, policy: Policy
) -> str | None:
    """The path to look by before the default vantage looks: if that one misses the post, the level
    would go beyond suspected."""
    looks = _Looks(records, now, paths, policy)
    run = gather(records, policy).open_run if paths.ids else None
    if run is None or looks.valid_within(policy.disputed_within) or looks.tried_within(RETRY):
        return None
    level = judge(records, policy).level
    raised = {judge([*records, _assumed(now, sighting)], policy).level for sighting in ASSUMED}
    return looks.choose() if (raised - {level}) & BEYOND else None


def after_look(
    records: Sequence[Observation], now: datetime, paths: Paths, policy: Policy
) -> str | None:
    """The path to look by after the default vantage looked; its look is the newest in `records`."""
    looks = _Looks(records, now, paths, policy)
    last = next((x for x in reversed(looks.public) if x.vantage.id == DEFAULT_VANTAGE), None)
    if not paths.ids or last is None or last.reason in UNWELCOME | OURS:
        return None
    return looks.choose() if _is_wanted(looks, last) else None


def _is_wanted(looks: "_Looks", last: Observation) -> bool:
    facts = gather(looks.public, looks.policy)
    if last.validity is Validity.INVALID:
        witness = facts.last_sighting is None or last.reason is Reason.GEO_BLOCKED
        return (witness and not looks.tried_within(HOUR)) or looks.is_routine()
    run = facts.open_run
    if run is not None and not is_seen(last):
        by_others = any(look.vantage.id != DEFAULT_VANTAGE for look in run.looks)
        return not by_others and not looks.tried_within(RETRY)
    if facts.vantages_disagree:
        return not looks.tried_within(looks.policy.disputed_within)
    return looks.is_routine()


class _Looks:
    """The public looks, with what the paths did so far."""

    def __init__(
        self, records: Sequence[Observation], now: datetime, paths: Paths, policy: Policy
    ) -> None:
        self.policy = policy
        self.public = [x for x in records if x.vantage.class_ is VantageClass.PUBLIC]
        self._now = now
        self._paths = paths
        self._by_paths = [x for x in self.public if x.vantage.id in paths.ids]

    def tried_within(self, seconds: float) -> bool:
        """Whether a path looked so shortly ago, whatever came of it."""
        return any(self._age(look) < seconds for look in self._by_paths)

    def valid_within(self, seconds: float) -> bool:
        """Whether a path gave a valid look so shortly ago."""
        valid = [look for look in self._by_paths if look.validity is Validity.VALID]
        return any(self._age(look) <= seconds for look in valid)

    def is_routine(self) -> bool:
        """Whether nothing was seen by another path for long, though the post is watched as long."""
        every = self._paths.look_every
        oldest = self._age(self.public[0]) if self.public else 0.0
        return every > 0 and oldest >= every and not self.tried_within(every)

    def choose(self) -> str | None:
        """The first path that works; the one that failed longest ago, if none does."""
        open_to = [path for path in self._paths.ids if not self._rests(path)]
        return min(open_to, key=self._failure, default=None)

    def _failure(self, path: str) -> float:
        """0 for a path without a recent failure, more the fresher its failure is."""
        last = self._last(path)
        if last is None or last.validity is Validity.VALID:
            return 0.0
        return max(DAY - self._age(last), 0.0)

    def _rests(self, path: str) -> bool:
        last = self._last(path)
        return last is not None and last.reason in UNWELCOME and self._age(last) < HOUR

    def _last(self, path: str) -> Observation | None:
        return next((x for x in reversed(self._by_paths) if x.vantage.id == path), None)

    def _age(self, look: Observation) -> float:
        return (self._now - look.at) / timedelta(seconds=1)


def _assumed(now: datetime, sighting: Sighting) -> Observation:
    """What the default vantage might see now."""
    vantage = Vantage(id=DEFAULT_VANTAGE)
    return Observation(at=now, vantage=vantage, validity=Validity.VALID, sighting=sighting)
