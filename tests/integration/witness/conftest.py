"""A house and its witnesses in one process; the network between them is a function."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.witness_app import STATUSES
from archiver.config import Settings
from archiver.domain.errors import Unavailable
from archiver.evidence.cosignature import CosigningKey
from archiver.evidence.witness import Ruling, parse_request
from archiver.services.log_key import open_log_key
from archiver.services.witness_desk import WitnessDesk
from archiver.wiring import House, build_house
from tests.integration.clock import MovableClock

Answer = Callable[[bytes], tuple[int, bytes]]
NEWSROOM, RADIO = "https://newsroom.example", "https://radio.example/log"


class Newsroom:
    """A witness, which can be away, or answer what a test wants by `instead`."""

    def __init__(self, url: str, folder: Path, data: Path, clock: MovableClock) -> None:
        self.url = url
        self.folder = folder
        self._log = open_log_key(data / "keys" / "log.key", "http://127.0.0.1", _random).public
        self._clock = clock
        self.key = CosigningKey(url.encode().ljust(32)[:32], url.removeprefix("https://"))
        self.away = False
        self.instead: Answer | None = None
        self.asked: list[tuple[int, int]] = []  # old size, size
        folder.mkdir()

    @property
    def setting(self) -> str:
        return f"{self.key.public.vkey}@{self.url}"

    @property
    def desk(self) -> WitnessDesk:
        return WitnessDesk(self.folder, self.key, [self._log], self._clock)

    def answer(self, body: bytes) -> tuple[int, bytes]:
        read = parse_request(body)
        self.asked.append((read.old_size, read.checkpoint.size))
        if self.away:
            raise Unavailable(f"{self.url} does not answer")
        if self.instead is not None:
            return self.instead(body)
        return self.honest(body)

    def honest(self, body: bytes) -> tuple[int, bytes]:
        answer = self.desk.add_checkpoint(body)
        decision = answer.decision
        if decision.ruling is Ruling.CONFLICT:
            return 409, f"{decision.known_size}\n".encode()
        return STATUSES[decision.ruling], (answer.line or f"{decision.reason}\n").encode()


class World:
    """A service with witnesses. `opened` gives the house anew, as a restart does."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.clock = MovableClock()
        self.newsroom = Newsroom(NEWSROOM, folder / "newsroom", self.data, self.clock)
        self.radio = Newsroom(RADIO, folder / "radio", self.data, self.clock)
        self.witnesses = [self.newsroom]
        self._open: list[House] = []

    def opened(self, data: Path | None = None) -> House:
        witnesses = [each.setting for each in self.witnesses]
        settings = Settings(data=data or self.data, witnesses=witnesses, embedded_worker=False)
        house = build_house(settings, clock=self.clock)
        house.witnessing._submit = self._submit
        self._open.append(house)
        return house

    def copied(self, house: House, name: str) -> Path:
        """The whole data folder of a house that is stopped for it."""
        house.close()
        target = self.data.with_name(name)
        shutil.copytree(house.settings.data, target)
        return target

    def close(self) -> None:
        while self._open:
            self._open.pop().close()

    def _submit(self, url: str, body: bytes) -> tuple[int, bytes]:
        [found] = [each for each in self.witnesses if url == f"{each.url}/add-checkpoint"]
        return found.answer(body)


def _random(count: int) -> bytes:
    return b"\x05" * count


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()
