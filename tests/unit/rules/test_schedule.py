from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.checker.rules import judge
from archiver.checker.schedule import JITTER, LONGEST_WAIT, REGULAR, next_check
from archiver.domain.observation import Observation
from archiver.domain.verdict import Policy
from tests.unit.rules.shorthand import START, moment, records

SECONDS_POLICY = Policy(likely_span=2, confirm_after=6)


def plan(
    given: str, now: datetime, *, chance: float = 0.5, retry_after: float | None = None
) -> tuple[timedelta, str]:
    known = records(given)
    at, reason = next_check(
        captured_at=START,
        now=now,
        records=[record for record in known if isinstance(record, Observation)],
        verdict=judge(known),
        jitter=lambda: chance,
        retry_after=retry_after,
    )
    return at - START, reason


M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REGULAR_TABLE = [
    # (records, looked last, next look, why)
    ("", (0, "m"), 2 * M, "the witness's look was the first"),
    ("P@0m", (0, "m"), 2 * M, "two minutes after the capture"),
    ("P@2m", (2, "m"), 5 * M, "then five"),
    ("P@4m", (4, "m"), 5 * M, "a look somebody asked for takes no step's place"),
    ("P@60m", (60, "m"), 90 * M, "after an hour"),
    ("P@22h", (22, "h"), 24 * H, "hours"),
    ("P@24h", (24, "h"), 36 * H, "a day"),
    ("P@72h", (72, "h"), 4 * D, "daily from the third day"),
    ("P@13d", (13, "d"), 14 * D, "to the fourteenth"),
    ("P@14d", (14, "d"), 21 * D, "then weekly"),
    ("P@84d", (84, "d"), 120 * D, "to the ninetieth, then monthly"),
    ("P@360d", (360, "d"), 390 * D, "and monthly ever after"),
    ("P@0m E@10m", (10, "m"), 15 * M, "an edited post is looked at like any other"),
    ("P@0m T:moderator@10m", (10, "m"), 15 * M, "a tombstone needs no quick looks"),
    ("P@0m N:withdrawn@1m A@10m", (10, "m"), 15 * M, "nor does a withdrawal"),
]


@pytest.mark.parametrize(("given", "now", "expected", "why"), REGULAR_TABLE)
def test_the_regular_plan(given: str, now: tuple[int, str], expected: timedelta, why: str) -> None:
    assert plan(given, moment(*now)) == (expected, "regular"), why


RECHECK_TABLE = [
    # (records, looked last, next look)
    ("P@0m A@1d", (1, "d"), D + 1 * M),
    ("P@0m A@1440m A@1441m", (1441, "m"), D + 5 * M),
    ("P@0m A@1440m A@1441m A@1445m", (1445, "m"), D + 15 * M),
    ("P@0m A@1440m A@1441m A@1455m", (1455, "m"), D + H),
    ("P@0m A@24h A@1441m A@25h", (25, "h"), D + 6 * H),
    ("P@0m A@24h A@1441m A@25h A@30h", (30, "h"), D + 12 * H),  # the regular one comes first
    ("P@0m A@10d A@241h A@242h A@246h", (246, "h"), 11 * D),
    ("P@0m G@1d", (1, "d"), D + 1 * M),  # a vanished parent may be a passing fault
    ("P@0m X@1d", (1, "d"), D + 1 * M),  # concealed once: a second look decides
]


@pytest.mark.parametrize(("given", "now", "expected"), RECHECK_TABLE)
def test_quick_looks_after_a_first_absence(
    given: str, now: tuple[int, str], expected: timedelta
) -> None:
    at, _ = plan(given, moment(*now))
    if given.endswith(("A@30h", "A@246h")):
        # A policy's span never comes early: half of the jitter is its middle.
        assert expected <= at <= expected + 3 * H
    else:
        assert abs(at - expected) <= 0.08 * H


def test_a_post_that_was_never_seen_is_not_looked_for_every_minute() -> None:
    assert judge(records("A@0m A@1m A@5m A@15m A@60m A@6h")).level == "suspected"
    at, _ = plan("A@0m A@1m A@5m A@15m A@60m A@6h", moment(6, "h"))
    assert at >= 8 * H


