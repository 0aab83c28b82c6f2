"""The check of everything: silent over what is whole, and names each single fault."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, select

from archiver.services.access import OWNER
from archiver.services.erasure import ErasureReason
from archiver.services.fsck import Report
from archiver.store.blobs import FolderBlobs, key_of
from archiver.store.tables import (
    Capture,
    CheckpointRow,
    LogEntry,
    LogHead,
    LogTile,
    ObservationRow,
    Stamp,
    StoredFile,
    VerdictRow,
)
from archiver.wiring import House
from tests.integration.client import TestClient
from tests.integration.keeping.wall import TwoPosts, two_posts


def check(house: House, **options: bool) -> Report:
    return house.fsck.finish(house.fsck.start(**options))


@pytest.fixture
def posts(house: House, client: TestClient) -> TwoPosts:
    made = two_posts(house, client)
    assert house.keeping.settle(), house.keeping.fault
    return made


def test_a_whole_archive_is_clean(house: House, posts: TwoPosts) -> None:
    report = check(house)
    assert [str(fault) for fault in report.faults] == []
    assert report.clean
    assert report.finished_at is not None
    assert report.checked["leaves"] > 10
    assert report.checked["tiles"] == 1
    assert report.checked["checkpoints"] >= 1
    assert report.checked["time stamps"] >= 2
    assert report.checked["rows"] == report.checked["leaves"]
    assert report.checked["blobs"] == 2 + 3 * 2 + 4
    assert house.fsck.warning() is None


def test_what_was_erased_is_no_fault(house: House, posts: TwoPosts) -> None:
    house.erasure.watch(OWNER, posts.erased, reason=ErasureReason.REQUEST, actor="tok_test")
    assert house.keeping.settle(), house.keeping.fault
    report = check(house)
    assert [str(fault) for fault in report.faults] == []


Break = Callable[[House, Session], None]


def first(session: Session, table: type[SQLModel], *where: Any) -> Any:
    return session.exec(select(table).where(*where).limit(1)).one()


def flipped(data: bytes) -> bytes:
    """One bit changed, in the middle."""
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def blob_of(house: House, session: Session, name: str = "post.png") -> Any:
    assert isinstance(house.blobs, FolderBlobs)
    row = first(session, StoredFile, StoredFile.name == name)
    return house.blobs.root / key_of(row.sha256)


def bit_of_a_blob(house: House, session: Session) -> None:
    path = blob_of(house, session)
    path.chmod(0o600)
    path.write_bytes(flipped(path.read_bytes()))


def blob_deleted(house: House, session: Session) -> None:
    blob_of(house, session).unlink()


def orphan(house: House, session: Session) -> None:
    sha256 = house.blobs.put(b"nobody's")
    old = (house.clock() - timedelta(days=2)).timestamp()
    assert isinstance(house.blobs, FolderBlobs)
    os.utime(house.blobs.root / key_of(sha256), (old, old))


def foreign_file(house: House, session: Session) -> None:
    assert isinstance(house.blobs, FolderBlobs)
    (house.blobs.root / "ab").mkdir(exist_ok=True)
    (house.blobs.root / "ab" / "notes.txt").write_text("who put this here?")


def bit_of_a_statement(house: House, session: Session) -> None:
    row = first(session, LogEntry, LogEntry.kind == "observation")
    row.statement = flipped(row.statement)


def bit_of_a_leaf_hash(house: House, session: Session) -> None:
    row = first(session, LogEntry, LogEntry.kind == "verdict")
    row.leaf_hash = flipped(row.leaf_hash)


def bit_of_a_salt(house: House, session: Session) -> None:
    row = first(session, LogEntry, LogEntry.kind == "capture")
    salt = row.salts["fields/text.json"]
    row.salts = {**row.salts, "fields/text.json": flipped(bytes.fromhex(salt)).hex()}


def salt_lost(house: House, session: Session) -> None:
    row = first(session, LogEntry, LogEntry.kind == "capture")
    row.salts = {path: salt for path, salt in row.salts.items() if path != "fields/text.json"}


def record_lost(house: House, session: Session) -> None:
    first(session, LogEntry, LogEntry.kind == "custody").record = None


def leaf_lost(house: House, session: Session) -> None:
    session.delete(first(session, LogEntry, LogEntry.kind == "observation"))


def row_lost(house: House, session: Session) -> None:
    session.delete(first(session, VerdictRow))


def row_without_leaf(house: House, session: Session) -> None:
    row = first(session, ObservationRow)
    session.add(ObservationRow(**{**row.model_dump(), "id": "obs_added", "leaf_index": 999}))


def file_of_nobody(house: House, session: Session) -> None:
    row = first(session, StoredFile)
    session.add(StoredFile(**{**row.model_dump(), "id": None, "owner_id": "obs_gone"}))


def look_altered(house: House, session: Session) -> None:
    row = first(session, ObservationRow)
    row.body = {**row.body, "sighting": "absent"}


def capture_altered(house: House, session: Session) -> None:
    row = first(session, Capture)
    row.manifest = row.manifest.replace(b"Quatrevaux", b"Cinqvaux")


def bit_of_a_tile(house: House, session: Session) -> None:
    row = first(session, LogTile)
    row.data = flipped(row.data)


def tile_beyond(house: House, session: Session) -> None:
    session.add(LogTile(level=0, tile_index=7, data=bytes(32)))


def bit_of_a_checkpoint(house: House, session: Session) -> None:
    row = first(session, CheckpointRow)
    at = row.note.index("\n\n") - 5
    row.note = row.note[:at] + ("A" if row.note[at] != "A" else "B") + row.note[at + 1 :]


def checkpoint_lost(house: House, session: Session) -> None:
    newest = select(CheckpointRow).order_by(col(CheckpointRow.size).desc()).limit(1)
    session.delete(session.exec(newest).one())


def bit_of_a_token(house: House, session: Session) -> None:
    row = first(session, Stamp, col(Stamp.response).is_not(None))
    row.response = flipped(row.response)


def token_of_another(house: House, session: Session) -> None:
    """Sound in itself, but over other bytes."""
    one, two = session.exec(select(Stamp).where(col(Stamp.response).is_not(None)).limit(2))
    one.response, one.gen_time = two.response, two.gen_time


def head_ahead(house: House, session: Session) -> None:
    """What a restored backup looks like: leaves that were signed are not there."""
    head = first(session, LogHead)
    head.next_index -= 1
    session.delete(session.get(LogEntry, head.next_index))


def head_of_another_tree(house: House, session: Session) -> None:
    """The last leaf was replaced, and tile and leaf agree; only what was signed does not."""
    size = first(session, LogHead).sealed_size
    entry, other = session.get(LogEntry, size - 1), session.get(LogEntry, 0)
    tile = first(session, LogTile)
    assert entry is not None
    assert other is not None
    entry.statement, entry.leaf_hash = other.statement, other.leaf_hash
    tile.data = tile.data[: 32 * (size - 1)] + other.leaf_hash


FAULTS: list[tuple[Break, str, str]] = [
    (bit_of_a_blob, "blob", "its bytes changed"),
    (blob_deleted, "missing", "file post.png"),
    (orphan, "orphan", "nobody refers to it"),
    (foreign_file, "orphan", "no blob has such a name"),
    (bit_of_a_statement, "statement", "not what the leaf's hash"),
    (bit_of_a_leaf_hash, "statement", "not what the leaf's hash"),
    (bit_of_a_salt, "statement", "made again, it is another"),
    (salt_lost, "salt", "its salt or file is gone"),
    (record_lost, "record", "no erasure names it"),
    (leaf_lost, "gap", "not in the database"),
    (row_lost, "row", "there is no such verdict"),
    (row_without_leaf, "row", "leaf 999 is not its own"),
    (file_of_nobody, "row", "its record is not in the log"),
    (look_altered, "row", "says otherwise: sighting"),
    (capture_altered, "statement", "made again, it is another"),
    (bit_of_a_tile, "tile", "not the hashes of the leaves"),
    (tile_beyond, "tile", "beyond the tree"),
    (bit_of_a_checkpoint, "checkpoint", "does not verify"),
    (checkpoint_lost, "checkpoint", "it is missing"),
    (bit_of_a_token, "stamp", "time stamp by local"),
    (token_of_another, "stamp", "time stamp by local"),
    (head_ahead, "head", "it knows a tree of"),
    (head_of_another_tree, "head", "are others than those that were signed"),
    (head_of_another_tree, "checkpoint", "the tiles lead to another root"),
]


@pytest.mark.parametrize(
    ("harm", "kind", "words"), FAULTS, ids=lambda value: getattr(value, "__name__", "")
)
def test_each_single_fault_is_named(
    house: House, posts: TwoPosts, harm: Break, kind: str, words: str
) -> None:
    with house.database.transaction() as session:
        harm(house, session)
    report = check(house)
    assert not report.clean
    named = [str(fault) for fault in report.faults if fault.kind == kind]
    assert any(words in text for text in named), [str(fault) for fault in report.faults]
    warning = house.fsck.warning()
    assert warning is not None
    assert f"{report.total} faults" in warning
