"""Erasure: content goes for good, the log keeps the fact. Needs a token with the scope `admin`."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.deps import Admin, Reader, TheHouse
from api.schemas import problem_response
from archiver.domain.instant import Instant
from archiver.services.erasure import ErasureFacts, ErasureReason

router = APIRouter(tags=["erasure"])
Why = Annotated[ErasureReason, Query(description="Why; it becomes part of the log.")]


class ErasureAnswer(BaseModel):
    """An erasure. `leaves` of the log were emptied; `partial` lost some of their files: pages that
    showed the post, and lists of neighbours. `leaf_index` is that of the erasure's own record."""

    id: str
    at: Instant
    reason: ErasureReason
    watch_id: str
    leaves: list[int]
    partial: list[int]
    leaf_index: int


def erasure_answer(done: ErasureFacts) -> ErasureAnswer:
    """An erasure as the interface gives it."""
    return ErasureAnswer(
        id=done.id,
        at=done.at,
        reason=ErasureReason(done.reason),
        watch_id=done.watch_id,
        leaves=done.leaves,
        partial=done.partial,
        leaf_index=done.leaf_index,
    )


@router.delete(
    "/captures/{capture_id}",
    responses={404: problem_response("No such capture in this workspace.")},
)
def erase_capture(
    capture_id: str, house: TheHouse, caller: Admin, erase: Why = ErasureReason.REQUEST
) -> ErasureAnswer:
    """Erases one capture for good; the post stays watched, with all that was seen of it.

    From then on the capture's addresses answer 410. Erasing again gives the same erasure.
    """
    return erasure_answer(
        house.erasure.capture(caller.workspace_id, capture_id, reason=erase, actor=caller.token_id)
    )


@router.get("/erasures")
def list_erasures(house: TheHouse, caller: Reader) -> list[ErasureAnswer]:
    """All erasures, oldest first."""
    return [erasure_answer(done) for done in house.erasure.listed(caller.workspace_id)]
