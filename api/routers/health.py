"""Whether the service lives, and whether every part it needs answers."""

from asyncio import Task
from ipaddress import ip_address
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel

from api.deps import TheHouse, bearer, get_principal
from api.metrics import TEXT, metrics_text
from archiver.domain.errors import RatureError
from archiver.services.access import OWNER, Scope

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Part(BaseModel):
    """One part: `ok`, and a sentence when there is something to know."""

    ok: bool
    detail: str | None = None


class Readiness(BaseModel):
    """`ready` when every part is ok. `warnings` are true and bearable."""

    ready: bool
    parts: dict[str, Part]
    warnings: list[str]


@router.get("/healthz")
def healthz() -> Health:
    """Lives."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Readiness, "description": "A part is missing"}})
def readyz(request: Request, response: Response, house: TheHouse) -> Readiness:
    """Asks the database, the blob store, the browser and the background loops."""
    parts: dict[str, Part] = {}
    for name, check in house.checks().items():
        try:
            check()
        except RatureError as error:
            parts[name] = Part(ok=False, detail=str(error))
        else:
            parts[name] = Part(ok=True)
    tasks: dict[str, Task[None]] = request.app.state.background
    for name, task in tasks.items():
        stopped = task.done()
        parts[name] = Part(ok=not stopped, detail="it stopped: see the log" if stopped else None)
    ready = all(part.ok for part in parts.values())
    if not ready:
        response.status_code = 503
    return Readiness(ready=ready, parts=parts, warnings=house.warnings())


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {}}, "description": "Prometheus' text format."},
        401: {"description": "From elsewhere than this machine it needs a token."},
    },
)
def metrics(
    request: Request,
    house: TheHouse,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Response:
    """How well the looks go: from this machine itself, or with a token that may read. The owner's
    workspace is told of all sites, another one of its own."""
    workspace: str | None = None
    if credentials is not None or not _from_this_machine(request):
        caller = get_principal(house, credentials)
        caller.must_have(Scope.READ)
        workspace = None if caller.workspace_id == OWNER else caller.workspace_id
    return Response(metrics_text(house.health.report(workspace)), media_type=TEXT)


FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def _from_this_machine(request: Request) -> bool:
    """Asked over loopback, and not by a proxy in front of us that hands on what others ask."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
