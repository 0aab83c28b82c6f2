"""Tiny upstream proxies on loopback: one that speaks CONNECT, one that speaks SOCKS 5.

They dial out from 127.0.0.2, so that a site on loopback can tell the two network paths apart, and
keep what they were asked for. With a `secret` (`user:password`) they serve nobody else.
"""

import select
import socket
import socketserver
from base64 import b64encode
from dataclasses import dataclass, field

from tests.servers.local import LocalServer

OTHER_ADDRESS = "127.0.0.2"
"""Where requests through these proxies come from."""
LONGEST = 30.0
"""Seconds that a silent connection is kept."""


@dataclass
class _State:
    secret: str | None = None
    asked: list[tuple[str, int]] = field(default_factory=list)
    """Hosts and ports, as they were asked for."""
    turned_away: int = 0
    """How many had not the secret."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    state: _State


class UpstreamProxy(LocalServer):
    """A proxy in a thread; `kind` is `http` or `socks5`. `url` is what RATURE_PROXY_URLS takes."""

    def __init__(self, kind: str, secret: str | None = None) -> None:
        self.kind = kind
        self.state = _State(secret)
        handler = {"http": _Connect, "socks5": _Socks}[kind]
        server = _Server(("127.0.0.1", 0), handler)
        server.state = self.state
        super().__init__(server)

    @property
    def url(self) -> str:
        login = f"{self.state.secret}@" if self.state.secret else ""
        return f"{self.kind}://{login}127.0.0.1:{self.port}"

    @property
    def asked(self) -> list[tuple[str, int]]:
        return self.state.asked


class _Handler(socketserver.BaseRequestHandler):
    @property
    def state(self) -> _State:
        assert isinstance(self.server, _Server)
        return self.server.state

    def dial(self, host: str, port: int) -> socket.socket | None:
        self.state.asked.append((host, port))
        try:
            return socket.create_connection((host, port), 5, source_address=(OTHER_ADDRESS, 0))
        except OSError:
            return None

    def pump(self, other: socket.socket) -> None:
        ends = {self.request: other, other: self.request}
        with other:
            while True:
                ready, _, _ = select.select(list(ends), [], [], LONGEST)
                if not ready:
                    return
                for end in ready:
                    data = end.recv(65536)
                    if not data:
                        return
                    ends[end].sendall(data)

    def exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.request.recv(size - len(data))
            if not more:
                raise ConnectionError("the client went away")
            data += more
        return data

    def handle(self) -> None:
        try:
            self.serve()
        except OSError:
            return  # one end went away

    def serve(self) -> None:
        raise NotImplementedError


class _Connect(_Handler):
    def serve(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.exactly(1)
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        if self.state.secret is not None:
            wanted = "Basic " + b64encode(self.state.secret.encode()).decode()
            if f"Proxy-Authorization: {wanted}" not in lines:
                self.state.turned_away += 1
                self.request.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                return
        host, _, port = target.rpartition(":")
        other = self.dial(host.strip("[]"), int(port)) if method == "CONNECT" else None
        if other is None:
            self.request.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
            return
        self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        self.pump(other)


class _Socks(_Handler):
    def serve(self) -> None:
        _, methods = self.exactly(2)
        offered = self.exactly(methods)
        if not self._let_in(offered):
            self.state.turned_away += 1
            return
        _, command, _, kind = self.exactly(4)
        if kind == 3:
            host = self.exactly(self.exactly(1)[0]).decode()
        else:
            family, size = (socket.AF_INET, 4) if kind == 1 else (socket.AF_INET6, 16)
            host = socket.inet_ntop(family, self.exactly(size))
        port = int.from_bytes(self.exactly(2), "big")
        other = self.dial(host, port) if command == 1 else None
        status = 5 if other is None else 0
        self.request.sendall(bytes((5, status, 0, 1, 0, 0, 0, 0, 0, 0)))
        if other is not None:
            self.pump(other)

    def _let_in(self, offered: bytes) -> bool:
        if self.state.secret is None:
            self.request.sendall(b"\x05\x00")
            return True
        if 2 not in offered:
            self.request.sendall(b"\x05\xff")
            return False
        self.request.sendall(b"\x05\x02")
        self.exactly(1)
        user = self.exactly(self.exactly(1)[0]).decode()
        password = self.exactly(self.exactly(1)[0]).decode()
        good = f"{user}:{password}" == self.state.secret
        self.request.sendall(b"\x01\x00" if good else b"\x01\x01")
        return good
