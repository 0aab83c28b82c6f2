"""Receipts: C2SP tlog-proof v1, an inclusion proof with the checkpoint that it leads to."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from archiver.domain.errors import ProofInvalid
from archiver.evidence import checkpoint as checkpoints
from archiver.evidence.checkpoint import ParsedCheckpoint, VerifiedCheckpoint, VerifierKey
from archiver.evidence.merkle import verify_inclusion
from archiver.evidence.signed_note import DECIMAL

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 64
SUBJECT = "tlog-proof"


@dataclass(frozen=True)
class ParsedProof:
    """What a receipt claims: leaf index, path from the leaf's sibling up, checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: ParsedCheckpoint


@dataclass(frozen=True)
class VerifiedInclusion:
    """A leaf that is in a tree which the log signed. Made by `verify` alone."""

    index: int
    leaf: bytes
    checkpoint: VerifiedCheckpoint


def write(index: int, hashes: Sequence[bytes], note: str) -> str:
    """The receipt's text. `note` is the whole signed checkpoint."""
    lines = [HEADER, f"index {index}", *(base64.b64encode(item).decode() for item in hashes)]
    return "\n".join(lines) + f"\n\n{note}"


def parse(text: str) -> ParsedProof:
    """Reads a receipt; nothing of it is believed yet. Extra data is passed over.

    Raises:
        ProofInvalid: it has not the form of c2sp.org/tlog-proof.
    """
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines[0] != HEADER:
        raise ProofInvalid(SUBJECT, "not a c2sp.org/tlog-proof@v1")
    rest = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
    word, _, number = rest[0].partition(" ") if rest else ("", "", "")
    if word != "index" or not DECIMAL.fullmatch(number) or len(rest) > MAX_HASHES + 1:
        raise ProofInvalid(SUBJECT, "it has no leaf index, or too many hashes")
    hashes = tuple(_hash(line) for line in rest[1:])
    return ParsedProof(int(number), hashes, checkpoints.parse(note))


def verify(parsed: ParsedProof, leaf: bytes, keys: Sequence[VerifierKey]) -> VerifiedInclusion:
    """Checks the checkpoint's signature and that the leaf hash is in its tree.

    Raises:
        ProofInvalid: either does not hold.
    """
    head = checkpoints.verify(parsed.checkpoint, keys)
    verify_inclusion(
        index=parsed.index, size=head.size, leaf=leaf, root=head.root, proof=parsed.hashes
    )
    return VerifiedInclusion(parsed.index, leaf, head)


def _hash(line: str) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raise ProofInvalid(SUBJECT, "a hash is not base64") from None
    if base64.b64encode(data).decode() != line:
        raise ProofInvalid(SUBJECT, "a hash is not in its one base64 form")
    return data
