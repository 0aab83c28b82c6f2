"""ZIP files: written the same each time, and read without trusting them.

Nothing is ever extracted to a path that the archive names.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archiver.domain.errors import NotABundle, ProofInvalid
from archiver.evidence.statement_text import SAFE_PATH

MAX_ENTRIES = 300_000
MAX_FILE_BYTES = 1 << 29
MAX_TOTAL_BYTES = 1 << 32
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PACKED = re.compile(r"\.(png|jpg|webp|zip|wacz|pdf|tsr|ots)$")
_READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


def write_zip(target: BinaryIO, files: Mapping[str, bytes]) -> None:
    """Writes the files sorted by name, with fixed times and modes."""
    write_entries(target, sorted(files.items()))


def write_entries(target: BinaryIO, files: Iterable[tuple[str, bytes]]) -> None:
    """The same in the order in which they come, one at a time."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            packed = _PACKED.search(name)
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


class ZipReader:
    """The files of a checked archive. Made by `open_zip`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = _checked_names(archive)

    def read(self, name: str) -> bytes:
        """The bytes of one file.

        Raises:
            ProofInvalid: it is not there, or it does not unpack to what the archive says.
        """
        if name not in self.names:
            raise ProofInvalid(name, "the file is missing")
        try:
            data = self._archive.read(name)
        except _READ_ERRORS as error:
            raise ProofInvalid(name, f"it cannot be unpacked: {error}") from error
        if len(data) != self.names[name]:
            raise ProofInvalid(name, "it is longer than the archive says")
        return data


@contextmanager
def open_zip(source: Path | BinaryIO) -> Iterator[ZipReader]:
    """Opens an archive for reading.

    Raises:
        NotABundle: not a ZIP file.
        ProofInvalid: two entries of one name, links, names that climb, or too much to unpack.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise NotABundle(f"not a ZIP file: {error}") from error
    with archive:
        yield ZipReader(archive)


def _checked_names(archive: zipfile.ZipFile) -> dict[str, int]:
    """Size by name, after checking every entry's header."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise ProofInvalid("ZIP", f"{len(entries)} entries are more than the {MAX_ENTRIES} allowed")
    names: dict[str, int] = {}
    for entry in entries:
        _check_entry(entry)
        if entry.filename in names:
            raise ProofInvalid(entry.filename, "it is in the archive twice")
        names[entry.filename] = entry.file_size
    if sum(names.values()) > MAX_TOTAL_BYTES:
        raise ProofInvalid("ZIP", "it unpacks to more than is allowed")
    return names


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.orig_filename != entry.filename or not SAFE_PATH.fullmatch(entry.filename):
        raise ProofInvalid(repr(entry.orig_filename), "a name that no bundle has")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise ProofInvalid(entry.filename, "not a plain file")
    if entry.file_size > MAX_FILE_BYTES:
        raise ProofInvalid(entry.filename, "it is too large")
    if entry.flag_bits & 1:
        raise ProofInvalid(entry.filename, "it is encrypted")
