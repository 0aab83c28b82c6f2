"""The service's process is killed with signal 9, during uploads and right after answers."""

import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from archiver.domain.instant import parse
from archiver.evidence.verification import verify_bundle
from tests.integration.captures.sample import CAPTURES, Part, Sample, picture, receipt_of
from tests.servers.service import RatureService

KEYS = 24
SENDERS = 4


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RatureService]:
    with RatureService(tmp_path, {"RATURE_EMBEDDED_WORKER": "false"}) as service:
        yield service


def sample(number: int) -> Sample:
    shot = Part("screenshot", "post.png", "image/png", picture(shade=number))
    return Sample(files=[shot], key=f"key-{number}")


def assert_kept(client: httpx.Client, capture: dict[str, Any]) -> None:
    """It is there, proves itself, and its watch is due."""
    receipt_of(client, capture)
    bundle = client.get(f"{CAPTURES}/{capture['id']}/bundle")
    assert bundle.status_code == 200, bundle.text
    assert verify_bundle(io.BytesIO(bundle.content)).valid
    watch = client.get(f"/api/v1/watches/{capture['watch_id']}").json()
    now = parse(client.get("/api/v1/about").json()["time"])
    assert parse(watch["verdict"]["next_check_at"]) <= now


@pytest.mark.matrix
def test_killed_right_after_an_answer(service: RatureService) -> None:
    answer = service.client.post(CAPTURES, **sample(1).request())
    service.kill9()
    assert answer.status_code == 201
    service.restart()
    assert_kept(service.client, answer.json())
    again = service.client.post(CAPTURES, **sample(1).request())
    assert (again.status_code, again.json()) == (200, answer.json())


@pytest.mark.matrix
def test_killed_in_the_middle_of_an_upload(service: RatureService) -> None:
    """Half of the body has come when the process dies: nothing of it is there afterwards."""
    request = service.client.build_request("POST", CAPTURES, **sample(2).request())
    body = request.read()
    head = [f"POST {CAPTURES} HTTP/1.1", *(f"{k}: {v}" for k, v in request.headers.items())]
    with socket.create_connection(("127.0.0.1", service.port)) as line:
        line.sendall("\r\n".join([*head, "", ""]).encode() + body[: len(body) // 2])
        # the service works on, so it has taken what was sent so far
        assert service.client.get(CAPTURES).json() == {"captures": []}
        service.kill9()
    service.restart()
    assert service.client.get(CAPTURES).json() == {"captures": []}
    answer = service.client.post(CAPTURES, **sample(2).request())
    assert answer.status_code == 201
    assert_kept(service.client, answer.json())


def test_killed_while_many_uploads_run(service: RatureService) -> None:
    """Wherever the kill falls: each acknowledged capture is there, the others once or not at all,
    and sending all of them again leaves one capture for each key."""
    acknowledged: dict[int, dict[str, Any]] = {}
    enough = threading.Event()
    headers = dict(service.client.headers)

    def send(numbers: range) -> None:
        with httpx.Client(base_url=service.url, headers=headers, timeout=30) as client:
            for number in numbers:
                try:
                    answer = client.post(CAPTURES, **sample(number).request())
                except httpx.TransportError:
                    return
                assert answer.status_code == 201
                acknowledged[number] = answer.json()
                if len(acknowledged) >= KEYS // 3:
                    enough.set()

    senders = [
        threading.Thread(target=send, args=(range(first, KEYS, SENDERS),))
        for first in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    assert enough.wait(60)
    service.kill9()
    for sender in senders:
        sender.join()
    assert len(acknowledged) < KEYS, "everything was sent before the kill"

    service.restart()
    kept = {item["id"] for item in service.client.get(CAPTURES).json()["captures"]}
    assert {capture["id"] for capture in acknowledged.values()} <= kept
    again = {}
    for number in range(KEYS):
        answer = service.client.post(CAPTURES, **sample(number).request())
        assert answer.status_code in {200, 201}
        again[number] = answer.json()
    assert {number: again[number] for number in acknowledged} == acknowledged
    listed = service.client.get(CAPTURES, params={"limit": 200}).json()["captures"]
    assert {item["id"] for item in listed} == {capture["id"] for capture in again.values()}
    assert len(listed) == KEYS
    for capture in again.values():
        receipt_of(service.client, capture)
    assert_kept(service.client, next(iter(acknowledged.values())))
