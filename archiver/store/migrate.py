"""Brings the tables up to date, under a lock, in one transaction."""

import io
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from archiver.domain.errors import SettingsError, Unavailable
from archiver.store import tables, tables_evidence, tables_health, tables_wall

MIGRATIONS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 0x7261747572  # "ratur": any number that all processes agree upon
METADATA = tables.Workspace.metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config(stdout=io.StringIO())  # alembic's own words are not for our users
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Applies every migration that is missing; several processes may start at once.

    SQLite's write lock is held from the first statement on, PostgreSQL's advisory lock until the
    commit: the second process then finds nothing left to do.

    Raises:
        Unavailable: the database does not answer.
        SettingsError: a newer Rature has migrated it.
    """
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK}
                )
            _refuse_newer(connection)
            command.upgrade(_config(connection), "head")
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())
        raise Unavailable(f"the database cannot be used: {said}") from error


def _refuse_newer(connection: Connection) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if current is not None and current not in known:
        raise SettingsError("the database was made by a newer Rature: run that version")


def differences(engine: Engine) -> list[Any]:
    """What the tables' classes say and the database does not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def write_revision(engine: Engine, message: str, revision: str) -> None:
    """For developers: writes the migration that makes the database agree with the classes."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


ALL_TABLES = (tables, tables_evidence, tables_health, tables_wall)
assert METADATA is SQLModel.metadata  # noqa: S101 - all tables share one, so none is missed
