"""Blobs: bytes under their SHA-256, written once, never changed.

A folder is written by our own few lines, because obstore's local store does not fsync; anything
else (`s3://`) goes through obstore with its conditional put.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore, S3Store

from archiver.domain.digest import sha256_hex
from archiver.domain.errors import EvidenceError, NotFound, SettingsError, Unavailable

HEX = frozenset("0123456789abcdef")
DIGEST_LENGTH = 64
STORE_ERRORS = (BaseError, OSError)
"""obstore raises Python's own errors where there are some: FileNotFoundError, PermissionError."""
PROBE = "e3/b0/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""Where the empty blob is."""
PATIENCE = timedelta(seconds=20)
"""obstore's own three minutes would keep every caller of a dead store waiting."""


@dataclass(frozen=True)
class Listed:
    """One entry of a store. `sha256` is None where the name is that of no blob: whatever it is, it
    was not put there by us."""

    key: str
    sha256: str | None
    modified_at: datetime


class Blobs(Protocol):
    """What both stores do. A `sha256` is 64 lower-case hex digits."""

    def put(self, data: bytes) -> str:
        """Keeps the bytes, durably before it returns, and gives their SHA-256."""

    def get(self, sha256: str) -> bytes:
        """The bytes, hashed again. NotFound when absent, EvidenceError when they differ."""

    def exists(self, sha256: str) -> bool:
        """Whether there is a blob of this name."""

    def delete(self, sha256: str) -> None:
        """Removes a blob (erasure); nothing happens when it is not there."""

    def listing(self, after: str = "") -> Iterator[Listed]:
        """Everything that is kept, by key, from the one that follows `after` on."""

    def sweep(self, before: datetime) -> int:
        """Removes what writes that were broken off before this moment left behind: how many."""

    def check(self) -> None:
        """Does nothing when the store answers and can be written; else Unavailable."""


def open_blobs(url: str) -> Blobs:
    """A store for `file:///folder` or `s3://bucket/prefix` (with `AWS_*` from the environment).

    Raises:
        SettingsError: another kind of address, or a folder that cannot be made.
    """
    if url.startswith("file:///"):
        # Not parsed as an address: a folder's name may contain `#`, `?` and `%`.
        return FolderBlobs(Path(url.removeprefix("file://")))
    if url.startswith("s3://") and urlsplit(url).netloc:
        try:
            return ObjectBlobs(
                S3Store.from_url(url, retry_config={"max_retries": 3, "retry_timeout": PATIENCE})
            )
        except (BaseError, ValueError) as error:
            raise SettingsError(f"RATURE_BLOBS_URL: {error}") from error
    raise SettingsError(
        f"RATURE_BLOBS_URL: {url!r} is neither file:///folder nor s3://bucket/prefix"
    )


def key_of(sha256: str) -> str:
    """`ab/cd/abcd...`: no folder grows too large.

    Raises:
        ValueError: not 64 lower-case hex digits (a path could hide in it).
    """
    if len(sha256) != DIGEST_LENGTH or not HEX.issuperset(sha256):
        raise ValueError("not a SHA-256 in lower-case hex")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def listed(key: str, modified_at: datetime) -> Listed:
    """An entry, recognised as a blob where its key is a blob's."""
    name = key.rpartition("/")[2]
    known = len(name) == DIGEST_LENGTH and HEX.issuperset(name) and key_of(name) == key
    return Listed(key, name if known else None, modified_at)


def _verified(data: bytes, sha256: str) -> bytes:
    if sha256_hex(data) != sha256:
        raise EvidenceError(f"the stored bytes of {sha256} are not those that were kept")
    return data


