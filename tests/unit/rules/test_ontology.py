"""The page that explains the rules explains all of them, in their order."""

from enum import StrEnum
from pathlib import Path

import pytest

import archiver
from archiver.checker.rules import rule_table
from archiver.domain.observation import NoticeKind, Reason, Sighting
from archiver.domain.verdict import Level, State

PAGE = Path(archiver.__file__).parent.parent / "docs" / "ontology.md"


@pytest.mark.parametrize("words", [State, Level, Sighting, Reason, NoticeKind])
def test_every_word_of_a_record_or_verdict_is_explained(words: type[StrEnum]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [word.value for word in words if f"`{word.value}`" not in text] == []


def test_the_rules_are_listed_as_they_are() -> None:
    listed = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    rows = []
    for rule in rule_table():
        level = f" ({rule.level})" if rule.level else ""
        state = f"{rule.state or '-'}{level}"
        rows.append(f"| `{rule.rule_id}` | {state} | {rule.comment} | {rule.evidence} |")
    assert [line for line in listed if line in rows] == rows
