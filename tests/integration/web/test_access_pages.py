"""Signing in and out, pairing, revoking, and the language."""

import base64

import pytest

from archiver.services.access import OWNER
from archiver.wiring import House
from tests.integration.client import TestClient
from tests.integration.watches.model import MovedClock
from tests.integration.web.forms import csrf_token

KEY = base64.b64encode(bytes(range(32))).decode()


def start_pairing(client: TestClient) -> dict[str, str]:
    answer = client.post(
        "/api/v1/device/authorize", json={"client_name": "Chromium", "public_key": KEY}
    )
    assert answer.status_code == 200
    return dict(answer.json())


def poll(client: TestClient, device_code: str) -> dict[str, str]:
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    return dict(
        client.post(
            "/api/v1/device/token", json={"grant_type": grant, "device_code": device_code}
        ).json()
    )


def test_without_a_session_the_home_page_says_how_to_sign_in(visitor: TestClient) -> None:
    page = visitor.get("/")
    assert page.status_code == 200
    assert "rature signin" in page.text
    assert "csrf_token" not in page.text


@pytest.mark.parametrize("path", ["/access", "/pair", "/watches/wat_0", "/evidence/cap_0/a.png"])
def test_pages_of_the_owner_need_a_session(visitor: TestClient, path: str) -> None:
    page = visitor.get(path)
    assert page.status_code == 401
    assert "rature signin" in page.text


def test_the_sign_in_link_works_once(house: House, visitor: TestClient) -> None:
    code = house.sessions.make_link_code(OWNER)
    first = visitor.get("/signin", params={"code": code})
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    visitor.cookies.clear()
    again = visitor.get("/signin", params={"code": code})
    assert again.status_code == 401
    assert "used before" in again.text


def test_signing_out_ends_the_session_on_the_server(owner: TestClient) -> None:
    cookie = owner.cookies["rature_session"]
    answer = owner.post("/signout", data={"csrf_token": csrf_token(owner)})
    assert answer.status_code == 303
    owner.cookies.set("rature_session", cookie)
    assert owner.get("/access").status_code == 401


@pytest.mark.parametrize("sent", [{}, {"csrf_token": "0" * 64}])
@pytest.mark.parametrize(
    "path",
    [
        "/signout",
        "/pair",
        "/access/tok_0/revoke",
        "/watches",
        "/watches/w/checks",
        "/watches/w/stop",
    ],
)
def test_forms_without_the_sessions_token_are_refused(
    owner: TestClient, path: str, sent: dict[str, str]
) -> None:
    fields = {"code": "BCDF-GHJK", "decision": "approve", "notice": "other", **sent}
    assert owner.post(path, data=fields).status_code == 403


def test_pairing_shows_who_asks_and_gives_the_token_after_approval(
    owner: TestClient, clock: MovedClock
) -> None:
    grant = start_pairing(owner)
    page = owner.get("/pair", params={"code": grant["user_code"].lower()})
    assert "Chromium" in page.text
    assert grant["user_code"] in page.text
    assert poll(owner, grant["device_code"])["error"] == "authorization_pending"
    decided = owner.post(
        "/pair",
        data={
            "csrf_token": csrf_token(owner),
            "code": grant["user_code"],
            "decision": "approve",
        },
    )
    assert "Paired" in decided.text
    clock.forward(seconds=6)
    assert poll(owner, grant["device_code"])["access_token"].startswith("rat_")
    assert "Chromium" in owner.get("/access").text


def test_a_refused_pairing_gives_nothing(owner: TestClient) -> None:
    grant = start_pairing(owner)
    fields = {"csrf_token": csrf_token(owner), "code": grant["user_code"], "decision": "deny"}
    assert "Refused" in owner.post("/pair", data=fields).text
    assert poll(owner, grant["device_code"])["error"] == "access_denied"


def test_an_unknown_pairing_code_is_told(owner: TestClient) -> None:
    page = owner.get("/pair", params={"code": "BBBB-BBBB"})
    assert page.status_code == 404
    assert "start the pairing again" in page.text


def test_a_revoked_token_no_longer_works(house: House, owner: TestClient) -> None:
    issued = house.access.issue(OWNER, name="laptop")
    bearer = {"Authorization": f"Bearer {issued.secret}"}
    assert owner.get("/api/v1/watches", headers=bearer).status_code == 200
    fields = {"csrf_token": csrf_token(owner)}
    assert owner.post(f"/access/{issued.token.id}/revoke", data=fields).status_code == 303
    assert owner.get("/api/v1/watches", headers=bearer).status_code == 401


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        ("/help", "/help"),  # a page of ours
        ("//evil.example/", "/"),  # another site without a scheme
        ("https://evil.example/", "/"),  # another site
        ("/\\evil.example", "/"),  # browsers read this as another site
    ],
)
def test_choosing_a_language_leads_back_inside_only(
    visitor: TestClient, back: str, expected: str
) -> None:
    answer = visitor.post("/language", data={"language": "fr", "back": back})
    assert answer.headers["location"] == expected
    assert "Pour se connecter" in visitor.get("/").text
