"""The images cannot be built everywhere, so every command in them is checked here."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.unit.source_tree import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def rature_commands() -> set[str]:
    """Every `rature X` that the image or the composition runs, or tells somebody to run."""
    text = DOCKERFILE + (ROOT / "compose.yaml").read_text(encoding="utf-8")
    plain = set(re.findall(r"\brature (serve|worker|signin|token)\b", text))
    return plain | set(re.findall(r'\["rature", "(\w+)"', text))


def test_the_dockerfile_has_no_fault() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    run = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert run.stdout + run.stderr == ""
    assert run.returncode == 0


def test_the_image_has_what_exhibits_are_drawn_with() -> None:
    from archiver.evidence.exhibit.library import PACKAGES  # noqa: PLC0415 - only this test

    for package in PACKAGES.split():
        assert re.search(rf"install .*\b{re.escape(package)}\b", DOCKERFILE), package
        assert package in (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8")


def test_the_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users
    assert users[-1] not in {"root", "0"}


@pytest.mark.parametrize("command", sorted(rature_commands()))
def test_every_command_exists(command: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "archiver.cli", command, "--help"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stderr
    assert command in run.stdout


def test_the_commands_are_those_we_think() -> None:
    assert {"serve", "worker", "signin"} <= rature_commands()


def test_copied_files_exist() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists(), name


def test_services_fit_together() -> None:
    services = COMPOSE["services"]
    assert {"service", "worker", "database", "objects"} == set(services)
    for name in ("service", "worker"):
        environment = services[name]["environment"]
        assert "@database/" in environment["RATURE_DATABASE_URL"]
        assert environment["RATURE_BLOBS_URL"].startswith("s3://")
        assert "objects:" in environment["AWS_ENDPOINT_URL"]
        assert set(services[name]["depends_on"]) == {"database", "objects"}
    assert services["service"]["ports"] == ["127.0.0.1:8787:8787"]


def test_settings_in_the_composition_are_known() -> None:
    from archiver.config import Settings  # noqa: PLC0415 - only this test needs it

    known = {f"RATURE_{name.upper()}" for name in Settings.model_fields}
    given = {n for n in COMPOSE["services"]["service"]["environment"] if n.startswith("RATURE_")}
    assert given - known == set()
