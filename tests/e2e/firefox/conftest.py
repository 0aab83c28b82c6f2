"""One browser, one stub of the service and one wall for all tests of a file."""

from collections.abc import Iterator

import pytest

from tests.e2e.extension import stub, wall
from tests.e2e.firefox.browser import Browser, launch
from tests.servers.debian import CannotInstallError
from tests.servers.firefox import find_firefox


@pytest.fixture(scope="session", autouse=True)
def firefox() -> None:
    """A clear failure when there is no Firefox."""
    try:
        find_firefox()
    except CannotInstallError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="module")
def host() -> Iterator[stub.Host]:
    with stub.serve() as running:
        yield running


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with wall.serve() as origin:
        yield origin


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with launch(tmp_path_factory.mktemp("firefox")) as running:
        yield running


@pytest.fixture(scope="module")
def paired(browser: Browser, host: stub.Host) -> Browser:
    if browser.status()["service"] is None:  # a file's other tests may have paired it
        browser.pair(host.origin, approve=lambda page: page.click("button"))
    return browser
