"""Processes that tests start: own session, all descriptors redirected, always stopped."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

POLL = 0.05


def free_port() -> int:
    """Give a TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    """Tell whether somebody accepts connections on 127.0.0.1:port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """One daemon with its log file. `user` is the account it runs as when we are root."""

    def __init__(
        self,
        arguments: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        cwd: Path | None = None,
    ) -> None:
        account = user if os.geteuid() == 0 else None
        self.name = Path(str(arguments[0])).name
        self.log = log
        self._over = False
        # Appended to: a restarted daemon must not hide what its predecessor said.
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env) if env is not None else None,
                cwd=cwd,
                user=account,
                group=account,
                extra_groups=[] if account else None,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    @property
    def returncode(self) -> int | None:
        return self._popen.poll()

    def tail(self, lines: int = 40) -> str:
        """Give the last lines of the log, for messages."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def wait_until(self, ready: Callable[[], bool], *, what: str, seconds: float = 30) -> None:
        """Poll until `ready()`; RuntimeError with the log when it dies or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running:
                code = self.returncode
                raise RuntimeError(f"{self.name} ended with {code} before {what}:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{what}: not within {seconds:g} s:\n{self.tail()}")
            time.sleep(POLL)

    def wait_for_success(self, *, what: str, seconds: float = 60) -> None:
        """Wait for the process to end with 0; RuntimeError with the log otherwise."""
        try:
            code = self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise RuntimeError(f"{what}: not within {seconds:g} s:\n{self.tail()}") from None
        if code != 0:
            raise RuntimeError(f"{what}: {self.name} ended with {code}:\n{self.tail()}")

    def stop(self, *, first: signal.Signals = signal.SIGTERM, seconds: float = 15) -> None:
        """End the process and whatever it started; what does not listen is killed."""
        self._signal(first)
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.kill9()

    def kill9(self) -> None:
        """SIGKILL to the whole session, as a power failure would."""
        self._signal(signal.SIGKILL)
        self._popen.wait(10)
        deadline = time.monotonic() + 10
        # A killed child may still hold its port for a moment after its parent is gone.
        while not self._over and _group_lives(self.pid) and time.monotonic() < deadline:
            time.sleep(POLL)
        self._over = True

    def _signal(self, number: signal.Signals) -> None:
        # The group outlives its leader while a child still runs, so it is asked even then; but
        # once it was killed its number may belong to somebody else.
        if self._over:
            return
        try:
            os.killpg(self._popen.pid, number)
        except ProcessLookupError:
            return


def _group_lives(group: int) -> bool:
    """Tell whether a process of the group runs; zombies, which nobody may ever reap, do not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # proc(5): after the name in parentheses come state, parent and process group.
            state, _, of_group, *_ = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(of_group) == group and state not in {"Z", "X"}:
            return True
    return False
