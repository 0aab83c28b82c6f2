from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import select

from archiver.domain.errors import SettingsError, Unavailable
from archiver.store.database import Database, open_engine
from archiver.store.migrate import upgrade
from archiver.store.tables import Token, Workspace

NOON = datetime(2010, 7, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(open_engine(f"sqlite:///{tmp_path}/rature.db"))
    upgrade(database.engine)
    return database


def add(database: Database, workspace_id: str, at: datetime = NOON) -> None:
    with database.transaction() as session:
        session.add(Workspace(id=workspace_id, name="x", created_at=at))


def ids(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.exec(select(Workspace.id)).all())


def test_a_transaction_is_kept_whole_or_not_at_all(database: Database) -> None:
    add(database, "ws_1")
    twice = [Workspace(id=name, name="x", created_at=NOON) for name in ("ws_2", "ws_1")]
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add_all(twice)
    assert ids(database) == ["ws_1"]


def test_whatever_is_changed_while_reading_is_dropped(database: Database) -> None:
    with database.reading() as session:
        session.add(Workspace(id="ws_1", name="x", created_at=NOON))
        session.flush()
    assert ids(database) == []


def test_reading_does_not_wait_for_a_writer_and_sees_only_what_is_committed(
    database: Database,
) -> None:
    add(database, "ws_1")
    with database.transaction() as session:
        session.add(Workspace(id="ws_2", name="x", created_at=NOON))
        session.flush()
        assert ids(database) == ["ws_1"]
    assert ids(database) == ["ws_1", "ws_2"]


def test_rows_stay_readable_afterwards(database: Database) -> None:
    add(database, "ws_1")
    with database.reading() as session:
        row = session.get(Workspace, "ws_1")
    assert row is not None
    assert row.name == "x"


def test_moments_come_back_aware_and_in_utc(database: Database) -> None:
    paris = NOON.astimezone(timezone(timedelta(hours=2)))
    add(database, "ws_1", paris)
    with database.reading() as session:
        row = session.get(Workspace, "ws_1")
    assert row is not None
    assert row.created_at == NOON
    assert row.created_at.utcoffset() == timedelta(0)


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="offset"):
        add(database, "ws_1", NOON.replace(tzinfo=None))
    assert ids(database) == []


def test_a_row_of_no_workspace_is_refused(database: Database) -> None:
    token = Token(
        id="tok_1",
        workspace_id="ws_none",
        name="x",
        token_hash="h",
        scopes="read",
        created_at=NOON,
        expires_at=NOON,
    )
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(token)


def test_the_embedded_database_syncs_and_overwrites_what_is_erased(database: Database) -> None:
    with database.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize(
    "url",
    [
        "mysql://localhost/rature",  # another kind
        "postgresql://localhost/rature",  # no driver named: it would take one that is not here
        "rature.db",  # a path
        "postgresql+psycopg://host:port/rature",  # SQLAlchemy cannot parse it
    ],
)
def test_an_address_that_cannot_work_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="RATURE_DATABASE_URL"):
        open_engine(url)


def test_a_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/no/such/folder/rature.db")
    with pytest.raises(Unavailable):
        Database(engine).check()
    with pytest.raises(Unavailable):
        upgrade(engine)
