"""SHA-256 in hex, and canonical JSON (RFC 8785)."""

import hashlib
from typing import Annotated, Any

import rfc8785
from pydantic import StringConstraints

Sha256Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""64 lower-case hex digits."""


def sha256_hex(data: bytes) -> str:
    """SHA-256 of the bytes as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: Any) -> bytes:
    """Canonical JSON by RFC 8785 (UTF-8, sorted keys, no white space).

    Raises:
        ValueError: the value has something JSON cannot carry exactly (NaN, integers above 2**53).
    """
    return rfc8785.dumps(value)
