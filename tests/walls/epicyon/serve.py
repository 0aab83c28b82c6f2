"""Epicyon as its own command starts it, but heard by this machine alone.

Run by the interpreter that has it, with Epicyon's own arguments. It is made to stand behind a
proxy: by itself it listens on every address, and leaves connections open after answers whose end
it does not tell, on which it then waits itself when it sends to its own accounts.
"""

import runpy
from typing import Any

import daemon


class OnLoopback(daemon.EpicyonServer):  # type: ignore[misc]  # Epicyon says no types
    """Epicyon's own server, spoken to as nginx speaks to it: one request a connection."""

    def __init__(self, address: tuple[str, int], handler: Any) -> None:
        super().__init__(("127.0.0.1", address[1]), handler)


daemon.EpicyonServer = OnLoopback
daemon.PubServer.protocol_version = "HTTP/1.0"
runpy.run_module("epicyon", run_name="__main__", alter_sys=True)
