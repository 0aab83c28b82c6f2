"""Bounds the size of request bodies, whether they announce it or not."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem

LARGE_BODIES = ("/api/v1/captures", "/api/v1/moderation-logs", "/verify")
"""Paths that take uploads; everything else is a form or a small JSON."""


class BodyLimit:
    """413 as soon as more than the limit (bytes) was announced or has come."""

    def __init__(self, app: ASGIApp, *, small: int, large: int) -> None:
        self._app = app
        self._small = small
        self._large = large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watches one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._large if _is_large(scope["path"].rstrip("/")) else self._small
        announced = _content_length(scope)
        if announced is not None and announced > limit:
            await _refuse(scope, receive, send, limit)
            return
        await _Watched(self._app, limit).run(scope, receive, send)


class _Watched:
    """One request whose body is counted while it is read."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit
        self._received = 0
        self._started = False

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counting_receive() -> Message:
            message = await receive()
            self._received += len(message.get("body", b""))
            if self._exceeded:
                # The framework passes an HTTPException through wherever it reads the body.
                raise HTTPException(413)
            return message

        async def checking_send(message: Message) -> None:
            if not self._exceeded or self._started:
                self._started = True
                await send(message)
            elif message["type"] == "http.response.start":
                # Whatever the application made of the cut-off body, the answer is 413.
                await _refuse(scope, receive, send, self._limit)

        await self._app(scope, counting_receive, checking_send)

    @property
    def _exceeded(self) -> bool:
        return self._received > self._limit


def _is_large(path: str) -> bool:
    """A notice may come with its picture."""
    return path in LARGE_BODIES or (
        path.startswith("/api/v1/watches/") and path.endswith("/notices")
    )


def _content_length(scope: Scope) -> int | None:
    values = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(values[0]) if values and values[0].isdigit() else None


async def _refuse(scope: Scope, receive: Receive, send: Send, limit: int) -> None:
    response = problem(
        413,
        f"the request is larger than {limit} bytes",
        kind="too-large",
        instance=scope["path"],
        headers={"Connection": "close"},
    )
    await response(scope, receive, send)
