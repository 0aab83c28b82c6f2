"""What the log publishes, in the form of c2sp.org/tlog-tiles: for auditors and witnesses."""

import re
from dataclasses import dataclass

from archiver.domain.errors import NotFound
from archiver.evidence import tiles
from archiver.evidence.merkle import HASH_BYTES
from archiver.store.database import Database
from archiver.store.repository import log, witnesses

TILE = re.compile(
    r"(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
MAX_INDEX_GROUPS = 5
LENGTH_BYTES = 2


@dataclass(frozen=True)
class _Address:
    level: int | None
    index: int
    width: int


class PublicLog:
    """Serves what is sealed, and nothing else."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def checkpoint(self) -> str:
        """The newest signed checkpoint, with the cosignatures that came so far.

        Raises:
            NotFound: nothing was sealed so far.
        """
        with self._database.reading() as session:
            row = log.latest_checkpoint(session)
            if row is None:
                raise NotFound("the log has no checkpoint yet")
            return witnesses.cosigned(session, row)

    def tile(self, path: str) -> bytes:
        """The tile or entry bundle below `tile/`, for instance `0/x001/067.p/5`, `entries/000`.

        A full tile is its hashes (32 bytes each); an entry bundle holds each statement after its
        length (two bytes, big-endian).

        Raises:
            NotFound: not an address of a tile, or not sealed yet.
        """
        address = _parse(path)
        if address.level is None:
            return self._entries(path, address)
        with self._database.reading() as session:
            data = log.tile(session, address.level, address.index) or b""
        wanted = data[: address.width * HASH_BYTES]
        if len(wanted) != address.width * HASH_BYTES:
            raise _absent(path)
        return wanted

    def _entries(self, path: str, address: _Address) -> bytes:
        first = address.index * tiles.WIDTH
        end = first + address.width
        with self._database.reading() as session:
            if end > log.head(session).sealed_size:
                raise _absent(path)
            entries = [leaf.statement for leaf in log.leaves(session, first, end)]
        return b"".join(len(entry).to_bytes(LENGTH_BYTES, "big") + entry for entry in entries)


def _parse(path: str) -> _Address:
    match = TILE.fullmatch(path)
    if match is None:
        raise _absent(path)
    groups = match["index"].split("/")
    if len(groups) > MAX_INDEX_GROUPS:
        raise _absent(path)
    index = int("".join(group.removeprefix("x") for group in groups))
    width = int(match["width"] or tiles.WIDTH)
    level = None if match["level"] == "entries" else int(match["level"])
    canonical = tiles.tile_path(level or 0, index, width).removeprefix("tile/").partition("/")[2]
    if path.partition("/")[2] != canonical:
        raise _absent(path)
    return _Address(level, index, width)


def _absent(path: str) -> NotFound:
    return NotFound(f"there is no tile {path}")
