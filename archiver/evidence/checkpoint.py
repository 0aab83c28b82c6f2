"""Signed checkpoints: C2SP signed-note (Ed25519) and tlog-checkpoint.

A `ParsedCheckpoint` says what a text claims; only `verify` makes a `VerifiedCheckpoint` of it.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archiver.domain.errors import ProofInvalid
from archiver.evidence import signed_note
from archiver.evidence.merkle import HASH_BYTES
from archiver.evidence.signed_note import DECIMAL, ED25519, NAME, NoteSignature, strict_base64

MAX_NOTE_CHARACTERS = 100_000
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
SUBJECT = "checkpoint"


@dataclass(frozen=True)
class VerifierKey:
    """A log's public key with its name. `raw` is the 32 bytes of RFC 8032."""

    name: str
    raw: bytes

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256(name, newline, 0x01, key) (c2sp.org/signed-note)."""
        return signed_note.key_id(self.name, ED25519, self.raw)

    @property
    def vkey(self) -> str:
        """`name+hex key id+base64(0x01, key)`, the text form that log clients take."""
        return signed_note.render_vkey(self.name, ED25519, self.raw)

    @property
    def pem(self) -> bytes:
        """The public key as PEM (SubjectPublicKeyInfo), as `openssl pkeyutl` takes it."""
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @classmethod
    def from_vkey(cls, text: str) -> "VerifierKey":
        """Reads the text form.

        Raises:
            ProofInvalid: it is malformed, or its key id is not that of the key.
        """
        return cls(*signed_note.parse_vkey("log key", ED25519, text))


class LogKey:
    """The log's signing key. `origin` names the log in every checkpoint."""

    def __init__(self, private_key: bytes, origin: str) -> None:
        """Takes the 32 private bytes of RFC 8032; ValueError for another length or bad origin."""
        if not NAME.fullmatch(origin):
            raise ValueError("an origin is a name without white space and plus signs")
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)
        self.origin = origin

    @property
    def public(self) -> VerifierKey:
        """The key that verifies what this one signs."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return VerifierKey(self.origin, raw)

    def sign(self, text: str) -> str:
        """The signature line over a note text (which ends in a newline)."""
        value = self._key.sign(text.encode())
        return signed_note.render_line(self.origin, self.public.key_id, value)


@dataclass(frozen=True)
class ParsedCheckpoint:
    """What a checkpoint claims. `text` is the signed part, `note` the whole with signatures."""

    origin: str
    size: int
    root: bytes
    text: str
    note: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True)
class VerifiedCheckpoint:
    """A tree head that a known key signed. Made by `verify` alone."""

    origin: str
    size: int
    root: bytes
    text: str
    note: str
    key: VerifierKey


def sign_checkpoint(key: LogKey, size: int, root: bytes) -> str:
    """The signed note for a tree of `size` leaves with this root."""
    if size < 0 or len(root) != HASH_BYTES:
        raise ValueError("a checkpoint needs a size and a root of 32 bytes")
    text = f"{key.origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    return f"{text}\n{key.sign(text)}"


def parse(note: str) -> ParsedCheckpoint:
    """Reads a signed checkpoint; nothing of it is believed yet.

    Raises:
        ProofInvalid: it has not the form of c2sp.org/tlog-checkpoint.
    """
    if len(note) > MAX_NOTE_CHARACTERS or CONTROL.search(note):
        raise ProofInvalid(SUBJECT, "too long, or it has control characters")
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise ProofInvalid(SUBJECT, "there is no signature")
    lines = text.split("\n")
    if len(lines) < 3 or not all(lines):  # noqa: PLR2004 - origin, size, root
        raise ProofInvalid(SUBJECT, "it needs an origin, a size and a root")
    if not DECIMAL.fullmatch(lines[1]):
        raise ProofInvalid(SUBJECT, "its size is not a decimal number")
    root = strict_base64(SUBJECT, lines[2])
    if len(root) != HASH_BYTES:
        raise ProofInvalid(SUBJECT, "its root does not have 32 bytes")
    signatures = tuple(signed_note.parse_line(SUBJECT, line) for line in tail[:-1].split("\n"))
    return ParsedCheckpoint(lines[0], int(lines[1]), root, text + "\n", note, signatures)


def verify(parsed: ParsedCheckpoint, keys: Sequence[VerifierKey]) -> VerifiedCheckpoint:
    """Checks the signatures of the log's keys; those of unknown keys are ignored.

    Raises:
        ProofInvalid: no known key signed it, or the signature of a known key is wrong.
    """
    signer: VerifierKey | None = None
    for signature in parsed.signatures:
        for key in keys:
            if (key.name, key.key_id) == (signature.name, signature.key_id):
                _check_signature(key, signature, parsed.text)
                signer = signer or key
    if signer is None:
        raise ProofInvalid(SUBJECT, "none of the known log keys signed it")
    if signer.name != parsed.origin:
        raise ProofInvalid(SUBJECT, f"{signer.name} signed for another log, {parsed.origin}")
    return VerifiedCheckpoint(
        parsed.origin, parsed.size, parsed.root, parsed.text, parsed.note, signer
    )


def _check_signature(key: VerifierKey, signature: NoteSignature, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature.value, text.encode())
    except InvalidSignature:
        raise ProofInvalid(SUBJECT, f"the signature of {key.name} does not verify") from None
