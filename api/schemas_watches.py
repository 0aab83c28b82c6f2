"""Shapes of watches, looks, notices and walls."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, field_validator

from archiver.checker.budget import MOST
from archiver.checker.hazard import DAY, HOUR, MINUTE
from archiver.checker.placing import Plans
from archiver.domain.capture import Grade
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.instant import Instant
from archiver.domain.observation import (
    Notice,
    NoticeKind,
    Observation,
    Retracts,
    Sibling,
)
from archiver.domain.post import MIN_TEXT
from archiver.domain.verdict import Verdict
from archiver.services.budgets import WallBudget
from archiver.services.watching import Page, SeenLook, WatchView
from archiver.store.tables import NoticeRow, StoredFile, VerdictRow, Wall

T = TypeVar("T")
Offset = Annotated[int, Field(ge=0, le=1_000_000)]
SHOWN_AGES = (10 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
Limit = Annotated[int, Field(ge=1, le=500)]


class Listing(BaseModel, Generic[T]):
    """A part of a list. `total` counts the whole; ask for more by `offset`."""

    items: list[T]
    total: int
    offset: int
    limit: int


class NewWatch(BaseModel):
    """A post to watch: the page that shows it, its words, and whatever else is known of it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "url": "https://www.example.org/wall",
                "text": "After eight months both soles have holes.",
                "author": "A. Customer",
            }
        },
    )

    url: str = Field(min_length=1, max_length=4096, description="The page that shows the post.")
    text: str = Field(
        max_length=100_000,
        description="The post's words, verbatim; the longer, the surer it is found.",
    )
    author: str | None = Field(default=None, max_length=500, description="As the page shows it.")
    post_id: str | None = Field(default=None, max_length=500, description="The site's own id.")
    permalink: str | None = Field(default=None, max_length=4096, description="Its own address.")
    parent: str | None = Field(
        default=None, max_length=4096, description="The address of the post that it answers."
    )
    posted_at: Instant | None = Field(default=None, description="When it was posted, if known.")

    @field_validator("text")
    @classmethod
    def _long_enough(cls, text: str) -> str:
        if len(" ".join(text.split())) < MIN_TEXT:
            raise ValueError(
                "quote the post's words: an empty text, or one character, cannot identify a post"
            )
        return text


class WatchVerdict(Verdict):
    """What is concluded of the post now, and when it is looked at again."""

    next_check_at: Instant | None
    next_check_reason: str


class WatchAnswer(BaseModel):
    """A watched post. `grade`: who saw it. `waits_until`, `waits_for`: its host asked to be left
    alone, or put up a challenge; scheduled visits go on afterwards."""

    id: str
    wall_id: str
    case_id: str | None
    url: str
    text: str
    author: str | None
    post_id: str | None
    permalink: str | None
    parent: str | None
    own: bool
    created_at: Instant
    posted_at: Instant | None
    closed_at: Instant | None
    last_check_at: Instant | None
    grade: Grade
    capture_ids: list[str]
    verdict: WatchVerdict
    waits_until: Instant | None
    waits_for: str | None


class FileAnswer(BaseModel):
    """A file kept as evidence."""

    name: str
    role: str
    media_type: str
    size: int


class ObservationAnswer(Observation):
    """One look with its place in the log, when it was recorded, and the files it brought home."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    id: str
    watch_id: str
    leaf_index: int
    recorded_at: Instant
    files: list[FileAnswer]


class CheckAnswer(BaseModel):
    """The watch, and the look that was asked for; null when it was not taken in time."""

    watch: WatchAnswer
    observation: ObservationAnswer | None


class NewObservation(Observation):
    """A look by the contributor's own browser; `vantage.class` is `author`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    watch_id: str = Field(max_length=100)
    siblings: list[Sibling] = Field(default_factory=list, max_length=500)
    detail: str | None = Field(default=None, max_length=2000)
    final_url: str | None = Field(default=None, max_length=4096)


class NoticePicture(BaseModel):
    """A picture of a notice; `data` in base64 (RFC 4648)."""

    model_config = ConfigDict(extra="forbid")

    media_type: Literal["image/png", "image/jpeg", "image/webp"]
    data: Base64Bytes = Field(min_length=1)

    def file(self) -> EvidenceFile:
        """As it is kept: `notice.png`, `notice.jpg` or `notice.webp`."""
        ending = self.media_type.removeprefix("image/").replace("jpeg", "jpg")
        return EvidenceFile(f"notice.{ending}", self.media_type, self.data)


class NewNotice(BaseModel):
    """`withdrawn`: the author took the post back. `reasons_given`: a statement of reasons came,
    as text or as a picture of it. `retracted`: what was told at the moment `retracts` no longer
    holds. `at`: when; now, if it is left out."""

    model_config = ConfigDict(extra="forbid")

    notice: NoticeKind
    text: str = Field(default="", max_length=20_000)
    picture: NoticePicture | None = None
    at: Instant | None = None
    retracts: Retracts = None

    def as_of(self, now: datetime) -> Notice:
        """The notice, of its own moment or else of this one."""
        at = self.at or now
        return Notice(at=at, notice=self.notice, text=self.text, retracts=self.retracts)


