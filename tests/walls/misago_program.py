"""Puts Misago into an environment of its own, made once for each set of pins."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests.servers.debian import CannotInstallError

PINS = Path(__file__).parent / "misago" / "requirements.txt"
KEPT = Path(__file__).parents[2] / "build" / "walls"


def ensure_misago() -> Path:
    """Give the interpreter that has Misago; its 84 packages never meet the project's own.

    Raises CannotInstallError with pip's own output when they cannot be had.
    """
    folder = KEPT / f"misago-{hashlib.sha256(PINS.read_bytes()).hexdigest()[:12]}"
    python, whole = folder / "bin" / "python", folder / "whole"
    KEPT.mkdir(parents=True, exist_ok=True)
    # Two test runs of one tree wait for each other, and one that was cut off begins anew.
    with (KEPT / "misago.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _run([sys.executable, "-m", "venv", folder])
            quiet = ["--quiet", "--disable-pip-version-check"]
            _run([python, "-m", "pip", "install", *quiet, "--require-hashes", "-r", PINS])
            whole.touch()
    return python


def _run(arguments: list[str | Path]) -> None:
    done = subprocess.run(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        by_hand = " ".join(map(str, arguments))
        raise CannotInstallError(
            f"Misago (a wall of the tests) could not be installed. By hand: {by_hand}\n"
            f"{done.stdout[-3000:]}"
        )
