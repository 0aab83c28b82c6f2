"""Statements: what is time-stamped and logged of a capture or of any later record.

A statement is a text in `sha256sum` format, sorted by path. It lists salted files only, so that a
file can be withheld by leaving it out, and erased for good by forgetting its salt. Its leaf in the
log is the hash of the text.

A source gives its parts; `plan` hashes the files one by one and keeps none, `rebuild` makes them
again from the stored originals and salts.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from archiver.domain.errors import InvalidInput, ProofInvalid
from archiver.evidence.capture_parts import CaptureFile, CaptureSource
from archiver.evidence.merkle import leaf_hash
from archiver.evidence.parts import Part
from archiver.evidence.record_parts import RecordSource
from archiver.evidence.statement_text import parse_statement, render_statement

__all__ = [
    "CaptureFile",
    "CaptureSource",
    "RecordSource",
    "Source",
    "Statement",
    "StatementPlan",
    "capture_statement",
    "plan",
    "rebuild",
    "record_statement",
]

Random = Callable[[int], bytes]
"""Gives that many unpredictable bytes, like `os.urandom`."""


class Source(Protocol):
    """Something that a statement is made of."""

    def parts(self) -> Iterable[Part]:
        """Its files, each to be made with a salt."""
        ...


@dataclass(frozen=True)
class StatementPlan:
    """The statement's text and its salts (hex by path): what is stored at intake."""

    text: bytes
    salts: dict[str, str]

    @property
    def leaf(self) -> bytes:
        """The leaf hash in the log, 32 bytes."""
        return leaf_hash(self.text)


@dataclass(frozen=True)
class Statement:
    """The text with the files it lists, by path. Files that are withheld are absent."""

    text: bytes
    files: dict[str, bytes]
    salts: dict[str, str] = field(default_factory=dict)

    @property
    def leaf(self) -> bytes:
        """The leaf hash in the log, 32 bytes."""
        return leaf_hash(self.text)

    def without(self, *paths: str) -> "Statement":
        """The same statement with files left out. A path that ends in `/` means all below it."""

        def left_out(name: str) -> bool:
            return any(
                name == path or (path[-1:] == "/" and name.startswith(path)) for path in paths
            )

        kept = {name: data for name, data in self.files.items() if not left_out(name)}
        return Statement(self.text, kept)


def plan(source: Source, random: Random) -> StatementPlan:
    """The statement of a source with fresh salts; derived files are hashed and forgotten.

    Raises:
        InvalidInput: the source has two files of one name, or values JSON cannot carry.
        InvalidPicture: a picture cannot be decoded.
    """
    digests: dict[str, str] = {}
    salts: dict[str, str] = {}
    for part in source.parts():
        salt = random(part.salt_bytes)
        salts[part.path] = salt.hex()
        for path, data in part.make(salt):
            if path in digests:
                raise InvalidInput(f"two files would be kept as {path}", field="files")
            digests[path] = hashlib.sha256(data).hexdigest()
    return StatementPlan(render_statement(digests), salts)


def rebuild(source: Source, text: bytes, salts: Mapping[str, str]) -> Statement:
    """Makes the files of a stored statement again. Parts whose salt is gone are left out, as are
    those that the source no longer has.

    Raises:
        ProofInvalid: a file comes out other than the statement says (a stored original changed).
    """
    expected = parse_statement(text)
    files: dict[str, bytes] = {}
    for part in source.parts():
        if part.path not in salts:
            continue
        for path, data in part.make(bytes.fromhex(salts[part.path])):
            if expected.get(path) != hashlib.sha256(data).hexdigest():
                raise ProofInvalid(path, "the stored original is not what the statement lists")
            files[path] = data
    return Statement(text, files, dict(salts))


def capture_statement(source: CaptureSource, random: Random) -> Statement:
    """The statement of a capture with all of its files in memory. Raises as `plan` does."""
    made = plan(source, random)
    return rebuild(source, made.text, made.salts)


def record_statement(source: RecordSource, random: Random) -> Statement:
    """The statement of an observation, verdict, notice or custody event. Raises as `plan` does."""
    made = plan(source, random)
    return rebuild(source, made.text, made.salts)
