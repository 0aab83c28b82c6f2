"""What every answer carries, and what errors look like."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import APIRouter
from starlette.types import ASGIApp

from api import security
from api.errors import STATUSES, status_of
from archiver.domain import errors
from archiver.wiring import House
from tests.integration.client import client_for, token_headers

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class Case:
    why: str
    method: str
    path: str
    headers: dict[str, str]
    status: int


ANSWERS = [
    Case("a good answer", "GET", "/healthz", {}, 200),
    Case("an unknown path", "GET", "/nowhere", {}, 404),
    Case("a wrong method", "PATCH", "/healthz", {}, 405),
    Case("no token", "GET", "/api/v1/tokens", {}, 401),
    Case("a refused host", "GET", "/healthz", {"Host": "attacker.example"}, 421),
    Case("a refused origin", "POST", "/api/v1/device/token", {"Origin": "https://a.example"}, 403),
    Case("our own fault", "GET", "/broken", {}, 500),
]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adds a route that fails as no route should."""
    router = APIRouter()

    @router.get("/broken")
    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    from api.routers import about  # noqa: PLC0415 - patched for this test only

    monkeypatch.setattr(about, "router", about.router)
    monkeypatch.setattr("api.routers.health.router", _joined(router))


def _joined(extra: APIRouter) -> APIRouter:
    from api.routers import health  # noqa: PLC0415 - the router before it is patched

    router = APIRouter()
    router.include_router(health.router)
    router.include_router(extra)
    return router


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case.why)
def test_every_answer_carries_the_security_headers(house: House, broken: None, case: Case) -> None:
    with client_for(house, raise_faults=False) as client:
        answer = client.request(case.method, case.path, headers=case.headers)
    assert answer.status_code == case.status
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert len(answer.headers["X-Request-Id"]) == 16
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_it_is_the_guard_that_adds_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    absent: Callable[..., ASGIApp] = lambda app, **_: app  # noqa: E731
    monkeypatch.setattr(security, "SecurityHeaders", absent)
    with client_for(house) as client:
        answer = client.get("/healthz")
    assert not set(EVERYWHERE) & set(answer.headers)
    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize("case", ANSWERS[1:], ids=lambda case: case.why)
def test_every_error_is_a_problem_that_tells_no_internals(
    house: House, broken: None, case: Case
) -> None:
    with client_for(house, raise_faults=False) as client:
        answer = client.request(case.method, case.path, headers=case.headers)
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == case.status
    assert body["instance"] == case.path
    assert body["type"] == "about:blank" or body["type"].startswith("urn:rature:problem:")
    assert body["title"]
    assert body["detail"]
    assert "secret detail" not in answer.text


def leaves(kind: type[errors.RatureError]) -> list[type[errors.RatureError]]:
    found = [kind] if kind is not errors.RatureError else []
    return found + [leaf for child in kind.__subclasses__() for leaf in leaves(child)]


@pytest.mark.parametrize("kind", leaves(errors.RatureError), ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_has_its_own_row_or_its_parents(
    kind: type[errors.RatureError],
) -> None:
    rows = [row for row in STATUSES if issubclass(kind, row[0])]
    assert rows, "an error without a status would be a fault"
    # The first row that fits is the nearest: no parent hides its child's row.
    assert all(not issubclass(other[0], rows[0][0]) or other[0] is rows[0][0] for other in rows)


def test_an_error_says_its_status() -> None:
    assert status_of(errors.HashMismatch("x")) == (422, "hash-mismatch")
    assert status_of(errors.RatureError("x")) == (500, "internal")


def test_over_https_cookies_and_addresses_stay_on_https(house: House) -> None:
    settings = house.settings.model_copy(update={"public_url": "https://rature.example"})
    object.__setattr__(house, "settings", settings)
    with client_for(house) as client:
        answer = client.get("/healthz", headers={"Host": "rature.example"})
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_the_log_names_each_request_and_no_secret(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with client_for(house, headers=token_headers(house)) as client:
        answer = client.get("/api/v1/tokens?code=topsecret", headers={"Cookie": "a=alsosecret"})
    said = capsys.readouterr()
    logged = said.out + said.err
    assert answer.headers["X-Request-Id"] in logged
    assert "/api/v1/tokens" in logged
    for secret in ("topsecret", "alsosecret", "rat_"):
        assert secret not in logged


def test_readiness_names_the_part_that_fails(house: House) -> None:
    with client_for(house) as client:
        good = client.get("/readyz")
        assert good.status_code == 200
        assert good.json()["ready"] is True
        assert {"database", "blobs", "chromium"} <= set(good.json()["parts"])
        incoming = house.settings.data / "blobs" / "incoming"
        incoming.rename(incoming.with_name("moved"))
        bad = client.get("/readyz")
    assert bad.status_code == 503
    assert bad.json()["ready"] is False
    assert [name for name, part in bad.json()["parts"].items() if not part["ok"]] == ["blobs"]
    assert "cannot be written" in bad.json()["parts"]["blobs"]["detail"]


def test_about_is_what_an_extension_asks_first(house: House) -> None:
    with client_for(house) as client:
        body = client.get("/api/v1/about").json()
    assert (body["product"], body["version"], body["api"]) == ("rature", "0.1.0", 1)
    assert body["time"].endswith("Z")


def schema_of(house: House) -> dict[str, Any]:
    with client_for(house) as client:
        found: dict[str, Any] = json.loads(client.get("/api/v1/openapi.json").text)
    return found


def test_the_interface_describes_itself_completely(house: House) -> None:
    schema = schema_of(house)
    scheme = schema["components"]["securitySchemes"]["token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert "ProblemDetails" in schema["components"]["schemas"]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation.get("summary"), where
            assert operation.get("description"), where
            assert operation.get("tags"), where
            if operation.get("security"):
                assert {"401", "403", "429"} <= set(operation["responses"]), where
            for status, response in operation["responses"].items():
                oauth = path == "/api/v1/device/token" and status == "400"
                ready = path == "/readyz"
                if int(status) >= 400 and not oauth and not ready:
                    assert "application/problem+json" in response["content"], f"{where} {status}"
