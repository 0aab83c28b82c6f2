"""An observation: one look at one post from one vantage. Append-only; never a conclusion."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from archiver.domain.instant import Instant


class VantageClass(StrEnum):
    """From whose eyes: anybody's clean browser, or the contributor's logged-in one."""

    PUBLIC = "public"
    AUTHOR = "author"


AUTHOR_THERE = "author_there"
"""Fact of an absence: the author's own page was served."""
THINNED = "thinned"
"""Fact of a look: many known posts are missing at once, so the wall may show a mere choice."""
MISSING_ELSEWHERE = "author_missing_elsewhere"
"""Fact of an absence: the author's known posts are missing on at least two other walls, and none is
left on any."""


class Validity(StrEnum):
    """Whether the look can say anything at all."""

    VALID = "valid"
    INVALID = "invalid"


class Reason(StrEnum):
    """Why a look is invalid."""

    LOGIN_WALL = "login_wall"
    CHALLENGE = "challenge"
    RATE_LIMITED = "rate_limited"
    CONSENT_WALL = "consent_wall"
    GEO_BLOCKED = "geo_blocked"
    NOT_RENDERED = "not_rendered"
    INCOMPLETE = "incomplete"
    STALE_CACHE = "stale_cache"
    SERVER_ERROR = "server_error"
    NETWORK_ERROR = "network_error"
    CHECKER_FAULT = "checker_fault"


class Sighting(StrEnum):
    """What a valid look says."""

    PRESENT = "present"
    MOVED = "moved"
    EDITED = "edited"
    COLLAPSED = "collapsed"
    CONCEALED = "concealed"
    TOMBSTONE = "tombstone"
    ABSENT = "absent"
    PARENT_GONE = "parent_gone"
    WALL_GONE = "wall_gone"
    AUTHOR_GONE = "author_gone"


class Actor(StrEnum):
    """Who acted, as far as positive evidence says."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    PLATFORM = "platform"
    UNKNOWN = "unknown"


class Vantage(BaseModel):
    """From where a look was taken. `id` tells two public network paths apart."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")

    class_: VantageClass = Field(default=VantageClass.PUBLIC, alias="class")
    id: str = "default"


class Controls(BaseModel):
    """Known siblings looked for, found, and on which side of the target's place."""

    known: int = Field(default=0, ge=0)
    found: int = Field(default=0, ge=0)
    before: int = Field(default=0, ge=0)
    after: int = Field(default=0, ge=0)


class Answer(StrEnum):
    """How one address of the permalink trio answered."""

    SERVED = "served"
    GONE = "gone"
    UNCLEAR = "unclear"


class Trio(BaseModel):
    """Target, live sibling and non-existent id, asked by permalink."""

    target: Answer
    sibling: Answer
    nonexistent: Answer
    agrees: bool | None = None


class Sibling(BaseModel):
    """Another post of the same wall as one look saw it, in the page's order.

    `position` counts posts from the top of what was read. `parent` is the id or the own address of
    the post answered to; `author_id` what the page links an author by, mostly the own page's
    address.
    """

    model_config = ConfigDict(extra="ignore")

    position: int
    post_id: str | None = None
    author: str | None = None
    text: str = ""
    time: str | None = None
    permalink: str | None = None
    parent: str | None = None
    author_id: str | None = None


class Observation(BaseModel):
    """One look. `sighting` is null when invalid, `reason` is null when valid.

    `at` is the only time that the rules use. `seen` holds the target as read, `siblings` the
    other posts (the next look's controls), `skeleton` the wall's shape (to notice a redesign).
    `source` is the form in which the server's own HTML held the post (`item`, `page`, `by`); None
    where it did not, or it is not known.
    `page` names the visit's page that shows the post, or its place: `page`, `page2`...; None when
    there is none. `reader` is the version of the page-reading scripts; None: older than versions.
    `facts` are the ids of the gates that the look passed, in their order; a closed one has a `!`.
    `site.NAME` there: what is known of the site read the page; with a `!` it stepped aside.
    """

    model_config = ConfigDict(extra="ignore")

    kind: Literal["observation"] = "observation"
    at: Instant
    vantage: Vantage = Field(default_factory=Vantage)
    validity: Validity
    reason: Reason | None = None
    sighting: Sighting | None = None
    actor: Actor | None = None
    controls: Controls = Field(default_factory=Controls)
    trio: Trio | None = None
    matched_by: str | None = None
    similarity: float | None = Field(default=None, ge=0.0, le=1.0)
    via: Literal["browser", "http"] = "browser"
    final_url: str | None = None
    status: int | None = None
    detail: str | None = None
    page: str | None = Field(default=None, pattern=r"^page[0-9]{0,3}$")
    seen: Sibling | None = None
    siblings: list[Sibling] = Field(default_factory=list)
    skeleton: dict[str, Any] | None = None
    source: dict[str, str] | None = None
    reader: str | None = None
    facts: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _consistent(self) -> "Observation":
        if self.validity is Validity.VALID:
            if self.sighting is None:
                raise ValueError("a valid observation needs a sighting")
            if self.reason is not None:
                raise ValueError("a valid observation has no reason")
        else:
            if self.reason is None:
                raise ValueError("an invalid observation needs a reason")
            if self.sighting is not None:
                raise ValueError("an invalid observation has no sighting")
        return self


class NoticeKind(StrEnum):
    """What the author told or was told; or what is known of the checker on the post's site."""

    WITHDRAWN = "withdrawn"
    REASONS_GIVEN = "reasons_given"
    OTHER = "other"
    RETRACTED = "retracted"
    SITE_DEGRADED = "site_degraded"
    SITE_RIGHT = "site_right"


BY_THE_AUTHOR = frozenset({NoticeKind.WITHDRAWN, NoticeKind.REASONS_GIVEN, NoticeKind.OTHER})
"""Notices that can be taken back."""
OF_THE_SITE = frozenset({NoticeKind.SITE_DEGRADED, NoticeKind.SITE_RIGHT})
"""Notices that only the checker itself records."""


def _named(retracts: datetime | None, others: ValidationInfo) -> datetime | None:
    if (others.data.get("notice") is NoticeKind.RETRACTED) is (retracts is None):
        raise ValueError("'retracts' names the moment of the notice that 'retracted' takes back")
    return retracts


Retracts = Annotated[Instant | None, AfterValidator(_named), Field(validate_default=True)]
"""The moment that a notice takes back: a retraction names one, and nothing else does. It stands
after `notice` in a model."""


class Notice(BaseModel):
    """A notice: the author's own withdrawal, a statement of reasons that was received, that either
    is taken back (`retracted`), or that the checker misread a post of this site that it knows
    (`site_degraded`), until it reads them right again (`site_right`).

    `since`: from when on its looks are not relied on. `retracts`: the moment (`at`) of the notice
    by the author that a `retracted` one takes back; it stays in the record."""

    model_config = ConfigDict(extra="ignore")

    kind: Literal["notice"] = "notice"
    at: Instant
    notice: NoticeKind
    text: str = ""
    since: Instant | None = None
    retracts: Retracts = None
