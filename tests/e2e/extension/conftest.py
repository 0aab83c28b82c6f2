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


@pytest.fixture(scope="module")
def shared_host() -> Iterator[stub.Host]:
    with stub.serve() as running:
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, shared_host: stub.Host) -> Iterator[Browser]:
    """A paired browser for all tests of a module: none of them may mind what the others left."""
    with launch(tmp_path_factory.mktemp("shared"), [shared_host.origin]) as running:
        running.pair(shared_host.origin, approve=lambda page: page.click("text=Approve"))
        yield running


@pytest.fixture(scope="module")
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
