"""Which answer of the permalink trio counts, and what a rule rests on."""

import pytest

from archiver.checker.rule_form import Evidence
from archiver.checker.rules import judge, rule_table
from archiver.domain.verdict import Level, State
from tests.unit.rules.shorthand import records, verdict_text

NEWEST_COUNTS = [
    (
        "an early one that disagreed stands until a newer one answers",
        "P@0m A-@1h A@90m A@2h A@26h",
        "removed/likely silent unknown (0m,1h] w1",
    ),
    (
        "also where the post was seen in between: a served address did not cease to be",
        "P@0m A-@1h P@3d A@4d A@98h A@99h A@6d",
        "removed/likely silent unknown (3d,4d] w2",
    ),
    (
        "a newer one that agrees settles it",
        "P@0m A-@1h A@90m A+@2h A@26h",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
]


@pytest.mark.parametrize(("what", "given", "expected"), NEWEST_COUNTS)
def test_the_newest_answer_counts(what: str, given: str, expected: str) -> None:
    assert verdict_text(judge(records(given))) == expected, what


def test_levels_and_evidence_rise_together() -> None:
    rises = {
        Level.SUSPECTED: Evidence.WEAK,
        Level.LIKELY: Evidence.FAIR,
        Level.CONFIRMED: Evidence.STRONG,
    }
    rows = [row for row in rule_table() if row.level]
    assert len(rows) == 7
    assert [row.rule_id for row in rows if row.evidence is not rises[row.level]] == []


def test_what_concludes_nothing_claims_no_evidence() -> None:
    claims = [row for row in rule_table() if row.state is State.INDETERMINATE]
    assert {row.evidence for row in claims} == {Evidence.NONE}
