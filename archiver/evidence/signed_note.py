"""The parts that all signed notes share: keys in text form, signature lines (c2sp.org/signed-note).

What a signature is over is said by its type: a log signs the text itself (`checkpoint`), a witness
signs it with a time (`cosignature`).
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from archiver.domain.errors import ProofInvalid

ED25519 = b"\x01"
"""The type of a key that signs the text as it is."""
COSIGNATURE = b"\x04"
"""The type of a witness's key, which signs a time with the text (c2sp.org/tlog-cosignature)."""
PRIVATE_KEY = "PRIVATE+KEY+"
KEY_ID_BYTES = 4
PUBLIC_KEY_BYTES = 32
DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
NAME = re.compile(r"[^\s+]+")
SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: key name, 4 bytes of key id, signature. Nothing of it is believed yet."""

    name: str
    key_id: bytes
    value: bytes


def key_id(name: str, kind: bytes, raw: bytes) -> bytes:
    """The first 4 bytes of SHA-256(name, newline, type, key)."""
    return hashlib.sha256(name.encode() + b"\n" + kind + raw).digest()[:KEY_ID_BYTES]


def render_vkey(name: str, kind: bytes, raw: bytes) -> str:
    """`name+hex key id+base64(type, key)`, the text form that log clients take."""
    return f"{name}+{key_id(name, kind, raw).hex()}+{base64.b64encode(kind + raw).decode()}"


def parse_vkey(subject: str, kind: bytes, text: str) -> tuple[str, bytes]:
    """Name and 32 key bytes of the text form; `subject` names the key in errors.

    Raises:
        ProofInvalid: it is malformed, of another type, or its key id is not that of the key.
    """
    name, _, rest = text.strip().partition("+")
    claimed, _, encoded = rest.partition("+")
    data = strict_base64(subject, encoded)
    if not NAME.fullmatch(name) or data[:1] != kind or len(data) != 1 + PUBLIC_KEY_BYTES:
        raise ProofInvalid(
            subject, f"not a verifier key of type {kind.hex()} (name+id+base64, Ed25519)"
        )
    if key_id(name, kind, data[1:]).hex() != claimed:
        raise ProofInvalid(subject, "its key id is not that of the key")
    return name, data[1:]


def render_skey(name: str, kind: bytes, seed: bytes, raw: bytes) -> str:
    """`PRIVATE+KEY+name+hex key id+base64(type, seed)`, the text form of a signing key. `seed` is
    the 32 private bytes of RFC 8032, `raw` the public ones."""
    encoded = base64.b64encode(kind + seed).decode()
    return f"{PRIVATE_KEY}{name}+{key_id(name, kind, raw).hex()}+{encoded}\n"


def parse_skey(kind: bytes, text: str) -> tuple[str, bytes, str]:
    """Name, seed and key id (hex) of a signing key's text form; the caller compares the id.

    Raises:
        ValueError: it is malformed, or of another type.
    """
    if not text.startswith(PRIVATE_KEY):
        raise ValueError("no signed-note key")
    name, _, rest = text.strip().removeprefix(PRIVATE_KEY).partition("+")
    claimed, _, encoded = rest.partition("+")
    data = base64.b64decode(encoded, validate=True)
    if data[:1] != kind:
        raise ValueError(f"no key of type {kind.hex()}")
    return name, data[1:], claimed


def render_line(name: str, identity: bytes, value: bytes) -> str:
    """A signature line with its newline."""
    return f"— {name} {base64.b64encode(identity + value).decode()}\n"


def parse_line(subject: str, line: str) -> NoteSignature:
    """Reads a signature line (without its newline).

    Raises:
        ProofInvalid: it has not the form of c2sp.org/signed-note.
    """
    match = SIGNATURE_LINE.fullmatch(line)
    if not match:
        raise ProofInvalid(subject, "a signature line is malformed")
    data = strict_base64(subject, match[2])
    return NoteSignature(match[1], data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def strict_base64(subject: str, text: str) -> bytes:
    """Strict base64: one text only for each value.

    Raises:
        ProofInvalid: it is not that text.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ProofInvalid(subject, "a base64 value is malformed") from None
    if base64.b64encode(data).decode() != text:
        raise ProofInvalid(subject, "a base64 value is not in its one form")
    return data
