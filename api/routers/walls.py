"""The pages on which posts are watched."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import Reader, TheHouse
from api.schemas import problem_response
from api.schemas_watches import Limit, Listing, Offset, WallAnswer, listing, wall_answer

router = APIRouter(prefix="/walls", tags=["walls"])


@router.get("")
def list_walls(
    house: TheHouse,
    caller: Reader,
    offset: Annotated[Offset, Query()] = 0,
    limit: Annotated[Limit, Query()] = 100,
) -> Listing[WallAnswer]:
    """The walls, by their address. All posts of one wall share a visit."""
    page = house.watching.walls(caller.workspace_id, offset=offset, limit=limit)
    return listing(page, [wall_answer(wall) for wall in page.items], offset, limit)


@router.get("/{wall_id}", responses={404: problem_response("No such wall in this workspace.")})
def show_wall(wall_id: str, house: TheHouse, caller: Reader) -> WallAnswer:
    """One wall; its watches are at `/watches?wall_id=`."""
    return wall_answer(house.watching.wall(caller.workspace_id, wall_id))
