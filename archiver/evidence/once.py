"""Files that are written once, whole, and never again."""

import os
import secrets
from pathlib import Path


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
