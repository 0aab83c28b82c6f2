"""What a check of everything finds, and how its parts go on step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Position = Mapping[str, Any]
"""Where a part goes on, as JSON data; empty at its beginning."""


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it should be. `kind` is one word, `subject` names the thing."""

    kind: str
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}: {self.detail}"


@dataclass(frozen=True)
class Step:
    """What one step found. `position` is None when the part is done."""

    position: Position | None
    checked: int
    faults: list[Fault] = field(default_factory=list)


class Part(Protocol):
    """One part of the check. A step takes a second or so, and reads a bounded number of rows."""

    name: str

    def total(self) -> int | None:
        """How much there is to check, roughly; None: that is not known beforehand."""

    def step(self, position: Position) -> Step:
        """Checks the next few."""
