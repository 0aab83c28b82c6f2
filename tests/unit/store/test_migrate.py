from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Column, Engine, String, inspect, text

from archiver.domain.errors import SettingsError
from archiver.store.database import open_engine
from archiver.store.migrate import METADATA, differences, upgrade


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_engine(f"sqlite:///{tmp_path}/rature.db")


def test_migrations_make_exactly_the_tables_that_the_code_declares(engine: Engine) -> None:
    upgrade(engine)
    assert differences(engine) == []
    assert set(METADATA.tables) <= set(inspect(engine).get_table_names())


def test_a_column_that_no_migration_makes_is_found(engine: Engine) -> None:
    upgrade(engine)
    column: Column[str] = Column("forgotten", String())
    table = METADATA.tables["workspace"]
    table.append_column(column)
    try:
        assert [entry[0] for entry in differences(engine)] == ["add_column"]
    finally:
        table._columns.remove(column)


def test_migrating_again_changes_nothing_and_loses_nothing(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO workspace VALUES ('ws_1', 'x', '2010-07-03 12:00:00.000000')")
        )
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM workspace")).scalars().all() == ["ws_1"]


def test_a_database_of_a_newer_version_is_refused(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="newer Rature"):
        upgrade(engine)


def test_a_migration_that_fails_leaves_nothing_behind(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = command.upgrade

    def failing(config: Config, revision: str) -> None:
        work(config, revision)
        raise SettingsError("stopped after the work, before the commit")

    monkeypatch.setattr(command, "upgrade", failing)
    with pytest.raises(SettingsError, match="stopped"):
        upgrade(engine)
    assert inspect(engine).get_table_names() == []
