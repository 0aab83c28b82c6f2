"""Whether the service lives, and whether every part it needs answers."""

from asyncio import Task
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api.deps import TheHouse
from archiver.domain.errors import RatureError

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
