"""The log's signing key: made once, in a file that its owner alone can read.

The file holds the text form that signed-note tools use (`PRIVATE+KEY+name+id+base64`), so the
log's name stays with its key. Hosts that serve the same database need the same file.
"""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from archiver.evidence import signed_note
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.once import open_once
from archiver.evidence.signed_note import ED25519

SEED_BYTES = 32
NAME_BYTES = 8


def open_log_key(path: Path, public_url: str, random: Callable[[int], bytes]) -> LogKey:
    """Reads the key, or makes it (mode 0600, fsynced). Of two processes that make it one wins.

    A new log is named after the host of `public_url` and 64 random bits: no two logs share a name,
    also where everybody's host is 127.0.0.1.

    Raises:
        SettingsError: it is there and broken, or it cannot be written.
    """

    def make() -> bytes:
        origin = f"{urlsplit(public_url).hostname or 'rature'}/log/{random(NAME_BYTES).hex()}"
        return render(random(SEED_BYTES), origin).encode()

    return open_once(path, "the log's key", make, lambda data: parse(data.decode("ascii")))


def render(seed: bytes, origin: str) -> str:
    """The text form of the key with these 32 private bytes."""
    return signed_note.render_skey(origin, ED25519, seed, LogKey(seed, origin).public.raw)


def parse(text: str) -> LogKey:
    """Reads the text form.

    Raises:
        ValueError: it is malformed, or its key id is not that of the key.
    """
    origin, seed, claimed = signed_note.parse_skey(ED25519, text)
    key = LogKey(seed, origin)
    if key.public.key_id.hex() != claimed:
        raise ValueError("its key id is not that of the key")
    return key