class NoticeAnswer(Notice):
    """A recorded notice, with the files that show it."""

    id: str
    watch_id: str
    leaf_index: int
    recorded_at: Instant
    files: list[FileAnswer] = Field(default_factory=list)


class VerdictAnswer(Verdict):
    """A verdict as it stood from `at` on."""

    id: str
    at: Instant
    leaf_index: int


class WallAnswer(BaseModel):
    """A page on which posts are watched. `visits_per_day` bounds its scheduled visits, of which
    `visits_today` were made (the day is that of UTC and ends at `next_day_at`); `asked_today` are
    visits that somebody asked for, which nothing bounds. `visits_per_day_set`: null while the
    bound is that of the settings."""

    id: str
    url: str
    host: str
    created_at: Instant
    last_visit_at: Instant | None
    visits_per_day: int
    visits_per_day_set: int | None
    visits_today: int
    asked_today: int
    next_day_at: Instant


class WallChange(BaseModel):
    """What can be set of a wall. `visits_per_day`: null for that of the settings."""

    model_config = ConfigDict(extra="forbid")

    visits_per_day: int | None = Field(ge=0, le=MOST)


class VanishedBy(BaseModel):
    """The share of the posts that vanish at all which have vanished by an age."""

    seconds: float
    share: float


class WallPlan(BaseModel):
    """What the looks at a wall's posts are placed by. `learned_from`: deletions observed on it and
    on the workspace's other walls; with none the published figures stand. `by_hour`: factors for
    each two hours of the day (UTC), empty where the time of day makes no difference. `looks`: ages
    in seconds at which a post first seen now is looked at, before jitter."""

    learned_from: int
    vanished: list[VanishedBy]
    by_hour: list[float]
    looks: list[float]


def watch_answer(view: WatchView) -> WatchAnswer:
    """A watch as it is answered."""
    watch = view.watch
    verdict = WatchVerdict(
        **view.verdict.model_dump(),
        next_check_at=watch.next_check_at,
        next_check_reason=watch.next_check_reason,
    )
    return WatchAnswer.model_validate(
        {
            **watch.model_dump(),
            "verdict": verdict,
            "grade": view.grade,
            "capture_ids": list(view.capture_ids),
            "waits_until": view.waits_until,
            "waits_for": view.waits_for,
        }
    )


def observation_answer(seen: SeenLook) -> ObservationAnswer:
    """A look as it is answered."""
    row, files = seen.row, _file_answers(seen.files)
    return ObservationAnswer.model_validate(
        {**row.body, **_place(row.id, row.watch_id, row.leaf_index, row.created_at), "files": files}
    )


def notice_answer(row: NoticeRow, files: Sequence[StoredFile] = ()) -> NoticeAnswer:
    """A notice as it is answered."""
    place = _place(row.id, row.watch_id, row.leaf_index, row.created_at)
    return NoticeAnswer.model_validate({**row.body, **place, "files": _file_answers(files)})


def _file_answers(files: Sequence[StoredFile]) -> list[FileAnswer]:
    return [
        FileAnswer(name=f.name, role=f.role, media_type=f.media_type, size=f.size) for f in files
    ]


def verdict_answer(row: VerdictRow) -> VerdictAnswer:
    """A verdict of the past as it is answered."""
    return VerdictAnswer.model_validate(
        {**row.body, "id": row.id, "at": row.at, "leaf_index": row.leaf_index}
    )


def wall_answer(wall: Wall, budget: WallBudget) -> WallAnswer:
    """A wall as it is answered."""
    return WallAnswer.model_validate(
        {
            **wall.model_dump(exclude={"visits_per_day"}),
            "visits_per_day": budget.a_day,
            "visits_per_day_set": wall.visits_per_day,
            "visits_today": budget.used,
            "asked_today": budget.asked,
            "next_day_at": budget.until,
        }
    )


def wall_plan(plans: Plans, phase: float) -> WallPlan:
    """What is known of a wall, and the looks at a post whose age is 0 at this time of day."""
    hazard = plans.hazard
    shares = hazard.shares((0.0, *SHOWN_AGES), phase)
    total = sum(shares)
    reached = accumulate(share / total for share in shares)
    return WallPlan(
        learned_from=hazard.deletions,
        vanished=[
            VanishedBy(seconds=age, share=round(share, 4))
            for age, share in zip(SHOWN_AGES, reached, strict=True)
        ],
        by_hour=[] if hazard.is_even else [round(factor, 3) for factor in hazard.daily],
        looks=[round(age, 1) for age in plans.plan(phase).listed()],
    )


def _place(identifier: str, watch_id: str, leaf_index: int, recorded_at: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "watch_id": watch_id,
        "leaf_index": leaf_index,
        "recorded_at": recorded_at,
    }


def listing(page: Page[Any], items: list[T], offset: int, limit: int) -> Listing[T]:
    """A part of a list as it is answered."""
    return Listing[T](items=items, total=page.total, offset=offset, limit=limit)
