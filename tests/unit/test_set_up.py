"""The set-up scripts find what is there and say plainly what is missing."""

import os
import subprocess
from pathlib import Path

from tests.unit.source_tree import ROOT


def chromium_script(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / "chromium.sh"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_browser_that_is_there_is_found_and_nothing_is_said(chromium: Path) -> None:
    run = chromium_script(RATURE_CHROMIUM=str(chromium))
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_browser_that_is_none_is_told(tmp_path: Path) -> None:
    nothing = tmp_path / "chromium"
    run = chromium_script(RATURE_CHROMIUM=str(nothing))
    assert run.returncode == 1
    assert str(nothing) in run.stderr


def test_a_machine_without_python_is_told(tmp_path: Path) -> None:
    """A copy of the script, where neither an environment nor any Python can be found."""
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    script = scripts / "setup.sh"
    script.write_bytes((ROOT / "scripts" / "setup.sh").read_bytes())
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "dirname", "cat", "sha256sum", "cut", "rm", "id"):
        found = next(p for p in (Path("/bin") / name, Path("/usr/bin") / name) if p.exists())
        (tools / name).symlink_to(found)
    run = subprocess.run(
        [tools / "bash", script],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Python 3.11 or later is needed" in run.stderr
