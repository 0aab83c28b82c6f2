"""Keeps the tests' own process off the network: only this machine may be connected to."""

import ipaddress
import sys
from typing import Any


class NetworkForbiddenError(Exception):
    """A test tried to leave this machine. Deliberately no OSError: no code under test eats it."""


def forbid_network() -> None:
    """Refuse, for the rest of the process, every connection to another machine."""
    sys.addaudithook(_refuse_leaving)


def is_local(address: object) -> bool:
    """Tell whether a socket address is a Unix socket, a loopback address or localhost."""
    if not isinstance(address, tuple):
        return True  # a Unix or kernel socket
    host = str(address[0])
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return ip.is_loopback or ip.is_unspecified


def _refuse_leaving(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"} and not is_local(arguments[1]):
        raise NetworkForbiddenError(f"tests do not leave this machine: {arguments[1]}")
