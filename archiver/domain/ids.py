"""Identifiers: a prefix that says what it names, and 64 random bits."""

from collections.abc import Callable
from hashlib import sha256

RandomBytes = Callable[[int], bytes]
"""Gives that many random bytes, like `os.urandom`."""


def make_id(prefix: str, random: RandomBytes) -> str:
    """For instance `wat_1f0e9c3a5b7d2468`."""
    return f"{prefix}_{random(8).hex()}"


def id_of_key(prefix: str, scope: str, key: str) -> str:
    """The id that an `Idempotency-Key` gives within a scope: the same again for a repetition."""
    digest = sha256(f"{scope}\n{key}".encode()).hexdigest()
    return f"{prefix}_{digest[:16]}"
