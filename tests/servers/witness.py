"""`rature witness` as a process, as a newsroom runs it."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from archiver.evidence.cosignature import WitnessKey
from tests.servers.process import Process, free_port
from tests.servers.service import CHECKOUT, rature


class RatureWitness:
    """A witness on a free port of 127.0.0.1; a context manager. `folder` gets log and data."""

    def __init__(self, folder: Path, *vkeys: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.data = folder / "witness"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._vkeys = vkeys
        self._process: Process | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--log", *self._vkeys, "--port", str(self.port), "--data", str(self.data)]
        self._process = Process(
            [*rature(), "witness", *options],
            log=self.folder / "witness.log",
            env=environment(),
            cwd=self.folder,
        )
        self._process.wait_until(self._answers, what="the witness answers")

    def stop(self) -> None:
        """End it in an orderly way; its memory stays."""
        if self._process is not None:
            self._process.stop()

    def kill9(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill9()

    @property
    def said(self) -> str:
        """Give what it wrote so far."""
        return (self.folder / "witness.log").read_text(encoding="utf-8")

    @property
    def setting(self) -> str:
        """Give the value for RATURE_WITNESSES that it printed."""
        [line] = {line.strip() for line in self.said.splitlines() if "RATURE_WITNESSES=" in line}
        return line.partition("=")[2]

    @property
    def key(self) -> WitnessKey:
        """Give its verifier key."""
        return WitnessKey.from_vkey(self.setting.rpartition("@")[0])

    def overview(self) -> str:
        """Give the page for people."""
        return httpx.get(f"{self.url}/", timeout=10).text

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/", timeout=10).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


def environment() -> dict[str, str]:
    """Give the environment without the caller's own settings."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("RATURE_")}
    return {**mine, "PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"}
