"""A wall: how often it is visited, what is known of how soon its posts vanish, its posts."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from api.deps import TheHouse
from api.schemas_watches import wall_answer, wall_plan
from api.web.render import page, translate
from api.web.visitor import PageRoute, Sender, Visitor, see_other
from api.web.watch_views import shown_watch
from archiver.checker.budget import MOST
from archiver.services.planning import phase_of
from archiver.wiring import House

router = APIRouter(route_class=PageRoute, include_in_schema=False)
POSTS = 100
PART = 2
"""Hours."""


def _wall_page(
    request: Request, house: House, workspace_id: str, wall_id: str, **form: Any
) -> Response:
    wall = house.watching.wall(workspace_id, wall_id)
    plans = house.planning.plans(workspace_id, wall_id)
    plan = wall_plan(plans, phase_of(house.clock()))
    found = house.watching.watches(workspace_id, offset=0, limit=POSTS, wall_id=wall_id)
    most = max(plan.by_hour, default=1.0)
    context = {
        "wall": wall_answer(wall, house.budgets.show([wall])[wall.id]),
        "plan": plan,
        "hours": [
            {"start": part * PART, "end": (part + 1) * PART, "share": factor / most}
            for part, factor in enumerate(plan.by_hour)
        ],
        "watches": [shown_watch(view) for view in found.items],
        "total": found.total,
        "most": MOST,
        "form_error": None,
        **form,
    }
    return page(request, "wall.html", context, status=422 if form else 200)


@router.get("/walls/{wall_id}")
def show(request: Request, house: TheHouse, visitor: Visitor, wall_id: str) -> Response:
    """One wall."""
    return _wall_page(request, house, visitor.workspace_id, wall_id)


@router.post("/walls/{wall_id}/visits")
def set_visits(
    request: Request,
    house: TheHouse,
    visitor: Sender,
    wall_id: str,
    visits: Annotated[str, Form()] = "",
) -> Response:
    """Sets the visits a day; an empty field takes those of the settings."""
    typed = visits.strip()
    if typed and not (typed.isascii() and typed.isdigit() and int(typed) <= MOST):
        told = translate(request, "Please give a whole number from 0 to 1440, or nothing.")
        return _wall_page(request, house, visitor.workspace_id, wall_id, form_error=told)
    house.budgets.set(
        visitor.workspace_id,
        wall_id,
        int(typed) if typed else None,
        actor=f"page:{visitor.session_id}",
    )
    return see_other(f"/walls/{wall_id}")