def test_a_confirmed_removal_goes_back_to_the_regular_plan() -> None:
    given = "P@0m A@24h A@1441m A@25h A@48h"
    assert judge(records(given)).level == "confirmed"
    assert plan(given, moment(48, "h")) == (72 * H, "regular")


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_the_looks_that_reach_a_level_never_come_too_early(chance: float) -> None:
    likely, _ = plan("P@0m A@30d A@43201m A@43215m", moment(43215, "m"), chance=chance)
    assert 30 * D + H <= likely <= 30 * D + 1.2 * H
    confirmed, _ = plan("P@0m A@30d A@43215m A@721h A@726h", moment(726, "h"), chance=chance)
    assert 31 * D <= confirmed <= 31 * D + 3 * H


RETRY_TABLE = [
    # (records, looked last, wait, why)
    ("P@0m I:server_error@1h", (1, "h"), 5 * M, "after an invalid look"),
    ("P@0m I@1h I@2h", (2, "h"), 10 * M, "after an invalid look"),
    ("P@0m I@1h I@2h I@3h I@4h", (4, "h"), 40 * M, "after an invalid look"),
    ("P@0m I:challenge@1h", (1, "h"), 1 * H, "the site wants no visits now"),
    ("P@0m I:rate_limited@1h I:rate_limited@2h", (2, "h"), 2 * H, "the site wants no visits now"),
    ("P@0m A@1h I:challenge@2h", (2, "h"), 1 * H, "the site wants no visits now"),
    (" ".join(f"I@{n}h" for n in range(1, 31)), (30, "h"), 1 * D, "after an invalid look"),
]


@pytest.mark.parametrize(("given", "now", "wait", "why"), RETRY_TABLE)
def test_invalid_looks_are_retried_ever_later(
    given: str, now: tuple[int, str], wait: timedelta, why: str
) -> None:
    at, reason = plan(given, moment(*now))
    assert (START + at - moment(*now), reason) == (wait, why)


def test_retry_after_is_honoured_up_to_a_day() -> None:
    now = moment(1, "h")
    assert plan("P@1h", now, retry_after=7200) == (3 * H, "the site asked to wait")
    assert plan("P@1h", now, retry_after=60) == (90 * M, "regular")
    assert plan("P@1h", now, retry_after=1e12) == (25 * H, "the site asked to wait")


@pytest.mark.parametrize("visit_s", [0.2, 1.0, 1.9])
def test_spans_of_seconds_reach_likely_and_confirmed_within_seconds(visit_s: float) -> None:
    # A test's policy; each visit takes a while. The levels follow soon after their spans.
    looks = [*records("P@0m")]
    reached: dict[str, float] = {}
    first = now = START + timedelta(hours=5)
    while "confirmed" not in reached:
        look = {"at": now, "validity": "valid", "sighting": "absent"}
        looks.append(Observation.model_validate(look))
        verdict = judge(looks, SECONDS_POLICY)
        reached.setdefault(str(verdict.level), (now - first).total_seconds())
        due, reason = next_check(
            captured_at=START,
            now=now,
            records=[look for look in looks if isinstance(look, Observation)],
            verdict=verdict,
            policy=SECONDS_POLICY,
            jitter=lambda: 1.0,
        )
        assert due - now <= timedelta(seconds=7) or verdict.level == "confirmed", reason
        now = max(due, now + timedelta(seconds=visit_s))
    assert list(reached) == ["suspected", "likely", "confirmed"]
    assert 2 <= reached["likely"] <= 2 + 2 * visit_s + 1.5
    assert 6 <= reached["confirmed"] <= 6 + visit_s + 1.5


MOMENTS = st.integers(0, 500 * 86400).map(lambda seconds: START + timedelta(seconds=seconds))


@given(MOMENTS, st.floats(0, 1), st.sampled_from(["", "P@0m", "P@0m A@1h", "P@0m A@1h I@2h"]))
def test_the_next_look_is_always_ahead_and_never_too_far(
    now: datetime, chance: float, given: str
) -> None:
    at, _ = plan(given, now, chance=chance)
    ahead = START + at - now
    assert timedelta(0) < ahead <= 36 * (1 + JITTER) * D


@given(st.floats(0, 1), st.integers(1, len(REGULAR) - 2))
def test_jitter_neither_skips_nor_repeats_a_step(chance: float, index: int) -> None:
    at, _ = plan("P@0m", START + timedelta(seconds=REGULAR[index]), chance=chance)
    planned = START + timedelta(seconds=REGULAR[index + 1])
    gap = REGULAR[index + 1] - REGULAR[index]
    assert abs((START + at - planned).total_seconds()) <= JITTER * gap + 1e-3
    following, _ = plan("P@0m", START + at, chance=chance)
    assert following > timedelta(seconds=REGULAR[index + 1])
    assert LONGEST_WAIT == 86400
