"""A house whose clock the test moves, once on each database: the leases are the same on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.config import Settings
from archiver.wiring import House, build_house
from tests.integration.watches.conftest import clock, looker
from tests.integration.watches.model import ModelLooker, MovedClock

__all__ = ["clock", "looker"]


@pytest.fixture(params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path: Path, clock: MovedClock, looker: ModelLooker
) -> Iterator[House]:
    url = request.getfixturevalue("database_url") if request.param == "postgresql" else ""
    settings = Settings(
        data=tmp_path / "data", database_url=url, embedded_worker=False, host_pause=0
    )
    with build_house(settings, clock=clock, looker=looker) as built:
        yield built
