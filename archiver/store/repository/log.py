"""The log's rows: leaves, tiles, checkpoints. The only queries on them.

A leaf's index is taken by an update of the one `log_head` row, so indices have no gaps and
follow the order of the commits; a transaction that fails gives its index back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, text, update
from sqlmodel import Session, col, select

from archiver.store.tables import CheckpointRow, LogEntry, LogHead, LogTile, Stamp
from archiver.store.tables_evidence import Cosignature, WitnessState
from archiver.store.types import UtcDateTime

HASH_BYTES = 32
_TAKE = text("UPDATE log_head SET next_index = next_index + 1 WHERE id = 1 RETURNING next_index")
_FIRST = text(
    "INSERT INTO log_head (id, next_index, sealed_size) VALUES (1, 0, 0) ON CONFLICT DO NOTHING"
)
_DELETED = text("UPDATE log_head SET blobs_deleted_at = :at WHERE id = 1").bindparams(
    bindparam("at", type_=UtcDateTime())
)
_SCRUBBED = text("UPDATE log_head SET scrubbed_at = :at WHERE id = 1").bindparams(
    bindparam("at", type_=UtcDateTime())
)
_MOVE = text("UPDATE log_head SET sealed_size = :after WHERE id = 1 AND sealed_size = :before")

# As text: a proof reads several tiles, and building the same query anew costs more than asking it.
_TILE = text("SELECT data FROM log_tile WHERE level = :level AND tile_index = :index")


@dataclass(frozen=True)
class Head:
    """How many leaves there are, and how many of them a checkpoint covers."""

    size: int
    sealed_size: int


@dataclass(frozen=True)
class Leaf:
    """What sealing needs of one leaf."""

    index: int
    statement: bytes
    leaf_hash: bytes


def append(
    session: Session,
    *,
    kind: str,
    subject_id: str,
    statement: bytes,
    leaf_hash: bytes,
    at: datetime,
    record: bytes | None = None,
    salts: dict[str, Any] | None = None,
) -> int:
    """Adds one leaf within the caller's transaction and gives its index, from 0.

    Call it last: from here to the commit nobody else can append. `record` and `salts` make the
    statement's files again; erasure empties both.
    """
    taken = session.execute(_TAKE).scalar_one_or_none()
    if taken is None:
        session.execute(_FIRST)
        taken = session.execute(_TAKE).scalar_one()
    index = int(taken) - 1
    session.add(
        LogEntry(
            leaf_index=index,
            kind=kind,
            subject_id=subject_id,
            statement=statement,
            leaf_hash=leaf_hash,
            created_at=at,
            record=record,
            salts=salts or {},
        )
    )
    return index


def head(session: Session) -> Head:
    """The log's size and how much of it is sealed; zeros before the first leaf."""
    row = session.exec(select(LogHead.next_index, LogHead.sealed_size)).one_or_none()
    return Head(0, 0) if row is None else Head(size=row[0], sealed_size=row[1])


def note_deletion(session: Session, at: datetime) -> None:
    """Notes that blobs are deleted now, and keeps everybody from appending until the commit."""
    session.connection().execute(_DELETED, {"at": at})


def blobs_deleted_at(session: Session) -> datetime | None:
    """When blobs were deleted last; None: never."""
    return session.exec(select(LogHead.blobs_deleted_at)).one_or_none()


def note_scrub(session: Session, at: datetime) -> None:
    """Notes that what was deleted before this moment is gone from the database's file."""
    session.connection().execute(_SCRUBBED, {"at": at})


def scrubbed_at(session: Session) -> datetime | None:
    """Until when deletions are gone from the database's file; None: nothing was freed so far."""
    return session.exec(select(LogHead.scrubbed_at)).one_or_none()


def move_sealed_size(session: Session, before: int, after: int) -> bool:
    """Compare-and-swap of the sealed size; False when somebody else moved it first.

    On PostgreSQL the row stays locked until the commit, so of two sealers one waits and loses.
    """
    moved = session.connection().execute(_MOVE, {"before": before, "after": after})
    return moved.rowcount == 1


def leaves(session: Session, start: int, end: int) -> list[Leaf]:
    """The leaves `start` to `end` (not included), in order."""
    rows = session.exec(
        select(LogEntry.leaf_index, LogEntry.statement, LogEntry.leaf_hash)
        .where(col(LogEntry.leaf_index) >= start, col(LogEntry.leaf_index) < end)
        .order_by(col(LogEntry.leaf_index))
    )
    return [Leaf(index, statement, leaf_hash) for index, statement, leaf_hash in rows]


def entry(session: Session, leaf_index: int) -> LogEntry | None:
    """One leaf with its record and salts."""
    return session.get(LogEntry, leaf_index)


def statements_of(session: Session, indices: Sequence[int]) -> dict[int, bytes]:
    """The statements of these leaves, by index."""
    rows = session.exec(
        select(LogEntry.leaf_index, LogEntry.statement).where(col(LogEntry.leaf_index).in_(indices))
    )
    return {index: bytes(statement) for index, statement in rows}


def entries_of(session: Session, subject_ids: Sequence[str]) -> list[LogEntry]:
    """Every leaf about these records, in the log's order."""
    return list(
        session.exec(
            select(LogEntry)
            .where(col(LogEntry.subject_id).in_(subject_ids))
            .order_by(col(LogEntry.leaf_index))
        )
    )


def tile(session: Session, level: int, index: int) -> bytes | None:
    """The stored bytes of a tile (up to 256 hashes of 32 bytes), None when there is none."""
    row = session.execute(_TILE, {"level": level, "index": index}).scalar_one_or_none()
    return None if row is None else bytes(row)


def tile_reader(session: Session) -> Callable[[int, int, int], bytes]:
    """(level, index, width) -> the first `width` hashes of that tile; fewer when it has fewer."""

    def read(level: int, index: int, width: int) -> bytes:
        return (tile(session, level, index) or b"")[: width * HASH_BYTES]

    return read


def put_tile(session: Session, level: int, index: int, data: bytes) -> None:
    """Stores a tile; a partial one is replaced by its longer successor."""
    session.merge(LogTile(level=level, tile_index=index, data=data))


def add_checkpoint(session: Session, size: int, note: str, at: datetime) -> None:
    """Stores the signed checkpoint of this size."""
    session.add(CheckpointRow(size=size, note=note, created_at=at))


def latest_checkpoint(session: Session) -> CheckpointRow | None:
    """The checkpoint of the largest tree."""
    return session.exec(
        select(CheckpointRow).order_by(col(CheckpointRow.size).desc()).limit(1)
    ).one_or_none()


def checkpoint_of(session: Session, size: int) -> CheckpointRow | None:
    """The checkpoint of exactly this size."""
    return session.get(CheckpointRow, size)


def checkpoint_covering(session: Session, leaf_index: int) -> CheckpointRow | None:
    """The first checkpoint that covers the leaf: the one whose time is nearest to it."""
    return session.exec(
        select(CheckpointRow)
        .where(col(CheckpointRow.size) > leaf_index)
        .order_by(col(CheckpointRow.size))
        .limit(1)
    ).one_or_none()


def begin_anew(session: Session) -> None:
    """Forgets everything that was signed, but not the leaves: they are to be sealed again, by the
    key of another log."""
    for table in (CheckpointRow, LogTile, Cosignature, WitnessState):
        session.execute(delete(table))
    session.execute(delete(Stamp).where(col(Stamp.subject_kind) == "checkpoint"))
    session.execute(update(LogHead).values(sealed_size=0))
