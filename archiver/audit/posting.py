"""A posting of a case, as the figures and the timeline take it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from archiver.audit.survival import Lifetime, lifetime
from archiver.domain.case import CaseEvent
from archiver.domain.instant import Instant
from archiver.domain.observation import Actor, Notice
from archiver.domain.verdict import Level, State, Verdict

ESTABLISHED = frozenset({Level.LIKELY, Level.CONFIRMED})


class Fate(StrEnum):
    """What became of a posting, in the words of the figures."""

    VANISHED = "vanished"
    WITHDRAWN = "withdrawn"
    VISIBLE = "visible"
    OPEN = "open"


class Posting(BaseModel):
    """One post of a case. `own`: the complainant's; otherwise somebody else's that is watched.

    `posted_at` is None when it is not known; `captured_at` is when the watch began.
    """

    model_config = ConfigDict(frozen=True)

    watch_id: str
    url: str
    text: str
    captured_at: Instant
    posted_at: Instant | None = None
    author: str | None = None
    own: bool = True
    verdict: Verdict
    notices: Sequence[Notice] = ()

    @property
    def appeared_at(self) -> datetime:
        """When it was posted, or the moment from which that is known."""
        return self.posted_at or self.captured_at

    @property
    def fate(self) -> Fate:
        """What became of it. What the author took down never counts as vanished."""
        verdict = self.verdict
        if verdict.state is State.WITHDRAWN:
            return Fate.WITHDRAWN
        if verdict.state is State.TOMBSTONED:
            return Fate.WITHDRAWN if verdict.actor is Actor.AUTHOR else Fate.VANISHED
        if verdict.state in (State.REMOVED, State.HIDDEN):
            return Fate.VANISHED
        if verdict.state in (State.VISIBLE, State.EDITED, State.COLLAPSED, State.RESTORED):
            return Fate.VISIBLE
        return Fate.OPEN

    @property
    def lifetime(self) -> Lifetime | None:
        """How long it lived, when its disappearance is established and its posting dated."""
        verdict = self.verdict
        firm = verdict.level in ESTABLISHED or verdict.state is State.TOMBSTONED
        if self.fate is not Fate.VANISHED or not firm or self.posted_at is None:
            return None
        if verdict.first_missing is None:
            return None
        return lifetime(self.posted_at, verdict.last_seen, verdict.first_missing)


class DatedEvent(BaseModel):
    """An event of a case with its identifier."""

    model_config = ConfigDict(frozen=True)

    event_id: str
    event: CaseEvent
