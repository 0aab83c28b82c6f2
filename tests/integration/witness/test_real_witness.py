"""A real service and a real witness: `rature serve` and `rature witness`, as they are started."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from archiver.evidence import checkpoint, cosignature
from archiver.evidence.checkpoint import VerifierKey
from tests.servers.service import RatureService
from tests.servers.witness import RatureWitness

SECONDS = 30


def until(answer: Callable[[], int], what: str) -> int:
    """What `answer` gives once it is true."""
    deadline = time.monotonic() + SECONDS
    while not (found := answer()):
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
    return found


@contextmanager
def stopped(service: RatureService) -> Iterator[None]:
    service.stop()
    yield
    service.start()


def watch(service: RatureService, number: int) -> None:
    """One more watched post: its watch and its looks become leaves."""
    answer = service.client.post(
        "/api/v1/watches",
        json={
            "url": f"{service.url}/wall/{number}",
            "text": f"Where is my refund, number {number}?",
        },
    )
    assert answer.status_code == 201, answer.text


def cosigned(service: RatureService, witness: RatureWitness, above: int = 0) -> int:
    """The size of the newest checkpoint when it is larger and the witness has cosigned it."""
    answer = httpx.get(f"{service.url}/log/checkpoint")
    if answer.status_code != httpx.codes.OK:
        return 0
    parsed = checkpoint.parse(answer.text)
    seen = cosignature.verify(parsed, [witness.key])
    return parsed.size if seen and parsed.size > above else 0


def readiness(service: RatureService) -> tuple[int, str]:
    answer = httpx.get(f"{service.url}/readyz", timeout=20)
    return answer.status_code, answer.text


def test_a_service_restored_from_an_old_copy_is_refused_because_of_the_witness(
    tmp_path: Path,
) -> None:
    with RatureService(tmp_path / "service", env={"RATURE_EMBEDDED_WORKER": "false"}) as service:
        vkey = httpx.get(f"{service.url}/log/vkey").text.strip()
        with RatureWitness(tmp_path / "newsroom", vkey) as witness:
            with stopped(service):
                service.env["RATURE_WITNESSES"] = witness.setting
            watch(service, 1)
            before = until(lambda: cosigned(service, witness), "the first one is cosigned")

            # everything is copied: database, keys, and the file that no backup should take along
            with stopped(service):
                shutil.copytree(service.data, tmp_path / "old")
            watch(service, 2)
            known = until(lambda: cosigned(service, witness, before), "the second is cosigned")
            newest = tmp_path / "newest"

            service.stop()
            shutil.move(service.data, newest)
            shutil.copytree(tmp_path / "old", service.data)
            service._process = service._run("serve", "--port", str(service.port))
            until(lambda: _objects(service), "the witness objects")
            status, said = readiness(service)
            assert status == 503
            told = re.search(r"knows a tree of (\d+) leaves", said)
            assert told is not None
            assert int(told[1]) >= known
            # what comes in is kept, but no second history is signed over it
            watch(service, 3)
            with httpx.Client(base_url=service.url) as reader:
                assert checkpoint.parse(reader.get("/log/checkpoint").text).size == before
            assert "SMALLER" in witness.overview()
            assert VerifierKey.from_vkey(vkey).name in witness.overview()

            # the newest copy is right, and goes on where it was
            service.stop()
            shutil.rmtree(service.data)
            shutil.move(newest, service.data)
            service.start()
            watch(service, 4)
            until(lambda: cosigned(service, witness, known), "the newest copy is cosigned")


def _objects(service: RatureService) -> bool:
    try:
        return "witness" in readiness(service)[1] and readiness(service)[0] == 503
    except httpx.TransportError:
        return False
