import base64
import itertools
import math
from collections import Counter

import pytest

from archiver.domain.errors import Conflict, InvalidInput, NotFound
from archiver.services.access import OWNER, IssuedToken, Scope
from archiver.services.pairing import Refusal
from archiver.services.secret_codes import (
    USER_CODE_LENGTH,
    USER_CODE_LETTERS,
    fold_user_code,
    make_user_code,
)
from archiver.wiring import House
from tests.integration.access.database_bytes import database_bytes
from tests.integration.client import client_for
from tests.integration.clock import MovableClock

KEY = base64.b64encode(bytes(range(32))).decode()
DEVICE = {"client_name": "Chromium on Debian", "public_key": KEY}
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def paired(house: House, clock: MovableClock) -> IssuedToken:
    started = house.pairing.start("Chromium", KEY)
    house.pairing.approve(house.pairing.grant_by_user_code(started.user_code), OWNER)
    outcome = house.pairing.poll(started.device_code)
    assert isinstance(outcome, IssuedToken)
    return outcome


def test_an_approved_browser_gets_a_token_bound_to_its_key(
    house: House, clock: MovableClock
) -> None:
    issued = paired(house, clock)
    principal = house.access.authenticate(issued.secret)
    assert principal.public_key == KEY
    assert principal.scopes == {Scope.CAPTURE, Scope.READ}
    assert issued.token.name == "Chromium"


def test_the_token_is_given_once(house: House, clock: MovableClock) -> None:
    started = house.pairing.start("Chromium", KEY)
    house.pairing.approve(house.pairing.grant_by_user_code(started.user_code), OWNER)
    assert isinstance(house.pairing.poll(started.device_code), IssuedToken)
    clock.move(seconds=5)
    assert house.pairing.poll(started.device_code) is Refusal.EXPIRED
    assert len(house.access.tokens(OWNER)) == 1


def test_before_the_decision_it_is_pending_and_after_a_no_denied(
    house: House, clock: MovableClock
) -> None:
    started = house.pairing.start("Chromium", KEY)
    assert house.pairing.poll(started.device_code) is Refusal.PENDING
    house.pairing.deny(house.pairing.grant_by_user_code(started.user_code))
    clock.move(seconds=5)
    assert house.pairing.poll(started.device_code) is Refusal.DENIED
    assert house.access.tokens(OWNER) == []


def test_who_asks_too_often_is_slowed_down_each_time_by_five_seconds(
    house: House, clock: MovableClock
) -> None:
    started = house.pairing.start("Chromium", KEY)
    answers = []
    for seconds in (0, 4.9, 9.9, 15.0):
        clock.move(seconds=seconds)
        answers.append(house.pairing.poll(started.device_code))
    assert answers == [Refusal.PENDING, Refusal.SLOW_DOWN, Refusal.SLOW_DOWN, Refusal.PENDING]


def test_after_ten_minutes_nothing_can_be_approved_or_fetched(
    house: House, clock: MovableClock
) -> None:
    started = house.pairing.start("Chromium", KEY)
    grant = house.pairing.grant_by_user_code(started.user_code)
    clock.move(minutes=10)
    with pytest.raises(NotFound):
        house.pairing.grant_by_user_code(started.user_code)
    with pytest.raises(Conflict):
        house.pairing.approve(grant, OWNER)
    assert house.pairing.poll(started.device_code) is Refusal.EXPIRED


@pytest.mark.parametrize("first", ["approve", "deny"])
def test_a_decision_is_taken_once(house: House, first: str) -> None:
    started = house.pairing.start("Chromium", KEY)
    grant = house.pairing.grant_by_user_code(started.user_code)
    if first == "approve":
        house.pairing.approve(grant, OWNER)
    else:
        house.pairing.deny(grant)
    with pytest.raises(Conflict):
        house.pairing.approve(grant, OWNER)
    with pytest.raises(Conflict):
        house.pairing.deny(grant)
    with pytest.raises(NotFound):
        house.pairing.grant_by_user_code(started.user_code)


def test_codes_are_kept_only_as_hashes(house: House) -> None:
    started = house.pairing.start("Chromium", KEY)
    stored = database_bytes(house.settings.data)
    assert KEY.encode() in stored, "it is the database that is looked at"
    assert started.device_code.encode() not in stored
    assert started.user_code.encode() not in stored
    assert started.user_code.replace("-", "").encode() not in stored


