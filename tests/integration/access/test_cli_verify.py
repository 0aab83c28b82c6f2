"""`rature verify`: exit statuses, words, JSON."""

import json
import zipfile
from pathlib import Path

import pytest

from archiver.cli import main
from archiver.evidence.bundle import write_bundle
from tests.unit.evidence.house import full_story, open_house

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sound bundle, a damaged one, and the authority's root."""
    folder = tmp_path_factory.mktemp("bundles")
    house = open_house(folder / "house", others=3)
    write_bundle(folder / "sound.zip", full_story(house))
    (folder / "root.pem").write_bytes(house.authority.root_pem)
    stranger = open_house(folder / "stranger", others=0)
    (folder / "stranger.pem").write_bytes(stranger.authority.root_pem)
    with (
        zipfile.ZipFile(folder / "sound.zip") as sound,
        zipfile.ZipFile(folder / "damaged.zip", "w") as damaged,
    ):
        for entry in sound.infolist():
            data = sound.read(entry)
            if entry.filename == "data/fields/text.json":
                data = data.replace(b"Deux", b"Sept")
            damaged.writestr(entry, data)
    return folder


def test_a_sound_bundle_is_valid_and_says_what_its_time_is_worth(
    folder: Path, capsys: Capture
) -> None:
    assert main(["verify", str(folder / "sound.zip")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("VALID: ")
    assert "existed at" in said


def test_a_damaged_bundle_is_not_valid_and_the_file_is_named(folder: Path, capsys: Capture) -> None:
    assert main(["verify", str(folder / "damaged.zip")]) == 1
    said = capsys.readouterr().out
    assert said.startswith("NOT VALID: ")
    assert "fields/text.json" in said


def test_programs_get_json(folder: Path, capsys: Capture) -> None:
    assert main(["verify", str(folder / "sound.zip"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["valid"] is True
    assert main(["verify", str(folder / "damaged.zip"), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["valid"] is False
    assert "fields/text.json" in report["first_failure"]


def test_a_root_of_ones_own_decides(folder: Path, capsys: Capture) -> None:
    bundle = str(folder / "sound.zip")
    assert main(["verify", bundle, "--trust-root", str(folder / "root.pem")]) == 0
    capsys.readouterr()
    (folder / "empty.pem").write_text("no certificate")
    assert main(["verify", bundle, "--trust-root", str(folder / "empty.pem")]) in {1, 2}
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_that_is_no_bundle_is_status_two(folder: Path, capsys: Capture) -> None:
    (folder / "page.html").write_text("<p>hello</p>")
    assert main(["verify", str(folder / "page.html")]) == 2
