"""The log's signing key: made once, in a file that its owner alone can read.

The file holds the text form that signed-note tools use (`PRIVATE+KEY+name+id+base64`), so the
log's name stays with its key. Hosts that serve the same database need the same file.
"""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from archiver.domain.errors import SettingsError
from archiver.evidence import signed_note
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.once import create_once
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
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            origin = f"{urlsplit(public_url).hostname or 'rature'}/log/{random(NAME_BYTES).hex()}"
            create_once(path, render(random(SEED_BYTES), origin).encode())
        return parse(path.read_text(encoding="ascii"))
    except OSError as error:
        raise SettingsError(f"the log's key {path} cannot be used: {error}") from error
    except ValueError as error:
        raise SettingsError(
            f"the log's key {path} is broken ({error}): put its backup in place"
        ) from error


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
