"""A witness's signing key: made once, in a file that its owner alone can read."""

from collections.abc import Callable
from pathlib import Path

from archiver.domain.errors import SettingsError
from archiver.evidence import signed_note
from archiver.evidence.cosignature import CosigningKey
from archiver.evidence.once import open_once
from archiver.evidence.signed_note import COSIGNATURE

SEED_BYTES = 32
NAME_BYTES = 8


def open_witness_key(path: Path, name: str | None, random: Callable[[int], bytes]) -> CosigningKey:
    """Reads the key, or makes it (mode 0600, fsynced). Of two processes that make it one wins.

    Without a `name` a new witness is called `witness/` and 64 random bits.

    Raises:
        SettingsError: it is there and broken or of another name, the name is not acceptable, or
            the file cannot be written.
    """

    def make() -> bytes:
        return _make(name or f"witness/{random(NAME_BYTES).hex()}", random)

    key = open_once(path, "the witness's key", make, lambda data: parse(data.decode()))
    if name not in {None, key.name}:
        raise SettingsError(
            f"this witness is called {key.name}, and a name stays with its key:"
            " leave --name out, or begin a new witness with another --data"
        )
    return key


def parse(text: str) -> CosigningKey:
    """Reads the text form.

    Raises:
        ValueError: it is malformed, or its key id is not that of the key.
    """
    name, seed, claimed = signed_note.parse_skey(COSIGNATURE, text)
    key = CosigningKey(seed, name)
    if key.public.key_id.hex() != claimed:
        raise ValueError("its key id is not that of the key")
    return key


def _make(name: str, random: Callable[[int], bytes]) -> bytes:
    seed = random(SEED_BYTES)
    try:
        raw = CosigningKey(seed, name).public.raw
    except ValueError as error:
        raise SettingsError(f"{name!r} is no name for a witness: {error}") from error
    return signed_note.render_skey(name, COSIGNATURE, seed, raw).encode()
