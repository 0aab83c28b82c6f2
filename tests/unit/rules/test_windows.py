"""What stands in a verdict's windows, and what a contradictory record cannot do."""

from archiver.checker.rules import judge
from archiver.domain.observation import (
    AUTHOR_THERE,
    MISSING_ELSEWHERE,
    Answer,
    Observation,
    Sighting,
    Trio,
    Validity,
)
from archiver.domain.verdict import Level
from tests.unit.rules.shorthand import START, moment, records


def test_a_window_runs_from_the_last_sighting_to_the_first_absence() -> None:
    verdict = judge(records("P@0m P@5m P@9m A@10m A@40m A@70m P@3d P@4d A@6d"))
    spans = [
        (window.last_seen, window.first_missing, window.seen_again) for window in verdict.windows
    ]
    assert spans == [
        (moment(9, "m"), moment(10, "m"), moment(3, "d")),
        (moment(4, "d"), moment(6, "d"), None),
    ]


def test_a_trio_that_says_both_served_and_agreed_confirms_nothing() -> None:
    served = Trio(target=Answer.SERVED, sibling=Answer.SERVED, nonexistent=Answer.GONE, agrees=True)
    late = Observation(
        at=moment(2, "d"), validity=Validity.VALID, sighting=Sighting.ABSENT, trio=served
    )
    verdict = judge([*records("P@0m A@1h A@2h A@3h"), late])
    assert verdict.level is Level.LIKELY
    assert "trio_disagrees" in verdict.rules
    assert verdict.last_seen == START


def test_a_post_that_no_public_look_ever_saw_is_never_more_than_suspected() -> None:
    verdict = judge(records("A@1h A@2h A@3h A@30h A@60h"))
    assert verdict.level is Level.SUSPECTED
    assert not verdict.silent
    assert "removed_confirmed" not in verdict.rules
    assert verdict.rules[0] == "absent_never_seen"


def _absent(day: int, *facts: str) -> Observation:
    return Observation(
        at=moment(day, "d"), validity=Validity.VALID, sighting=Sighting.ABSENT, facts=list(facts)
    )


def test_a_removal_is_not_confirmed_while_its_author_may_have_left() -> None:
    begun = records("P@0m A@1h A@2h A@3h")
    doubted = judge([*begun, _absent(2, MISSING_ELSEWHERE)])
    assert (doubted.level, doubted.silent) == (Level.LIKELY, True)
    assert "author_in_doubt" in doubted.rules
    assert "trio_disagrees" not in doubted.rules
    there = judge([*begun, _absent(2, AUTHOR_THERE), _absent(3, MISSING_ELSEWHERE)])
    assert (there.level, "author_in_doubt" in there.rules) == (Level.CONFIRMED, False)
    settled = judge([*begun, _absent(2, MISSING_ELSEWHERE), _absent(3)])
    assert settled.level is Level.CONFIRMED
