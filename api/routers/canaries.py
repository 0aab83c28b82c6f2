"""Canaries: posts of which you know whether they are there. They vouch for the checks of a site."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.deps import Capturer, Reader, TheHouse
from api.schemas import problem_response
from api.schemas_watches import NewWatch
from archiver.checker.health import Expected
from archiver.domain.instant import Instant
from archiver.domain.post import Target
from archiver.services.canaries import CanaryView

router = APIRouter(prefix="/canaries", tags=["health"])


class NewCanary(NewWatch):
    """A post, and what is known of it: `live`, or `removed` for certain."""

    expected: Expected = Field(description="What you know: `live` or `removed`.")


class CanaryAnswer(BaseModel):
    """A canary. `wrong_at`: since when it is misread; the verdicts of its site are `indeterminate`
    until it is read right again, or removed here. `read_as`: the newest valid sighting."""

    watch_id: str
    site: str
    url: str
    text: str
    expected: Expected
    everybody: bool
    created_at: Instant
    right_at: Instant | None
    wrong_at: Instant | None
    read_as: str | None
    next_check_at: Instant | None


def canary_answer(view: CanaryView) -> CanaryAnswer:
    """A canary as it is answered."""
    watch = view.watch.model_dump(include={"url", "text", "next_check_at"})
    return CanaryAnswer.model_validate({**view.canary.model_dump(), **watch})


@router.get("")
def list_canaries(house: TheHouse, caller: Reader) -> list[CanaryAnswer]:
    """Your own, and those that the operator set for everybody."""
    return [canary_answer(view) for view in house.canaries.listed(caller.workspace_id)]


@router.post(
    "",
    status_code=201,
    responses={422: problem_response("A field does not fit, or an address never opened.")},
)
def set_canary(sent: NewCanary, house: TheHouse, caller: Capturer) -> CanaryAnswer:
    """Sets a canary; it is looked at now, and then every six hours."""
    target = Target(**sent.model_dump(exclude={"posted_at", "expected"}))
    view = house.canaries.set(caller.workspace_id, target, sent.expected, actor=caller.token_id)
    return canary_answer(view)


@router.delete(
    "/{watch_id}",
    status_code=204,
    responses={404: problem_response("No such canary of this workspace.")},
)
def remove_canary(watch_id: str, house: TheHouse, caller: Capturer) -> Response:
    """It vouches for nothing any more. What was seen stays in the record."""
    house.canaries.remove(caller.workspace_id, watch_id, actor=caller.token_id)
    return Response(status_code=204)
