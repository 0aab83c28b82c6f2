"""`verify.sh` on a machine that lacks something: it says so, and says nothing about the bundle."""

import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

SCRIPT = files("archiver.evidence").joinpath("bundle_files/verify.sh")
TOOLS = ("bash", "dirname", "mktemp", "ln", "mkdir", "od", "openssl", "realpath", "rm", "sha256sum")


def run(tmp_path: Path, *tools: str) -> subprocess.CompletedProcess[str]:
    """Runs it where only these tools are."""
    places = tmp_path / "bin"
    places.mkdir()
    for tool in tools:
        found = shutil.which(tool)
        assert found, tool
        (places / tool).symlink_to(found)
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(b"")
    environment = {**os.environ, "PATH": str(places)}
    return subprocess.run(
        [shutil.which("bash") or "bash", str(SCRIPT), str(bundle)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("missing", ["sha256sum", "openssl", "od"])
def test_a_tool_that_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    done = run(tmp_path, *({*TOOLS, "unzip"} - {missing}))
    assert done.returncode == 2
    assert done.stdout == f"NOT CHECKED: {missing} is not installed\n"


def test_an_old_openssl_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    old = folder / "openssl"
    old.write_text("#!/bin/sh\necho 'OpenSSL 1.1.1n  15 Mar 2022'\n")
    old.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", str(SCRIPT), str(old)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == "NOT CHECKED: OpenSSL 3 is needed\n"
