"""What a verdict tells of how long its post lived."""

from datetime import timedelta

import pytest

from archiver.checker.hazard import DAY, HOUR, MINUTE, Lifespan
from archiver.checker.lifespans import lifespan
from archiver.checker.rules import judge
from tests.unit.rules.shorthand import START, records

TABLE = [
    # (records, last seen, first missing), seconds after the first look
    ("P@0m P@2h", 2 * HOUR, None),  # there
    ("P@0m A@10m A@20m A@80m", 0.0, 10 * MINUTE),  # likely removed
    ("P@0m P@5m A@10m A@20m A@80m", 5 * MINUTE, 10 * MINUTE),
    ("P@0m P@5m A@10m", 5 * MINUTE, None),  # only suspected so far
    ("P@0m T:moderator@10m", 0.0, 10 * MINUTE),  # a tombstone is sure at once
    ("P@0m G@10m", 0.0, None),  # the parent went: one act for all
    ("P@0m A@1h A@2h A@3h P@5h P@9h", 0.0, HOUR),  # it was gone for four hours
    ("P@0m A@60m P@70m P@9h", 9 * HOUR, None),  # ten minutes are no deletion
    ("P@0m A@10m A@20m A@80m N:withdrawn@90m", 0.0, 10 * MINUTE),  # whoever took it down
    ("A@0m A@10m A@20m A@80m", None, None),  # never seen: nothing is known
    ("I@1h", None, None),
]


@pytest.mark.parametrize(("given", "seen", "missing"), TABLE)
def test_a_life_as_far_as_it_is_known(
    given: str, seen: float | None, missing: float | None
) -> None:
    found = lifespan(START, judge(records(given)))
    phase = (START - START.replace(hour=0, minute=0, second=0)).total_seconds() % DAY
    assert found == (None if seen is None else Lifespan(phase, seen, missing))


def test_a_sighting_from_before_the_first_look_counts_as_age_zero() -> None:
    found = lifespan(START + timedelta(minutes=1), judge(records("P@0m A@10m A@20m A@80m")))
    assert found is not None
    assert (found.seen, found.missing) == (0.0, 9 * MINUTE)
