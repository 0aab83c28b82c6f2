"""The two packages: reproducible, small, and different in their manifests alone."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import archiver

ROOT = Path(archiver.__file__).parent.parent
SCRIPT = Path("scripts/build_extension.py")
LARGEST = 400_000


def build(root: Path, out: Path) -> dict[str, Path]:
    """Both packages, built from the checkout at `root`: browser -> path."""
    subprocess.run([sys.executable, root / SCRIPT, "--out", out], check=True, capture_output=True)
    return {path.name.split("-")[1]: path for path in out.iterdir()}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return build(ROOT, tmp_path_factory.mktemp("packages"))


def manifest_of(package: Path) -> dict[str, Any]:
    with zipfile.ZipFile(package) as opened:
        return dict(json.loads(opened.read("manifest.json")))


def contents(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_the_same_source_gives_the_same_bytes_also_elsewhere_and_later(
    packages: dict[str, Path], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "another folder"
    shutil.copytree(ROOT / "extension", elsewhere / "extension", copy_function=shutil.copyfile)
    (elsewhere / "scripts").mkdir()
    shutil.copyfile(ROOT / SCRIPT, elsewhere / SCRIPT)
    for path in (elsewhere / "extension").rglob("*"):
        path.chmod(0o700)  # other modes; copyfile made other times
    (elsewhere / "extension" / ".DS_Store").write_bytes(b"left by a file manager")
    again = build(elsewhere, tmp_path / "again")
    assert sorted(packages) == ["chrome", "firefox"]
    for browser, package in packages.items():
        assert again[browser].read_bytes() == package.read_bytes()
        assert again[browser].name == package.name


def test_nothing_in_a_package_tells_of_the_machine(packages: dict[str, Path]) -> None:
    for package in packages.values():
        with zipfile.ZipFile(package) as opened:
            entries = opened.infolist()
        assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
        assert {(entry.extra, entry.comment) for entry in entries} == {(b"", b"")}


def test_a_package_is_small_and_holds_what_the_browser_reads_and_nothing_else(
    packages: dict[str, Path],
) -> None:
    wanted = {
        path.relative_to(ROOT / "extension").as_posix()
        for path in (ROOT / "extension").rglob("*")
        if path.suffix in {".js", ".json", ".html", ".css", ".png"}
    }
    for package in packages.values():
        assert package.stat().st_size < LARGEST
        assert set(contents(package)) == wanted


def test_the_packages_differ_in_their_manifests_alone(packages: dict[str, Path]) -> None:
    chrome, firefox = contents(packages["chrome"]), contents(packages["firefox"])
    differing = {name for name in chrome if chrome[name] != firefox[name]}
    assert differing == {"manifest.json"}
    own = {"background", "minimum_chrome_version", "browser_specific_settings"}
    own |= {"side_panel", "sidebar_action", "permissions"}
    one, other = (manifest_of(package) for package in packages.values())
    assert {k: v for k, v in one.items() if k not in own} == {
        k: v for k, v in other.items() if k not in own
    }


def test_chromes_manifest_has_a_service_worker_and_nothing_of_firefox(
    packages: dict[str, Path],
) -> None:
    manifest = manifest_of(packages["chrome"])
    assert manifest["background"] == {"service_worker": "background.js", "type": "module"}
    assert manifest["minimum_chrome_version"] == "137"
    assert "browser_specific_settings" not in manifest
    assert "sidebar_action" not in manifest
    assert manifest["side_panel"] == {"default_path": "pages/panel.html"}
    assert "sidePanel" in manifest["permissions"]


def test_firefox_manifest_has_an_event_page_and_lets_http_services_be_reached(
    packages: dict[str, Path],
) -> None:
    manifest = manifest_of(packages["firefox"])
    assert manifest["background"] == {"scripts": ["background.js"], "type": "module"}
    assert "minimum_chrome_version" not in manifest
    assert "side_panel" not in manifest
    assert manifest["sidebar_action"]["default_panel"] == "pages/panel.html"
    assert "sidePanel" not in manifest["permissions"]
    gecko = manifest["browser_specific_settings"]["gecko"]
    assert gecko["id"] == "rature@rature.example"
    assert gecko["strict_min_version"] == "129.0"
    assert gecko["data_collection_permissions"]["required"] == [
        "websiteContent",
        "websiteActivity",
        "personallyIdentifyingInfo",
    ]
    # Firefox's default would upgrade http and cut off a service on this machine.
    policy = manifest["content_security_policy"]["extension_pages"]
    assert "upgrade-insecure-requests" not in policy
    assert "connect-src http: https:" in policy
    assert "script-src 'self'" in policy


def test_the_folder_in_git_has_what_either_browser_needs_to_load_it_unpacked() -> None:
    manifest = json.loads((ROOT / "extension" / "manifest.json").read_text())
    assert manifest["background"]["service_worker"] == "background.js"
    assert manifest["background"]["scripts"] == ["background.js"]
    assert manifest["manifest_version"] == 3


STORE = ROOT / "docs" / "store"
LONGEST_SUMMARY = 132  # of Chrome's store; Firefox's allows more


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_stores_page_gives_a_reason_for_each_permission(language: str) -> None:
    page = (STORE / f"listing.{language}.md").read_text(encoding="utf-8")
    manifest = json.loads((ROOT / "extension" / "manifest.json").read_text())
    explained = re.findall(r"^\| `(\w+)` \| (.{20,}) \|$", page, re.MULTILINE)
    assert sorted(name for name, _ in explained) == sorted(manifest["permissions"])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_stores_take_the_summary_and_the_icons(language: str) -> None:
    page = (STORE / f"listing.{language}.md").read_text(encoding="utf-8")
    summary = page.split("**Summary**" if language == "en" else "**Résumé**")[1].splitlines()[1]
    assert 0 < len(summary) <= LONGEST_SUMMARY
    words = json.loads((ROOT / f"extension/_locales/{language}/messages.json").read_text())
    assert 0 < len(words["extension_description"]["message"]) <= LONGEST_SUMMARY
    icons = json.loads((ROOT / "extension" / "manifest.json").read_text())["icons"]
    for size, name in icons.items():
        with Image.open(ROOT / "extension" / name) as icon:
            assert icon.size == (int(size), int(size))


@pytest.mark.parametrize(
    ("language", "kinds"),
    [
        ("en", ("website content", "website activity", "personally identifying information")),
        ("fr", ("contenu de sites web", "activité sur les sites", "d’identification personnelle")),
    ],
)
def test_the_privacy_statement_names_what_the_manifest_declares(
    language: str, kinds: tuple[str, ...]
) -> None:
    statement = " ".join((STORE / f"privacy.{language}.md").read_text(encoding="utf-8").split())
    gecko = json.loads((ROOT / "extension" / "manifest.json").read_text())
    declared = gecko["browser_specific_settings"]["gecko"]["data_collection_permissions"]
    assert len(declared["required"]) == len(kinds)
    for kind in kinds:
        assert kind in statement.casefold()
