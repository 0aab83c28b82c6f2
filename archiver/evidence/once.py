"""Files that are written once, whole, and never again."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from archiver.domain.errors import SettingsError

Content = TypeVar("Content")


def open_once(
    path: Path,
    what: str,
    make: Callable[[], bytes],
    read: Callable[[bytes], Content],
    *,
    remedy: str = "put its backup in place",
) -> Content:
    """Reads a key's file, or makes it (mode 0600, fsynced) when there is none. Of two processes
    that make it one wins. `what` names it in an error; `read` raises ValueError or TypeError for a
    broken one.

    Raises:
        SettingsError: it is there and broken, or it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            create_once(path, make())
        return read(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"{what} {path} cannot be used: {error}") from error
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{what} {path} is broken ({error}): {remedy}") from error


def create_once(path: Path, data: bytes) -> bool:
    """Writes a new file with mode 0600, fsynced; False (and nothing changed) if it is there.

    The bytes are written aside and linked under the name, so that a reader, or a start after a
    crash, never sees half a file, and of two processes one wins.

    Raises:
        OSError: the directory cannot be written.
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink()
    sync_directory(path.parent)
    return True


def sync_directory(directory: Path) -> None:
    """Makes the directory's entries last through a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
