from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.config import load_settings
from archiver.wiring import House, build_house
from tests.integration.clock import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def house(tmp_path: Path, clock: MovableClock) -> Iterator[House]:
    with build_house(
        load_settings(data=tmp_path / "data", embedded_worker=False), clock=clock
    ) as house:
        yield house
