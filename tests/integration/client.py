"""A client that talks to the application in this process, loops and all."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from api.app import create_app
from archiver.services.access import OWNER, Scope
from archiver.wiring import House

with warnings.catch_warnings():
    # It recommends httpx's successor, which nothing else here needs.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BASE = "http://127.0.0.1:8787"


@contextmanager
def client_for(
    house: House, *, headers: Mapping[str, str] | None = None, raise_faults: bool = True
) -> Iterator[TestClient]:
    """A client without token unless `headers` has one; the application starts and stops with it."""
    application = create_app(house)
    with TestClient(
        application,
        base_url=BASE,
        headers=dict(headers or {}),
        follow_redirects=False,
        raise_server_exceptions=raise_faults,
    ) as client:
        yield client


def token_headers(house: House, *scopes: Scope) -> dict[str, str]:
    """The Authorization header of a new token; every scope unless some are named."""
    issued = house.access.issue(OWNER, name="test", scopes=scopes or tuple(Scope))
    return {"Authorization": f"Bearer {issued.secret}"}
