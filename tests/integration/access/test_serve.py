"""`rature serve` as a process: what it says, what it refuses, how it ends."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.servers.service import RatureService, rature

Start = Callable[..., RatureService]


def attempt(service: RatureService, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs `rature serve` where it must fail."""
    return subprocess.run(
        [*rature(), "serve", *options],
        env={**service.env, **env},
        cwd=service.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def idle(tmp_path: Path, chromium: Path) -> RatureService:
    """Settings of a service that was not started."""
    return RatureService(tmp_path / "idle")


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_it_says_where_to_go_and_signs_the_owner_in(start_service: Start) -> None:
    service = start_service()
    said = (service.folder / "service.log").read_text()
    assert f"Address    {service.url}" in said
    assert "Load unpacked" in said
    extension = next(line.split(": ")[-1] for line in said.splitlines() if "Load unpacked" in line)
    assert (Path(extension) / "manifest.json").is_file()
    link = next(line.split()[-1] for line in said.splitlines() if "Sign in" in line)
    with httpx.Client() as browser:
        answer = browser.get(link)
        assert answer.status_code == 303
        cookie = answer.headers["Set-Cookie"].lower()
        assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.split("; "))
        assert browser.get(link).status_code == 401, "the link works once"
    if os.geteuid() == 0:
        assert "without its sandbox" in said, "it must be said plainly"
        assert "sandbox" in httpx.get(f"{service.url}/readyz").text


def test_a_second_process_on_the_same_data_is_refused_by_name(start_service: Start) -> None:
    service = start_service()
    said = one_sentence(attempt(service, "--port", "0"))
    assert "in use by process" in said
    holder = int(said.split("in use by process ")[1].split(".")[0])
    assert holder == service._process.pid if service._process else False
    assert service.ready(), "the first one is not disturbed"


def test_tokens_are_made_while_it_runs(start_service: Start) -> None:
    service = start_service()
    assert service.client_for("admin").get("/api/v1/tokens").status_code == 200


def test_after_a_kill_the_lock_is_free_again(start_service: Start) -> None:
    service = start_service()
    service.kill9()
    service.restart()
    assert service.ready()


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.matrix)]
)
def test_it_stops_in_order_and_says_zero(start_service: Start, number: signal.Signals) -> None:
    service = start_service()
    process = service._process
    assert process is not None
    process.stop(first=number, seconds=30)
    assert process.returncode == 0
    assert "Traceback" not in service.logs()


def test_a_port_that_is_taken_is_named(idle: RatureService) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = one_sentence(attempt(idle, "--port", str(port)))
    assert str(port) in said
    assert "--port" in said


def test_without_chromium_it_says_how_to_get_one(idle: RatureService, tmp_path: Path) -> None:
    empty = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "HOME": "/nowhere"}
    del idle.env["RATURE_CHROMIUM"]
    said = one_sentence(attempt(idle, "--port", "0", **empty))
    assert "install" in said
    assert "RATURE_CHROMIUM" in said


def test_a_folder_that_cannot_be_written_is_named(idle: RatureService, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    said = one_sentence(attempt(idle, "--port", "0", RATURE_DATA=str(in_the_way / "data")))
    assert str(in_the_way / "data") in said
    assert "RATURE_DATA" in said


def test_a_database_that_does_not_answer_is_told(idle: RatureService) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    address = f"postgresql+psycopg://nobody@127.0.0.1:{port}/rature"
    said = one_sentence(attempt(idle, "--port", "0", RATURE_DATABASE_URL=address))
    assert "database" in said


def test_a_worker_on_sqlite_is_refused(idle: RatureService) -> None:
    with pytest.raises(RuntimeError, match="SQLite serves one process"):
        idle.command("worker")
