"""Puts other people's programs into environments of their own, made once for each set of pins."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests.servers.debian import CannotInstallError

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / "build" / "walls"


def ensure_program(name: str, *, resolved: bool = True) -> Path:
    """Give the interpreter that has what `NAME/requirements.txt` pins; the project's own has not.

    Of pins that are not `resolved` nothing is asked whether they suit each other: an old program
    runs with libraries that are newer than it allows. Raises CannotInstallError with pip's own
    output when they cannot be had.
    """
    pins = HERE / name / "requirements.txt"
    folder = KEPT / f"{name}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"
    python, whole = folder / "bin" / "python", folder / "whole"
    KEPT.mkdir(parents=True, exist_ok=True)
    # Two test runs of one tree wait for each other, and one that was cut off begins anew.
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _run(name, [sys.executable, "-m", "venv", folder])
            options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
            options += [] if resolved else ["--no-deps"]
            _run(name, [python, "-m", "pip", "install", *options, "-r", pins])
            whole.touch()
    return python


def _run(name: str, arguments: list[str | Path]) -> None:
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
            f"{name} (a wall of the tests) could not be installed. By hand: {by_hand}\n"
            f"{done.stdout[-3000:]}"
        )