class FolderBlobs:
    """Blobs in a folder: written aside, fsynced, linked to their name, the folder fsynced."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"the blob folder {root} cannot be made: {error}") from error

    def put(self, data: bytes) -> str:
        """Keeps the bytes.

        Raises:
            EvidenceError: other bytes are there under this name (a rotten file is never hidden).
            Unavailable: the folder cannot be written.
        """
        sha256 = sha256_hex(data)
        final = self.root / key_of(sha256)
        try:
            self._write(final, data)
        except OSError as error:
            raise Unavailable(f"the blob store cannot be written: {error.strerror}") from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of this name, hashed again.

        Raises:
            NotFound: there are none.
            EvidenceError: they are not what was kept.
            Unavailable: the folder cannot be read.
        """
        try:
            data = (self.root / key_of(sha256)).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"there is no blob {sha256}") from error
        except OSError as error:
            raise Unavailable(f"the blob store cannot be read: {error.strerror}") from error
        return _verified(data, sha256)

    def exists(self, sha256: str) -> bool:
        """Whether the file is there."""
        return (self.root / key_of(sha256)).is_file()

    def delete(self, sha256: str) -> None:
        """Unlinks the file and fsyncs its folder.

        Raises:
            Unavailable: the folder cannot be written.
        """
        path = self.root / key_of(sha256)
        try:
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                _fsync_folder(path.parent)
        except OSError as error:
            raise Unavailable(f"the blob store cannot be written: {error.strerror}") from error

    def listing(self, after: str = "") -> Iterator[Listed]:
        """Every file in the folder by its path, but for those that are being written.

        Raises:
            Unavailable: the folder cannot be read.
        """
        try:
            for path in _files(self.root, self._incoming):
                key = path.relative_to(self.root).as_posix()
                if key > after:
                    with suppress(FileNotFoundError):  # erased while we look
                        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                        yield listed(key, modified)
        except OSError as error:
            raise Unavailable(f"the blob store cannot be read: {error.strerror}") from error

    def sweep(self, before: datetime) -> int:
        """Removes old files from `incoming`.

        Raises:
            Unavailable: the folder cannot be read or written.
        """
        swept = 0
        try:
            for path in sorted(self._incoming.iterdir()):
                with suppress(FileNotFoundError):
                    if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                        path.unlink()
                        swept += 1
        except OSError as error:
            raise Unavailable(f"the blob store cannot be written: {error.strerror}") from error
        return swept

    def check(self) -> None:
        """Writes and removes a file.

        Raises:
            Unavailable: that did not work.
        """
        probe = self._incoming / f"probe-{secrets.token_hex(8)}"
        try:
            probe.touch(exist_ok=False)
            probe.unlink()
        except OSError as error:
            raise Unavailable(f"the blob store cannot be written: {error.strerror}") from error

    def _write(self, final: Path, data: bytes) -> None:
        if final.exists():
            self._confirm(final, data)
            return
        self._make_folders(final.parent)
        aside = self._incoming / secrets.token_hex(16)
        try:
            with aside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.chmod(0o440)
            try:
                # A hard link never overwrites: the name is taken once, by whole and durable bytes.
                os.link(aside, final)
            except FileExistsError:
                self._confirm(final, data)
        finally:
            aside.unlink(missing_ok=True)
        _fsync_folder(final.parent)

    @staticmethod
    def _confirm(final: Path, data: bytes) -> None:
        """The same bytes came before; whoever wrote them may not have reached the fsync yet."""
        if final.read_bytes() != data:
            raise EvidenceError(f"the stored bytes of {final.name} are not those that were kept")
        _fsync_folder(final.parent)

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(parents=True, exist_ok=True)
        _fsync_folder(folder.parent)
        _fsync_folder(self.root)


def _files(folder: Path, left_out: Path) -> Iterator[Path]:
    """All files below a folder, in the order of their paths as texts; one folder at a time is
    held in memory."""
    entries = [path for path in folder.iterdir() if path != left_out]
    # A folder's name is followed by `/` in the paths below it.
    for path in sorted(entries, key=lambda path: f"{path.name}/" if path.is_dir() else path.name):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path, left_out)
        else:
            yield path


def _fsync_folder(folder: Path) -> None:
    """Makes the folder's entries durable: a fsynced file without its name would be lost."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class ObjectBlobs:
    """Blobs in an object store that honours `If-None-Match: *`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, data: bytes) -> str:
        """Keeps the bytes; the store answers after it has made them durable.

        Raises:
            EvidenceError: other bytes are there under this name.
            Unavailable: the store does not answer.
        """
        sha256 = sha256_hex(data)
        try:
            obstore.put(self._store, key_of(sha256), data, mode="create")
        except AlreadyExistsError:
            self.get(sha256)
        except STORE_ERRORS as error:
            raise _unavailable(error) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of this name, hashed again.

        Raises:
            NotFound: there are none.
            EvidenceError: they are not what was kept.
            Unavailable: the store does not answer.
        """
        try:
            data = bytes(obstore.get(self._store, key_of(sha256)).bytes())
        except FileNotFoundError as error:
            raise NotFound(f"there is no blob {sha256}") from error
        except STORE_ERRORS as error:
            raise _unavailable(error) from error
        return _verified(data, sha256)

    def exists(self, sha256: str) -> bool:
        """Whether the store knows this name.

        Raises:
            Unavailable: the store does not answer.
        """
        try:
            obstore.head(self._store, key_of(sha256))
        except FileNotFoundError:
            return False
        except STORE_ERRORS as error:
            raise _unavailable(error) from error
        return True

    def delete(self, sha256: str) -> None:
        """Removes the object.

        Raises:
            Unavailable: the store does not answer.
        """
        try:
            obstore.delete(self._store, key_of(sha256))
        except FileNotFoundError:
            return
        except STORE_ERRORS as error:
            raise _unavailable(error) from error

    def listing(self, after: str = "") -> Iterator[Listed]:
        """Every object below the prefix by its key, but for the empty one that `check` keeps.

        Raises:
            Unavailable: the store does not answer.
        """
        try:
            for batch in obstore.list(self._store, offset=after or None):
                for meta in batch:
                    if meta["path"] != PROBE:
                        yield listed(meta["path"], meta["last_modified"])
        except STORE_ERRORS as error:
            raise _unavailable(error) from error

    def sweep(self, before: datetime) -> int:  # noqa: ARG002 - the folder's store needs it
        """There is nothing to sweep: an object is there whole or not at all."""
        return 0

    def check(self) -> None:
        """Keeps the empty blob.

        Raises:
            Unavailable: the store does not answer, there is no such bucket, or we may not write.
        """
        self.put(b"")


def _unavailable(error: Exception) -> Unavailable:
    return Unavailable(f"the blob store does not answer: {str(error).splitlines()[0]}")
