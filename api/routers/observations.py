"""Looks by the contributor's own browser."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.deps import Capturer, MaybeKey, Reader, TheHouse
from api.schemas import problem_response
from api.schemas_watches import (
    NewObservation,
    ObservationAnswer,
    WatchAnswer,
    observation_answer,
    watch_answer,
)
from api.security_evidence import evidence_response
from archiver.domain.observation import Observation

router = APIRouter(prefix="/observations", tags=["watches"])


class ObservationReceipt(BaseModel):
    """The recorded look, and the watch as it stands now."""

    observation: ObservationAnswer
    watch: WatchAnswer


@router.post(
    "",
    status_code=201,
    responses={
        404: problem_response("No such watch in this workspace."),
        409: problem_response("The Idempotency-Key came before with another look."),
        422: problem_response("A field does not fit; a public look; a time in the future."),
    },
)
def add_observation(
    sent: NewObservation,
    house: TheHouse,
    caller: Capturer,
    idempotency_key: MaybeKey = None,
) -> ObservationReceipt:
    """Records what the contributor saw of a watched post in a browser of their own.

    Such a look tells a hidden post from a removed one; it never makes a removal by itself.
    """
    observation = Observation.model_validate(sent.model_dump(by_alias=True, exclude={"watch_id"}))
    seen = house.noticing.observe(
        caller.workspace_id, sent.watch_id, observation, key=idempotency_key
    )
    view = house.watching.show(caller.workspace_id, sent.watch_id)
    return ObservationReceipt(observation=observation_answer(seen), watch=watch_answer(view))


@router.get(
    "/{observation_id}/files/{name}",
    response_class=Response,
    responses={404: problem_response("No such look or file in this workspace.")},
)
def get_file(observation_id: str, name: str, house: TheHouse, caller: Reader) -> Response:
    """A file that a look brought home, in a form that cannot act."""
    stored, data = house.evidence_files.file(caller.workspace_id, observation_id, name)
    return evidence_response(data, stored.media_type, stored.name)
