"""A house without its loops: tests seal and stamp step by step."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.config import Settings
from archiver.wiring import House, build_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with build_house(Settings(data=tmp_path / "data", embedded_worker=False)) as house:
        yield house


def add_leaves(house: House, count: int) -> None:
    """Appends records in one transaction."""
    with house.database.transaction() as session:
        for number in range(count):
            house.recorder.record(session, "custody", f"evt_{number}", {"number": number})
