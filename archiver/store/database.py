"""The engine and its transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session, create_engine


def _durable_sqlite(connection: Any, _record: Any) -> None:
    """Write-ahead log, full fsync, real foreign keys, erased pages overwritten."""
    connection.isolation_level = None  # we begin transactions ourselves, see `_begin_immediate`
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=15000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    """Takes SQLite's write lock at once: upgrading a read lock later could fail half way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///...` or `postgresql+psycopg://...`."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 15})
    event.listen(engine, "connect", _durable_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


class Database:
    """Hands out transactions: commit at the end, roll back on any error."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction. Objects stay readable after the commit."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
