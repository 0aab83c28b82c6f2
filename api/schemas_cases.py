"""Shapes of cases."""

from pydantic import BaseModel, ConfigDict, Field

from api.schemas_watches import WatchAnswer, watch_answer
from archiver.domain.case import CaseEvent
from archiver.domain.instant import Instant
from archiver.services.casework import CaseFigures, CaseView, TimelineEntry
from archiver.store.tables import Case, CaseEventRow


class NewCase(BaseModel):
    """A complaint to follow."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"title": "Holes in both soles", "brand": "A shoe brand"}},
    )

    title: str = Field(min_length=1, max_length=500)
    brand: str | None = Field(default=None, max_length=500)


class NewPosting(BaseModel):
    """A watched post that belongs to the case. `own`: it is the complainant's own, not that of
    somebody who supports or contradicts. `posted_at`: when it was posted, if known."""

    model_config = ConfigDict(extra="forbid")

    watch_id: str = Field(max_length=100)
    own: bool = True
    posted_at: Instant | None = None


class CaseSummary(BaseModel):
    """A case without its postings."""

    id: str
    title: str
    brand: str | None
    created_at: Instant


class EventAnswer(CaseEvent):
    """A recorded event."""

    model_config = ConfigDict(extra="ignore")

    id: str
    case_id: str
    leaf_index: int
    recorded_at: Instant


class CaseAnswer(CaseSummary):
    """A case with everything that belongs to it, reckoned up to now."""

    postings: list[WatchAnswer]
    events: list[EventAnswer]
    figures: CaseFigures
    timeline: list[TimelineEntry]


def case_summary(case: Case) -> CaseSummary:
    """A case in a list."""
    return CaseSummary.model_validate(case.model_dump())


def event_answer(row: CaseEventRow) -> EventAnswer:
    """An event as it is answered."""
    return EventAnswer.model_validate(
        {
            **row.body,
            "id": row.id,
            "case_id": row.case_id,
            "leaf_index": row.leaf_index,
            "recorded_at": row.created_at,
        }
    )


def case_answer(view: CaseView) -> CaseAnswer:
    """A case as it is answered."""
    return CaseAnswer(
        **case_summary(view.case).model_dump(),
        postings=[watch_answer(posting) for posting in view.postings],
        events=[event_answer(row) for row in view.events],
        figures=view.figures,
        timeline=list(view.timeline),
    )
