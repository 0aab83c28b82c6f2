"""Installs the Debian packages that a test server needs, when they are absent and we are root."""

import fcntl
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")
LOCK = Path("/tmp/rature-tests-apt.lock")


class CannotInstallError(RuntimeError):
    """A test server's packages are missing and could not be installed; the text says what to do."""


def ensure_packages(packages: Sequence[str], *, needed_for: str) -> None:
    """Give every package installed, or raise CannotInstallError with apt's own output.

    No daemon is started by the installation: tests start their own, on ports of their own.
    """
    if not _missing(packages):
        return
    by_hand = "apt-get install --no-install-recommends " + " ".join(packages)
    if os.geteuid() != 0:
        raise CannotInstallError(f"{needed_for} is not installed. As root: {by_hand}")
    # Two test runs on one machine must not remove each other's policy file.
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if missing := _missing(packages):
            with _no_daemons():
                _apt(["update", "-q"], needed_for, by_hand)
                options = ["-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
                _apt(["install", *options, *missing], needed_for, by_hand)


def newest(pattern: str) -> Path:
    """Give the last path of a glob below /, versions compared as numbers ("9" before "15")."""
    found = sorted(Path("/").glob(pattern), key=_version)
    if not found:
        raise CannotInstallError(f"nothing matches /{pattern} although its package is installed")
    return found[-1]


def _version(path: Path) -> tuple[float, ...]:
    parts = [part for part in path.parts if part.replace(".", "").isdigit()]
    return tuple(float(part) for part in parts)


def _missing(packages: Sequence[str]) -> list[str]:
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages]
    try:
        shown = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError as error:
        raise CannotInstallError("this is no Debian or Ubuntu: install by hand") from error
    here = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in here]


def _apt(arguments: Sequence[str], needed_for: str, by_hand: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CannotInstallError(
            f"{needed_for} could not be installed (apt-get {arguments[0]} gave "
            f"{done.returncode}). By hand: {by_hand}\n{done.stdout}"
        )


@contextmanager
def _no_daemons() -> Iterator[None]:
    """Debian asks policy-rc.d before it starts a daemon; 101 means "do not"."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
