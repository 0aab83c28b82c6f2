"""Restoring a backup into an empty folder, and how its log goes on.

Everything is unpacked beside the folder and checked there; the folder has its name only when all of
it is right. The log is held back: it may have signed more than the backup knows.
"""

import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from archiver.domain.errors import EvidenceError, InvalidInput
from archiver.evidence.head_file import HELD, HELD_BACK
from archiver.services.backup_file import (
    DATABASE,
    ERASURES,
    MANIFEST,
    BackupManifest,
    Member,
    ReadMember,
    members,
    read_manifest,
)
from archiver.store.blobs import FolderBlobs

HEAD = "head"
NEVER = frozenset({"head", "blobs", "rature.db", "rature.lock"})
"""Names in the data folder that no backup may bring."""


@dataclass(frozen=True)
class Unpacked:
    """A backup that was unpacked and checked. `erasures` is the list that came with it."""

    manifest: BackupManifest
    erasures: str


def restore(backup: Path, data: Path, finish: Callable[[Path, Unpacked], None]) -> BackupManifest:
    """Restores a backup. `finish` is called with the folder before it gets its name: what it does
    is part of the restore.

    Raises:
        InvalidInput: the folder is not empty, or the file is no backup.
        EvidenceError: a member is not what the manifest says.
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise InvalidInput(f"{data} is not empty: a backup is restored into an empty folder")
    aside = data.absolute().with_name(f".{data.name}.{secrets.token_hex(4)}")
    try:
        aside.mkdir(mode=0o700, parents=True)
        with backup.open("rb") as stream:
            unpacked = _unpack(members(stream), aside)
        hold(aside)
        finish(aside, unpacked)
        with suppress(FileNotFoundError):
            data.rmdir()
        aside.rename(data)
    except OSError as error:
        where = error.filename or data
        raise InvalidInput(f"{where} cannot be read or written: {error.strerror}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return unpacked.manifest


def hold(data: Path) -> None:
    """Keeps the log of this folder from signing anything."""
    (data / HEAD).mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / HEAD / HELD).write_text(HELD_BACK + "\n", encoding="utf-8")


def is_held(data: Path) -> bool:
    """Whether the log waits for a decision."""
    return (data / HEAD / HELD).exists()


def release(data: Path, note: str | None) -> None:
    """Lets the log go on. `note` becomes the head file: the tree must have grown from it; None:
    nothing is known to have been signed."""
    if note is not None:
        (data / HEAD / "checkpoint").write_text(note, encoding="utf-8")
    (data / HEAD / HELD).unlink(missing_ok=True)


def _unpack(found: Iterator[ReadMember], folder: Path) -> Unpacked:
    blobs = FolderBlobs(folder / "blobs")
    seen: dict[str, Member] = {}
    manifest: BackupManifest | None = None
    erasures = ""
    for member in found:
        if manifest is not None or member.name in seen:
            raise InvalidInput(f"no backup has {member.name} there")
        if member.name == MANIFEST:
            manifest = read_manifest(member.bytes())
            continue
        sha256 = _keep(member, blobs, folder)
        if member.name == ERASURES:
            erasures = (folder / ERASURES).read_text(encoding="utf-8")
            (folder / ERASURES).unlink()
        seen[member.name] = Member(size=member.size, sha256=sha256)
    if manifest is None:
        raise InvalidInput("the backup has no manifest: it was cut short")
    _compare(seen, manifest)
    _check_database(folder / "rature.db")
    return Unpacked(manifest, erasures)


def _keep(member: ReadMember, blobs: FolderBlobs, folder: Path) -> str:
    kind, _, rest = member.name.partition("/")
    if kind == "blobs":
        sha256 = blobs.put(member.bytes())
        if sha256 != rest:
            raise EvidenceError(f"{member.name} in the backup is not what its name says")
        return sha256
    if kind == "data":
        if rest.partition("/")[0] in NEVER:
            raise InvalidInput(f"no backup has a member {member.name!r}")
        return member.copy_to(folder / rest)
    return member.copy_to(folder / ("rature.db" if kind == DATABASE else kind))


def _compare(seen: dict[str, Member], manifest: BackupManifest) -> None:
    for name in sorted(seen.keys() | manifest.members.keys()):
        if name not in seen:
            raise EvidenceError(f"{name} is missing in the backup")
        if name not in manifest.members:
            raise EvidenceError(f"{name} is not in the backup's manifest")
        if seen[name] != manifest.members[name]:
            raise EvidenceError(f"{name} in the backup is not what its manifest says")


def _check_database(path: Path) -> None:
    if not path.exists():
        raise EvidenceError("the backup has no database")
    try:
        with closing(sqlite3.connect(path)) as database:
            (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise EvidenceError(f"the database in the backup is broken: {error}") from error
    if said != "ok":
        raise EvidenceError(f"the database in the backup is broken: {said}")
