"""End-to-end tests: real extension, real browsers, real walls, the service as a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.scenario import Contributor, Spans, contributor
from tests.servers.service import RatureService

# What it asserts, it asserts for the tests of several browsers.
pytest.register_assert_rewrite("tests.e2e.extension.situations")

SPANS = Spans(1, 12)


@pytest.fixture
def service(tmp_path: Path, chromium: Path) -> Iterator[RatureService]:
    """A service as a process that concludes within seconds."""
    assert chromium.exists()
    with RatureService(tmp_path / "service", SPANS.settings) as running:
        yield running


@pytest.fixture
def person(tmp_path: Path, service: RatureService) -> Iterator[Contributor]:
    """A browser with the extension, paired with that service."""
    with contributor(tmp_path / "browser", service) as paired:
        yield paired
