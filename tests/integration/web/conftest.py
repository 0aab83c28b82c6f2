"""A house with a model of a wall behind it, and a browser that is signed in to its pages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.config import Settings
from archiver.services.access import OWNER
from archiver.wiring import House, build_house
from tests.integration.client import BASE, TestClient, client_for
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
def visitor(house: House) -> Iterator[TestClient]:
    """A browser without a session, with the headers that a browser sends with its own forms."""
    headers = {"Origin": BASE, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    with client_for(house, headers=headers) as client:
        yield client


@pytest.fixture
def owner(house: House, visitor: TestClient) -> TestClient:
    """The same browser after it opened a sign-in link."""
    code = house.sessions.make_link_code(OWNER)
    assert visitor.get("/signin", params={"code": code}).status_code == 303
    return visitor
