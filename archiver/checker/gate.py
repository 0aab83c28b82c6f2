"""Which addresses Rature may open. Pure: nothing is resolved or opened here.

Addresses come from users and from the pages they lead to, so the rule is to refuse unless an
address is plainly public. Python's `is_global` lets several special ranges pass; the tables below
follow the IANA special-purpose address registries (RFC 6890) instead. An address is judged in the
form in which a browser would read it (WHATWG URL), and any form in which two readers could
disagree is refused rather than repaired.
"""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, quote, urlsplit

import idna

from archiver.domain.errors import RefusedAddress, SettingsError

MAX_URL = 8192
_ASCII = "".join(chr(code) for code in range(0x21, 0x7F))
_HOST = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_MAX_PORT = 65535
_MAX_HOST = 253

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

REFUSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers; also a cloud's metadata address
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host agent, on a public address
        "169.254.0.0/16",  # link-local; metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # the former 6to4 relay
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)
GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
"""The only IPv6 space in public use; everything outside is refused without being listed."""
REFUSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo and benchmarks among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address inside
        "3fff::/20",  # documentation
    )
)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are the IPv4 address that is really reached."""


class AddressPolicy:
    """Decides on addresses. `allow_private` lists hosts or addresses to open all the same.

    An entry is one exact host name or one address, without a port (any port is meant).

    Raises (on construction):
        SettingsError: an entry is neither a host name nor an address.
    """

    def __init__(self, allow_private: Iterable[str] = ()) -> None:
        self._allowed = frozenset(_allowed(entry) for entry in allow_private)
        self._allows_loopback = any(_is_loopback(entry) for entry in self._allowed)

    def check_url(self, url: str) -> SplitResult:
        """The address with host and path in the one form that is opened.

        A name still has to be resolved: give every answer to `check_ip` before connecting.

        Raises:
            RefusedAddress: anything but a plain http(s) address of a host that may be opened.
        """
        _check_characters(url)
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise RefusedAddress(f"not an address: {error}", field="url") from error
        if parts.scheme.lower() not in ("http", "https"):
            raise RefusedAddress("only http and https addresses are opened", field="url")
        if "@" in parts.netloc:
            raise RefusedAddress("an address with a user name is never opened", field="url")
        if port == 0:
            raise RefusedAddress("port 0 cannot be opened", field="url")
        host = self._checked_host(parts.netloc, parts.hostname or "")
        shown = f"[{host}]" if ":" in host else host
        return SplitResult(
            parts.scheme.lower(),
            shown if port is None else f"{shown}:{port}",
            quote(parts.path, safe=_ASCII) or "/",
            quote(parts.query, safe=_ASCII),
            quote(parts.fragment, safe=_ASCII),
        )

    def check_ip(self, host: str, ip: str) -> None:
        """Refuses an address that is not public, unless it or its host is allowed.

        Raises:
            RefusedAddress: naming host and address.
        """
        try:
            address = ipaddress.ip_address(ip)
        except ValueError as error:
            raise RefusedAddress(f"{host}: {ip!r} is no address", field="url") from error
        reached = _reached(address)
        if {host.lower(), str(address), str(reached)} & self._allowed:
            return
        if not _is_public(reached):
            raise RefusedAddress(f"{host} leads to {ip}, which is not public", field="url")

    def check_all(self, host: str, addresses: Iterable[str]) -> list[str]:
        """Every address of an answer; one that is refused spoils the whole answer.

        Otherwise a name with a public and a private address could be steered by dropped packets.

        Raises:
            RefusedAddress: one of the addresses is refused, or there is none.
        """
        checked = list(dict.fromkeys(addresses))
        if not checked:
            raise RefusedAddress(f"{host} has no address", field="url")
        for address in checked:
            self.check_ip(host, address)
        return checked

    def _checked_host(self, netloc: str, hostname: str) -> str:
        if netloc.startswith("["):
            host = _ipv6(hostname)
            self.check_ip(host, host)
            return host
        host = _ascii_host(hostname)
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            host = _ipv4(host)
            self.check_ip(host, host)
        elif _is_localhost(host) and host not in self._allowed and not self._allows_loopback:
            raise RefusedAddress(f"{host} is this machine, which is not public", field="url")
        return host


def _check_characters(url: str) -> None:
    if len(url) > MAX_URL:
        raise RefusedAddress(f"an address has at most {MAX_URL} characters", field="url")
    if any(character.isspace() or not character.isprintable() for character in url):
        raise RefusedAddress("an address has no spaces or control characters", field="url")
    if "\\" in url:
        # Browsers read it as a slash, other readers as part of the user name or host.
        raise RefusedAddress("an address has no backslash", field="url")


def _ascii_host(host: str) -> str:
    """Lower-case ASCII as a browser would write it (IDNA 2008 with the UTS 46 mapping)."""
    try:
        plain = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise RefusedAddress(f"not a host name: {error}", field="url") from error
    if len(plain) > _MAX_HOST or not _HOST.fullmatch(plain):
        raise RefusedAddress("not a host name", field="url")
    return plain


def _ipv4(host: str) -> str:
    # A name cannot end in a number: browsers read 127.1, 0x7f.1 and 2130706433 as addresses.
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError as error:
        raise RefusedAddress("write the address as four decimal numbers", field="url") from error


def _ipv6(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError as error:
        raise RefusedAddress(f"not an IPv6 address: {error}", field="url") from error
    if address.scope_id is not None:
        raise RefusedAddress("an address with a zone is never opened", field="url")
    return str(address)


def _reached(address: Address) -> Address:
    """The address that is really reached: the IPv4 one inside a mapped or NAT64 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in REFUSED_V4)
    return address in GLOBAL_V6 and not any(address in network for network in REFUSED_V6)


def _is_localhost(host: str) -> bool:
    """RFC 6761: these names always mean the machine itself."""
    return host == "localhost" or host.endswith(".localhost")


def _allowed(entry: str) -> str:
    text = entry.strip()
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        pass
    try:
        return _ascii_host(text)
    except RefusedAddress as error:
        raise SettingsError(
            f"{entry!r} is neither a host name nor an address: list them without port or path"
        ) from error


def _is_loopback(entry: str) -> bool:
    try:
        return ipaddress.ip_address(entry).is_loopback
    except ValueError:
        return _is_localhost(entry)
