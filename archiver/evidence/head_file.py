"""The last signed checkpoint, kept in a file of its own that no backup restores.

A restored database may know a smaller tree than was signed and given away; this file remembers.
It moves by compare-and-swap under a lock, so that two processes cannot sign two histories.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from archiver.domain.errors import LogRewound, ProofInvalid
from archiver.evidence import checkpoint as checkpoints
from archiver.evidence.anti_rewind import check_progress
from archiver.evidence.checkpoint import VerifiedCheckpoint, VerifierKey
from archiver.evidence.once import sync_directory

HELD = "held"
"""Beside the head file after a restore, until a person said how the log goes on."""
HELD_BACK = (
    "a backup was restored here, and its log may have signed more since: nothing is signed until"
    " you say how it goes on, see `rature resume --help`"
)


class HeadFile:
    """One file with the last signed note. Its directory must exist."""

    def __init__(self, path: Path, keys: Sequence[VerifierKey]) -> None:
        self._path = path
        self._keys = list(keys)

    def read(self) -> VerifiedCheckpoint | None:
        """The last signed checkpoint; None before the first.

        Raises:
            LogRewound: the file is there, but it is no checkpoint that the log's key signed; or
                the log is held after a backup was restored.
        """
        if self._path.with_name(HELD).exists():
            raise LogRewound(HELD_BACK)
        try:
            note = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise LogRewound(f"{self._path} is broken: {error}") from error
        try:
            return checkpoints.verify(checkpoints.parse(note), self._keys)
        except ProofInvalid as error:
            raise LogRewound(f"{self._path} is no checkpoint of this log ({error})") from error

    def advance(self, note: str, proof: Sequence[bytes], *, expected_size: int) -> None:
        """Replaces the checkpoint that has `expected_size` leaves (0: none yet) with a newer one.

        `proof` is the consistency proof from it. Call this before the note is given to anybody.

        Raises:
            LogRewound: another one was signed meanwhile, or the note goes back or forks.
            ProofInvalid: the note is not signed by the log's key.
        """
        new = checkpoints.verify(checkpoints.parse(note), self._keys)
        with self._locked():
            old = self.read()
            size = old.size if old else 0
            if size != expected_size:
                raise LogRewound(
                    f"a tree of {size} leaves was signed before, where {expected_size} was expected"
                )
            if old:
                check_progress(
                    old_size=old.size,
                    old_root=old.root,
                    new_size=new.size,
                    new_root=new.root,
                    proof=proof,
                )
            self._write(note)

    def _write(self, note: str) -> None:
        aside = self._path.with_suffix(".new")
        with aside.open("w", encoding="utf-8") as stream:
            stream.write(note)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(self._path)
        sync_directory(self._path.parent)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps other processes and threads out; the lock goes with the descriptor."""
        descriptor = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
