import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

Answer = Callable[[bytes], bytes]


@dataclass
class Upstream:
    """A server of raw HTTP on a loopback address that keeps the heads it was sent."""

    port: int
    heads: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    open_connections: int = 0


def plain(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@asynccontextmanager
async def serve(
    answer: bytes, *, address: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[Upstream]:
    upstream = Upstream(0)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream.open_connections += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            upstream.heads.append(head)
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    upstream.bodies.append(await reader.readexactly(int(line.split(b":")[1])))
            writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            upstream.open_connections -= 1
            writer.close()

    server = await asyncio.start_server(handle, address, port)
    upstream.port = server.sockets[0].getsockname()[1]
    async with server:
        yield upstream


@dataclass
class FakeResolver:
    """Gives the listed answers in turn, the last one for ever; counts how often it was asked."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    def answer(self, host: str) -> list[str]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]

    async def __call__(self, host: str, port: int) -> list[str]:
        return self.answer(host)


@pytest.fixture
def resolver() -> Callable[..., FakeResolver]:
    return lambda *answers: FakeResolver([list(answer) for answer in answers])


async def within(awaitable: Awaitable[object], seconds: float = 5.0) -> object:
    return await asyncio.wait_for(awaitable, seconds)
