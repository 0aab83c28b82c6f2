"""changedetection.io driven by its own interface: the nearest peer that is measured against.

It is not installed here: `RATURE_BENCH_CHANGEDETECTION` names a virtual environment that holds
`changedetection.io` and `playwright` of its own.
"""

import json
import os
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiver.checker.chromium import find_chromium
from tests.servers.process import Process, free_port
from tests.servers.waiting import wait_for

START_WITHIN, CHECK_WITHIN = 120.0, 1800.0
"""Seconds for the service to start, and for one check of all watches."""
STORES = ("changedetection.json", "url-watches.json")
"""Where its versions keep their settings."""
BROWSER, PLAIN = "html_webdriver", "html_requests"
"""How it fetches a page: in a browser, or by a plain request."""
NEVER_BY_ITSELF = {"time_between_check_use_default": False, "time_between_check": {"weeks": 4}}


def named() -> Path | None:
    """The virtual environment that it is to be taken from, if one is named."""
    venv = os.environ.get("RATURE_BENCH_CHANGEDETECTION")
    return Path(venv) if venv else None


@dataclass(frozen=True)
class Peer:
    """A running service with no watches at first; checks happen only when asked for."""

    origin: str
    key: str

    def add(self, url: str, fetch: str, **rules: object) -> str:
        """A new watch, whose first check is under way; its id."""
        sent = {"url": url, "fetch_backend": fetch, **NEVER_BY_ITSELF, **rules}
        return str(self.ask("/api/v1/watch", sent)["uuid"])

    def read(self, watch: str) -> Mapping[str, Any]:
        """What it knows of a watch."""
        found: Mapping[str, Any] = self.ask(f"/api/v1/watch/{watch}")
        return found

    def checked(self, watch: str, times: int, within: float = 60.0) -> Mapping[str, Any]:
        """The watch once it was checked so often.

        Raises:
            AssertionError: it was not, within so many seconds.
        """
        wait_for(lambda: self.read(watch)["check_count"] >= times, "a check", within)
        return self.read(watch)

    def recheck(self, watch: str) -> None:
        """Asks for another check."""
        self.ask(f"/api/v1/watch/{watch}?recheck=1")

    def all_checked(self, posts: int, *, times: int) -> None:
        """Waits until each watch was checked so often, to the end.

        Raises:
            RuntimeError: one failed.
            AssertionError: it takes too long.
        """

        def done() -> bool:
            if self.ask("/api/v1/systeminfo")["queue_size"]:
                return False
            found = [self.read(one) for one in self.ask("/api/v1/watch")]
            faults = [watch["last_error"] for watch in found if watch.get("last_error")]
            if faults:
                raise RuntimeError(f"changedetection.io could not look: {faults[0]}")
            return len(found) == posts and all(watch["check_count"] >= times for watch in found)

        wait_for(done, "changedetection.io checks all watches", CHECK_WITHIN, pause=0.5)

    def ask(self, path: str, sent: object = None, method: str | None = None) -> Any:
        """One request to its interface; what it answers, None where that is not JSON."""
        request = urllib.request.Request(
            f"{self.origin}{path}",
            data=None if sent is None else json.dumps(sent).encode(),
            headers={"x-api-key": self.key, "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            said = answer.read()
            return json.loads(said) if said.startswith((b"{", b"[")) else None


@contextmanager
def open_peer(venv: Path) -> Iterator[Peer]:
    """Starts it with a browser of its own, in a folder that vanishes afterwards.

    Raises:
        RuntimeError: it does not start, or keeps its settings somewhere else.
    """
    debug, port = free_port(), free_port()
    origin = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        browser = Process(_browser(folder, debug), log=folder / "browser.log", env=os.environ)
        stack.callback(browser.stop)
        told = {
            "PLAYWRIGHT_DRIVER_URL": f"http://127.0.0.1:{debug}",
            "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
            "DISABLE_VERSION_CHECK": "true",
            "WEBDRIVER_DELAY_BEFORE_CONTENT_READY": "0",
        }
        program = [str(venv / "bin" / "changedetection.io"), "-C", "-d", f"{folder}/data"]
        where = ["-h", "127.0.0.1", "-p", str(port)]
        environment = {**os.environ, **told}
        peer = Process([*program, *where], log=folder / "peer.log", env=environment)
        stack.callback(peer.stop)
        peer.wait_until(lambda: _answers(origin), what="it answers", seconds=START_WITHIN)
        asked = Peer(origin, _key(folder))
        for example in asked.ask("/api/v1/watch"):
            asked.ask(f"/api/v1/watch/{example}", method="DELETE")
        yield asked


def _browser(folder: Path, port: int) -> list[str]:
    return [
        str(find_chromium(os.environ.get("RATURE_CHROMIUM"))),
        "--headless=new",
        f"--remote-debugging-port={port}",
        f"--user-data-dir={folder}/browser",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]


def _key(folder: Path) -> str:
    for name in STORES:
        store = folder / "data" / name
        if store.exists():
            settings = json.loads(store.read_text("utf-8"))["settings"]["application"]
            return str(settings["api_access_token"])
    raise RuntimeError("changedetection.io keeps its settings somewhere else")


def _answers(origin: str) -> bool:
    try:
        urllib.request.urlopen(f"{origin}/", timeout=5).close()
    except OSError:
        return False
    return True
