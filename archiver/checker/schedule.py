"""When to look again. Pure: the caller brings the moment, the records and the chance.

Three plans, of which the earliest next look is taken:

- the regular one, counted from the capture. Most deletions come early (about 30 % within 5 to 30
  minutes of posting and 90 % within a day: Zhu et al., USENIX Security 2013), so it starts dense.
  In the first 30 days a plan (`archiver.checker.placing`) tells it that was made for the wall;
  without one, and afterwards, the fixed list `REGULAR` does;
- quick looks after a first absence, until the disappearance is confirmed. The policy's own spans
  are among them, and never come early, so that `likely` and `confirmed` follow as soon as their
  spans have passed; where a span is shorter than the list assumes, the list shrinks with it;
- after an invalid look, a retry that waits longer each time and replaces the other two.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.checker.hazard import HORIZON
from archiver.checker.placing import Plan
from archiver.checker.rules_facts import Facts, Run, gather
from archiver.domain.observation import Observation, Reason
from archiver.domain.verdict import Level, Policy, State, Verdict

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
JITTER = 0.15
"""Share of the gap before a look by which it is moved either way."""

REGULAR = (
    *(minutes * MINUTE for minutes in (0, 2, 5, 10, 15, 20, 30, 45, 60, 90)),
    *(hours * HOUR for hours in (2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72)),
    *(days * DAY for days in range(4, 15)),
    *(days * DAY for days in range(21, 91, 7)),
    *(days * DAY for days in range(120, 361, 30)),
)
"""Seconds after the capture; afterwards once every `LAST_STEP`."""
LAST_STEP = 30 * DAY

TOWARDS_LIKELY = tuple(minutes * MINUTE / HOUR for minutes in (1, 5, 15, 60))
"""Looks after a first absence, in parts of the usual `likely_span` of an hour."""
TOWARDS_CONFIRMED = tuple(hours * HOUR / DAY for hours in (6, 24, 72))
"""Later ones, in parts of the usual `confirm_after` of a day."""

RETRY = 5 * MINUTE
UNWELCOME_RETRY = HOUR
UNWELCOME = frozenset({Reason.CHALLENGE, Reason.RATE_LIMITED})
"""The host asks for peace: a scheduled look comes back much later."""
IS_REGULAR, IS_RECHECK, IS_RETRY = "regular", "after an absence", "after an invalid look"
IS_UNWELCOME, IS_ASKED_TO_WAIT = "the site wants no visits now", "the site asked to wait"
IS_CANARY = "a canary: looked at now and then"
IS_PUBLISHED = "placed by how soon posts usually vanish"
IS_LEARNED = "placed by how soon posts vanished on your walls so far"
"""Why a look is planned for its moment."""
REGULAR_REASONS = frozenset({IS_REGULAR, IS_PUBLISHED, IS_LEARNED})
LONGEST_WAIT = DAY
"""Bounds retries and `Retry-After`, so that no answer of a host ends its own observation."""
SHORTEST_WAIT = 1.0


@dataclass(frozen=True)
class _Step:
    """One planned look: seconds after the start, the gap before it, whether it may come early."""

    offset: float
    gap: float
    early: bool

    def starts(self) -> float:
        """Seconds after which a look counts as this one."""
        return self.offset - (JITTER * self.gap if self.early else 0.0)

    def planned(self, chance: float) -> float:
        """Seconds after the start; `chance` is between 0 and 1."""
        return self.starts() + chance * JITTER * self.gap * (2 if self.early else 1)


def next_check(
    *,
    captured_at: datetime,
    now: datetime,
    records: Sequence[Observation],
    verdict: Verdict,
    policy: Policy | None = None,
    jitter: Callable[[], float],
    retry_after: float | None = None,
    plan: Plan | None = None,
    looks_left: int = 0,
) -> tuple[datetime, str]:
    """The next look and, in words, why then.

    `records` are all looks so far, `verdict` what was judged of them; `jitter` gives a number
    from 0 to 1 (0.5 means no jitter); `retry_after` is what the host asked for, in seconds;
    `plan` is the wall's, of which `looks_left` looks are left. The moment given is always later
    than `now`.
    """
    policy = policy or Policy()
    facts = gather(records, policy)
    chance = min(max(jitter(), 0.0), 1.0)
    regular = _regular(plan, looks_left, captured_at, now, chance)
    at, reason = _plan(facts, regular, now, verdict, chance)
    at = max(at, now + timedelta(seconds=SHORTEST_WAIT if facts.trailing else 0.001))
    if retry_after is not None and retry_after > 0:
        asked = now + timedelta(seconds=min(retry_after, LONGEST_WAIT))
        if asked > at:
            return asked, IS_ASKED_TO_WAIT
    return at, reason


def planned_age(plan: Plan, age: float, looks_left: int, chance: float) -> float | None:
    """The age in seconds of a plan's next look, moved by chance (0 to 1); None beyond the horizon.

    The look at the horizon is never early, so that it closes the last window.
    """
    due = plan.next_age(age, looks_left)
    if due is None:
        return None
    early = JITTER if due < HORIZON else 0.0
    return due + (due - age) * (chance * (JITTER + early) - early)


def _regular(
    plan: Plan | None, looks_left: int, captured_at: datetime, now: datetime, chance: float
) -> tuple[datetime, str]:
    age = (now - captured_at).total_seconds()
    planned = None if plan is None else planned_age(plan, max(age, 0.0), looks_left, chance)
    if plan is not None and planned is not None:
        reason = IS_LEARNED if plan.deletions else IS_PUBLISHED
        return captured_at + timedelta(seconds=planned), reason
    listed = _after(captured_at, now, REGULAR_STEPS, chance)
    if listed is None:
        listed = now + timedelta(seconds=LAST_STEP * (1 + JITTER * (2 * chance - 1)))
    return listed, IS_REGULAR


def _plan(
    facts: Facts, regular: tuple[datetime, str], now: datetime, verdict: Verdict, chance: float
) -> tuple[datetime, str]:
    if facts.trailing:
        return _retry(facts, now, chance)
    run = facts.open_run
    if run is None or not _needs_rechecks(verdict):
        return regular
    quick = _recheck(run, now, facts.policy, verdict, chance)
    if quick is None or quick >= regular[0]:
        return regular
    return quick, IS_RECHECK


def _needs_rechecks(verdict: Verdict) -> bool:
    # Where two paths are shown different pages, a quick succession of looks settles nothing.
    by_path = verdict.state is State.DISPUTED and "vantages_disagree" in verdict.rules
    settled = by_path or verdict.state in (State.TOMBSTONED, State.WITHDRAWN)
    return not settled and verdict.level is not Level.CONFIRMED


def _recheck(
    run: Run, now: datetime, policy: Policy, verdict: Verdict, chance: float
) -> datetime | None:
    steps = _recheck_steps(policy)
    quick = _after(run.first_missing, now, steps, chance)
    past_span = now - run.first_missing >= timedelta(seconds=policy.likely_span)
    if past_span and verdict.level is Level.SUSPECTED and run.last_seen is not None:
        # The span has passed, only looks are missing: they need not wait for the next step. (Of a
        # post that was never seen nothing firmer is ever concluded, however often one looks.)
        soon = now + timedelta(seconds=max(steps[0].offset, SHORTEST_WAIT))
        return soon if quick is None else min(quick, soon)
    return quick


def _recheck_steps(policy: Policy) -> list[_Step]:
    spans = {policy.likely_span, policy.confirm_after}
    towards_likely = {part * min(policy.likely_span, HOUR) for part in TOWARDS_LIKELY}
    towards_confirmed = {part * min(policy.confirm_after, DAY) for part in TOWARDS_CONFIRMED}
    return _steps(sorted(towards_likely | towards_confirmed | spans), never_early=spans)


def _steps(offsets: Sequence[float], never_early: set[float] | None = None) -> list[_Step]:
    before = [0.0, *offsets]
    return [
        _Step(offset, offset - previous, offset not in (never_early or set()))
        for previous, offset in zip(before, offsets, strict=False)
    ]


REGULAR_STEPS = tuple(_steps(REGULAR))


def _after(
    start: datetime, now: datetime, steps: Sequence[_Step], chance: float
) -> datetime | None:
    """The first step that no look up to now counts as; None when all are past."""
    passed = (now - start).total_seconds()
    due = next((step for step in steps if step.starts() > passed), None)
    return None if due is None else start + timedelta(seconds=due.planned(chance))


def _retry(facts: Facts, now: datetime, chance: float) -> tuple[datetime, str]:
    unwelcome = facts.trailing[-1].reason in UNWELCOME
    shrink = min(1.0, facts.policy.likely_span / HOUR)
    first = UNWELCOME_RETRY if unwelcome else RETRY * shrink
    doublings = min(len(facts.trailing) - 1, 20)
    wait = min(first * 2**doublings, LONGEST_WAIT) * (1 + JITTER * (2 * chance - 1))
    return now + timedelta(seconds=wait), IS_UNWELCOME if unwelcome else IS_RETRY
