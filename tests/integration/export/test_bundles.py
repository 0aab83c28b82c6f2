import base64
import io
import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archiver.checker.records import parse_lines
from archiver.checker.rules import judge
from archiver.domain.observation import Notice, NoticeKind
from archiver.evidence.verification import inspect_bundle, verify_bundle
from archiver.wiring import House
from tests.integration.captures.sample import CAPTURES, Sample, receipt_of, send
from tests.integration.client import TestClient
from tests.integration.export.looks import concluding_of, failed, looked, minutes, sighting
from tests.integration.export.packets import download

VERIFY = ("openssl", "ts", "-verify", "-CAfile", "roots.pem")


def observe(house: House, watch_id: str) -> None:
    """A sighting, a failed look, and the author's own words."""
    looked(house, watch_id, sighting(minutes(house, 0)), failed(minutes(house, 5)))
    notice = Notice(at=minutes(house, 60), notice=NoticeKind.WITHDRAWN, text="mine")
    concluding_of(house).add_notice(watch_id, notice)


@pytest.fixture
def capture(client: TestClient) -> dict[str, Any]:
    sent = send(client, Sample())
    receipt_of(client, sent)
    return sent


def test_bundle_of_a_capture_verifies_and_holds_the_originals(
    client: TestClient, house: House, capture: dict[str, Any]
) -> None:
    data = download(client, f"{CAPTURES}/{capture['id']}/bundle")
    report = verify_bundle(io.BytesIO(data))
    assert report.valid
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        meta = json.loads(archive.read("data/meta.json"))
        token = archive.read("data/STATEMENT.tsa1.tsr")
    assert meta["id"] == capture["id"]
    assert len(token) > 100
    assert "data/screenshot/original.png" in names
    # the record of custody travels along
    assert any(name.endswith("-custody/record.json") for name in names)


def test_bundle_of_a_watch_tells_every_look_failed_ones_too(
    client: TestClient, house: House, capture: dict[str, Any]
) -> None:
    observe(house, capture["watch_id"])
    data = download(client, f"/api/v1/watches/{capture['watch_id']}/bundle")
    assert verify_bundle(io.BytesIO(data)).valid
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        lines = archive.read("data/observations.jsonl").decode()
        verdict = json.loads(archive.read("data/verdict.json"))
    records = parse_lines(lines)
    assert [record.kind for record in records] == ["observation", "observation", "notice"]
    assert '"login_wall"' in lines
    # `rature judge` takes these lines and gives this verdict
    judged = json.loads(judge(records).model_dump_json())
    assert {key: verdict[key] for key in judged} == judged
    assert verdict["state"] == "withdrawn"


def test_what_was_taken_back_stays_in_the_bundle_and_no_longer_counts(
    client: TestClient, house: House, capture: dict[str, Any]
) -> None:
    looked(house, capture["watch_id"], sighting(minutes(house, 0)))
    path = f"/api/v1/watches/{capture['watch_id']}/notices"
    told = client.post(path, json={"notice": "withdrawn", "text": "mine"}).json()
    early = {"notice": "retracted", "retracts": told["recorded_at"], "at": told["at"]}
    for unfit, field in (
        ({"notice": "retracted"}, "retracts"),
        ({"notice": "withdrawn", "retracts": told["at"]}, "retracts"),
        ({"notice": "retracted", "retracts": "2026-03-01T10:00:00Z"}, "retracts"),
        (early | {"retracts": told["at"], "at": "2026-03-01T10:00:00Z"}, "at"),
    ):
        answer = client.post(path, json=unfit)
        assert answer.status_code == 422, unfit
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert len(client.get(path).json()) == 1

    key = {"Idempotency-Key": "back-once"}
    sent = {"notice": "retracted", "retracts": told["at"]}
    first, again = (client.post(path, json=sent, headers=key).json() for _ in range(2))
    assert first == again
    assert first["retracts"] == told["at"]
    watch = client.get(f"/api/v1/watches/{capture['watch_id']}").json()
    assert watch["verdict"]["state"] == "visible"
    assert "notice_retracted" in watch["verdict"]["rules"]

    data = download(client, f"/api/v1/watches/{capture['watch_id']}/bundle")
    assert verify_bundle(io.BytesIO(data)).valid
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        records = parse_lines(archive.read("data/observations.jsonl").decode())
        verdict = json.loads(archive.read("data/verdict.json"))
    notices = [record.notice for record in records if isinstance(record, Notice)]
    assert notices == [NoticeKind.WITHDRAWN, NoticeKind.RETRACTED]
    judged = json.loads(judge(records).model_dump_json())
    assert {field: verdict[field] for field in judged} == judged


