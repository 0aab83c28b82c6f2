"""`start`: from a clean clone to the first page, against installing the bare libraries.

Baseline: a virtual environment with the packages that the product is built on, and nothing else,
installed in the same run from the same place.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.report import Figure

ROOT = Path(__file__).resolve().parents[1]
BARE = ("fastapi", "pydantic", "sqlmodel", "playwright", "pillow", "uvicorn")
DEADLINE = 900.0


def megabytes(folder: Path) -> float:
    """Size of all files below a folder, in MB (10**6 bytes)."""
    return (
        sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink()) / 1e6
    )


def free_port() -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def make_run(clone: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`make run` in the clone, ended with everything it started."""
    environment = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=clone,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def first_page(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns when the service answers with a page; raises when it ended or took too long."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"make run ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)  # the measured thing is seconds long; this only paces the question
    raise RuntimeError("no page within the deadline")


def bare_install(folder: Path) -> float:
    """Seconds to install the bare packages into an environment of their own."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    uv = shutil.which("uv")
    installer = [uv, "pip", "install", "-q", "-p", str(folder)] if uv else [
        str(folder / "bin/pip"), "install", "-q"
    ]  # fmt: skip
    subprocess.run([*installer, *BARE], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def run() -> Iterator[Figure]:
    """Yields seconds to the first page and MB installed."""
    with tempfile.TemporaryDirectory(prefix="rature-bench-") as scratch:
        clone, bare = Path(scratch) / "clone", Path(scratch) / "bare"
        bare_seconds = bare_install(bare)
        begun = time.perf_counter()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        port = free_port()
        with make_run(clone, port) as process:
            first_page(port, process)
            seconds = time.perf_counter() - begun
        yield Figure("start", "clean clone to first page", seconds, "s", bare_seconds)
        yield Figure("start", "installed", megabytes(clone / ".venv"), "MB", megabytes(bare))
