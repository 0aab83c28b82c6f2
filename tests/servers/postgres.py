"""A private PostgreSQL on an ephemeral port, with a fresh database for whoever asks."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.closing import Closing
from tests.servers.debian import ensure_packages, newest
from tests.servers.process import Process, free_port

# Thrown away at the end: nothing needs to survive a power failure.
SPEED = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
ACCOUNT = "postgres"  # PostgreSQL refuses to run as root
ROLE, PASSWORD = "rature", "rature-test"
FAST_SHUTDOWN = signal.SIGINT


class Postgres(Closing):
    """One server for a test session; a context manager. `database()` gives an empty database.

    Raises CannotInstallError when the Debian package cannot be had.
    """

    def __init__(self) -> None:
        ensure_packages(["postgresql"], needed_for="PostgreSQL (a server of the tests)")
        self._programs = newest("usr/lib/postgresql/*/bin")
        self.folder = Path(tempfile.mkdtemp(prefix="rature-pg-"))
        self.port = free_port()
        self._made = 0
        self._process: Process | None = None

    def _begin(self) -> None:
        self._initialise()
        self.start()

    def close(self) -> None:
        """Stop the server and remove its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self) -> str:
        """Make an empty database; give its address for SQLAlchemy (driver psycopg).

        The role owns it and may make further databases, as job engines do.
        """
        self._made += 1
        name = f"rature_{self._made}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._address(name).replace("postgresql://", "postgresql+psycopg://", 1)

    def start(self) -> None:
        """Start the server and wait until it accepts connections."""
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            *SPEED,
        ]
        self._process = Process(
            [
                self._programs / "postgres",
                *("-D", self.folder / "data"),
                *(part for setting in settings for part in ("-c", setting)),
            ],
            log=self.folder / "server.log",
            user=ACCOUNT,
            cwd=self.folder,
        )
        self._process.wait_until(self._answers, what="PostgreSQL answers")

    def stop(self) -> None:
        """Stop the server at once, breaking connections; its data stays."""
        if self._process is not None:
            self._process.stop(first=FAST_SHUTDOWN)

    def _initialise(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, ACCOUNT, ACCOUNT)
        password = self.folder / "password"
        password.write_text(PASSWORD, encoding="ascii")
        made = Process(
            [
                self._programs / "initdb",
                *("-D", self.folder / "data"),
                *("-U", ROLE, f"--pwfile={password}", "--auth=scram-sha-256"),
                *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            log=self.folder / "initdb.log",
            user=ACCOUNT,
            cwd=self.folder,
        )
        made.wait_for_success(what="the PostgreSQL data directory")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._address("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _address(self, database: str) -> str:
        return f"postgresql://{ROLE}:{PASSWORD}@127.0.0.1:{self.port}/{database}"
