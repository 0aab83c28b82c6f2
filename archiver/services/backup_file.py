"""The form of a backup: a TAR file whose manifest names every member with its SHA-256.

`database.db`, `blobs/<sha256>`, other files of the data folder below `data/` (keys among them),
`erasures.jsonl`, and last `manifest.json`. Reading never follows a path out of the file: members
are recognised by their names and handed on as bytes.
"""

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from archiver.domain.digest import Sha256Hex, canonical_json
from archiver.domain.errors import InvalidInput
from archiver.domain.instant import Instant

DATABASE = "database.db"
ERASURES = "erasures.jsonl"
MANIFEST = "manifest.json"
MEMBER = re.compile(
    r"database\.db|erasures\.jsonl|manifest\.json|blobs/[0-9a-f]{64}"
    r"|data/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*"
)
CHUNK = 1 << 20
MAX_MANIFEST = 1 << 30


class Member(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(extra="forbid")

    size: int
    sha256: Sha256Hex


class BackupManifest(BaseModel):
    """What a backup says of itself. `size` is that of the log, `sealed_size` what was signed of
    it; `log` the name of the log; `missing` the blobs that could not be had."""

    model_config = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    made_at: Instant
    product: str
    log: str
    size: int
    sealed_size: int
    missing: list[str]
    members: dict[str, Member]


class Writer:
    """Writes a backup into a stream, and keeps account of it."""

    def __init__(self, stream: IO[bytes], made_at: float) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by `close`
        self._made_at = made_at
        self.members: dict[str, Member] = {}

    def add(self, name: str, data: bytes) -> None:
        """A member from memory."""
        self._tar.addfile(self._head(name, len(data)), io.BytesIO(data))
        self.members[name] = Member(size=len(data), sha256=hashlib.sha256(data).hexdigest())

    def add_file(self, name: str, path: Path) -> None:
        """A member from a file that nobody writes any more."""
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
            stream.seek(0)
            self._tar.addfile(self._head(name, size), stream)
        self.members[name] = Member(size=size, sha256=digest)

    def close(self, facts: Mapping[str, Any]) -> str:
        """Writes the manifest; its SHA-256."""
        manifest = BackupManifest(members=self.members, **facts)
        text = canonical_json(manifest.model_dump(mode="json"))
        self._tar.addfile(self._head(MANIFEST, len(text)), io.BytesIO(text))
        self._tar.close()
        return hashlib.sha256(text).hexdigest()

    def _head(self, name: str, size: int) -> tarfile.TarInfo:
        if not MEMBER.fullmatch(name):
            raise InvalidInput(f"{name!r} cannot be backed up: rename or remove it")
        head = tarfile.TarInfo(name)
        head.size, head.mode, head.mtime = size, 0o600, self._made_at
        return head


@dataclass(frozen=True)
class ReadMember:
    """A member as it comes out of the file; read it before the next one."""

    name: str
    size: int
    stream: IO[bytes]

    def bytes(self) -> bytes:
        """All of it."""
        return self.stream.read()

    def copy_to(self, path: Path) -> str:
        """Writes it to a new file that only its owner can read: its SHA-256."""
        digest = hashlib.sha256()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open_private(path) as target:
            while data := self.stream.read(CHUNK):
                digest.update(data)
                target.write(data)
        return digest.hexdigest()


def members(stream: IO[bytes]) -> Iterator[ReadMember]:
    """The members in their order.

    Raises:
        InvalidInput: it is no backup, is cut short, or holds what a backup never does.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r:") as tar:
            for head in tar:
                content = tar.extractfile(head) if head.isreg() else None
                if content is None or not MEMBER.fullmatch(head.name):
                    raise InvalidInput(f"no backup has a member {head.name!r}")
                yield ReadMember(head.name, head.size, content)
    except (tarfile.TarError, EOFError) as error:
        raise InvalidInput(f"the file is no backup, or it is cut short: {error}") from error


def read_manifest(text: bytes) -> BackupManifest:
    """Reads a manifest.

    Raises:
        InvalidInput: it is none that this version knows.
    """
    try:
        return BackupManifest.model_validate_json(text)
    except ValidationError as error:
        raise InvalidInput("the backup's manifest is broken, or of a newer version") from error


def open_private(path: Path) -> IO[bytes]:
    """A new file that its owner alone can read, to be written."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, 0o600), "wb")
