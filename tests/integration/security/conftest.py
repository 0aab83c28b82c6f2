from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.config import load_settings
from archiver.wiring import House, build_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    limits = {"manifest_bytes": 2000, "request_bytes": 5000, "requests_per_minute": 40}
    with build_house(
        load_settings(data=tmp_path / "data", limits=limits, embedded_worker=False)
    ) as house:
        yield house
