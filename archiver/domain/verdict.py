"""A verdict: the conclusion drawn from all observations of a post. Recomputable by anybody."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from archiver.domain.instant import Instant
from archiver.domain.observation import Actor


class State(StrEnum):
    """What is concluded of a post; docs/ontology.md explains each."""

    VISIBLE = "visible"
    EDITED = "edited"
    COLLAPSED = "collapsed"
    REMOVED = "removed"
    TOMBSTONED = "tombstoned"
    HIDDEN = "hidden"
    PENDING = "pending"
    WITHDRAWN = "withdrawn"
    PARENT_GONE = "parent_gone"
    WALL_GONE = "wall_gone"
    AUTHOR_GONE = "author_gone"
    DISPUTED = "disputed"
    RESTORED = "restored"
    INDETERMINATE = "indeterminate"


class Level(StrEnum):
    """How firmly an absence is established."""

    SUSPECTED = "suspected"
    LIKELY = "likely"
    CONFIRMED = "confirmed"


class Window(BaseModel):
    """(last_seen, first_missing] of one disappearance, and when it was seen again, if ever."""

    last_seen: Instant | None = None
    first_missing: Instant
    seen_again: Instant | None = None


class Verdict(BaseModel):
    """State with its level, window and every rule that fired."""

    state: State
    level: Level | None = None
    silent: bool = False
    actor: Actor | None = None
    last_seen: Instant | None = None
    first_missing: Instant | None = None
    windows: list[Window] = Field(default_factory=list)
    rules: list[str] = Field(default_factory=list)
    rules_version: str
    reason: str | None = None
    unresolved: int = Field(default=0, ge=0)


class Policy(BaseModel):
    """The spans that the rules use; seconds. The defaults are explained in docs/ontology.md."""

    model_config = ConfigDict(extra="forbid")

    likely_span: float = Field(default=3600.0, ge=0)
    confirm_after: float = Field(default=86400.0, ge=0)
    misses: int = Field(default=3, ge=1)
    disputed_within: float = Field(default=1800.0, ge=0)
    alternates_within: float = Field(default=86400.0, ge=0)
    unresolved_looks: int = Field(default=3, ge=1)
    unresolved_span: float = Field(default=86400.0, ge=0)
