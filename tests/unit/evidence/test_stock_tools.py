"""A stranger with stock tools: the commands of README.txt, and verify.sh with nothing else."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from archiver.evidence import bundle_text
from archiver.evidence.bundle import write_bundle
from tests.unit.evidence.house import LOG_KEY, open_house, witness_story
from tests.unit.evidence.stories import WITNESS, capture_story, masked_story

# bash, GNU coreutils, unzip, openssl: what the README says is needed
STOCK = """
    bash base64 cat comm csplit cut date head ln mkdir mktemp od openssl printf realpath rm
    sha1sum sha256sum sort tail tr uniq unzip wc
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a bundle, the roots and the log's key."""
    house = open_house(tmp_path / "authority")
    write_bundle(tmp_path / "BUNDLE.zip", capture_story(house))
    (tmp_path / "ROOTS.pem").write_bytes(house.authority.root_pem)
    (tmp_path / "LOGKEY.pem").write_bytes(LOG_KEY.public.pem)
    (tmp_path / "WITNESSES.vkey").write_text(f"{WITNESS.public.vkey}\n")
    (tmp_path / "bin").mkdir()
    for tool in STOCK.split():
        found = shutil.which(tool)
        assert found, tool
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def run(desk: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Runs bash with the stock tools alone on its path."""
    return subprocess.run(
        [str(desk / "bin/bash"), "-c", command],
        cwd=desk,
        env={"PATH": str(desk / "bin"), "HOME": str(desk)},
        capture_output=True,
        text=True,
        check=False,
    )


def by_hand(desk: Path, *, list_tiles: bool = False, export: int | None = 302) -> str:
    """The commands of the README's third point, as a script that stops at the first failure."""
    point = bundle_text.readme().decode().partition("3. CHECK BY HAND")[2]
    commands = re.findall(r"^  (\S.*)$", point.partition("4. WHAT")[0], re.MULTILINE)
    assert commands[0].startswith("unzip")
    if not list_tiles:
        commands = [command for command in commands if "TILES" not in command]
    if export is None:
        commands = [line for line in commands if "record.json" not in line and "NUMBER" not in line]
    script = "set -eo pipefail\n" + "\n".join(commands)
    script = script.replace("NUMBER", str(export))
    return script.replace("ROOTS.pem", f"{desk}/ROOTS.pem").replace(
        "LOGKEY.pem", f"{desk}/LOGKEY.pem"
    )


def test_the_commands_of_the_readme_work(desk: Path) -> None:
    done = run(desk, by_hand(desk))
    assert done.returncode == 0, done.stdout + done.stderr
    for told in (
        "fields/text.json: OK",
        "report.pdf: OK",
        "Verification: OK",
        "Signature Verified Successfully",
        "Time stamp: Mar  1 12:00:00 2026 GMT",
    ):
        assert told in done.stdout + done.stderr


def test_the_commands_of_the_readme_work_for_a_masked_bundle(desk: Path) -> None:
    house = open_house(desk / "authority")
    write_bundle(desk / "BUNDLE.zip", masked_story(house))
    done = run(desk, by_hand(desk, list_tiles=True, export=304))
    assert done.returncode == 0, done.stdout + done.stderr
    for told in ("tiles/0000-0001.ppm: OK", "screenshot/masked.png: OK", "page/masked.png: OK"):
        assert told in done.stdout


def test_the_commands_of_the_readme_work_where_nobody_captured_the_post(desk: Path) -> None:
    """Its main record has no time stamp of its own, only its checkpoint's."""
    house = open_house(desk / "authority")
    write_bundle(desk / "BUNDLE.zip", witness_story(house))
    lines = by_hand(desk, export=None).splitlines()
    kept = [line for line in lines if "STATEMENT.tsa1.tsr" not in line]
    assert len(kept) == len(lines) - 2
    done = run(desk, "\n".join(kept))
    assert done.returncode == 0, done.stdout + done.stderr
    for told in ("record.json: OK", "page/original.png: OK", "Verification: OK", "Mar  1 12:00:00"):
        assert told in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("fields/text.json", 20),
        ("STATEMENT.sha256", 20),
        ("STATEMENT.tsa1.tsr", -20),
        ("STATEMENT.tlog-proof", -200),  # in the log's signature
        ("report.pdf", -20),
    ],
)
def test_the_commands_of_the_readme_stop_at_an_altered_file(
    desk: Path, name: str, place: int
) -> None:
    """The forger has made the bag's manifest fit."""
    unpack, cd, bag, *rest = by_hand(desk).splitlines()[1:]
    assert run(desk, unpack).returncode == 0
    path = desk / "bundle/data" / name
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))
    assert "manifest-sha256.txt" in bag
    done = run(desk, "\n".join(["set -eo pipefail", cd, *rest]))
    assert done.returncode != 0, done.stdout


def test_the_script_needs_nothing_but_stock_tools(desk: Path) -> None:
    done = run(desk, "unzip -p BUNDLE.zip data/verify.sh > verify.sh && bash verify.sh BUNDLE.zip")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "OK"
    assert "they prove order, not time" in done.stdout
    assert "obtain it elsewhere" in done.stdout


@pytest.mark.parametrize("name", ["-rf.zip", "a[b]*.zip", "with space.zip"])
def test_the_script_takes_files_of_any_name(desk: Path, name: str) -> None:
    (desk / "BUNDLE.zip").rename(desk / name)
    (desk / "verify.sh").write_bytes(bundle_text.script())
    done = run(desk, f"bash verify.sh './{name}' ROOTS.pem LOGKEY.pem WITNESSES.vkey")
    assert done.stdout.splitlines()[-1] == "OK"
    assert "obtain" not in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "missing.zip",
        ".",
        "BUNDLE.zip missing.pem",
        "BUNDLE.zip ROOTS.pem ROOTS.pem",
        "BUNDLE.zip '' '' ROOTS.pem",
        "BUNDLE.zip '' '' missing.vkey",
    ],
)
def test_the_script_tells_what_it_cannot_use(desk: Path, arguments: str) -> None:
    (desk / "verify.sh").write_bytes(bundle_text.script())
    done = run(desk, f"bash verify.sh {arguments}")
    assert done.returncode == 1
    assert done.stdout.startswith("FAILED: ")


def test_the_script_leaves_nothing_behind(desk: Path) -> None:
    (desk / "verify.sh").write_bytes(bundle_text.script())
    (desk / "tmp").mkdir()
    assert run(desk, "TMPDIR=$PWD/tmp bash verify.sh BUNDLE.zip").returncode == 0
    assert list((desk / "tmp").iterdir()) == []
