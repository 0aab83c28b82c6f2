"""What must happen once happens once on PostgreSQL too, where writers do not queue."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archiver.config import load_settings
from archiver.domain.errors import Unauthenticated
from archiver.services.access import OWNER, IssuedToken, Scope
from archiver.wiring import House, build_house
from tests.integration.access.test_pairing import KEY


@pytest.fixture
def shared(tmp_path: Path, database_url: str) -> Iterator[House]:
    settings = load_settings(
        data=tmp_path / "data", database_url=database_url, embedded_worker=False
    )
    with build_house(settings) as house:
        yield house


def test_of_many_who_use_a_link_at_once_one_succeeds(shared: House) -> None:
    code = shared.sessions.make_link_code(OWNER)

    def attempt(_: int) -> bool:
        try:
            shared.sessions.sign_in(code)
        except Unauthenticated:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1


def test_of_many_polls_at_once_one_gets_the_token(shared: House) -> None:
    started = shared.pairing.start("Chromium", KEY)
    shared.pairing.approve(shared.pairing.grant_by_user_code(started.user_code), OWNER)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(shared.pairing.poll, [started.device_code] * 16))
    given = [outcome for outcome in outcomes if isinstance(outcome, IssuedToken)]
    assert len(given) == 1
    assert len(shared.access.tokens(OWNER)) == 1
    principal = shared.access.authenticate(given[0].secret)
    assert principal.scopes == {Scope.CAPTURE, Scope.READ}
    assert shared.access.revoke(OWNER, given[0].token.id).revoked_at is not None
    with pytest.raises(Unauthenticated):
        shared.access.authenticate(given[0].secret)
