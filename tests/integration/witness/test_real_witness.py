"""A real service and a real witness: `rature serve` and `rature witness`, as they are started."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx

from archiver.evidence import checkpoint, cosignature
from archiver.services.log_key import open_log_key
from archiver.services.witness_key import open_witness_key
from tests.servers.service import RatureService
from tests.servers.waiting import wait_for
from tests.servers.witness import RatureWitness

SECONDS = 60


def watch(service: RatureService, number: int) -> None:
    """One more watched post: its record becomes a leaf."""
    answer = service.client.post(
        "/api/v1/watches",
        json={"url": f"{service.url}/wall/{number}", "text": f"Where is refund number {number}?"},
    )
    assert answer.status_code == 201, answer.text


def newest(service: RatureService) -> checkpoint.ParsedCheckpoint | None:
    answer = httpx.get(f"{service.url}/log/checkpoint")
    return checkpoint.parse(answer.text) if answer.status_code == httpx.codes.OK else None


def cosigned(service: RatureService, witness: RatureWitness, above: int = 0) -> int:
    """The size of the newest checkpoint when it is larger and the witness has cosigned it."""
    parsed = newest(service)
    if parsed is None or parsed.size <= above:
        return 0
    return parsed.size if cosignature.verify(parsed, [witness.key]) else 0


def objection(service: RatureService) -> str:
    """What /readyz says of the witnesses while it is not ready; empty before."""
    try:
        answer = httpx.get(f"{service.url}/readyz", timeout=20)
    except httpx.TransportError:
        return ""
    part = answer.json()["parts"].get("witnesses", {"ok": True})
    return "" if part["ok"] or answer.status_code != 503 else str(part["detail"])


def copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def test_a_service_restored_from_an_old_copy_is_refused_because_of_the_witness(
    tmp_path: Path,
) -> None:
    service = RatureService(tmp_path / "service", env={"RATURE_EMBEDDED_WORKER": "false"})
    log = open_log_key(service.data / "keys" / "log.key", service.url, os.urandom)
    witness = RatureWitness(tmp_path / "newsroom", log.public.vkey)
    key = open_witness_key(witness.data / "witness.key", "newsroom.example/w1", os.urandom)
    service.env["RATURE_WITNESSES"] = f"{key.public.vkey}@{witness.url}"
    with witness, service:
        assert witness.setting == service.env["RATURE_WITNESSES"]
        assert httpx.get(f"{service.url}/log/vkey").text.strip() == log.public.vkey
        watch(service, 1)
        before = wait_for(lambda: cosigned(service, witness), "the first one is cosigned", SECONDS)
        copy_database(service.data / "rature.db", tmp_path / "old.db")
        watch(service, 2)
        wait_for(lambda: cosigned(service, witness, before), "the second is cosigned", SECONDS)

        # the database is set back, and the file that would remember is gone
        service.stop()
        for left in service.data.glob("rature.db*"):
            left.unlink()
        shutil.copyfile(tmp_path / "old.db", service.data / "rature.db")
        shutil.rmtree(service.data / "head")
        service._process = service._run("serve", "--port", str(service.port))
        wait_for(lambda: bool(objection(service)), "the witness objects", SECONDS)
        told = re.search(r"newsroom\.example/w1 knows a tree of (\d+) leaves", objection(service))
        assert told is not None
        assert int(told[1]) > before
        # what comes in is kept, but no second history is signed over it
        watch(service, 3)
        assert (newest(service) or checkpoint.parse("")).size == before
        assert "SMALLER" in witness.overview()
