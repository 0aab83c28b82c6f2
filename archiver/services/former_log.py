"""A new log with the records of a former one, whose signatures cannot be continued.

The former log's checkpoints and their time stamps are written to a file first: they prove when the
older records existed, under a key that signs no more.
"""

import base64
from pathlib import Path

from archiver.domain.digest import canonical_json
from archiver.domain.instant import render
from archiver.evidence.checkpoint import VerifierKey
from archiver.services.backup_file import open_private
from archiver.store.database import Database
from archiver.store.repository import fsck, log, stamps, witnesses

FOLDER = "former-log"
BATCH = 256


def set_aside(data: Path, database: Database, key: VerifierKey) -> Path:
    """Puts the former log's key and signatures into a folder of their own, and forgets them; the
    next start makes a new key. Gives the folder."""
    folder = data / f"{FOLDER}-{key.key_id.hex()}"
    folder.mkdir(mode=0o700)
    (folder / "log.vkey").write_text(key.vkey + "\n", encoding="utf-8")
    with open_private(folder / "checkpoints.jsonl") as stream:
        after = -1
        while lines := _lines(database, after):
            stream.writelines(line for _, line in lines)
            after = lines[-1][0]
    with database.transaction() as session:
        log.begin_anew(session)
    (data / "keys" / "log.key").rename(folder / "log.key")
    return folder


def _lines(database: Database, after: int) -> list[tuple[int, bytes]]:
    with database.reading() as session:
        rows = fsck.checkpoints_from(session, after, BATCH)
        tokens = stamps.stamps_of(session, "checkpoint", [row.size for row in rows])
        found = []
        for row in rows:
            made = {
                "size": row.size,
                "created_at": render(row.created_at),
                "note": witnesses.cosigned(session, row),
                "time_stamps": [
                    {"authority": token.authority, "response": _base64(token.response)}
                    for token in tokens
                    if token.subject == row.size and token.response is not None
                ],
            }
            found.append((row.size, canonical_json(made) + b"\n"))
    return found


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
