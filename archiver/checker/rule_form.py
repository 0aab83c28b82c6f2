"""The form of a rule, and how far what it rests on carries."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from archiver.checker.rules_facts import Facts
from archiver.domain.verdict import Level, State


class Evidence(StrEnum):
    """How far the evidence behind a rule carries."""

    NONE = "none"
    """Nothing is claimed of the post."""
    WEAK = "weak"
    """One look, or what is merely not known: it may turn out otherwise."""
    FAIR = "fair"
    """Several looks apart, or what a server says of a whole page."""
    STRONG = "strong"
    """Seen, written on the page, said by the author, or missed over a day with every control."""


@dataclass(frozen=True)
class Rule:
    """One row. A rule without a state only explains or qualifies the verdict."""

    rule_id: str
    comment: str
    when: Callable[[Facts], bool]
    state: State | None = None
    level: Level | None = None
    evidence: Evidence = Evidence.NONE


@dataclass(frozen=True)
class RuleRow:
    """One rule as pages show it."""

    rule_id: str
    comment: str
    state: State | None
    level: Level | None
    evidence: Evidence
