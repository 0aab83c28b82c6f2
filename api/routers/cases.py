"""Cases: a complaint, its postings, its events off the wall."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import Capturer, Reader, TheHouse
from api.schemas import problem_response
from api.schemas_cases import (
    CaseAnswer,
    CaseSummary,
    EventAnswer,
    NewCase,
    NewPosting,
    case_answer,
    case_summary,
    event_answer,
)
from api.schemas_watches import Limit, Listing, Offset, WatchAnswer, listing, watch_answer
from archiver.domain.case import CaseEvent

router = APIRouter(prefix="/cases", tags=["cases"])
NOT_FOUND = problem_response("No such case, or watch, in this workspace.")


@router.post("", status_code=201)
def open_case(sent: NewCase, house: TheHouse, caller: Capturer) -> CaseSummary:
    """Opens a case."""
    case = house.casework.open(caller.workspace_id, sent.title, sent.brand, actor=caller.token_id)
    return case_summary(case)


@router.get("")
def list_cases(
    house: TheHouse,
    caller: Reader,
    offset: Annotated[Offset, Query()] = 0,
    limit: Annotated[Limit, Query()] = 100,
) -> Listing[CaseSummary]:
    """The cases, the newest first."""
    page = house.casework.cases(caller.workspace_id, offset=offset, limit=limit)
    return listing(page, [case_summary(case) for case in page.items], offset, limit)


@router.get("/{case_id}", responses={404: NOT_FOUND})
def show_case(case_id: str, house: TheHouse, caller: Reader) -> CaseAnswer:
    """One case: its postings with their verdicts, figures, and the timeline."""
    return case_answer(house.casework.show(caller.workspace_id, case_id))


@router.post("/{case_id}/watches", status_code=201, responses={404: NOT_FOUND})
def add_posting(case_id: str, sent: NewPosting, house: TheHouse, caller: Capturer) -> WatchAnswer:
    """Makes a watched post a posting of the case."""
    view = house.casework.add_watch(
        caller.workspace_id,
        case_id,
        sent.watch_id,
        own=sent.own,
        posted_at=sent.posted_at,
        actor=caller.token_id,
    )
    return watch_answer(view)


@router.post(
    "/{case_id}/events",
    status_code=201,
    responses={404: NOT_FOUND, 422: problem_response("A field does not fit.")},
)
def add_event(case_id: str, sent: CaseEvent, house: TheHouse, caller: Capturer) -> EventAnswer:
    """Records an event off the wall. `claims_event_id` names the event that a claim says has
    happened already: when it happened later, the timeline shows the contradiction."""
    row = house.casework.add_event(caller.workspace_id, case_id, sent, actor=caller.token_id)
    return event_answer(row)


@router.get("/{case_id}/events", responses={404: NOT_FOUND})
def list_events(case_id: str, house: TheHouse, caller: Reader) -> list[EventAnswer]:
    """The events, in the order in which they happened."""
    return [event_answer(row) for row in house.casework.events(caller.workspace_id, case_id)]
