"""A site with two faces: who asks decides which of two simulated walls answers."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from email.message import Message
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.servers.local import LocalServer, http_server
from tests.servers.upstream import OTHER_ADDRESS
from tests.walls.simulated import Markup, SimulatedWall

IsOther = Callable[[str, Message], bool]
"""Of the client's address and the request's headers: whether the other face is shown."""


def by_path(address: str, headers: Message) -> bool:
    """The other face is for who comes by the other network path."""
    return address == OTHER_ADDRESS


def by_agent(address: str, headers: Message) -> bool:
    """The other face is for browsers that say they run on Windows."""
    return "Windows" in (headers["User-Agent"] or "")


class TwoFaced(LocalServer):
    """Serves two walls of one kind of mark-up at one address."""

    def __init__(self, kind: Markup, is_other: IsOther) -> None:
        self.first = SimulatedWall(kind)
        self.other = SimulatedWall(kind)
        self.asked: list[tuple[bool, str, str]] = []
        """(other face, path, language asked for) of each request."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shows_other = is_other(self.client_address[0], self.headers)
                language = self.headers["Accept-Language"] or ""
                site.asked.append((shows_other, self.path, language))
                wall = urlsplit((site.other if shows_other else site.first).url)
                inner = HTTPConnection(str(wall.hostname), wall.port, timeout=10)
                with closing(inner):
                    inner.request("GET", self.path)
                    answer = inner.getresponse()
                    body = answer.read()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        super().__init__(http_server(Handler))
        self._walls = ExitStack()

    def __enter__(self) -> Self:
        self._walls.enter_context(self.first)
        self._walls.enter_context(self.other)
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        self._walls.close()

    @property
    def url(self) -> str:
        return f"{self.origin}/wall"
