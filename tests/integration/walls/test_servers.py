"""The servers that tests start: PostgreSQL, S3, and processes in general."""

import os
import socket
import sys
from pathlib import Path

import obstore
import psycopg
import pytest
from obstore.exceptions import AlreadyExistsError
from obstore.store import S3Store
from sqlalchemy import create_engine, text

from tests.network import NetworkForbiddenError, is_local
from tests.servers import debian
from tests.servers.chromium import NoChromiumError, find_chromium
from tests.servers.debian import CannotInstallError, ensure_packages
from tests.servers.postgres import Postgres
from tests.servers.process import Process, accepts, free_port


def test_postgres_gives_each_test_an_empty_database_of_its_own(postgres: Postgres) -> None:
    first, second = postgres.database(), postgres.database()
    for address in (first, second):
        engine = create_engine(address)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE post (id int)"))
            connection.execute(text("INSERT INTO post VALUES (1)"))
            assert connection.execute(text("SELECT count(*) FROM post")).scalar() == 1
        engine.dispose()

    assert first != second
    assert first.startswith("postgresql+psycopg://")


def test_postgres_role_may_make_databases_but_a_stranger_may_not_enter(postgres: Postgres) -> None:
    address = postgres.database().replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE jobs")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address.replace("rature-test", "wrong"))


def test_postgres_keeps_its_data_over_a_restart(postgres: Postgres) -> None:
    address = postgres.database().replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept ()")
    postgres.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
    postgres.start()
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT to_regclass('kept')").fetchone()
    assert found == ("kept",)


def test_s3_stores_and_refuses_to_overwrite(
    bucket_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in bucket_env.items():
        monkeypatch.setenv(name, value)
    store = S3Store.from_url(bucket_env["RATURE_BLOBS_URL"])

    obstore.put(store, "aa/bb", b"first", mode="create")
    with pytest.raises(AlreadyExistsError):
        obstore.put(store, "aa/bb", b"second", mode="create")

    assert bytes(obstore.get(store, "aa/bb").bytes()) == b"first"


def test_stopped_process_takes_its_children_along(tmp_path: Path) -> None:
    port = free_port()
    child = f"import http.server as h; h.HTTPServer(('127.0.0.1', {port}), None).serve_forever()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    process = Process([sys.executable, "-c", parent], log=tmp_path / "log")
    process.wait_until(lambda: accepts(port), what="the child listens")

    process.stop()

    assert not process.running
    assert not accepts(port)


def test_process_that_dies_is_told_with_its_last_words(tmp_path: Path) -> None:
    process = Process(
        [sys.executable, "-c", "raise SystemExit('port is taken')"], log=tmp_path / "log"
    )
    with pytest.raises(RuntimeError, match=r"ended with 1 before it listens:\nport is taken"):
        process.wait_until(lambda: False, what="it listens")


def test_process_that_is_late_is_told_and_can_still_be_stopped(tmp_path: Path) -> None:
    process = Process([sys.executable, "-c", "input()"], log=tmp_path / "log")
    other = Process(["sleep", "60"], log=tmp_path / "other")
    with pytest.raises(RuntimeError, match=r"it listens: not within 0\.2 s"):
        other.wait_until(lambda: False, what="it listens", seconds=0.2)
    other.stop()
    process.stop()
    assert not other.running


def test_missing_package_is_named_with_the_command_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(CannotInstallError, match=r"apt-get install .* no-such-package"):
        ensure_packages(["coreutils", "no-such-package"], needed_for="a server")


def test_failed_installation_shows_what_apt_said_and_starts_no_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy-rc.d"
    apt = tmp_path / "apt-get"
    apt.write_text(f"#!/bin/sh\ncat {policy}\necho 'E: no candidate' >&2\nexit 100\n")
    apt.chmod(0o755)
    monkeypatch.setattr(debian, "POLICY", policy)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    with pytest.raises(CannotInstallError) as failure:
        ensure_packages(["no-such-package"], needed_for="a server")

    assert "E: no candidate" in str(failure.value)
    assert "exit 101" in str(failure.value)  # daemons were forbidden while apt ran
    assert not policy.exists()


def test_absent_chromium_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RATURE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nonexistent")
    with pytest.raises(NoChromiumError, match="apt-get install chromium"):
        find_chromium()


def test_the_tests_own_process_cannot_leave_this_machine() -> None:
    with socket.socket() as outward, pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"):
        outward.connect(("192.0.2.1", 80))


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("/run/server.sock", True),  # Unix socket
        (("127.0.0.1", 80), True),
        (("127.8.9.10", 80), True),
        (("::1", 80, 0, 0), True),
        (("localhost", 80), True),
        (("evidence.localhost", 80), True),
        (("localhost.example.org", 80), False),
        (("10.0.0.1", 80), False),
        (("2001:db8::1", 80, 0, 0), False),
    ],
)
def test_what_counts_as_this_machine(address: object, local: bool) -> None:
    assert is_local(address) is local
