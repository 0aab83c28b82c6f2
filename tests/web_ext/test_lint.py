"""`web-ext lint` finds no error, and each of its warnings has a reason here."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

# (code, file) -> why it stays
REASONS = {
    ("KEY_FIREFOX_UNSUPPORTED_BY_MIN_VERSION", "manifest.json"): (
        "data_collection_permissions is read from Firefox 140 on, and asked for by the store; "
        "versions from 129 (the first with Ed25519 keys) ignore it"
    ),
    ("KEY_FIREFOX_ANDROID_UNSUPPORTED_BY_MIN_VERSION", "manifest.json"): (
        "the same key; the extension is not offered for Android"
    ),
    ("UNSUPPORTED_API", "page/geometry.js"): (
        "dom.openOrClosedShadowRoot is asked for with ?. and has a substitute"
    ),
}


def npm(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
    return subprocess.run(
        [ROOT / "scripts" / "node.sh", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


@pytest.fixture(scope="module")
def web_ext() -> Path:
    """The linter, installed from the lock file beside this one."""
    program = HERE / "node_modules" / ".bin" / "web-ext"
    installed = HERE / "node_modules" / ".package-lock.json"
    lock = HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        done = npm("npm", "ci", "--prefix", str(HERE), *options)
        assert done.returncode == 0, done.stdout + done.stderr
    return program


@pytest.fixture(scope="module")
def found(web_ext: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("package")
    script = ROOT / "scripts" / "build_extension.py"
    subprocess.run([sys.executable, script, "--out", out, "firefox"], check=True)
    (package,) = out.iterdir()
    options = ["--output", "json", "--no-config-discovery"]
    done = npm("node", str(web_ext), "lint", "--source-dir", str(package), *options)
    return dict(json.loads(done.stdout))


@pytest.mark.matrix
def test_there_is_no_error_and_no_warning_without_a_reason(found: dict[str, Any]) -> None:
    assert found["errors"] == []
    seen = {(each["code"], each.get("file")) for each in [*found["warnings"], *found["notices"]]}
    assert seen == set(REASONS)  # a reason that is not needed any more goes too


def test_the_linter_is_pinned() -> None:
    wanted = json.loads((HERE / "package.json").read_text())["devDependencies"]
    lock = json.loads((HERE / "package-lock.json").read_text())["packages"]
    assert lock["node_modules/web-ext"]["version"] == wanted["web-ext"]
    unhashed = [name for name, entry in lock.items() if name and "integrity" not in entry]
    assert unhashed == []
