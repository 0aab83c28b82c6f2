"""The application: routers, errors and guards around one house."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp

from api import errors
from api.openapi import complete
from api.routers import (
    about,
    canaries,
    captures,
    cases,
    device,
    erasures,
    health,
    masks,
    observations,
    tokens,
    walls,
    watches,
)
from api.routers import log as public_log
from api.security import guard
from api.web import site
from archiver.config import load_settings
from archiver.logs import configure_logs
from archiver.wiring import VERSION, House, build_house

CANCEL_AGAIN = 10.0
"""Seconds for a loop to end what it is doing."""
log = structlog.get_logger("api")

Loop = Callable[[], Coroutine[Any, Any, None]]


def background(house: House) -> dict[str, Loop]:
    """Loops that run for as long as the application does, by name. Each ends when cancelled."""
    loops: dict[str, Loop] = {
        "sealing": house.keeping.sealing_loop,
        "stamping": house.keeping.stamping_loop,
    }
    if house.settings.witnesses:
        loops["witnessing"] = house.keeping.witnessing_loop
    if house.settings.ots_calendars:
        loops["calendars"] = house.calendars.loop
    if house.settings.embedded_worker:
        loops["worker"] = house.worker.run
        loops["upkeep"] = house.upkeep.run
    return loops


async def stop_all(tasks: Mapping[str, asyncio.Task[None]]) -> None:
    """Ends the loops; says which had failed. One that missed its cancellation gets another."""
    pending = set(tasks.values())
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN)
    for name, task in tasks.items():
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background_loop_failed", loop=name, error=repr(error))


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Starts the background loops; stops them, and then the house, at the end."""
    house: House = app.state.house
    tasks = {name: asyncio.create_task(run(), name=name) for name, run in background(house).items()}
    app.state.background = tasks
    try:
        yield
    finally:
        await stop_all(tasks)
        house.close()


class Application(FastAPI):
    """FastAPI with the guards outside of everything, error answers included."""

    def build_middleware_stack(self) -> ASGIApp:
        """Wraps the framework's own outermost layer, which answers unexpected errors."""
        return guard(super().build_middleware_stack(), self.state.house)

    def openapi(self) -> dict[str, Any]:
        """The interface's description with its errors as they really are."""
        return complete(super().openapi())


def create_app(house: House | None = None) -> FastAPI:
    """Makes the application; without a house it reads the settings and builds one.

    Raises:
        SettingsError: a setting that cannot work.
    """
    if house is None:
        configure_logs()
        house = build_house(load_settings())
    app = Application(
        title="Rature",
        version=VERSION,
        summary="Captures posts on brand walls, proves them, finds out when one is deleted.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.house = house
    app.state.background = {}
    errors.install(app)
    app.include_router(health.router)
    app.include_router(public_log.router)
    for module in (
        about,
        canaries,
        captures,
        cases,
        device,
        erasures,
        masks,
        observations,
        tokens,
        walls,
        watches,
    ):
        app.include_router(module.router, prefix="/api/v1")
    site.install(app)
    return app
