"""The pages on which posts are watched: how often they are visited, and by what plan."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import Capturer, Reader, TheHouse
from api.schemas import problem_response
from api.schemas_walls import WallPostListing, wall_post_listing
from api.schemas_watches import (
    Limit,
    Listing,
    Offset,
    WallAnswer,
    WallChange,
    WallPlan,
    listing,
    wall_answer,
    wall_plan,
)
from archiver.services.planning import phase_of

router = APIRouter(prefix="/walls", tags=["walls"])
NOT_FOUND = problem_response("No such wall in this workspace.")


@router.get("")
def list_walls(
    house: TheHouse,
    caller: Reader,
    offset: Annotated[Offset, Query()] = 0,
    limit: Annotated[Limit, Query()] = 100,
) -> Listing[WallAnswer]:
    """The walls, by their address. All posts of one wall share a visit."""
    page = house.watching.walls(caller.workspace_id, offset=offset, limit=limit)
    budgets = house.budgets.show(page.items)
    shown = [wall_answer(wall, budgets[wall.id]) for wall in page.items]
    return listing(page, shown, offset, limit)


@router.get("/{wall_id}", responses={404: NOT_FOUND})
def show_wall(wall_id: str, house: TheHouse, caller: Reader) -> WallAnswer:
    """One wall; its watches are at `/watches?wall_id=`."""
    wall = house.watching.wall(caller.workspace_id, wall_id)
    return wall_answer(wall, house.budgets.show([wall])[wall.id])


@router.patch("/{wall_id}", responses={404: NOT_FOUND})
def set_visits(wall_id: str, sent: WallChange, house: TheHouse, caller: Capturer) -> WallAnswer:
    """Sets how many scheduled visits a day the wall gets. When they are used up, looks are placed
    later, and say so; looks that somebody asks for are still taken."""
    wall = house.budgets.set(
        caller.workspace_id, wall_id, sent.visits_per_day, actor=caller.token_id
    )
    return wall_answer(wall, house.budgets.show([wall])[wall.id])


@router.get("/{wall_id}/plan", responses={404: NOT_FOUND})
def show_plan(wall_id: str, house: TheHouse, caller: Reader) -> WallPlan:
    """How soon posts vanish on this wall as far as is known, and when a post that is first seen now
    would be looked at."""
    wall = house.watching.wall(caller.workspace_id, wall_id)
    plans = house.planning.plans(caller.workspace_id, wall.id)
    return wall_plan(plans, phase_of(house.clock()))


@router.get("/{wall_id}/posts", responses={404: NOT_FOUND})
def list_posts(
    wall_id: str,
    house: TheHouse,
    caller: Reader,
    offset: Annotated[Offset, Query()] = 0,
    limit: Annotated[Limit, Query()] = 100,
) -> WallPostListing:
    """Every post that visits read on this wall, watched or not, the first seen first: when it was
    seen first and last, and first missed. The counts are an audit's denominators."""
    page = house.wall_posts.listed(caller.workspace_id, wall_id, offset=offset, limit=limit)
    return wall_post_listing(page, offset, limit)
