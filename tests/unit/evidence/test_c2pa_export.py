"""Content Credentials on masked pictures, read back with the reader of the library."""

import io
import json
import os
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archiver.domain.errors import SettingsError, Unavailable
from archiver.evidence import c2pa_export
from archiver.evidence.c2pa_export import EVIDENCE, Credentials, EvidenceReference
from archiver.evidence.salted import salted_picture, split_picture
from tests.unit.evidence.house import picture

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import c2pa  # type: ignore[import-untyped]

REFERENCE = EvidenceReference("ab" * 32, 12, "log.example+00000000+AAAA", "screenshot", 3, 9)


def now() -> datetime:
    return datetime.now(UTC)


def masked(width: int = 96) -> bytes:
    return salted_picture(picture(width, 96), os.urandom(32))


def read(png: bytes) -> dict[str, Any]:
    with c2pa.Reader("image/png", io.BytesIO(png)) as reader:
        told: dict[str, Any] = json.loads(reader.json())
    return told


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    return Credentials(tmp_path / "keys", now, "0.1.0")


def test_signed_picture_is_valid_but_for_a_signer_that_nobody_knows(
    credentials: Credentials,
) -> None:
    told = read(credentials.sign(masked(), REFERENCE))
    assert told["validation_state"] in {"Valid", "Trusted"}
    failures = told["validation_results"]["activeManifest"]["failure"]
    assert {failure["code"] for failure in failures} <= {"signingCredential.untrusted"}


def test_it_tells_of_the_redaction_and_where_the_proof_is(credentials: Credentials) -> None:
    told = read(credentials.sign(masked(), REFERENCE))
    manifest = told["manifests"][told["active_manifest"]]
    data = {item["label"]: item["data"] for item in manifest["assertions"]}
    assert data[EVIDENCE] == {
        "statement_sha256": "ab" * 32,
        "leaf_index": 12,
        "log": REFERENCE.log,
        "picture": "screenshot",
    }
    (actions,) = (value["actions"] for label, value in data.items() if "actions" in label)
    assert [action["action"] for action in actions] == ["c2pa.created", "c2pa.edited"]
    assert "Redaction" in actions[1]["description"]


def test_there_is_no_thumbnail_and_no_ingredient(credentials: Credentials) -> None:
    signed = credentials.sign(masked(2048), REFERENCE)
    told = read(signed)
    manifest = told["manifests"][told["active_manifest"]]
    assert "thumbnail" not in manifest
    assert not manifest.get("ingredients")
    assert b"thumbnail" not in signed
    assert len(told["manifests"]) == 1


def test_pixels_and_salt_stay_what_they_are(credentials: Credentials) -> None:
    before = masked()
    after = credentials.sign(before, REFERENCE)
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
    assert split_picture(before)[1] in (bytes.fromhex(after[at + 12 :][:64].decode())
                                        for at in [after.index(b"rature-salt\x00")])  # fmt: skip


def test_one_altered_pixel_is_found(credentials: Credentials) -> None:
    signed = bytearray(credentials.sign(masked(), REFERENCE))
    signed[signed.index(b"IDAT") + 40] ^= 1
    told = read(bytes(signed))
    assert told["validation_state"] == "Invalid"
    codes = {item["code"] for item in told["validation_results"]["activeManifest"]["failure"]}
    assert "assertion.dataHash.mismatch" in codes


def test_the_certificate_is_made_once_and_is_for_the_owners_eyes(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    later = lambda: now() + timedelta(days=400)  # noqa: E731 - a clock
    first = read(Credentials(keys, now, "0.1.0").sign(masked(), REFERENCE))
    made = (keys / "c2pa.pem").read_bytes()
    second = read(Credentials(keys, later, "0.1.0").sign(masked(), REFERENCE))
    assert (keys / "c2pa.pem").read_bytes() == made
    assert (keys / "c2pa.pem").stat().st_mode & 0o777 == 0o600
    serials = {
        told["manifests"][told["active_manifest"]]["signature_info"]["cert_serial_number"]
        for told in (first, second)
    }
    assert len(serials) == 1


def test_broken_key_file_is_said_and_not_replaced(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "c2pa.pem").write_bytes(b"half a key")
    with pytest.raises(SettingsError, match=r"c2pa\.pem is broken"):
        Credentials(keys, now, "0.1.0").sign(masked(), REFERENCE)
    assert (keys / "c2pa.pem").read_bytes() == b"half a key"


def test_without_the_package_it_is_said_what_to_install(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(c2pa_export, "PACKAGE", "c2pa_that_is_not_there")
    assert not c2pa_export.is_available()
    with pytest.raises(Unavailable, match="c2pa-python"):
        credentials.sign(masked(), REFERENCE)
