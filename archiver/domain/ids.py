"""Identifiers: a prefix that says what it names, and 64 random bits."""

from collections.abc import Callable

RandomBytes = Callable[[int], bytes]
"""Gives that many random bytes, like `os.urandom`."""


def make_id(prefix: str, random: RandomBytes) -> str:
    """For instance `wat_1f0e9c3a5b7d2468`."""
    return f"{prefix}_{random(8).hex()}"
