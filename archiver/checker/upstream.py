"""A further network path: an upstream proxy through which the checking proxy dials out.

Only addresses that were checked are passed on, never names, so that the upstream resolves nothing
for us: what is opened is what was checked. The handshakes (CONNECT, RFC 9110 section 9.3.6; SOCKS
5, RFC 1928 and 1929) are those of python-socks. Everything goes through CONNECT, plain HTTP too.
"""

import ssl
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError, ProxyType
from python_socks.async_.asyncio.v2 import Proxy

from archiver.checker.proxy_connection import Streams
from archiver.domain.errors import SettingsError, Unavailable

KINDS = {
    "http": ProxyType.HTTP,
    "https": ProxyType.HTTP,
    "socks5": ProxyType.SOCKS5,
    "socks5h": ProxyType.SOCKS5,
}
PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
FAILURES = (ProxyError, ProxyConnectionError, ProxyTimeoutError, OSError)


@dataclass(frozen=True)
class Upstream:
    """A proxy that the operator named. It may stand on a private address; its secret and its name
    are shown nowhere."""

    scheme: str
    host: str = field(repr=False)
    port: int = field(repr=False)
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    async def connect(self, address: str, port: int) -> Streams:
        """A connection to an address, given as a number, through the proxy.

        Raises:
            Unavailable: the proxy does not answer, refuses, or cannot get there. The message names
                neither the proxy nor its credentials.
        """
        proxy = Proxy(
            KINDS[self.scheme],
            self.host,
            self.port,
            username=self.username,
            password=self.password,
            rdns=False,
            proxy_ssl=ssl.create_default_context() if self.scheme == "https" else None,
        )
        try:
            stream = await proxy.connect(address, port)
        except FAILURES as failure:
            # `from None`: what the library says may name the proxy.
            raise Unavailable(f"the network path failed ({type(failure).__name__})") from None
        return stream.reader, stream.writer


def parse_upstream(url: str) -> Upstream:
    """An upstream from `http://`, `https://`, `socks5://` or `socks5h://[USER:PASSWORD@]HOST:PORT`.

    With `socks5h` names are resolved here all the same: an address that was not checked is opened
    by nobody.

    Raises:
        SettingsError: it is none; the message does not repeat it, as it may hold a password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or parts.scheme not in KINDS:
        raise SettingsError(
            "a network path is http://, https:// or socks5://[USER:PASSWORD@]HOST:PORT"
        )
    return Upstream(
        parts.scheme,
        host,
        port or PORTS[parts.scheme],
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password is not None else None,
    )
