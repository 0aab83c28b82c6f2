import pytest

from archiver.domain.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from archiver.services.access import OWNER, Scope
from archiver.store.tables import Workspace
from archiver.wiring import House, build_house
from tests.integration.access.database_bytes import database_bytes
from tests.integration.client import client_for, token_headers
from tests.integration.clock import MovableClock


def make_workspace(house: House, name: str) -> str:
    with house.database.transaction() as session:
        session.add(Workspace(id=name, name=name, created_at=house.clock()))
    return name


def test_a_token_opens_its_workspace_with_its_scopes_and_nothing_else(house: House) -> None:
    issued = house.access.issue(OWNER, name="reader", scopes=[Scope.READ])
    principal = house.access.authenticate(issued.secret)
    assert principal.workspace_id == OWNER
    assert principal.token_id == issued.token.id
    principal.must_have(Scope.READ)
    for missing in (Scope.CAPTURE, Scope.ADMIN):
        with pytest.raises(Forbidden, match=missing.value):
            principal.must_have(missing)


def test_admin_implies_every_scope(house: House) -> None:
    issued = house.access.issue(OWNER, name="admin", scopes=[Scope.ADMIN])
    principal = house.access.authenticate(issued.secret)
    for scope in Scope:
        principal.must_have(scope)


def test_a_token_has_256_random_bits_and_is_kept_only_as_a_hash(house: House) -> None:
    secrets = {house.access.issue(OWNER, name="t").secret for _ in range(20)}
    assert len(secrets) == 20
    assert {len(secret) for secret in secrets} == {len("rat_") + 43}
    assert all(secret.startswith("rat_") for secret in secrets)
    stored = database_bytes(house.settings.data)
    assert b"tok_" in stored, "it is the database that is looked at"
    for secret in secrets:
        assert secret.encode() not in stored
        assert secret.removeprefix("rat_").encode() not in stored


def test_a_token_expires_after_a_year_unless_another_life_is_given(
    house: House, clock: MovableClock
) -> None:
    year = house.access.issue(OWNER, name="year").secret
    day = house.access.issue(OWNER, name="day", days=1).secret
    clock.move(days=1)
    with pytest.raises(Unauthenticated, match="expired"):
        house.access.authenticate(day)
    clock.move(days=363, hours=23)
    house.access.authenticate(year)
    clock.move(hours=1)
    with pytest.raises(Unauthenticated, match="expired"):
        house.access.authenticate(year)


def test_a_revoked_token_is_dead_at_once_and_revoking_again_is_harmless(
    house: House, clock: MovableClock
) -> None:
    issued = house.access.issue(OWNER, name="t")
    house.access.authenticate(issued.secret)
    first = house.access.revoke(OWNER, issued.token.id)
    clock.move(hours=1)
    assert house.access.revoke(OWNER, issued.token.id).revoked_at == first.revoked_at
    with pytest.raises(Unauthenticated, match="revoked"):
        house.access.authenticate(issued.secret)


@pytest.mark.parametrize("secret", ["", "rat_", "rat_" + "A" * 43, "nonsense", "rat_é"])
def test_an_unknown_token_is_refused(house: House, secret: str) -> None:
    house.access.issue(OWNER, name="t")
    with pytest.raises(Unauthenticated, match="not known"):
        house.access.authenticate(secret)


def test_last_use_is_noted(house: House, clock: MovableClock) -> None:
    issued = house.access.issue(OWNER, name="t")
    assert house.access.tokens(OWNER)[0].last_used_at is None
    house.access.authenticate(issued.secret)
    first = clock.now
    clock.move(minutes=1)  # too soon for another write
    house.access.authenticate(issued.secret)
    assert house.access.tokens(OWNER)[0].last_used_at == first
    clock.move(minutes=5)
    house.access.authenticate(issued.secret)
    assert house.access.tokens(OWNER)[0].last_used_at == clock.now


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("", 1),  # nobody could tell what it is
        ("  ", 1),
        ("x" * 201, 1),
        ("t", 0),  # dead at birth
        ("t", -1),
        ("t", 3651),  # longer than ten years
        ("t", float("nan")),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(house: House, name: str, days: float) -> None:
    with pytest.raises(InvalidInput):
        house.access.issue(OWNER, name=name, days=days)
    assert house.access.tokens(OWNER) == []


def test_the_owners_workspace_is_made_once(house: House) -> None:
    issued = house.access.issue(OWNER, name="t")
    with build_house(house.settings, clock=house.clock) as again:
        assert again.access.authenticate(issued.secret).workspace_id == OWNER


def test_workspaces_do_not_see_each_others_tokens(house: House) -> None:
    other = make_workspace(house, "ws_other")
    theirs = house.access.issue(other, name="theirs")
    assert house.access.tokens(OWNER) == []
    with pytest.raises(NotFound):
        house.access.revoke(OWNER, theirs.token.id)
    house.access.authenticate(theirs.secret)


def test_the_interface_lists_and_revokes_without_ever_telling_a_secret(
    house: House, clock: MovableClock
) -> None:
    reader = token_headers(house, Scope.READ)
    clock.move(seconds=1)
    with client_for(house, headers=token_headers(house, Scope.ADMIN)) as client:
        listed = client.get("/api/v1/tokens")
        assert listed.status_code == 200
        assert [entry["scopes"] for entry in listed.json()] == [["read"], ["admin"]]
        assert "rat_" not in listed.text
        assert "hash" not in listed.text
        victim = listed.json()[0]["id"]
        assert client.delete(f"/api/v1/tokens/{victim}").json()["revoked_at"] is not None
        assert client.get("/api/v1/tokens", headers=reader).status_code == 401
        assert client.delete("/api/v1/tokens/tok_0000000000000000").status_code == 404


def test_without_the_right_token_the_interface_says_which_is_missing(house: House) -> None:
    with client_for(house) as client:
        nobody = client.get("/api/v1/tokens")
        assert nobody.status_code == 401
        assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
        assert nobody.headers["Content-Type"] == "application/problem+json"
        reader = client.get("/api/v1/tokens", headers=token_headers(house, Scope.READ))
        assert reader.status_code == 403
        assert "admin" in reader.json()["detail"]
        basic = client.get("/api/v1/tokens", headers={"Authorization": "Basic cmF0OnJhdA=="})
        assert basic.status_code == 401
