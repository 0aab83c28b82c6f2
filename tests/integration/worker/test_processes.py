"""Several workers: taken over after `kill -9` on PostgreSQL, refused on SQLite."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from archiver.config import Settings
from archiver.domain.post import Target
from archiver.services.access import OWNER
from archiver.services.checking import LEASE
from archiver.store.tables import Host
from archiver.wiring import House, build_house, utc_now
from tests.integration.watches.model import WALL
from tests.servers.process import Process
from tests.servers.service import CHECKOUT, rature

SLACK = timedelta(seconds=20)
"""What a loaded machine may take on top of the lease."""


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"}


def lease_owner(house: House) -> str | None:
    with house.database.reading() as session:
        host = session.get(Host, "wall.example")
    return None if host is None else host.lease_owner


def test_a_killed_workers_wall_is_taken_over_by_a_live_one(
    tmp_path: Path, database_url: str, environment: dict[str, str]
) -> None:
    data = tmp_path / "data"
    settings = Settings(data=data, database_url=database_url, host_pause=0)
    module = [sys.executable, "-m", "tests.integration.worker.scripted_worker"]
    with build_house(settings) as house:
        view, _ = house.watching.start(
            OWNER, Target(url=WALL, text="Both soles have holes."), actor="tok_test"
        )
        watch_id = view.watch.id

        def looks() -> int:
            return house.watching.looks(OWNER, watch_id, offset=0, limit=1).total

        def worker(manner: str) -> Process:
            return Process(
                [*module, data, database_url, manner],
                log=tmp_path / f"{manner}.log",
                env=environment,
                cwd=tmp_path,
            )

        doomed = worker("hang")
        heir: Process | None = None
        try:
            doomed.wait_until(lambda: lease_owner(house) is not None, what="it has the lease")
            holder = lease_owner(house)
            heir = worker("answer")
            doomed.kill9()
            killed_at = utc_now()
            heir.wait_until(lambda: looks() == 1, what="the wall was visited")
            assert utc_now() - killed_at <= LEASE + SLACK
            heir.wait_until(lambda: lease_owner(house) is None, what="the lease is back")
            assert holder is not None
            assert looks() == 1
        finally:
            for process in (doomed, heir):
                if process is not None:
                    process.stop()


def test_a_worker_beside_sqlite_is_refused_with_the_reason(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    done = subprocess.run(
        [*rature(), "worker"],
        env={**environment, "RATURE_DATA": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "SQLite serves one process" in done.stderr
    assert "RATURE_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
