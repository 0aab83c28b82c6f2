"""The engine and its transactions."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlmodel import Session, create_engine

from archiver.domain.errors import SettingsError, Unavailable
from archiver.store.turns import Turns

READING = "rature_reading"


BEFORE, AFTER = "rature_before_commit", "rature_after_commit"
"""Keys of a session's `info`. Listeners of SQLAlchemy would do the same, at a millisecond each."""


def before_commit(session: Session, check: Callable[[Session], None]) -> None:
    """Has `check` called, once, just before the commit; what it raises rolls everything back."""
    session.info.setdefault(BEFORE, {})[check] = None


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Has `call` called, once, after the commit; never when it is rolled back."""
    session.info.setdefault(AFTER, {})[call] = None


def _durable_sqlite(connection: Any, _record: Any) -> None:
    """Write-ahead log, full fsync, real foreign keys, erased pages overwritten."""
    connection.isolation_level = None  # we begin transactions ourselves, see `_begin`
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=15000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Writers take SQLite's write lock at once: upgrading a read lock later could fail half way."""
    reading = connection.get_execution_options().get(READING)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///...` or `postgresql+psycopg://...`.

    Raises:
        SettingsError: the address is of neither kind.
    """
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError(
            "RATURE_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://"
        )
    try:
        if url.startswith("postgresql"):
            return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
        engine = create_engine(
            url,
            pool_size=10,
            max_overflow=30,
            connect_args={"check_same_thread": False, "timeout": 15},
        )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SettingsError(f"RATURE_DATABASE_URL cannot be used: {error}") from error
    event.listen(engine, "connect", _durable_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


class Database:
    """Hands out transactions: commit at the end, roll back on any error."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # SQLite lets writers of one process wait in growing naps, and whoever naps longest loses
        # again and again: here they queue. Other processes still wait for the file's own lock.
        self._turn: AbstractContextManager[object] = (
            Turns() if engine.dialect.name == "sqlite" else nullcontext()
        )
        self._reader = engine.execution_options(**{READING: True, "postgresql_readonly": True})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction. Objects stay readable after the commit."""
        with Session(self.engine, expire_on_commit=False) as session:
            with self._turn, session.begin():
                yield session
                for check in tuple(session.info.get(BEFORE, ())):
                    check(session)
            for call in session.info.get(AFTER, ()):
                call()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view that never waits for a writer; whatever is changed in it is dropped.

        Objects stay readable afterwards.
        """
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session
            session.expunge_all()

    def forget(self) -> bool:
        """Rewrites SQLite's file and empties its write-ahead log: for good, whatever was deleted.
        False when somebody reads from the log: try again.

        `secure_delete` overwrites what is deleted where it stands; copies that stayed behind when
        the database moved rows between its pages only go with the whole file. PostgreSQL is left
        to its own cleaning.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        # Not in a transaction, which our own connections are from their first statement on.
        with closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def size(self) -> int:
        """Bytes of SQLite's pages; 0 for PostgreSQL."""
        if self.engine.dialect.name != "sqlite":
            return 0
        with self._reader.connect() as connection:
            pages, page = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("page_count", "page_size")
            )
        return int(pages) * int(page)

    def check(self) -> None:
        """Does nothing when the database answers.

        Raises:
            Unavailable: it does not.
        """
        try:
            with self._reader.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise Unavailable("the database does not answer") from error
