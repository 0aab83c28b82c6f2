"""Adds the pages and their static files to the application."""

from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.web import (
    pages_access,
    pages_erasure,
    pages_health,
    pages_masks,
    pages_verify,
    pages_walls,
    pages_watches,
)

STATIC = Path(__file__).parent / "static"


class Static(StaticFiles):
    """Static files that the browser may keep, asking each time whether they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Adds the caching rule."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        if path.startswith("verify/"):  # a worker obeys the policy of its own script
            response.headers["Content-Security-Policy"] = pages_verify.VERIFY_POLICY
        return response


def install(app: FastAPI) -> None:
    """Pages at their addresses, files below /static."""
    for module in (
        pages_access,
        pages_erasure,
        pages_health,
        pages_masks,
        pages_verify,
        pages_walls,
        pages_watches,
    ):
        app.include_router(module.router)
    app.mount("/static", Static(directory=STATIC), name="static")
