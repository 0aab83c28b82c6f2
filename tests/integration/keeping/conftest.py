"""A house of its own for each test, with a client that may do everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.config import Settings
from archiver.wiring import House, build_house
from tests.integration.client import TestClient, client_for, token_headers


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build_house(Settings(data=tmp_path / "data", embedded_worker=False))


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with client_for(house, headers=token_headers(house)) as client:
        yield client