def test_user_codes_have_at_least_34_bits_and_no_favourite_letter() -> None:
    assert USER_CODE_LENGTH * math.log2(len(USER_CODE_LETTERS)) >= 34
    every_byte = itertools.cycle(range(256))
    codes = [
        make_user_code(lambda size: bytes(next(every_byte) for _ in range(size)))
        for _ in range(3000)
    ]
    counts = Counter("".join(codes).replace("-", ""))
    assert set(counts) == set(USER_CODE_LETTERS)
    assert max(counts.values()) / min(counts.values()) < 1.15
    assert all(len(code) == 9 and code[4] == "-" for code in codes)


@pytest.mark.parametrize("typed", ["bcdf-ghjk", "BCDFGHJK", " bcdf ghjk ", "BCDF–GHJK"])
def test_a_user_code_may_be_typed_in_any_manner(typed: str) -> None:
    assert fold_user_code(typed) == "BCDF-GHJK"


@pytest.mark.parametrize(
    ("name", "key", "field"),
    [
        ("", KEY, "client_name"),
        (" \n\t", KEY, "client_name"),
        ("Chromium", "", "public_key"),
        ("Chromium", "not base64!", "public_key"),
        ("Chromium", base64.b64encode(bytes(31)).decode(), "public_key"),
        ("Chromium", base64.b64encode(bytes(64)).decode(), "public_key"),
    ],
)
def test_a_device_without_name_or_key_is_refused(
    house: House, name: str, key: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        house.pairing.start(name, key)
    assert refused.value.field == field


def test_a_devices_name_is_one_short_line_that_cannot_deceive(house: House) -> None:
    started = house.pairing.start("Your bank\n\u202edecorp\x00 " + "x" * 500, KEY)
    name = house.pairing.grant_by_user_code(started.user_code).client_name
    assert name.startswith("Your bank decorp xxx")
    assert len(name) == 100


# -- by HTTP, as an extension or any OAuth client does it


@pytest.mark.parametrize("form", ["data", "json"])
def test_the_whole_pairing_by_http(house: House, clock: MovableClock, form: str) -> None:
    with client_for(house) as client:
        started = client.post("/api/v1/device/authorize", **{form: DEVICE})
        assert started.status_code == 200
        body = started.json()
        assert body["verification_uri"] == "http://127.0.0.1:8787/pair"
        assert body["verification_uri_complete"].endswith(f"/pair?code={body['user_code']}")
        assert (body["expires_in"], body["interval"]) == (600, 5)
        poll = {"grant_type": GRANT, "device_code": body["device_code"]}
        waiting = client.post("/api/v1/device/token", **{form: poll})
        assert (waiting.status_code, waiting.json()) == (400, {"error": "authorization_pending"})
        hurried = client.post("/api/v1/device/token", **{form: poll})
        assert (hurried.status_code, hurried.json()) == (400, {"error": "slow_down"})
        house.pairing.approve(house.pairing.grant_by_user_code(body["user_code"]), OWNER)
        clock.move(seconds=10)
        given = client.post("/api/v1/device/token", **{form: poll})
        assert given.status_code == 200
        assert given.headers["Cache-Control"] == "no-store"
        assert given.json()["token_type"] == "Bearer"
        assert given.json()["scope"] == "capture read"
        assert given.json()["expires_in"] == 365 * 24 * 3600
        token = {"Authorization": f"Bearer {given.json()['access_token']}"}
        assert client.get("/api/v1/tokens", headers=token).status_code == 403
        again = client.post("/api/v1/device/token", **{form: poll})
        assert (again.status_code, again.json()) == (400, {"error": "expired_token"})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": GRANT}, "invalid_request"),
        ({"grant_type": "password", "device_code": "x"}, "unsupported_grant_type"),
        ({"grant_type": GRANT, "device_code": "unknown"}, "expired_token"),
    ],
)
def test_a_wrong_poll_gets_an_oauth_error(house: House, body: dict[str, str], error: str) -> None:
    with client_for(house) as client:
        answer = client.post("/api/v1/device/token", data=body)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize(
    ("content", "kind", "field"),
    [
        (b"client_name=x", "application/x-www-form-urlencoded", "public_key"),
        (b'{"client_name": 7, "public_key": "x"}', "application/json", "client_name"),
        (b"{", "application/json", None),
        (b"[1]", "application/json", None),
    ],
)
def test_a_wrong_request_names_the_field(
    house: House, content: bytes, kind: str, field: str | None
) -> None:
    with client_for(house) as client:
        answer = client.post(
            "/api/v1/device/authorize", content=content, headers={"Content-Type": kind}
        )
    assert answer.status_code == (422 if field else 400)
    assert [entry["field"] for entry in answer.json().get("errors", [])] == (
        [field] if field else []
    )


def test_who_starts_pairing_again_and_again_has_to_wait(house: House) -> None:
    with client_for(house) as client:
        answers = [client.post("/api/v1/device/authorize", data=DEVICE) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
