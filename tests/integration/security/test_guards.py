"""Each attack is refused, and by the guard that is named: without that guard it gets through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import ASGIApp

from api import security
from api.security_origin import OriginGuard
from archiver.wiring import House
from tests.integration.client import client_for

DEVICE = {"client_name": "x", "public_key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
AUTHORIZE = "/api/v1/device/authorize"


@dataclass(frozen=True)
class Attack:
    why: str
    guard: str
    status: int
    method: str = "GET"
    path: str = "/api/v1/about"
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


def in_pieces() -> Iterator[bytes]:
    yield b"client_name="
    for _ in range(30):
        yield b"x" * 100


ATTACKS = [
    Attack(
        "a name that was made to lead to this machine (DNS rebinding)",
        "OriginGuard",
        421,
        headers={"Host": "attacker.example:8787"},
    ),
    Attack(
        "our address with another port, as a rebinding that kept the port would send it",
        "OriginGuard",
        421,
        headers={"Host": "127.0.0.1:9999"},
    ),
    Attack(
        "a host that only looks like ours",
        "OriginGuard",
        421,
        headers={"Host": "127.0.0.1.attacker.example:8787"},
    ),
    Attack("a host with a user", "OriginGuard", 421, headers={"Host": "x@127.0.0.1:8787"}),
    Attack("no host worth the name", "OriginGuard", 421, headers={"Host": "::::"}),
    Attack(
        "a web page posts to us",
        "OriginGuard",
        403,
        method="POST",
        path=AUTHORIZE,
        headers={"Origin": "https://attacker.example"},
        body={"data": DEVICE},
    ),
    Attack(
        "a sandboxed frame posts to us",
        "OriginGuard",
        403,
        method="POST",
        path=AUTHORIZE,
        headers={"Origin": "null"},
        body={"data": DEVICE},
    ),
    Attack(
        "a page on another port of this machine posts to us",
        "OriginGuard",
        403,
        method="POST",
        path=AUTHORIZE,
        headers={"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"},
        body={"data": DEVICE},
    ),
    Attack(
        "a page of our own name by another scheme",
        "OriginGuard",
        403,
        method="POST",
        path=AUTHORIZE,
        headers={"Origin": "https://127.0.0.1:8787"},
        body={"data": DEVICE},
    ),
    Attack(
        "a web page reads the interface",
        "OriginGuard",
        403,
        headers={"Origin": "https://attacker.example", "Sec-Fetch-Site": "cross-site"},
    ),
    Attack(
        "a web page embeds an answer as a picture or script",
        "OriginGuard",
        403,
        headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "script"},
    ),
    Attack(
        "a web page of the same site embeds an answer",
        "OriginGuard",
        403,
        path="/healthz",
        headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "image"},
    ),
    Attack(
        "a web page frames a page",
        "OriginGuard",
        403,
        path="/healthz",
        headers={
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "iframe",
        },
    ),
    Attack(
        "a link from elsewhere leads into the interface",
        "OriginGuard",
        403,
        headers={
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
        },
    ),
    Attack(
        "any extension opens a page with the person's cookie",
        "OriginGuard",
        403,
        path="/healthz",
        headers={"Origin": "chrome-extension://abcdefghijklmnop"},
    ),
    Attack(
        "a body that announces to be too large",
        "BodyLimit",
        413,
        method="POST",
        path=AUTHORIZE,
        body={"data": {**DEVICE, "more": "x" * 3000}},
    ),
    Attack(
        "a body in pieces, without an announced length, that grows too large",
        "BodyLimit",
        413,
        method="POST",
        path=AUTHORIZE,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body={"content": in_pieces},
    ),
]


def send(house: House, attack: Attack) -> int:
    body = {name: part() if callable(part) else part for name, part in attack.body.items()}
    with client_for(house) as client:
        answer = client.request(attack.method, attack.path, headers=attack.headers, **body)
    status: int = answer.status_code
    return status


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.why)
def test_an_attack_is_refused(house: House, attack: Attack) -> None:
    assert send(house, attack) == attack.status


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.why)
def test_it_is_this_guard_that_refuses_it(
    house: House, attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent: Callable[..., ASGIApp] = lambda app, **_: app  # noqa: E731
    monkeypatch.setattr(security, attack.guard, absent)
    # 422 for the body in pieces: it is no device, but it was read.
    assert send(house, attack) in {200, 422}


LEGITIMATE = [
    ("curl or a script", "GET", "/api/v1/about", {}),
    ("curl posts", "POST", AUTHORIZE, {}),
    ("an address typed in", "GET", "/healthz", {"Sec-Fetch-Site": "none"}),
    ("our own page", "GET", "/healthz", {"Sec-Fetch-Site": "same-origin"}),
    (
        "our own page posts",
        "POST",
        AUTHORIZE,
        {"Origin": "http://127.0.0.1:8787", "Sec-Fetch-Site": "same-origin"},
    ),
    (
        "a link from elsewhere leads to a page",
        "GET",
        "/healthz",
        {
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
        },
    ),
    ("the extension reads", "GET", "/api/v1/about", {"Sec-Fetch-Site": "none"}),
    ("the extension asks to be paired", "POST", AUTHORIZE, {"Origin": "chrome-extension://abc"}),
    ("in Firefox too", "POST", AUTHORIZE, {"Origin": "moz-extension://0a-1b"}),
    ("another name of this machine", "GET", "/api/v1/about", {"Host": "localhost:8787"}),
    ("the same by IPv6", "GET", "/api/v1/about", {"Host": "[::1]:8787"}),
    (
        "our own page under another name of this machine",
        "POST",
        AUTHORIZE,
        {"Host": "localhost:8787", "Origin": "http://localhost:8787"},
    ),
]


@pytest.mark.parametrize(
    ("why", "method", "path", "headers"), LEGITIMATE, ids=[row[0] for row in LEGITIMATE]
)
def test_what_is_legitimate_gets_through(
    house: House, why: str, method: str, path: str, headers: dict[str, str]
) -> None:
    with client_for(house) as client:
        body = DEVICE if method == "POST" else None
        assert client.request(method, path, headers=headers, data=body).status_code == 200


def test_an_extension_acts_with_a_token_only_never_with_the_persons_cookie(house: House) -> None:
    token = house.access.issue("ws_0000000000000000", name="t")
    path = f"/api/v1/tokens/{token.token.id}"
    origin = {"Origin": "chrome-extension://abc"}
    with client_for(house) as client:
        assert client.delete(path, headers=origin).status_code == 403
        bearer = {**origin, "Authorization": f"Bearer {token.secret}"}
        assert client.delete(path, headers=bearer).status_code == 200


def test_upload_paths_take_more_than_forms_do(house: House) -> None:
    with client_for(house) as client:
        small = client.post("/api/v1/captures", content=b"x" * 4000)
        large = client.post("/api/v1/captures", content=b"x" * 6000)
    assert small.status_code != 413
    assert large.status_code == 413


def test_one_client_that_asks_too_often_has_to_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client_for(house) as client:
        answers = [client.get("/healthz") for _ in range(41)]
        assert [answer.status_code for answer in answers] == [200] * 40 + [429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 120
        assert answers[-1].headers["Content-Type"] == "application/problem+json"
    absent: Callable[..., ASGIApp] = lambda app, _rates: app  # noqa: E731
    monkeypatch.setattr(security, "ClientRates", absent)
    with client_for(house) as client:
        assert client.get("/healthz").status_code == 200


def test_one_token_that_asks_too_often_has_to_wait_from_wherever(house: House) -> None:
    issued = house.access.issue("ws_0000000000000000", name="t")
    for _ in range(40):
        house.rates.check_token(issued.token.id)
    with client_for(house, headers={"Authorization": f"Bearer {issued.secret}"}) as client:
        assert client.get("/api/v1/tokens").status_code == 429
        assert client.get("/healthz").status_code == 200


def test_a_public_name_is_accepted_when_it_is_set_and_nothing_near_it() -> None:
    named = OriginGuard(no_app, public_url="https://rature.example")
    own = {"scheme": "http", "server": ("10.0.0.5", 8787)}
    # The proxy in front speaks https to the world and http to us.
    assert named._is_ours("rature.example", own)
    assert named._is_ours("rature.example:443", own)
    assert named._is_ours("rature.example", {**own, "scheme": "https"})
    assert not named._is_ours("rature.example:8787", own)
    assert not named._is_ours("x.rature.example", own)


async def no_app(*_: object) -> None:
    raise AssertionError("not called")
