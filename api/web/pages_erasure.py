"""The page that says what erasing a post takes and what stays, and the button that does it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.deps import TheHouse
from api.web.render import page
from api.web.visitor import PageRoute, Sender, Visitor, see_other
from api.web.words import N_
from archiver.domain.errors import Conflict
from archiver.services.erasure import ErasureReason
from archiver.wiring import House

router = APIRouter(
    prefix="/watches/{watch_id}/erasure", route_class=PageRoute, include_in_schema=False
)
# Retention is the service's own reason.
REASONS = {
    ErasureReason.REQUEST.value: N_("somebody whose data it is asked for it"),
    ErasureReason.OTHER.value: N_("another reason"),
}


def _ask(
    request: Request, house: House, workspace_id: str, watch_id: str, told: str | None = None
) -> Response:
    context = {
        "watch": house.watching.show(workspace_id, watch_id).watch,
        "outlook": house.erasure.outlook(workspace_id, watch_id),
        "reasons": REASONS,
        "told": told,
    }
    return page(request, "erase.html", context, status=409 if told else 200)


@router.get("")
def ask(request: Request, house: TheHouse, visitor: Visitor, watch_id: str) -> Response:
    """What goes, what stays. Nothing is erased yet."""
    return _ask(request, house, visitor.workspace_id, watch_id)


@router.post("")
def erase(
    request: Request,
    house: TheHouse,
    visitor: Sender,
    watch_id: str,
    *,
    reason: Annotated[ErasureReason, Form()] = ErasureReason.REQUEST,
    meant: Annotated[bool, Form()] = False,
) -> Response:
    """Erases it, if the box was ticked."""
    if not meant:
        return _ask(request, house, visitor.workspace_id, watch_id, N_("Tick the box first."))
    actor = f"page:{visitor.session_id}"
    try:
        house.erasure.watch(visitor.workspace_id, watch_id, reason=reason, actor=actor)
    except Conflict:
        told = N_("Its page is being visited just now: erase it again in a minute.")
        return _ask(request, house, visitor.workspace_id, watch_id, told)
    return see_other("/")
