"""A house with a model of a wall behind it, and a browser that is signed in to its pages."""

from collections.abc import Iterator

import pytest

from archiver.services.access import OWNER
from archiver.wiring import House
from tests.integration.client import BASE, TestClient, client_for
from tests.integration.watches.conftest import clock, house, looker

__all__ = ["clock", "house", "looker", "owner", "visitor"]


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
