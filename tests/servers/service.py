"""The Rature service and its workers as processes, started and killed as an operator would."""

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.servers.chromium import find_chromium
from tests.servers.process import Process, free_port

CHECKOUT = Path(__file__).parents[2]
SCOPES = ("capture", "read", "admin")


class RatureService:
    """`rature serve` on a free port of 127.0.0.1; a context manager.

    `folder` gets the logs and, below `data`, everything the service keeps. `env` is added to
    (or replaces) the environment that it starts with; walls on 127.0.0.1 may be opened unless
    it says otherwise. Nothing of the caller's own RATURE_* settings reaches the service.
    """

    def __init__(self, folder: Path, env: Mapping[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.data = folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {**_inherited(), **self._settings(), **(env or {})}
        self.workers: list[Process] = []
        self._process: Process | None = None
        self._tokens: dict[tuple[str, ...], str] = {}
        self._clients: dict[tuple[str, ...], httpx.Client] = {}

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # -- life and death

    def start(self, *, seconds: float = 60) -> None:
        """Start the service on its port and wait until /readyz answers 200."""
        self._process = self._run("serve", "--host", "127.0.0.1", "--port", str(self.port))
        self._process.wait_until(self.ready, what="the service is ready", seconds=seconds)

    def stop(self) -> None:
        """End clients, workers and service in an orderly way; the data stays."""
        while self._clients:
            self._clients.popitem()[1].close()
        while self.workers:
            self.workers.pop().stop()
        if self._process is not None:
            self._process.stop()

    def kill9(self) -> None:
        """SIGKILL the service alone; workers live on."""
        assert self._process is not None
        self._process.kill9()

    def restart(self, *, seconds: float = 60) -> None:
        """Start again on the same port and data, after an orderly stop unless it is dead."""
        if self._process is not None:
            self._process.stop()
        self.start(seconds=seconds)

    def worker(self, count: int = 1) -> list[Process]:
        """Start so many `rature worker` and give them once they work (`.kill9()`, `.running`)."""
        started = [self._run("worker", log=f"worker-{n}.log") for n in self._numbers(count)]
        self.workers += started
        for one in started:
            one.wait_until(partial(_works, one), what="the worker works", seconds=60)
        return started

    # -- talking to it

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    def ready(self) -> bool:
        """Tell whether /readyz answers 200 now."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=10).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    @property
    def client(self) -> httpx.Client:
        """A client on the service's own address with a token of every scope."""
        return self.client_for(*SCOPES)

    def client_for(self, *scopes: str) -> httpx.Client:
        """Give the client whose token has these scopes; none: a client without token."""
        if scopes not in self._clients:
            headers = {"Authorization": f"Bearer {self.token(*scopes)}"} if scopes else {}
            self._clients[scopes] = httpx.Client(base_url=self.url, headers=headers, timeout=60)
        return self._clients[scopes]

    def token(self, *scopes: str) -> str:
        """Give a token of these scopes (all if none is named), made once by `rature token make`."""
        wanted = scopes or SCOPES
        if wanted not in self._tokens:
            options = [part for scope in wanted for part in ("--scope", scope)]
            said = self.command("token", "make", "--name", "tests", *options)
            self._tokens[wanted] = said.stdout.strip()
        return self._tokens[wanted]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `rature` command with the service's settings; RuntimeError unless it gives 0."""
        done = subprocess.run(
            [*rature(), *arguments],
            env=self.env,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"rature {' '.join(arguments)}: {done.stdout}\n{done.stderr}")
        return done

    def logs(self) -> str:
        """Give all that service and workers have written so far."""
        return "\n".join(
            f"== {path.name}\n{path.read_text(encoding='utf-8', errors='replace')}"
            for path in sorted(self.folder.glob("*.log"))
        )

    # -- inside

    def _settings(self) -> dict[str, str]:
        settings = {
            "RATURE_DATA": str(self.data),
            "RATURE_PUBLIC_URL": self.url,
            "RATURE_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
            "RATURE_CHROMIUM": str(find_chromium()),
            "RATURE_HOST_PAUSE": "0",
        }
        if os.geteuid() == 0:
            settings["RATURE_NO_SANDBOX"] = "1"  # Chromium refuses its sandbox to root
        return settings

    def _run(self, *arguments: str, log: str = "service.log") -> Process:
        # Not in the checkout: a rature.toml that lies there is the developer's own.
        return Process(
            [*rature(), *arguments], log=self.folder / log, env=self.env, cwd=self.folder
        )

    def _numbers(self, count: int) -> range:
        first = len(list(self.folder.glob("worker-*.log"))) + 1
        return range(first, first + count)


def _works(worker: Process) -> bool:
    return "This worker visits walls" in worker.tail()


def rature() -> list[str]:
    """Give the command line that starts `rature` of this environment."""
    script = Path(sys.executable).with_name("rature")
    return [str(script)] if script.exists() else [sys.executable, "-m", "archiver.cli"]


def _inherited() -> dict[str, str]:
    mine = {k: v for k, v in os.environ.items() if not k.startswith(("RATURE_", "AWS_"))}
    return {**mine, "PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"}
