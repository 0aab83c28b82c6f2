"""A line in the log for every request: its id, path, status and time; no query, no header."""

import re
import secrets
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHARE = re.compile(r"^/p/[^/]+")
log = structlog.get_logger("access")


class RequestLog:
    """Gives each request an id (`X-Request-Id`), which every log line of its work carries."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Logs one request when it is over, however it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        status = 500
        started = time.monotonic()

        async def naming_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, naming_send)
            finally:
                client = scope.get("client")
                log.info(
                    "request",
                    method=scope["method"],
                    # A shared page's address is its key.
                    path=SHARE.sub("/p/*", scope["path"]),
                    status=status,
                    ms=round((time.monotonic() - started) * 1000, 1),
                    client=client[0] if client else None,
                )
