"""What a contributor and a stranger get says who else saw the log."""

import time
from pathlib import Path
from typing import Any

import pytest

from archiver.evidence import checkpoint, cosignature, tlog_proof
from archiver.evidence.verification import inspect_bundle
from archiver.wiring import House
from tests.integration.captures.sample import Sample, receipt_of, send
from tests.integration.client import TestClient, client_for, token_headers
from tests.integration.witness.conftest import World

SECONDS = 10


def lines_of(client: TestClient, capture: dict[str, Any], house: House) -> list[str]:
    """Who cosigned the checkpoint in the receipt."""
    parsed = tlog_proof.parse(receipt_of(client, capture)["tlog_proof"]).checkpoint
    checkpoint.verify(parsed, [house.sealing.public_key])
    return [each.name for each in cosignature.verify(parsed, house.witnessing.keys)]


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after the first receipt"])
def test_receipt_and_bundle_carry_the_cosignature(world: World, tmp_path: Path, late: bool) -> None:
    world.newsroom.away = late
    house = world.opened()
    with client_for(house, headers=token_headers(house)) as client:
        capture = send(client, Sample())
        if late:
            assert lines_of(client, capture, house) == []
            world.newsroom.away = False
            world.clock.move(hours=1)
        deadline = time.monotonic() + SECONDS
        while not lines_of(client, capture, house):
            assert time.monotonic() < deadline, "not cosigned in time"
            time.sleep(0.02)
        bundle = tmp_path / "proof.zip"
        bundle.write_bytes(client.get(f"/api/v1/captures/{capture['id']}/bundle").content)
    report = inspect_bundle(bundle)
    assert report.valid, report.first_failure
    main = [item for item in report.cosignatures if not item.subject.startswith("records/")]
    assert [item.witness for item in main] == ["newsroom.example"]
