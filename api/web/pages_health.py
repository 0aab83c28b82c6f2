"""Health of the checks: what is seen on each site, canaries, and what waits."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import ValidationError

from api.deps import TheHouse
from api.web.render import page
from api.web.visitor import PageRoute, Sender, Visitor, see_other
from api.web.words import EXPECTED, outcome_words
from archiver.checker.health import BARREN_ROUNDS, Expected
from archiver.domain.errors import InvalidInput
from archiver.domain.post import Target
from archiver.wiring import House

router = APIRouter(route_class=PageRoute, include_in_schema=False)
EMPTY_FORM = {"url": "", "text": "", "author": "", "expected": "live"}


def _checks_page(request: Request, house: House, workspace_id: str, **form: Any) -> Response:
    context = {
        "report": house.health.report(workspace_id),
        "canaries": house.canaries.listed(workspace_id),
        "walls": house.watching.walls(workspace_id, offset=0, limit=200).items,
        "barren_rounds": BARREN_ROUNDS,
        "outcome_words": outcome_words,
        "EXPECTED": EXPECTED,
        "form": EMPTY_FORM,
        "form_error": None,
        **form,
    }
    return page(request, "checks.html", context, status=422 if form else 200)


@router.get("/checks")
def show(request: Request, house: TheHouse, visitor: Visitor) -> Response:
    """How well the looks go."""
    return _checks_page(request, house, visitor.workspace_id)


@router.post("/canaries")
def set_canary(
    request: Request,
    house: TheHouse,
    visitor: Sender,
    *,
    expected: Annotated[Expected, Form()],
    url: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    author: Annotated[str, Form()] = "",
) -> Response:
    """Sets a canary; what was typed is kept when it does not fit."""
    form = {"url": url, "text": text, "author": author, "expected": expected}
    actor = f"page:{visitor.session_id}"
    try:
        target = Target(url=url.strip(), text=text, author=author.strip() or None)
        house.canaries.set(visitor.workspace_id, target, expected, actor=actor)
    except ValidationError as error:
        told = "; ".join(item["msg"].removeprefix("Value error, ") for item in error.errors())
        return _checks_page(request, house, visitor.workspace_id, form=form, form_error=told)
    except InvalidInput as error:
        told = str(error)
        return _checks_page(request, house, visitor.workspace_id, form=form, form_error=told)
    return see_other("/checks#canaries")


@router.post("/canaries/{watch_id}/remove")
def remove_canary(house: TheHouse, visitor: Sender, watch_id: str) -> Response:
    """Removes a canary."""
    house.canaries.remove(visitor.workspace_id, watch_id, actor=f"page:{visitor.session_id}")
    return see_other("/checks#canaries")
