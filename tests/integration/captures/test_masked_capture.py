"""A capture that was masked before it was sent: from the upload to the proof of its original."""

import json
from pathlib import Path
from typing import Any

import pytest

from archiver.cli import main
from archiver.evidence.picture_tiles import tile_salt
from archiver.evidence.salted import salted_picture
from archiver.evidence.verification import verify_bundle
from tests.integration.captures.masked_sample import HIDDEN, SEED, masked, masked_sample, original
from tests.integration.captures.sample import CAPTURES, SNAPSHOT, Part, picture, send
from tests.integration.client import TestClient
from tests.integration.export.packets import Packet, download, packet

LIST = "kept/screenshot/TILES.sha256"


@pytest.fixture
def bundle(client: TestClient, tmp_path: Path) -> Packet:
    capture = send(client, masked_sample())
    return packet(download(client, f"{CAPTURES}/{capture['id']}/bundle"), tmp_path)


def test_its_bundle_verifies_and_commits_to_the_original(bundle: Packet) -> None:
    assert verify_bundle(bundle.path).valid
    assert bundle.script_says() == "OK"
    assert (bundle.data / LIST).read_bytes() == masked_sample().files[1].data
    statement = (bundle.data / "STATEMENT.sha256").read_text()
    assert f"  {LIST}\n" in statement
    meta = json.loads((bundle.data / "meta.json").read_bytes())
    assert meta["captured"]["masks"] == {"screenshot": len(HIDDEN)}
    assert meta["captured"]["masked_fields"] == ["author"]
    thread = json.loads((bundle.data / "fields/thread.json").read_bytes())["value"]
    assert [entry["author"] for entry in thread] == ["La Marque"]
    whole = b"".join(path.read_bytes() for path in bundle.data.rglob("*") if path.is_file())
    for number in HIDDEN:
        assert tile_salt(SEED, number).hex().encode() not in whole
    assert SEED.hex().encode() not in whole


def verify(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()  # what was logged so far
    status = main(["verify", *(str(each) for each in arguments), "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_owner_proves_the_original_against_the_bundle(
    bundle: Packet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "original.png"
    kept.write_bytes(original())
    status, report = verify(capsys, bundle.path, "--original", kept)
    assert status == 0
    (proven,) = report["originals"]
    assert proven["folder"] == "kept/screenshot"
    assert (proven["hidden"], proven["tiles"]) == (len(HIDDEN), 28)
    assert main(["verify", str(bundle.path), "--original", str(kept)]) == 0
    assert "28 tiles, of which 3 are hidden" in capsys.readouterr().out


def test_another_picture_or_one_without_its_salt_proves_nothing(
    bundle: Packet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for data, told in (
        (salted_picture(picture(shade=1), SEED), "no picture of this bundle"),
        (salted_picture(picture(), bytes(32)), "no picture of this bundle"),
        (picture(), "no salt"),
        (b"no picture", "not a PNG"),
    ):
        other = tmp_path / "other.png"
        other.write_bytes(data)
        status, report = verify(capsys, bundle.path, "--original", other)
        assert status == 1
        assert told in report["first_failure"]


def test_a_picture_of_a_bundle_is_the_original_of_its_masked_form_too(
    client: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Masked on the service's side: the whole bundle's original.png proves against the masked."""
    capture = send(client, masked_sample())
    plan = {"pictures": {f"{capture['leaf_index']}/screenshot": [[150, 90, 180, 110]]}}
    client.put(f"/api/v1/watches/{capture['watch_id']}/masks", json=plan)
    path = f"{CAPTURES}/{capture['id']}/bundle"
    for folder in ("masked", "whole"):
        (tmp_path / folder).mkdir()
    shown = packet(download(client, f"{path}?masked=true"), tmp_path / "masked")
    assert verify_bundle(shown.path).valid
    assert shown.script_says() == "OK"
    assert (shown.data / LIST).is_file()  # salted hashes disclose nothing
    assert not (shown.data / "kept/screenshot/salts.json").exists()
    whole = packet(download(client, path), tmp_path / "whole")
    kept = whole.data / "screenshot/original.png"
    status, report = verify(capsys, shown.path, "--original", kept)
    assert (status, report["originals"][0]["folder"]) == (0, "screenshot")
    assert report["originals"][0]["hidden"] == 4


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        # the picture as it was: what must be hidden was sent
        (masked_sample(picture()), "not grey"),
        # another picture is shown than is committed to
        (masked_sample(masked((*HIDDEN, 12))), "not the tile in the list"),
        (masked_sample(masks=[]), "two commitments"),
        (masked_sample(masks=[{"picture": "a.png", "tiles": "x", "salts": "y", "hidden": 1}]),
         "not among the files"),
    ],
)  # fmt: skip
def test_a_commitment_that_does_not_fit_is_refused(
    client: TestClient, sample: Any, told: str
) -> None:
    assert told in json.dumps(send(client, sample, 422))


def test_a_masked_capture_with_a_copy_of_the_page_is_refused(client: TestClient) -> None:
    sample = masked_sample()
    sample.files.append(Part("snapshot", "page.html", "text/html", SNAPSHOT))
    assert "repeat what is masked" in json.dumps(send(client, sample, 422))
