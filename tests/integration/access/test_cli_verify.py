"""`rature verify`: exit statuses, words, JSON."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from archiver.cli import main
from archiver.evidence.bundle import write_bundle
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.cosignature import CosigningKey
from tests.unit.evidence.house import LOG_KEY, full_story, open_house
from tests.unit.evidence.stories import WITNESS, masked_story

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
    assert "give or take 1 s" in said
    assert re.search(r"stamped \d+\.\d{3} s after the service, by its own clock, recorded it", said)


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


@pytest.fixture(scope="module")
def exported(folder: Path) -> Path:
    """A masked bundle closed by an export, cosigned, promised to a block."""
    path = folder / "masked.zip"
    write_bundle(path, masked_story(open_house(folder / "house", others=3)))
    return path


def test_what_an_export_adds_is_told(exported: Path, capsys: Capture) -> None:
    assert main(["verify", str(exported)]) == 0
    said = capsys.readouterr().out
    for words in (
        "cosigned by newsroom.example/witness at 2026-03-01T12:00:00Z (its key came with",
        "STATEMENT.ots leads to Bitcoin block 870123: compare its merkle root with ",
        "as of its export at 2026-03-01T12:30:00Z (masked, record 7)",
        "screenshot: 4 of 6 tiles are shown",
        "records/4-visit/page: 3 of 9 tiles are shown",
        "withheld (masked or erased): contributor/manifest.json",
    ):
        assert words in said


def test_the_same_for_programs(exported: Path, capsys: Capture) -> None:
    assert main(["verify", str(exported), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["export"]["masked"] is True
    assert report["masks"][-1] == {"picture": "screenshot", "visible": 4, "hidden": 2}
    assert {item["witness"] for item in report["cosignatures"]} == {WITNESS.name}
    assert report["calendars"][0]["blocks"][0]["height"] == 870123
    assert report["witness_keys_from_bundle_only"] is True


@pytest.mark.parametrize("as_file", [True, False])
def test_keys_of_ones_own_decide(exported: Path, capsys: Capture, as_file: bool) -> None:
    def given(name: str, vkey: str) -> str:
        if not as_file:
            return vkey
        path = exported.parent / name
        path.write_text(f"{vkey}\n")
        return str(path)

    command = ["verify", str(exported), "--log-key"]
    log, witness = given("log", LOG_KEY.public.vkey), given("witness", WITNESS.public.vkey)
    assert main([*command, log, "--witness", witness]) == 0
    said = capsys.readouterr().out
    assert "(its key you brought)" in said
    assert "the log's key came with the bundle" not in said
    strangers = LogKey(b"\x66" * 32, LOG_KEY.origin).public, CosigningKey(b"\x66" * 32, "other")
    assert main([*command, given("other-log", strangers[0].vkey)]) == 1
    assert "STATEMENT.tlog-proof" in capsys.readouterr().out
    assert main([*command, log, "--witness", given("other-witness", strangers[1].public.vkey)]) == 1
    assert "none of the witnesses given cosigned" in capsys.readouterr().out


@pytest.mark.parametrize("key", ["missing.vkey", "log.example+00000000+AAAA"])
def test_a_key_that_is_none_is_a_wrong_argument(exported: Path, capsys: Capture, key: str) -> None:
    for option in ("--log-key", "--witness"):
        assert main(["verify", str(exported), option, key]) == 2
        assert key in capsys.readouterr().err


def test_the_tool_does_not_load_the_service() -> None:
    """It answers within a second only because it does not."""
    code = (
        "import sys; from archiver.cli import make_parser; make_parser('verify');"
        "import archiver.cli_verify; print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "archiver.evidence.verification" in loaded
    assert loaded & {"sqlalchemy", "fastapi", "playwright", "pyhanko", "archiver.wiring"} == set()
