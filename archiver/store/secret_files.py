"""Small files of the data directory that are made once or moved by compare-and-swap.

Keys are made once, readable by their owner alone. The head file remembers the largest tree that
this machine ever signed; it stands beside the database, not in it, and is never restored from a
backup, so that a restored database cannot lead to a second history.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from archiver.domain.errors import LogRewound, SettingsError

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's bytes; made by `make` if there is none. Of several makers one wins.

    Raises:
        SettingsError: the folder cannot be written or the file cannot be read.
    """
    try:
        path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            return path.read_bytes()
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        _write_durably(draft, make())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        _sync_folder(path.parent)
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path}: {error.strerror}; it must be readable and writable"
        ) from error


@dataclass(frozen=True)
class SignedHead:
    """The largest tree signed so far; `root` in hex."""

    origin: str
    size: int
    root: str


class HeadFile:
    """The last signed tree, kept outside the database."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> SignedHead | None:
        """What was signed last; None before the first time.

        Raises:
            LogRewound: the file is there but says nothing: signing on would be a guess.
        """
        try:
            value = json.loads(self._path.read_bytes())
            return SignedHead(
                origin=str(value["origin"]), size=int(value["size"]), root=str(value["root"])
            )
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise LogRewound(
                f"{self._path} is damaged: restore this file, do not delete it"
            ) from error

    def move(self, before: SignedHead | None, after: SignedHead) -> None:
        """Replaces `before` by `after`, durably.

        Raises:
            LogRewound: the file says something else than `before`.
        """
        with self._locked():
            if self.read() != before:
                raise LogRewound(f"{self._path} was moved by another process")
            draft = self._path.with_name(f".{self._path.name}.draft")
            _write_durably(draft, json.dumps(asdict(after)).encode())
            draft.replace(self._path)
            _sync_folder(self._path.parent)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write_durably(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
