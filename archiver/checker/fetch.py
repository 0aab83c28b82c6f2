"""The guarded client: everything that is fetched without a browser passes through here.

It resolves a host once, checks every address of the answer and connects to an address that was
checked; TLS still verifies the certificate against the host's name. Redirects are followed by
hand, so that each step is checked like the first.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin

import httpcore

from archiver.checker.gate import AddressPolicy
from archiver.domain.errors import RefusedAddress, TooLarge, Unavailable

MAX_REDIRECTS = 5
MAX_BYTES = 5_000_000
TIMEOUT_S = 20.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPS_METHOD = frozenset({307, 308})
SECRETS = frozenset({"authorization", "cookie"})
"""Headers that are never sent to another origin than the one they were meant for."""

Resolver = Callable[[str, int], list[str]]
"""Gives the addresses of a host; raises OSError when there are none."""


@dataclass(frozen=True)
class Response:
    """An answer: header names in lower case, `url` the address that gave it."""

    status: int
    headers: dict[str, str]
    body: bytes
    url: str


@dataclass(frozen=True)
class _Request:
    method: str
    content: bytes
    headers: Mapping[str, str]


def system_resolver(host: str, port: int) -> list[str]:
    """Asks the system's resolver."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class GuardedClient:
    """A synchronous HTTP client; one connection for each request, safe to share by threads.

    `ca_file` names a PEM file of further trust roots. `timeout` is in seconds for the whole
    request with its redirects; `max_bytes` bounds the body.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        ca_file: Path | None = None,
        resolver: Resolver = system_resolver,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy
        self._resolver = resolver
        self._monotonic = monotonic
        self._tls = ssl.create_default_context()
        if ca_file is not None:
            self._tls.load_verify_locations(cafile=ca_file)

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT_S,
        max_bytes: int = MAX_BYTES,
    ) -> Response:
        """Fetches an address. Raises as `post` does."""
        return self._follow(url, _Request("GET", b"", headers or {}), timeout, max_bytes)

    def post(
        self,
        url: str,
        content: bytes,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT_S,
        max_bytes: int = MAX_BYTES,
    ) -> Response:
        """Sends bytes to an address.

        Raises:
            RefusedAddress: the address, or one it leads to, is never opened.
            Unavailable: no answer: not resolved, not connected, TLS, time, or no HTTP.
            TooLarge: the body is longer than `max_bytes`.
        """
        return self._follow(url, _Request("POST", content, headers or {}), timeout, max_bytes)

    def _follow(self, url: str, request: _Request, timeout: float, max_bytes: int) -> Response:
        backend = _CheckedBackend(
            self._policy, self._resolver, self._monotonic, self._monotonic() + timeout
        )
        parts = self._policy.check_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            response = self._send(parts, request, backend, max_bytes)
            location = response.headers.get("location")
            if response.status not in REDIRECTS or location is None:
                return response
            target = self._policy.check_url(_joined(response.url, location))
            request = _redirected(
                request, response.status, leaves=_origin(parts) != _origin(target)
            )
            parts = target
        raise Unavailable(f"more than {MAX_REDIRECTS} redirects")

    def _send(
        self, parts: SplitResult, request: _Request, backend: "_CheckedBackend", max_bytes: int
    ) -> Response:
        url = parts._replace(fragment="").geturl()
        # No compression: `max_bytes` then bounds what is received and what is kept alike.
        headers = {"host": parts.netloc, "accept-encoding": "identity", "connection": "close"}
        headers |= {name.lower(): value for name, value in request.headers.items()}
        if request.method == "POST":
            headers["content-length"] = str(len(request.content))
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream(
                    request.method, url, headers=list(headers.items()), content=request.content
                ) as answer,
            ):
                body = _bounded(answer.iter_stream(), max_bytes)
                return Response(answer.status, _decoded(answer.headers), body, url)
        except (
            OSError,
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
        ) as error:
            raise Unavailable(f"{parts.netloc} does not answer ({error})") from error


class _CheckedBackend(httpcore.SyncBackend):
    """Connects to addresses that were checked, all within one deadline."""

    def __init__(
        self,
        policy: AddressPolicy,
        resolver: Resolver,
        monotonic: Callable[[], float],
        deadline: float,
    ) -> None:
        self._policy = policy
        self._resolver = resolver
        self._monotonic = monotonic
        self._deadline = deadline

    def remaining(self) -> float:
        """Seconds left.

        Raises:
            httpcore.TimeoutException: none.
        """
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise httpcore.TimeoutException("the time is up")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline rules
        local_address: str | None = None,  # noqa: ARG002 - never set
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - never set
    ) -> httpcore.NetworkStream:
        """Resolves, checks every address, and connects to the first that answers."""
        try:
            addresses = self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        failure: Exception | None = None
        # No second look-up after this line: the addresses checked are those opened.
        for address in self._policy.check_all(host, addresses):
            try:
                stream = super().connect_tcp(address, port, self.remaining())
                return _DeadlineStream(stream, self.remaining)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise httpcore.ConnectError(str(failure))


class _DeadlineStream(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline, however slowly the other end drips."""

    def __init__(self, stream: httpcore.NetworkStream, remaining: Callable[[], float]) -> None:
        self._stream = stream
        self._remaining = remaining

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline rules
        return self._stream.read(max_bytes, self._remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the deadline rules
        self._stream.write(buffer, self._remaining())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline rules
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._remaining())
        return _DeadlineStream(secured, self._remaining)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise RefusedAddress(f"a redirect to no address: {error}", field="url") from error


def _redirected(request: _Request, status: int, *, leaves: bool) -> _Request:
    """What a browser sends next: the same again for 307 and 308, a plain GET otherwise."""
    headers = dict(request.headers)
    if leaves:
        headers = {name: text for name, text in headers.items() if name.lower() not in SECRETS}
    if status in KEEPS_METHOD:
        return _Request(request.method, request.content, headers)
    kept = {name: text for name, text in headers.items() if not name.lower().startswith("content-")}
    return _Request("GET", b"", kept)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


def _bounded(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge(f"the answer is longer than {max_bytes} bytes")
    return bytes(body)


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    named: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        named[name] = f"{named[name]}, {value}" if name in named else value
    return named
