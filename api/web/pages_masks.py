"""The page on which the owner of a watched post chooses what a masked bundle shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from api.deps import TheHouse
from api.security_evidence import evidence_response
from api.web import mask_words
from api.web.mask_form import boxes_as_text, plan_of, typed
from api.web.render import page
from api.web.visitor import PageRoute, Sender, Visitor, see_other
from archiver.domain.errors import InvalidInput
from archiver.domain.mask import MaskPlan
from archiver.evidence.picture_tiles import SIDE
from archiver.wiring import House

router = APIRouter(
    prefix="/watches/{watch_id}/masks", route_class=PageRoute, include_in_schema=False
)


async def read_form(request: Request) -> FormData:
    """The form as it was sent; its names are not known beforehand."""
    return await request.form()


SentForm = Annotated[FormData, Depends(read_form)]


@dataclass(frozen=True)
class Choice:
    """What the form shows as chosen: ticked pictures and fields, boxes by picture as text."""

    shown: set[str] = field(default_factory=set)
    show: set[str] = field(default_factory=set)
    boxes: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None


def _saved(plan: MaskPlan) -> Choice:
    boxes = {key: boxes_as_text(found) for key, found in plan.pictures.items()}
    return Choice(set(plan.pictures), set(plan.show), boxes)


def _show(
    request: Request, house: House, workspace_id: str, watch_id: str, typed_in: Choice | None = None
) -> Response:
    view = house.watching.show(workspace_id, watch_id)
    saved = house.masking.get(workspace_id, watch_id)
    choice = typed_in or _saved(saved.plan)
    context = {
        "watch": view.watch,
        "records": house.masking.offer(workspace_id, watch_id).records,
        "choice": choice,
        "saved_at": saved.updated_at,
        "previews": saved.plan.pictures,
        "side": SIDE,
        "label": mask_words.label,
        "RECORDS": mask_words.RECORDS,
        "PICTURES": mask_words.PICTURES,
        "FIELDS": mask_words.FIELDS,
        "c2pa": house.export.offers_c2pa,
    }
    return page(request, "masks.html", context, status=422 if choice.error else 200)


@router.get("")
def show(request: Request, house: TheHouse, visitor: Visitor, watch_id: str) -> Response:
    """Every picture and field of the post, each with its tick, and what is chosen so far."""
    return _show(request, house, visitor.workspace_id, watch_id)


@router.post("")
def save(
    request: Request, house: TheHouse, visitor: Sender, watch_id: str, form: SentForm
) -> Response:
    """Keeps what was chosen; what does not fit is told, and what was drawn stays."""
    try:
        house.masking.save(visitor.workspace_id, watch_id, plan_of(form))
    except InvalidInput as error:
        choice = Choice(*typed(form), error=str(error))
        return _show(request, house, visitor.workspace_id, watch_id, choice)
    return see_other(f"/watches/{watch_id}/masks#saved")


@router.get("/picture")
def preview(house: TheHouse, visitor: Visitor, watch_id: str, key: str) -> Response:
    """A picture as a masked bundle shows it, by what was saved."""
    data = house.masking.preview(visitor.workspace_id, watch_id, key)
    return evidence_response(data, "image/png", "masked.png")
