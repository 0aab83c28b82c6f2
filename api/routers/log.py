"""The public log: checkpoint and tiles (c2sp.org/tlog-tiles). No token is needed."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from api.deps import TheHouse
from api.schemas import problem_response

router = APIRouter(prefix="/log", tags=["log"])
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
NOT_THERE = problem_response("Not sealed yet, or no such address.")


@router.get(
    "/checkpoint",
    response_class=PlainTextResponse,
    responses={404: NOT_THERE},
    summary="The newest signed checkpoint (a signed note)",
)
def get_checkpoint(house: TheHouse) -> PlainTextResponse:
    """The tree's size and root, signed by the log's key."""
    return PlainTextResponse(house.public_log.checkpoint(), headers={"Cache-Control": "no-cache"})


@router.get(
    "/vkey",
    response_class=PlainTextResponse,
    summary="The log's verifier key, for witnesses and auditors",
)
def get_verifier_key(house: TheHouse) -> PlainTextResponse:
    """Name, key id and public key in the form of c2sp.org/signed-note. Get it elsewhere, too."""
    return PlainTextResponse(f"{house.sealing.public_key.vkey}\n")


@router.get(
    "/tile/{path:path}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, 404: NOT_THERE},
    summary="A tile of hashes, or a bundle of entries",
)
def get_tile(house: TheHouse, path: str) -> Response:
    """`L/N[.p/W]` gives hashes of level L, `entries/N[.p/W]` the statements themselves."""
    data = house.public_log.tile(path)
    return Response(data, media_type="application/octet-stream", headers=FOREVER)
