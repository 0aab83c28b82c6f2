"""What is installed outside of a checkout (the image does that) has all that it needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.unit.source_tree import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in the wheel that the image's `pip install .` builds."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built).namelist()


@pytest.mark.parametrize("package", ["api", "archiver", "extension"])
def test_every_tracked_file_of_a_package_is_installed(wheel: list[str], package: str) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", package], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    assert len(names) > 20
    assert names - set(wheel) == set()


def test_nothing_else_is_installed(wheel: list[str]) -> None:
    roots = {Path(name).parts[0] for name in wheel}
    assert {root for root in roots if not root.endswith(".dist-info")} == {
        "api",
        "archiver",
        "extension",
    }
