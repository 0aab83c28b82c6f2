"""Cosignatures of witnesses: c2sp.org/tlog-cosignature, the Ed25519 form (`cosignature/v1`).

A cosignature says: at this second, the largest consistent tree that I have seen of this log has
this size and root. It is one more signature line below a checkpoint. Pure; times are passed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archiver.domain.errors import ProofInvalid
from archiver.evidence import signed_note
from archiver.evidence.checkpoint import ParsedCheckpoint
from archiver.evidence.signed_note import COSIGNATURE, NAME, NoteSignature

TIME_BYTES = 8
SIGNATURE_BYTES = 64
SUBJECT = "cosignature"


@dataclass(frozen=True)
class WitnessKey:
    """A witness's public key with its name. `raw` is the 32 bytes of RFC 8032."""

    name: str
    raw: bytes

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256(name, newline, 0x04, key)."""
        return signed_note.key_id(self.name, COSIGNATURE, self.raw)

    @property
    def vkey(self) -> str:
        """`name+hex key id+base64(0x04, key)`, the text form that log clients take."""
        return signed_note.render_vkey(self.name, COSIGNATURE, self.raw)

    @classmethod
    def from_vkey(cls, text: str) -> "WitnessKey":
        """Reads the text form.

        Raises:
            ProofInvalid: it is malformed, no witness's key, or its key id is not that of the key.
        """
        return cls(*signed_note.parse_vkey("witness key", COSIGNATURE, text))


@dataclass(frozen=True)
class VerifiedCosignature:
    """A known witness saw this tree at `at` (whole seconds, UTC). Made by verification alone."""

    name: str
    at: datetime


class CosigningKey:
    """A witness's signing key."""

    def __init__(self, private_key: bytes, name: str) -> None:
        """Takes the 32 private bytes of RFC 8032; ValueError for another length or bad name."""
        if not NAME.fullmatch(name):
            raise ValueError("a witness's name is without white space and plus signs")
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)
        self.name = name

    @property
    def public(self) -> WitnessKey:
        """The key that verifies what this one signs."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return WitnessKey(self.name, raw)

    def cosign(self, text: str, at: datetime) -> str:
        """The signature line over a checkpoint's text (which ends in a newline) at this time."""
        seconds = int(at.timestamp())
        value = seconds.to_bytes(TIME_BYTES, "big") + self._key.sign(_message(text, seconds))
        return signed_note.render_line(self.name, self.public.key_id, value)


def verify(
    parsed: ParsedCheckpoint, witness_keys: Sequence[WitnessKey]
) -> list[VerifiedCosignature]:
    """The cosignatures of these witnesses below a checkpoint, in the order of their lines.

    Signatures of unknown keys are passed over; one witness is reported once, with its earliest
    time. The log's own signature is verified elsewhere (`checkpoint.verify`).

    Raises:
        ProofInvalid: a line of a known witness does not verify.
    """
    found: dict[WitnessKey, VerifiedCosignature] = {}
    for signature in parsed.signatures:
        for key in witness_keys:
            if (key.name, key.key_id) == (signature.name, signature.key_id):
                new = verify_signature(key, signature, parsed.text)
                found[key] = min(found.get(key, new), new, key=lambda each: each.at)
    return list(found.values())


def verify_line(key: WitnessKey, line: str, text: str) -> VerifiedCosignature:
    """Checks one signature line (its newline may be there) over a checkpoint's text.

    Raises:
        ProofInvalid: it is malformed, by another key, or does not verify.
    """
    signature = signed_note.parse_line(SUBJECT, line.removesuffix("\n"))
    if (signature.name, signature.key_id) != (key.name, key.key_id):
        raise ProofInvalid(SUBJECT, f"it is by {signature.name}, not by the key of {key.name}")
    return verify_signature(key, signature, text)


def verify_signature(key: WitnessKey, signature: NoteSignature, text: str) -> VerifiedCosignature:
    """Checks a parsed line of this witness over a checkpoint's text.

    Raises:
        ProofInvalid: it does not verify.
    """
    if len(signature.value) != TIME_BYTES + SIGNATURE_BYTES:
        raise ProofInvalid(SUBJECT, f"the line of {key.name} has no time and Ed25519 signature")
    seconds = int.from_bytes(signature.value[:TIME_BYTES], "big")
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(
            signature.value[TIME_BYTES:], _message(text, seconds)
        )
        return VerifiedCosignature(key.name, datetime.fromtimestamp(seconds, UTC))
    except InvalidSignature:
        raise ProofInvalid(SUBJECT, f"the signature of {key.name} does not verify") from None
    except (ValueError, OverflowError, OSError):
        raise ProofInvalid(
            SUBJECT, f"the line of {key.name} has no time that a calendar knows"
        ) from None


def _message(text: str, seconds: int) -> bytes:
    """What a witness signs: a header, the time, the checkpoint's text."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
