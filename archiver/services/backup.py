"""Backup of a running service: the embedded database, then the blobs that it refers to, then keys.

The database is copied in one consistent view. Blobs are written once and before the row that names
them, so all that the copy names are there; only an erasure takes one away, and then the copy is
made anew. The head file stays behind: it must remember what a backup cannot know.
"""

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archiver.domain.errors import Conflict, EvidenceError, InvalidInput, NotFound
from archiver.domain.instant import Clock
from archiver.evidence.once import sync_directory
from archiver.services.backup_file import DATABASE, ERASURES, Writer, open_private
from archiver.services.erasure_list import as_line
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import erasures

LEFT_BEHIND = frozenset({"head", "blobs", "rature.lock"})
"""Of the data folder: the head file, what is backed up in another way, and a lock."""
TRIES = 5
FOREIGN = (
    "this service does not keep everything in its own folder, so its parts are backed up with their"
    " own tools, in this order: first the database (PostgreSQL: `pg_dump --format=custom`), then"
    " the blobs (S3: versioning, or a copy of the bucket made after the dump), and the folder"
    " `keys` below RATURE_DATA. Every blob that the dump names is there before the dump begins;"
    " the other way round some would be missing. Leave the folder `head` out"
)


@dataclass(frozen=True)
class Made:
    """A backup that was made. `sha256` is that of its manifest, which names all else; `missing`
    are blobs that could not be had: `rature fsck` says more."""

    path: Path
    sha256: str
    size: int
    blobs: int
    missing: list[str]


@dataclass(frozen=True)
class _Copy:
    """A copy of the database, and how much of a log is in it."""

    path: Path
    size: int
    sealed_size: int


class Backup:
    """Makes backups of an embedded database and a blob folder below `data`."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        data: Path,
        clock: Clock,
        log_name: str,
        product: str,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._data = data
        self._clock = clock
        self._log_name = log_name
        self._product = product

    def make(self, target: Path, tell: Callable[[str], None]) -> Made:
        """Writes a backup to a new file; it has its name only when it is whole.

        Raises:
            InvalidInput: the file is there already, or cannot be written.
            Conflict: so much is being erased that no copy stays true; try again.
        """
        if target.exists():
            raise InvalidInput(f"{target} is there already: a backup never overwrites anything")
        aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            for _ in range(TRIES):
                made = self._attempt(target, aside, tell)
                if made is not None:
                    return made
                tell("something was erased meanwhile: once more")
        except OSError as error:
            raise InvalidInput(f"{target} cannot be written: {error.strerror}") from error
        finally:
            aside.unlink(missing_ok=True)
        raise Conflict("too much is being erased at the moment: back up later")

    def _attempt(self, target: Path, aside: Path, tell: Callable[[str], None]) -> Made | None:
        """None when something was erased since the database was copied."""
        aside.unlink(missing_ok=True)
        erased_before = self._erased()
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".rature-") as folder:
            copy = self._copy(Path(folder) / "database.db")
            tell(f"the database is copied: a log of {copy.size} leaves")
            with open_private(aside) as stream:
                writer = Writer(stream, self._clock().timestamp())
                writer.add_file(DATABASE, copy.path)
                missing = self._add_blobs(writer, copy)
                if self._erased() != erased_before:
                    return None
                self._add_rest(writer)
                digest = writer.close(self._facts(copy, missing))
                stream.flush()
                os.fsync(stream.fileno())
        aside.replace(target)
        sync_directory(target.parent)
        blobs = sum(name.startswith("blobs/") for name in writer.members)
        return Made(target, digest, target.stat().st_size, blobs, missing)

    def _copy(self, path: Path) -> _Copy:
        """SQLite's own online backup, in one step: it waits for nobody and nobody waits for it."""
        with (
            closing(self._database.engine.raw_connection()) as source,
            closing(sqlite3.connect(path)) as copy,
        ):
            assert source.driver_connection is not None  # noqa: S101 - it was just made
            source.driver_connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            row = copy.execute("SELECT next_index, sealed_size FROM log_head").fetchone()
        size, sealed_size = row or (0, 0)
        return _Copy(path, size, sealed_size)

    def _add_blobs(self, writer: Writer, copy: _Copy) -> list[str]:
        missing = []
        for sha256 in _named_blobs(copy.path):
            try:
                writer.add(f"blobs/{sha256}", self._blobs.get(sha256))
            except (NotFound, EvidenceError):
                missing.append(sha256)
        return missing

    def _add_rest(self, writer: Writer) -> None:
        with self._database.reading() as session:
            lines = [as_line(row) + "\n" for row in erasures.listed(session)]
        writer.add(ERASURES, "".join(lines).encode())
        for path in self._other_files():
            writer.add_file(f"data/{path.relative_to(self._data).as_posix()}", path)

    def _other_files(self) -> Iterator[Path]:
        """What else is in the data folder: the keys."""
        for entry in sorted(self._data.iterdir()):
            if entry.name in LEFT_BEHIND or entry.name.startswith((".", "rature.db")):
                continue
            found = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
            yield from (path for path in found if path.is_file() and not path.is_symlink())

    def _facts(self, copy: _Copy, missing: list[str]) -> dict[str, object]:
        return {
            "made_at": self._clock(),
            "product": self._product,
            "log": self._log_name,
            "size": copy.size,
            "sealed_size": copy.sealed_size,
            "missing": missing,
        }

    def _erased(self) -> list[str]:
        with self._database.reading() as session:
            return [row.id for row in erasures.listed(session)]


def _named_blobs(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as copy:
        for (sha256,) in copy.execute("SELECT DISTINCT sha256 FROM stored_file ORDER BY sha256"):
            yield sha256
