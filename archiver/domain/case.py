"""A case: one complaint, its postings on one or several sites, and its events off the wall."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from archiver.domain.instant import Instant


class EventKind(StrEnum):
    """What happened off the wall, or on it without being a post of the case."""

    PRIVATE_MESSAGE = "private_message"
    EMAIL = "email"
    LETTER = "letter"
    CALL = "call"
    PROMISE = "promise"
    CLAIM = "claim"
    ANSWER = "answer"
    OTHER = "other"


class Direction(StrEnum):
    """Who addressed whom."""

    FROM_BRAND = "from_brand"
    TO_BRAND = "to_brand"
    OTHER = "other"


class CaseEvent(BaseModel):
    """One event. `due_at` is a promise's date; `claims_event_id` names an event said to have
    happened already, so that a claim made before the fact shows as a contradiction."""

    model_config = ConfigDict(extra="forbid")

    kind: EventKind
    direction: Direction = Direction.OTHER
    at: Instant
    text: str = Field(min_length=1, max_length=20_000)
    due_at: Instant | None = None
    claims_event_id: str | None = Field(default=None, max_length=100)
    kept_at: Instant | None = None
