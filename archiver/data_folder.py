"""The data folder: made private, checked, and locked against a second process."""

import fcntl
import os
import secrets
from pathlib import Path

from archiver.domain.errors import SettingsError

LOCK_NAME = "rature.lock"
ONE_PROCESS = (
    "SQLite serves one process: stop that one, or set RATURE_DATABASE_URL to PostgreSQL for several"
)


def prepare(folder: Path, *, setting: str = "RATURE_DATA") -> None:
    """Makes the folder for its owner's eyes only, and makes sure that it can be written.
    `setting` is what names another folder.

    Raises:
        SettingsError: it cannot.
    """
    probe = folder / f".probe-{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise SettingsError(
            f"the data folder {folder.absolute()} cannot be written ({error.strerror}):"
            f" set {setting} to a folder that can"
        ) from error


class FolderLock:
    """Held by the one process that serves an embedded database; the kernel releases it at death.
    `advice` is what somebody is told who starts a second one."""

    def __init__(self, folder: Path, advice: str = ONE_PROCESS) -> None:
        self._path = folder / LOCK_NAME
        self._advice = advice
        self._descriptor: int | None = None

    def __enter__(self) -> "FolderLock":
        """Takes the lock.

        Raises:
            SettingsError: another process has it; the message names its pid.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise SettingsError(
                f"the data folder {self._path.parent.absolute()} is in use by process {holder}."
                f" {self._advice}"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        self._descriptor = descriptor
        return self

    def __exit__(self, *_: object) -> None:
        """Lets go. The file stays: removing it would let two processes lock two files."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None
