"""The BagIt envelope (RFC 8493): which payload files there are, and that each arrived whole.

It protects against accidents. Whoever alters a file can alter the bag's manifests too; the proofs
are those of the statements inside.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from archiver.domain.errors import ProofInvalid
from archiver.domain.instant import to_utc
from archiver.evidence.layout import DATA
from archiver.evidence.statement_text import parse_statement, render_statement

BAGIT = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_TAG_FILES = (BAGIT, INFO, MANIFEST)


class Manifest:
    """Collects the payload's hashes (paths begin with `data/`) while it is written."""

    def __init__(self) -> None:
        self._digests: dict[str, str] = {}
        self._octets = 0

    def add(self, name: str, data: bytes) -> None:
        """Takes one payload file."""
        self._digests[name] = _digest(data)
        self._octets += len(data)

    def tag_files(self, source: str, made_at: datetime) -> dict[str, bytes]:
        """The four tag files for what was taken."""
        info = (
            f"Bag-Software-Agent: Rature\nBagging-Date: {to_utc(made_at).date().isoformat()}\n"
            f"External-Description: evidence of a post and of what became of it\n"
            f"Payload-Oxum: {self._octets}.{len(self._digests)}\n"
            f"Source-Organization: {' '.join(source.split())}\n"
        )
        files = {
            BAGIT: DECLARATION,
            INFO: info.encode(),
            MANIFEST: render_statement(self._digests),
        }
        return files | {TAG_MANIFEST: render_statement({n: _digest(d) for n, d in files.items()})}


def tag_files(payload: Mapping[str, bytes], source: str, made_at: datetime) -> dict[str, bytes]:
    """The four tag files for a payload that is at hand."""
    manifest = Manifest()
    for name, data in payload.items():
        manifest.add(name, data)
    return manifest.tag_files(source, made_at)


def check_bag(names: Iterable[str], read: Callable[[str], bytes]) -> None:
    """Checks that the manifests list every file, each with its hash, and nothing else.

    Raises:
        ProofInvalid: names the first file that is missing, extra or altered.
    """
    present = set(names)
    if read(BAGIT) != DECLARATION:
        raise ProofInvalid(BAGIT, "not the declaration of a BagIt 1.0 bag")
    tags = parse_statement(read(TAG_MANIFEST), TAG_MANIFEST)
    if set(tags) != set(_TAG_FILES):
        raise ProofInvalid(TAG_MANIFEST, "it lists other files than the bag's own")
    _check_digests(tags, read)
    payload = parse_statement(read(MANIFEST), MANIFEST)
    for name in sorted(present - set(payload) - {*_TAG_FILES, TAG_MANIFEST}):
        raise ProofInvalid(name, "the bag's manifest does not list it")
    for name in payload:
        if not name.startswith(DATA) or name not in present:
            raise ProofInvalid(name, "listed in the bag's manifest, but missing")
    _check_digests(payload, read)


def _check_digests(digests: Mapping[str, str], read: Callable[[str], bytes]) -> None:
    for name, digest in digests.items():
        if _digest(read(name)) != digest:
            raise ProofInvalid(name, "its hash is not the one in the bag's manifest")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
