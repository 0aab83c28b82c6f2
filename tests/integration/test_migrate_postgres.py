"""The same migrations on PostgreSQL, where several processes start at once."""

import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect
from sqlalchemy.exc import InternalError

from archiver.store.database import Database, open_engine
from archiver.store.migrate import METADATA, differences, upgrade
from archiver.store.tables import Host
from tests.servers.service import rature


def test_processes_that_start_together_migrate_once(database_url: str, tmp_path: Path) -> None:
    env = {
        **os.environ,
        "RATURE_DATABASE_URL": database_url,
        "RATURE_DATA": str(tmp_path / "data"),
    }
    started = [
        subprocess.Popen([*rature(), "migrate"], env=env, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    engine = open_engine(database_url)
    assert differences(engine) == []
    assert set(METADATA.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_reading_cannot_write(database_url: str) -> None:
    database = Database(open_engine(database_url))
    upgrade(database.engine)
    with pytest.raises(InternalError, match="read-only"), database.reading() as session:
        session.exec(insert(Host).values(host="example.com"))
    with database.reading() as session:
        assert session.get(Host, "example.com") is None
    with database.transaction() as session:
        session.add(Host(host="example.com"))
    with database.reading() as session:
        assert session.get(Host, "example.com") is not None
    database.engine.dispose()
