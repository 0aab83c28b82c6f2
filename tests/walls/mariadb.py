"""A private MariaDB on a Unix socket, for walls that keep their comments in one."""

import os
import subprocess
from pathlib import Path

from tests.servers.process import Process

# A test wall is thrown away: nothing of it needs to survive a power failure.
SPEED = [
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=64M",
    "--performance-schema=OFF",
]


class MariaDB:
    """The data is under `folder`, which the account mysql must be able to enter."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "db" / "my.sock"
        self._data = folder / "db"
        self._log = folder / "mariadb.log"
        self._process: Process | None = None

    def create(self, database: str) -> None:
        """Make the data directory, start, and make a database with a user of the same name."""
        self._data.mkdir()
        owner = Process(
            [
                "mariadb-install-db",
                "--no-defaults",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
                f"--datadir={self._data}",
                *(["--user=mysql"] if os.geteuid() == 0 else []),
            ],
            log=self._log,
        )
        owner.wait_for_success(what="the MariaDB data directory")
        self.start()
        self._sql(
            f"CREATE DATABASE {database} CHARACTER SET utf8mb4;"
            f"CREATE USER {database}@localhost IDENTIFIED BY '{database}';"
            f"GRANT ALL ON {database}.* TO {database}@localhost;"
        )

    def start(self) -> None:
        """Start the server on the data it has, and wait until it answers."""
        if self._process is not None and self._process.running:
            return
        self._process = Process(
            [
                "mariadbd",
                "--no-defaults",
                f"--datadir={self._data}",
                f"--socket={self.socket}",
                f"--pid-file={self._data / 'my.pid'}",
                "--skip-networking",
                *SPEED,
                *(["--user=mysql"] if os.geteuid() == 0 else []),
            ],
            log=self._log,
        )
        self._process.wait_until(self._answers, what="MariaDB answers")

    def stop(self) -> None:
        """Stop the server; its data stays."""
        if self._process is not None:
            self._process.stop()

    def _answers(self) -> bool:
        ping = ["mariadb-admin", "--no-defaults", "-uroot", f"-S{self.socket}", "ping"]
        return subprocess.run(ping, capture_output=True, check=False).returncode == 0

    def _sql(self, statements: str) -> None:
        client = ["mariadb", "--no-defaults", "-uroot", f"-S{self.socket}", "-e", statements]
        subprocess.run(client, stdin=subprocess.DEVNULL, check=True, capture_output=True)