def test_bundle_holds_the_picture_of_a_notice(client: TestClient, capture: dict[str, Any]) -> None:
    shown = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(shown, "PNG")
    data = base64.b64encode(shown.getvalue()).decode()
    path = f"/api/v1/watches/{capture['watch_id']}/notices"
    sent = {"notice": "reasons_given", "picture": {"media_type": "image/png", "data": data}}
    key = {"Idempotency-Key": "told-once"}
    first, again = (client.post(path, json=sent, headers=key).json() for _ in range(2))
    assert first == again
    assert [file["name"] for file in first["files"]] == ["notice.png"]
    kept = client.get(f"{path}/{first['id']}/files/notice.png")
    assert kept.content == shown.getvalue()
    for media_type, unfit in (("image/svg+xml", data), ("image/png", "AAAA")):
        other = {**sent, "picture": {"media_type": media_type, "data": unfit}}
        assert client.post(path, json=other).status_code == 422
    assert len(client.get(path).json()) == 1
    data_of = download(client, f"/api/v1/watches/{capture['watch_id']}/bundle")
    assert verify_bundle(io.BytesIO(data_of)).valid
    with zipfile.ZipFile(io.BytesIO(data_of)) as bag:
        pictures = [name for name in bag.namelist() if name.endswith("notice/original.png")]
    assert len(pictures) == 1


def test_openssl_accepts_the_time_stamp_of_a_bundle(
    client: TestClient, house: House, capture: dict[str, Any], tmp_path: Path
) -> None:
    data = download(client, f"{CAPTURES}/{capture['id']}/bundle")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in ("STATEMENT.sha256", "STATEMENT.tsa1.tsr", "keys/roots.pem"):
            (tmp_path / Path(name).name).write_bytes(archive.read(f"data/{name}"))
    done = subprocess.run(
        [*VERIFY, "-in", "STATEMENT.tsa1.tsr", "-data", "STATEMENT.sha256"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification: OK" in done.stdout + done.stderr


def test_every_export_is_noted_in_the_record_of_custody(
    client: TestClient, house: House, capture: dict[str, Any]
) -> None:
    path = f"{CAPTURES}/{capture['id']}"
    download(client, f"{path}/bundle")
    second = download(client, f"{path}/bundle")
    events = [event["event"] for event in client.get(path).json()["custody"]]
    assert events == ["received", "exported", "exported"]
    # the first export is part of what the second one shows
    with zipfile.ZipFile(io.BytesIO(second)) as archive:
        records = [archive.read(name) for name in archive.namelist() if "-custody/" in name]
    assert sum(b'"exported"' in record for record in records) == 1


def test_changed_bundle_is_found_out(
    client: TestClient, house: House, capture: dict[str, Any]
) -> None:
    data = download(client, f"{CAPTURES}/{capture['id']}/bundle")
    forged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(forged, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "data/snapshot.html":
                content = content.replace(b"semelles", b"lacets..")
            new.writestr(item, content)
    assert inspect_bundle(forged).valid is False


def test_rotten_file_is_never_exported(
    client: TestClient, house: House, capture: dict[str, Any]
) -> None:
    sha256 = client.get(f"{CAPTURES}/{capture['id']}").json()["files"][1]["sha256"]
    blob = next((house.settings.data / "blobs").rglob(sha256))
    blob.chmod(0o600)
    blob.write_bytes(b"<p>something else</p>")
    answer = client.get(f"{CAPTURES}/{capture['id']}/bundle")
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:rature:problem:evidence"
    assert os.stat(blob).st_size == 21
