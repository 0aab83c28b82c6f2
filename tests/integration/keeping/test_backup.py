"""A running service is backed up while captures keep coming, and restored elsewhere."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from archiver.cli import main
from tests.integration.captures.sample import Part, Sample, picture, send
from tests.integration.export.packets import download
from tests.servers.service import RatureService

ACKNOWLEDGED_FIRST = 3
MOST = 60
PACE = 0.02
"""Seconds between two captures: they are to span the backup, not to fill the disk."""


def numbered(number: int) -> Sample:
    """A capture with a picture of its own."""
    sample = Sample(key=f"capture-{number}")
    sample.files[0] = Part(
        "screenshot", "post.png", "image/png", picture(48, 40, shade=number % 256)
    )
    return sample


class Contributors(threading.Thread):
    """Send one capture after the other until they are told to stop."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__()
        self.client = client
        self.sent: dict[int, dict[str, Any]] = {}
        self.enough = threading.Event()
        self.stopped = threading.Event()

    def run(self) -> None:
        number = 0
        while number < MOST and not self.stopped.wait(PACE):
            self.sent[number] = send(self.client, numbered(number))
            number += 1
            if number >= ACKNOWLEDGED_FIRST:
                self.enough.set()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """A command in this process, beside the service's own."""
    capsys.readouterr()
    status = main(arguments)
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_running_service_is_restored_with_all_that_it_had_acknowledged(
    start_service: Callable[..., RatureService],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    service = start_service({"RATURE_EMBEDDED_WORKER": "false"})
    monkeypatch.setenv("RATURE_DATA", str(service.data))
    backup = tmp_path / "backup.tar"
    contributors = Contributors(service.client)
    contributors.start()
    assert contributors.enough.wait(60)
    acknowledged = dict(contributors.sent)
    status, out, err = run(capsys, "backup", str(backup))
    contributors.stopped.set()
    contributors.join(60)
    assert (status, out.strip()) == (0, str(backup)), err
    assert "The private keys are in it" in err
    assert backup.stat().st_mode & 0o077 == 0
    assert len(contributors.sent) > len(acknowledged), "captures kept coming"

    folder = tmp_path / "restored" / "data"
    options = ("--data", str(folder), "--nothing-signed-since")
    status, _, err = run(capsys, "restore", str(backup), *options)
    assert status == 0, err
    monkeypatch.setenv("RATURE_DATA", str(folder))
    status, out, err = run(capsys, "fsck", "--json")
    assert (status, json.loads(out)["clean"]) == (0, True), out + err

    restored = start_service({"RATURE_DATA": str(folder), "RATURE_EMBEDDED_WORKER": "false"})
    for number, capture in acknowledged.items():
        address = f"/api/v1/captures/{capture['id']}"
        there = restored.client.get(address).json()
        assert there == service.client.get(address).json()
        for part in numbered(number).files:
            assert restored.client.get(f"{address}/files/{part.name}").content == part.data
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(
        download(restored.client, f"/api/v1/captures/{acknowledged[0]['id']}/bundle")
    )
    assert run(capsys, "verify", str(bundle))[0] == 0
