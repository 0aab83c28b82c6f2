"""A house whose clock the test moves and whose looker answers from a model."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.config import Settings
from archiver.wiring import House, build_house
from tests.integration.client import TestClient, client_for, token_headers
from tests.integration.watches.model import ModelLooker, MovedClock


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def looker(clock: MovedClock) -> ModelLooker:
    return ModelLooker(clock)


@pytest.fixture
def house(tmp_path: Path, clock: MovedClock, looker: ModelLooker) -> House:
    settings = Settings(data=tmp_path / "data", embedded_worker=False, host_pause=0)
    return build_house(settings, clock=clock, looker=looker)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with client_for(house, headers=token_headers(house)) as client:
        yield client
