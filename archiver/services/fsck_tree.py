"""Checks the tree: tiles against leaves, checkpoints against tiles, the head file against all."""

from sqlmodel import Session

from archiver.domain.errors import LogRewound, ProofInvalid
from archiver.evidence import checkpoint as notes
from archiver.evidence import tiles
from archiver.evidence.head_file import HeadFile
from archiver.evidence.merkle import HASH_BYTES, leaf_hash, node_hash
from archiver.services.fsck_faults import Fault, Position, Step
from archiver.store.database import Database
from archiver.store.repository import fsck, log
from archiver.store.tables import CheckpointRow

CHECKPOINTS = 64
"""Checkpoints a step."""


class Tiles:
    """Tile by tile, level by level: what the leaves, or the tiles below, hash to."""

    name = "tiles"

    def __init__(self, database: Database) -> None:
        self._database = database

    def total(self) -> int:
        """The tiles of the sealed tree."""
        with self._database.reading() as session:
            size = log.head(session).sealed_size
        return sum(_tile_count(size, level) for level in range(_levels(size)))

    def step(self, position: Position) -> Step:
        """The next tile."""
        level, index = position.get("level", 0), position.get("index", 0)
        with self._database.reading() as session:
            size = log.head(session).sealed_size
            if level >= _levels(size):
                return Step(None, 0)
            if index >= _tile_count(size, level):
                beyond = fsck.tiles_beyond(session, level, index)
                found = [_beyond(level, beyond[0], size)] if beyond else []
                return Step({"level": level + 1, "index": 0}, 0, found)
            faults = _check_tile(session, level, index, size)
        return Step({"level": level, "index": index + 1}, 1, faults)


class Checkpoints:
    """Every signed tree head: its signature, and whether the tiles lead to its root."""

    name = "checkpoints"

    def __init__(self, database: Database, key: notes.VerifierKey) -> None:
        self._database = database
        self._key = key

    def total(self) -> int:
        """All checkpoints."""
        with self._database.reading() as session:
            return fsck.count(session, CheckpointRow)

    def step(self, position: Position) -> Step:
        """The next checkpoints."""
        after = position.get("after", -1)
        with self._database.reading() as session:
            rows = fsck.checkpoints_from(session, after, CHECKPOINTS)
            read = cached_reader(session)
            sealed = log.head(session).sealed_size
            faults = [fault for row in rows for fault in self._check(row, read, sealed)]
            if not rows and sealed and log.checkpoint_of(session, sealed) is None:
                faults.append(_fault(sealed, "it is missing, though the log is sealed up to there"))
        return Step({"after": rows[-1].size} if rows else None, len(rows), faults)

    def _check(self, row: CheckpointRow, read: tiles.ReadTile, sealed: int) -> list[Fault]:
        try:
            note = notes.verify(notes.parse(row.note), [self._key])
        except ProofInvalid as error:
            return [_fault(row.size, str(error))]
        if note.size != row.size:
            return [_fault(row.size, f"it says {note.size} leaves")]
        if row.size > sealed:
            return [_fault(row.size, f"the log says that {sealed} leaves are sealed")]
        try:
            root = tiles.tree_root(row.size, read)
        except ProofInvalid as error:
            return [_fault(row.size, f"its tree cannot be rebuilt: {error}")]
        return [] if root == note.root else [_fault(row.size, "the tiles lead to another root")]


class Head:
    """The head file, which no backup brings back: the tree must have grown from what it knows."""

    name = "head"

    def __init__(self, database: Database, head_file: HeadFile) -> None:
        self._database = database
        self._head_file = head_file

    def total(self) -> int:
        """One file."""
        return 1

    def step(self, position: Position) -> Step:  # noqa: ARG002 - there is only one step
        """The file."""
        try:
            known = self._head_file.read()
        except LogRewound as error:
            return Step(None, 1, [Fault("head", "head file", str(error))])
        if known is None or known.size == 0:
            return Step(None, 1)
        with self._database.reading() as session:
            root, size = _root_of_leaves(session, known.size)
        if size < known.size:
            detail = f"it knows a tree of {known.size} leaves, the database has {size}"
            return Step(None, 1, [Fault("head", "head file", detail)])
        if root != known.root:
            detail = f"the first {known.size} leaves are others than those that were signed"
            return Step(None, 1, [Fault("head", "head file", detail)])
        return Step(None, 1)


def cached_reader(session: Session) -> tiles.ReadTile:
    """Reads tiles, each once: for a bounded number of proofs in one transaction."""
    seen: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int, width: int) -> bytes:
        if (level, index) not in seen:
            seen[level, index] = log.tile(session, level, index) or b""
        return seen[level, index][: width * HASH_BYTES]

    return read


def _root_of_leaves(session: Session, size: int) -> tuple[bytes | None, int]:
    """The root of the first leaves, and how many there are. What is not in tiles yet is taken from
    the leaves: the head file is moved a moment before the tiles are."""
    head = log.head(session)
    if head.size < size:
        return None, head.size
    read = cached_reader(session)
    try:
        if size <= head.sealed_size:
            return tiles.tree_root(size, read), head.size
        fresh = [leaf.leaf_hash for leaf in log.leaves(session, head.sealed_size, size)]
        _, root, _ = tiles.append(head.sealed_size, fresh, read)
    except ProofInvalid:
        return None, head.size
    return root, head.size


def _check_tile(session: Session, level: int, index: int, size: int) -> list[Fault]:
    width = tiles.tile_width(level, index, size)
    name = tiles.tile_path(level, index, width)
    kept = (log.tile(session, level, index) or b"")[: width * HASH_BYTES]
    if not kept:
        return [Fault("tile", name, "it is missing")]
    first = index * tiles.WIDTH
    if level == 0:
        leaves = log.leaves(session, first, first + width)
        wanted = b"".join(leaf_hash(leaf.statement) for leaf in leaves)
    else:
        below = (log.tile(session, level - 1, first + at) or b"" for at in range(width))
        wanted = b"".join(_fold(tile) for tile in below)
    if kept == wanted:
        return []
    what = "the leaves" if level == 0 else "the tiles below it"
    return [Fault("tile", name, f"its bytes are not the hashes of {what}")]


def _fold(tile: bytes) -> bytes:
    row = [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]
    if len(row) != tiles.WIDTH:
        return b""  # not a full tile: whatever is above it does not agree
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def _levels(size: int) -> int:
    """How many levels of tiles a tree has."""
    level = 0
    while size >> (tiles.HEIGHT * level):
        level += 1
    return level


def _tile_count(size: int, level: int) -> int:
    return -(-(size >> (tiles.HEIGHT * level)) // tiles.WIDTH)


def _beyond(level: int, index: int, size: int) -> Fault:
    name = tiles.tile_path(level, index, tiles.WIDTH)
    return Fault("tile", name, f"it is beyond the tree of {size} leaves")


def _fault(size: int, detail: str) -> Fault:
    return Fault("checkpoint", f"checkpoint {size}", detail)
