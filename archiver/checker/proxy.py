"""The proxy through which all traffic of the checker's browser goes.

A browser cannot be trusted to check addresses: redirects, workers and page scripts open more than
any interception sees. Here each request is resolved once, every address of the answer is checked,
and the connection is made to an address that was checked, so that a second, different answer of
the name server (DNS rebinding) has no effect. Plain requests (RFC 9112, absolute form) and tunnels
(CONNECT, RFC 9110 section 9.3.6) are served, on loopback only, to holders of a visit's password.
"""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterator
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult

import h11

from archiver.checker.gate import AddressPolicy
from archiver.checker.proxy_connection import (
    MAX_HEAD,
    ClientConnection,
    Dial,
    Streams,
    Timeouts,
    Visit,
    close,
    header,
)
from archiver.domain.errors import RefusedAddress, Unavailable

MAX_VISIT_BYTES = 100_000_000
ENDS = (OSError, TimeoutError, h11.ProtocolError, Unavailable)
"""How an end can fail: it goes away, falls silent, speaks no HTTP, or reached its limit."""

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Gives the addresses of a host; raises OSError when there are none."""


async def system_resolver(host: str, port: int) -> list[str]:
    """Asks the system's resolver, without blocking the loop."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class CheckingProxy:
    """An HTTP proxy on an ephemeral loopback port. Use it as an asynchronous context manager.

    A refused address is answered with 403 and `X-Rature-Refused`, one that does not answer with
    502 and `X-Rature-Unreachable`, a request without a visit's password with 407.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        resolver: Resolver = system_resolver,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._policy = policy
        self._resolver = resolver
        self._timeouts = timeouts or Timeouts()
        self._visits: dict[bytes, Visit] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is None:
            return
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a password.

        Raises:
            Unavailable: the proxy is not running.
        """
        if self._server is None:
            raise Unavailable("the checking proxy is not running")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @contextlib.contextmanager
    def visit(
        self, *, max_bytes: int = MAX_VISIT_BYTES, upstream: Dial | None = None
    ) -> Iterator[Visit]:
        """A fresh name and password for one browser context; leaving cuts its connections. What it
        asks for is dialled through `upstream` where there is one, after the same checks."""
        name, password = f"visit-{secrets.token_hex(8)}", secrets.token_urlsafe(32)
        visit = Visit(name, password, max_bytes, upstream)
        self._visits[visit.authorization] = visit
        try:
            yield visit
        finally:
            del self._visits[visit.authorization]
            for task in visit.tasks:
                task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio runs this callback in a task
        self._tasks.add(task)
        try:
            client = ClientConnection(reader, writer, self._timeouts)
            # A task that is cancelled (its visit or the proxy ended) has nothing left to do.
            with contextlib.suppress(asyncio.CancelledError, *ENDS):
                while await self._serve_one(client, task):
                    pass
            await close(writer)
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _serve_one(self, client: ClientConnection, task: asyncio.Task[None]) -> bool:
        """Serves one request; tells whether the connection can carry another."""
        request = await client.request()
        if request is None:
            return False
        visit = self._visits.get(header(request, b"proxy-authorization"))
        if visit is None:
            challenge = ("Proxy-Authenticate", 'Basic realm="Rature"')
            return await client.refuse(407, "a visit's password is needed", challenge)
        visit.tasks.add(task)
        try:
            return await self._serve_visit(client, request, visit)
        finally:
            visit.tasks.discard(task)

    async def _serve_visit(
        self, client: ClientConnection, request: h11.Request, visit: Visit
    ) -> bool:
        target = request.target.decode("latin-1")
        try:
            return await self._pass_on(client, request, visit)
        except RefusedAddress as refusal:
            visit.refused[_where(target)] += 1
            return await client.refuse(403, str(refusal), ("X-Rature-Refused", str(refusal)))
        except ENDS as failure:
            if client.answered or visit.exhausted:
                raise  # too late for an answer of our own: the line is cut
            visit.unreachable[_where(target)] += 1
            said = str(failure) or type(failure).__name__
            return await client.refuse(502, said, ("X-Rature-Unreachable", said))

    async def _pass_on(self, client: ClientConnection, request: h11.Request, visit: Visit) -> bool:
        tunnel = request.method == b"CONNECT"
        parts = self._policy.check_url(_asked_for(request, tunnel=tunnel))
        upstream = await self._connect(parts, visit.upstream)
        try:
            if not tunnel:
                return await client.exchange(request, parts, upstream, visit)
            try:
                await client.tunnel(upstream, visit)
            except* ENDS:
                pass  # the bytes inside are the ends' own affair: the line is cut
            return False
        finally:
            await close(upstream[1])

    async def _connect(self, parts: SplitResult, dial: Dial | None) -> Streams:
        """Connects to an address that was checked, directly or by another network path.

        Raises:
            RefusedAddress: one of the host's addresses is refused.
            Unavailable: the host has no address, or none of them answers in time.
        """
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        failure: Exception | None = None
        try:
            async with asyncio.timeout(self._timeouts.connect):
                # No second look-up after this line: the addresses checked are those opened.
                for address in self._policy.check_all(host, await self._resolver(host, port)):
                    try:
                        if dial is not None:
                            return await dial.connect(address, port)
                        return await asyncio.open_connection(address, port, limit=MAX_HEAD)
                    except (OSError, Unavailable) as error:
                        failure = error
        except (OSError, UnicodeError, TimeoutError) as error:
            failure = error
        raise Unavailable(f"{host}:{port} does not answer ({type(failure).__name__})")


def _asked_for(request: h11.Request, *, tunnel: bool) -> str:
    """The address of a request; a tunnel names a bare host and port (RFC 9112 section 3.2.3)."""
    target = request.target.decode("latin-1")
    if not tunnel:
        if target.lower().startswith("https:"):
            raise RefusedAddress("a secure address is opened through a tunnel")
        return target
    if set(target) & set("/?#") or not target.rpartition(":")[2].isdigit():
        raise RefusedAddress("a tunnel leads to a host and a port")
    return f"https://{target}/"


def _where(target: str) -> str:
    """Host and port for the counters, as far as they can be read out of a refused target."""
    return target.partition("//")[2].partition("/")[0] or target
