"""What every test may ask for. Servers start on first use and end with the session."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from tests.network import forbid_network
from tests.servers.chromium import NoChromiumError, find_chromium
from tests.servers.debian import CannotInstallError
from tests.servers.postgres import Postgres
from tests.servers.s3 import S3
from tests.servers.service import RatureService
from tests.walls.epicyon import Epicyon
from tests.walls.front import Front
from tests.walls.isso import Isso
from tests.walls.misago import Misago
from tests.walls.wordpress import WordPress

# What says where things are may stay; what configures a developer's own Rature may not.
KEPT_SETTINGS = {"RATURE_CHROMIUM", "RATURE_SHARED", "RATURE_TEST_FIREFOX"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--matrix", action="store_true", help="run the slower matrices too")


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith(("RATURE_", "AWS_"))]:
        if name not in KEPT_SETTINGS:
            del os.environ[name]
    # An exhibit takes seconds: tests that are about it, or about all that is in a bundle, ask.
    os.environ["RATURE_EXHIBITS"] = "false"
    # A run that is cancelled ends like one that is interrupted: its servers are stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # How long a case takes says more about the machine than about it.
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    forbid_network()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--matrix"):
        return
    slow = [item for item in items if item.get_closest_marker("matrix")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's path; a clear failure when there is none."""
    try:
        return find_chromium()
    except NoChromiumError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def wordpress() -> Iterator[WordPress]:
    """One WordPress for the whole session, as the last test left it."""
    try:
        with WordPress() as wall:
            yield wall
    except CannotInstallError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def fresh_wordpress(wordpress: WordPress) -> WordPress:
    """The session's WordPress, running, with comments and options as after installation."""
    wordpress.restore()
    return wordpress


@pytest.fixture(scope="session")
def isso() -> Iterator[Isso]:
    """One isso for the whole session, as the last test left it."""
    try:
        with Isso() as wall:
            yield wall
    except CannotInstallError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def fresh_isso(isso: Isso) -> Isso:
    """The session's isso, running, with comments and settings as after installation."""
    isso.restore()
    return isso


@pytest.fixture(scope="session")
def misago() -> Iterator[Misago]:
    """One Misago for the whole session, as the last test left it."""
    try:
        with Misago() as wall:
            yield wall
    except CannotInstallError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def fresh_misago(misago: Misago) -> Misago:
    """The session's Misago, running, with threads and settings as after installation."""
    misago.restore()
    return misago


@pytest.fixture(scope="session")
def epicyon() -> Iterator[Epicyon]:
    """One Epicyon for the whole session, as the last test left it."""
    try:
        with Epicyon() as wall:
            yield wall
    except CannotInstallError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def fresh_epicyon(epicyon: Epicyon) -> Epicyon:
    """The session's Epicyon, running, with accounts and posts as after installation."""
    epicyon.restore()
    return epicyon


@pytest.fixture
def front(fresh_wordpress: WordPress) -> Iterator[Front]:
    """A proxy in front of the fresh WordPress; its `mode` puts obstacles up."""
    with Front(fresh_wordpress.url) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole session."""
    try:
        with Postgres() as server:
            yield server
    except CannotInstallError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def database_url(postgres: Postgres) -> str:
    """The address of a database of this test's own, `postgresql+psycopg://...`."""
    return postgres.database()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """One S3 server for the whole session."""
    with S3() as server:
        yield server


@pytest.fixture
def bucket_env(s3: S3) -> dict[str, str]:
    """The environment by which a service keeps its blobs in a bucket of this test's own."""
    return s3.bucket()


@pytest.fixture
def start_service(tmp_path: Path, chromium: Path) -> Iterator[Callable[..., RatureService]]:
    """Start a service with added settings: `start_service({"RATURE_...": "..."})`."""
    started: list[RatureService] = []

    def start(env: Mapping[str, str] | None = None) -> RatureService:
        service = RatureService(tmp_path / f"service-{len(started) + 1}", env)
        started.append(service)
        return service.__enter__()

    yield start
    for service in reversed(started):
        service.stop()
