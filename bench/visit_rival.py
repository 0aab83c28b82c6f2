"""changedetection.io in its browser mode on the posts of the same wall, one watch for each post.

It is not installed here: `RATURE_BENCH_CHANGEDETECTION` names a virtual environment that holds
`changedetection.io` and `playwright` of its own. What is measured is a second check of all watches,
in processor seconds of its service and of the browser that it drives.
"""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiver.checker.chromium import find_chromium
from bench.processes import cpu_seconds

START_WITHIN, CHECK_WITHIN = 120.0, 1800.0
"""Seconds for the service to start, and for one check of all watches."""
PORT, DEBUG_PORT = 5787, 5788
STORES = ("changedetection.json", "url-watches.json")
"""Where its versions keep their settings."""


def check_cpu(venv: Path, url: str, posts: int) -> float:
    """Processor seconds of one check of so many watches.

    Raises:
        RuntimeError: it does not start, or a watch is not checked in time.
    """
    with tempfile.TemporaryDirectory() as folder, _browser(folder), _service(venv, folder):
        key = _key(Path(folder))
        for example in _ask("/api/v1/watch", key):
            _ask(f"/api/v1/watch/{example}", key, method="DELETE")
        for number in range(posts):
            watch = {
                "url": url,
                "fetch_backend": "html_webdriver",
                "include_filters": [f"#comment-{number + 1}"],
                "time_between_check_use_default": False,
                "time_between_check": {"weeks": 4},
            }
            _ask("/api/v1/watch", key, watch)
        _wait_for_checks(key, posts, checks=1)
        before = cpu_seconds()
        _ask("/api/v1/watch?recheck_all=1", key)
        _wait_for_checks(key, posts, checks=2)
        return cpu_seconds() - before


@contextmanager
def _browser(folder: str) -> Iterator[None]:
    command = [
        str(find_chromium(os.environ.get("RATURE_CHROMIUM"))),
        "--headless=new",
        f"--remote-debugging-port={DEBUG_PORT}",
        f"--user-data-dir={folder}/browser",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    with _running(command, os.environ):
        yield


@contextmanager
def _service(venv: Path, folder: str) -> Iterator[None]:
    command = [str(venv / "bin" / "changedetection.io"), "-C", "-d", f"{folder}/data"]
    told = {
        "PLAYWRIGHT_DRIVER_URL": f"http://127.0.0.1:{DEBUG_PORT}",
        "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
        "DISABLE_VERSION_CHECK": "true",
        "WEBDRIVER_DELAY_BEFORE_CONTENT_READY": "0",
    }
    with _running([*command, "-h", "127.0.0.1", "-p", str(PORT)], {**os.environ, **told}):
        _until(lambda: _answers("/"), START_WITHIN, "changedetection.io does not start")
        yield


@contextmanager
def _running(command: list[str], environment: Any) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _key(folder: Path) -> str:
    for name in STORES:
        store = folder / "data" / name
        if store.exists():
            settings = json.loads(store.read_text("utf-8"))["settings"]["application"]
            return str(settings["api_access_token"])
    raise RuntimeError("changedetection.io keeps its settings somewhere else")


def _wait_for_checks(key: str, posts: int, *, checks: int) -> None:
    """Waits until each watch was checked so often, to the end."""

    def checked() -> bool:
        if _ask("/api/v1/systeminfo", key)["queue_size"]:
            return False
        found = [_ask(f"/api/v1/watch/{one}", key) for one in _ask("/api/v1/watch", key)]
        faults = [watch["last_error"] for watch in found if watch.get("last_error")]
        if faults:
            raise RuntimeError(f"changedetection.io could not look: {faults[0]}")
        return len(found) == posts and all(watch["check_count"] >= checks for watch in found)

    _until(checked, CHECK_WITHIN, "changedetection.io does not check all watches")


def _until(done: Any, seconds: float, why: str) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise RuntimeError(why)
        time.sleep(0.5)


def _answers(path: str) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=5).close()
    except OSError:
        return False
    return True


def _ask(path: str, key: str, sent: Any = None, method: str | None = None) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{path}",
        data=None if sent is None else json.dumps(sent).encode(),
        headers={"x-api-key": key, "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        said = answer.read()
        return json.loads(said) if said.startswith((b"{", b"[")) else None
