"""One connection of the browser to the checking proxy: HTTP on both sides, and the bytes between.

Requests and answers are read and written anew by h11 on both sides, so that nothing the two ends
would read differently (request smuggling) passes through.
"""

import asyncio
import contextlib
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import SplitResult

import h11

from archiver.domain.errors import Unavailable

MAX_HEAD = 128 * 1024
"""Bytes of one request or response head."""
CHUNK = 64 * 1024
CLOSE_WITHIN = 1.0
"""Seconds that an end gets to take its last bytes."""
NOT_PASSED_ON = frozenset(
    {
        # Hop-by-hop (RFC 9110 section 7.6.1):
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"upgrade",
        # Only the proxy itself may say these:
        b"x-rature-refused",
        b"x-rature-unreachable",
    }
)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Message = h11.Request | h11.Response


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to resolve and connect, to send a request's head, without a byte either way."""

    connect: float = 10.0
    head: float = 30.0
    idle: float = 60.0


class Dial(Protocol):
    """The way out to an address that was checked, where it is not dialled directly."""

    async def connect(self, address: str, port: int) -> Streams:
        """Raises Unavailable when there is no getting there."""


@dataclass
class Visit:
    """One browser context's share of the proxy: its password, its network path (None: directly),
    and what happened to its requests.

    `refused` and `unreachable` count by host and port as they were asked for. `exhausted` tells
    that `max_bytes` of answers were reached, after which nothing more is passed on.
    """

    username: str
    password: str
    max_bytes: int
    upstream: Dial | None = None
    refused: Counter[str] = field(default_factory=Counter)
    unreachable: Counter[str] = field(default_factory=Counter)
    received: int = 0
    exhausted: bool = False
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def authorization(self) -> bytes:
        """The value of `Proxy-Authorization` that proves this visit (RFC 7617)."""
        return b"Basic " + b64encode(f"{self.username}:{self.password}".encode())

    def count(self, size: int) -> None:
        """Counts bytes of answers.

        Raises:
            Unavailable: the visit's limit is reached.
        """
        self.received += size
        if self.received > self.max_bytes:
            self.exhausted = True
            raise Unavailable(f"the visit received more than {self.max_bytes} bytes")


class ClientConnection:
    """The browser's side of one connection, kept alive between plain requests."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeouts: Timeouts
    ) -> None:
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        self._reader = reader
        self._writer = writer
        self._timeouts = timeouts

    @property
    def answered(self) -> bool:
        """Whether the answer to the current request has begun."""
        return self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE)

    async def request(self) -> h11.Request | None:
        """The next request's head, or None when the browser closed the connection."""
        event = await _next_event(self._http, self._reader, self._timeouts.head)
        return event if isinstance(event, h11.Request) else None

    async def refuse(self, status: int, message: str, header: tuple[str, str]) -> bool:
        """Answers with an error of the proxy itself; tells whether the connection goes on."""
        body = f"{message}\n".encode()
        name, value = header
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            (name, value.encode("ascii", "replace").decode()),
        ]
        await self._send(h11.Response(status_code=status, headers=headers))
        await self._send(h11.Data(data=body))
        return await self._finish()

    async def tunnel(self, upstream: Streams, visit: Visit) -> None:
        """Passes bytes both ways until both ends are done, one fails, or nothing comes for long.

        Raises:
            ExceptionGroup: of OSError, TimeoutError or Unavailable (the visit's limit).
        """
        self._writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        reader, writer = upstream
        writer.write(self._http.trailing_data[0])
        idle = self._timeouts.idle
        async with asyncio.timeout(idle) as timer, asyncio.TaskGroup() as group:
            group.create_task(_pump(self._reader, writer, timer, idle, lambda _: None))
            group.create_task(_pump(reader, self._writer, timer, idle, visit.count))

    async def exchange(
        self, request: h11.Request, parts: SplitResult, upstream: Streams, visit: Visit
    ) -> bool:
        """Passes one plain request on and its answer back; tells whether to go on.

        Raises:
            OSError, TimeoutError, h11.ProtocolError, Unavailable: one of the ends failed.
        """
        reader, writer = upstream
        server = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
        target = parts._replace(scheme="", netloc="", fragment="").geturl()
        headers = [
            (b"Host", parts.netloc.encode()),
            *_end_to_end(request, b"host"),
            (b"Connection", b"close"),
        ]
        head = h11.Request(method=request.method, target=target, headers=headers)
        writer.write(server.send(head) or b"")
        while isinstance(event := await self._body_event(), h11.Data):
            writer.write(server.send(event) or b"")
            await writer.drain()
        writer.write(server.send(event) or b"")
        await writer.drain()
        return await self._relay_answer(server, reader, visit)

    async def _relay_answer(
        self, server: h11.Connection, reader: asyncio.StreamReader, visit: Visit
    ) -> bool:
        while True:
            event = await _next_event(server, reader, self._timeouts.idle)
            if isinstance(event, h11.Response):
                headers = _end_to_end(event)
                await self._send(h11.Response(status_code=event.status_code, headers=headers))
            elif isinstance(event, h11.Data):
                visit.count(len(event.data))
                await self._send(h11.Data(data=event.data))
            elif isinstance(event, h11.EndOfMessage):
                return await self._finish()
            elif not isinstance(event, h11.InformationalResponse):
                raise Unavailable("the server closed the connection without an answer")

    async def _body_event(self) -> h11.Data | h11.EndOfMessage:
        if self._http.they_are_waiting_for_100_continue:
            await self._send(h11.InformationalResponse(status_code=100, headers=[]))
        event = await _next_event(self._http, self._reader, self._timeouts.idle)
        if isinstance(event, h11.Data):
            return event
        if isinstance(event, h11.EndOfMessage):
            return h11.EndOfMessage()  # trailers are not passed on
        raise Unavailable("the browser broke off its request")

    async def _finish(self) -> bool:
        await self._send(h11.EndOfMessage())
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            return True
        return False

    async def _send(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()


def header(message: Message, name: bytes) -> bytes:
    """A header's values, joined by commas; `name` in lower case."""
    return b",".join(value for known, value in message.headers if known == name)


async def close(writer: asyncio.StreamWriter) -> None:
    """Closes a connection, and cuts it when its other end does not take the rest in time."""
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(CLOSE_WITHIN):
            await writer.wait_closed()
    writer.transport.abort()


async def _next_event(
    connection: h11.Connection, reader: asyncio.StreamReader, timeout_s: float
) -> object:
    async with asyncio.timeout(timeout_s):
        while (event := connection.next_event()) is h11.NEED_DATA:
            connection.receive_data(await reader.read(CHUNK))
    return event


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    timer: asyncio.Timeout,
    idle: float,
    count: Callable[[int], None],
) -> None:
    while data := await reader.read(CHUNK):
        timer.reschedule(asyncio.get_running_loop().time() + idle)
        count(len(data))
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def _end_to_end(message: Message, *also: bytes) -> list[tuple[bytes, bytes]]:
    named = header(message, b"connection").lower().replace(b" ", b"").split(b",")
    dropped = NOT_PASSED_ON.union(named, also)
    return [(bytes(name), bytes(value)) for name, value in message.headers if name not in dropped]
