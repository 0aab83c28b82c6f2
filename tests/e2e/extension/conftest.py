"""Fixtures: a stub service, a wall, and a browser that is paired or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.extension import stub, wall
from tests.e2e.extension.launch import Browser, launch


@pytest.fixture
def host() -> Iterator[stub.Host]:
    with stub.serve() as running:
        yield running


@pytest.fixture
def service(host: stub.Host) -> stub.Service:
    return host.service


@pytest.fixture
def site() -> Iterator[str]:
    with wall.serve() as origin:
        yield origin


@pytest.fixture
def browser(tmp_path: Path, host: stub.Host) -> Iterator[Browser]:
    with launch(tmp_path, [host.origin]) as running:
        yield running


@pytest.fixture
def paired(browser: Browser, host: stub.Host) -> Browser:
    browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
    return browser
