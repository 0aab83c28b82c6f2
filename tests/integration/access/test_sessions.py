from concurrent.futures import ThreadPoolExecutor

import pytest

from archiver.domain.errors import Forbidden, Unauthenticated
from archiver.services.access import OWNER
from archiver.wiring import House
from tests.integration.access.database_bytes import database_bytes
from tests.integration.clock import MovableClock


def test_a_link_signs_in_once(house: House) -> None:
    code = house.sessions.make_link_code(OWNER)
    secret, signed_in = house.sessions.sign_in(code)
    assert house.sessions.authenticate(secret) == signed_in
    assert signed_in.workspace_id == OWNER
    with pytest.raises(Unauthenticated, match="used before"):
        house.sessions.sign_in(code)


def test_of_many_who_use_a_link_at_once_one_succeeds(house: House) -> None:
    code = house.sessions.make_link_code(OWNER)

    def attempt(_: int) -> bool:
        try:
            house.sessions.sign_in(code)
        except Unauthenticated:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1


def test_a_link_is_good_for_fifteen_minutes(house: House, clock: MovableClock) -> None:
    early, late = (house.sessions.make_link_code(OWNER) for _ in range(2))
    clock.move(minutes=14, seconds=59)
    house.sessions.sign_in(early)
    clock.move(seconds=1)
    with pytest.raises(Unauthenticated, match="too old"):
        house.sessions.sign_in(late)


def test_a_session_lasts_thirty_days(house: House, clock: MovableClock) -> None:
    secret, _ = house.sessions.sign_in(house.sessions.make_link_code(OWNER))
    clock.move(days=29, hours=23)
    house.sessions.authenticate(secret)
    clock.move(hours=1)
    with pytest.raises(Unauthenticated):
        house.sessions.authenticate(secret)


def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    secret, signed_in = house.sessions.sign_in(house.sessions.make_link_code(OWNER))
    other, _ = house.sessions.sign_in(house.sessions.make_link_code(OWNER))
    house.sessions.sign_out(signed_in)
    house.sessions.sign_out(signed_in)
    with pytest.raises(Unauthenticated):
        house.sessions.authenticate(secret)
    house.sessions.authenticate(other)


@pytest.mark.parametrize("code", ["", "x", "A" * 43])
def test_an_unknown_code_or_cookie_is_refused(house: House, code: str) -> None:
    with pytest.raises(Unauthenticated):
        house.sessions.sign_in(code)
    with pytest.raises(Unauthenticated):
        house.sessions.authenticate(code)


def test_the_database_holds_nothing_that_signs_in_or_acts(house: House) -> None:
    code = house.sessions.make_link_code(OWNER)
    unused = house.sessions.make_link_code(OWNER)
    secret, signed_in = house.sessions.sign_in(code)
    stored = database_bytes(house.settings.data)
    assert b"ws_0000000000000000" in stored, "it is the database that is looked at"
    for value in (code, unused, secret, signed_in.csrf_token):
        assert value.encode() not in stored


def test_a_form_needs_the_csrf_token_of_its_own_session(house: House) -> None:
    _, mine = house.sessions.sign_in(house.sessions.make_link_code(OWNER))
    _, other = house.sessions.sign_in(house.sessions.make_link_code(OWNER))
    mine.check_csrf(mine.csrf_token)
    for wrong in (None, "", other.csrf_token, mine.csrf_token[:-1], "é"):
        with pytest.raises(Forbidden):
            mine.check_csrf(wrong)
