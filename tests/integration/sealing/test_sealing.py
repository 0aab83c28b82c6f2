"""What is signed follows from the leaves, and never goes back."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from archiver.config import Settings
from archiver.domain.errors import LogRewound, ProofInvalid, RatureError, SettingsError
from archiver.evidence import tlog_proof
from archiver.evidence.checkpoint import parse, verify
from archiver.services.log_key import open_log_key
from archiver.store.repository import log
from archiver.store.tables import CheckpointRow
from archiver.wiring import House, build_house
from tests.integration.sealing.conftest import add_leaves


def checkpoints(house: House) -> list[CheckpointRow]:
    with house.database.reading() as session:
        return list(session.exec(select(CheckpointRow).order_by(text("size"))))


def assert_all_proven(house: House, size: int) -> None:
    with house.database.reading() as session:
        leaves = log.leaves(session, 0, size)
    assert len(leaves) == size
    for leaf in leaves[:: max(1, size // 40)]:
        proof = house.sealing.prove(leaf.index)
        text_form = tlog_proof.write(proof.leaf_index, proof.path, proof.note)
        tlog_proof.verify(tlog_proof.parse(text_form), leaf.leaf_hash, [house.sealing.public_key])


def alter(house: House, statement: str, **values: object) -> None:
    with house.database.transaction() as session:
        session.connection().execute(text(statement), values)


def test_nothing_is_signed_for_an_empty_log(house: House) -> None:
    assert house.sealing.seal() is None
    assert checkpoints(house) == []


def test_every_leaf_is_proven_also_beyond_one_tile(house: House) -> None:
    for count in (1, 254, 1, 1, 300):
        add_leaves(house, count)
        house.sealing.seal()
    assert [row.size for row in checkpoints(house)] == [1, 255, 256, 257, 557]
    assert_all_proven(house, 557)


def test_nothing_new_means_no_new_checkpoint(house: House) -> None:
    add_leaves(house, 3)
    assert house.sealing.seal() == 3
    assert house.sealing.seal() is None
    assert [row.size for row in checkpoints(house)] == [3]


def test_of_several_processes_one_signs_each_size(house: House, tmp_path: Path) -> None:
    others = [build_house(Settings(data=tmp_path / "data")) for _ in range(3)]
    errors: list[Exception] = []

    def work(each: House) -> None:
        try:
            for _ in range(8):
                add_leaves(each, 2)
                each.sealing.seal()
        except RatureError as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(each,)) for each in (house, *others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    house.sealing.seal()
    for other in others:
        other.close()
    assert errors == []
    notes = [verify(parse(row.note), [house.sealing.public_key]) for row in checkpoints(house)]
    assert notes[-1].size == 64
    assert len({note.size for note in notes}) == len(notes)
    assert_all_proven(house, 64)


# what was changed behind our back, and the part that is named
TAMPERED: list[tuple[str, str, str]] = [
    (
        "one byte of a tile",
        "UPDATE log_tile SET data = CAST(x'00' || substr(data, 2) AS BLOB) WHERE level = 0",
        "tile/0/0",
    ),
    ("a statement", "UPDATE log_entry SET statement = x'41' WHERE leaf_index = 1", "leaf 1"),
    ("a leaf's hash", "UPDATE log_entry SET leaf_hash = x'42' WHERE leaf_index = 1", "leaf 1"),
    ("a leaf removed", "DELETE FROM log_entry WHERE leaf_index = 1", "leaf"),
    (
        "a new leaf's statement",
        "UPDATE log_entry SET statement = x'43' WHERE leaf_index = 4",
        "leaf 4",
    ),
]


@pytest.mark.parametrize(
    ("statement", "named"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED]
)
def test_altered_log_is_not_signed(house: House, statement: str, named: str) -> None:
    add_leaves(house, 4)
    house.sealing.seal()
    add_leaves(house, 2)
    alter(house, statement)
    with pytest.raises(ProofInvalid) as caught:
        house.sealing.seal()
    assert caught.value.subject.startswith(named)
    assert [row.size for row in checkpoints(house)] == [4]


def test_altered_upper_tile_is_not_signed(house: House) -> None:
    add_leaves(house, 300)
    house.sealing.seal()
    add_leaves(house, 1)
    alter(house, "UPDATE log_tile SET data = randomblob(32) WHERE level = 1")
    with pytest.raises(ProofInvalid, match="do not lead to the signed root"):
        house.sealing.seal()


def in_another_state(house: House, change: Callable[[Path], None]) -> House:
    """Stops the house, changes its files, and opens it again."""
    data = house.settings.data
    house.close()
    change(data)
    return build_house(Settings(data=data))


def backup(house: House, target: Path) -> None:
    house.close()
    shutil.copyfile(house.settings.data / "rature.db", target)


def restore(source: Path) -> Callable[[Path], None]:
    def change(data: Path) -> None:
        for name in ("rature.db-wal", "rature.db-shm"):
            (data / name).unlink(missing_ok=True)
        shutil.copyfile(source, data / "rature.db")

    return change


def test_restored_backup_does_not_sign_a_second_history(house: House, tmp_path: Path) -> None:
    add_leaves(house, 2)
    house.sealing.seal()
    backup(house, tmp_path / "old.db")
    add_leaves(house, 3)
    house.sealing.seal()
    with in_another_state(house, restore(tmp_path / "old.db")) as restored:
        with pytest.raises(LogRewound, match="5 leaves was signed before"):
            restored.sealing.seal()
        add_leaves(restored, 1)
        with pytest.raises(LogRewound, match="5 leaves was signed before"):
            restored.sealing.seal()
        # grown past what was signed, it is still another history
        add_leaves(restored, 4)
        with pytest.raises(LogRewound, match="does not append"):
            restored.sealing.seal()
        assert [row.size for row in checkpoints(restored)] == [2]
        # and it is told, not hidden
        assert restored.keeping.settle() is False
        assert "does not append" in (restored.keeping.fault or "")
        assert any("does not append" in warning for warning in restored.warnings())


def test_crash_between_head_file_and_commit_is_made_good(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_leaves(house, 3)
    head = house.sealing._head_file
    advance = head.advance

    def dies_after(*args: object, **named: object) -> None:
        advance(*args, **named)  # type: ignore[arg-type]
        raise OSError("the power went out")

    monkeypatch.setattr(head, "advance", dies_after)
    with pytest.raises(OSError, match="power"):
        house.sealing.seal()
    assert checkpoints(house) == []
    monkeypatch.undo()
    add_leaves(house, 1)
    assert house.sealing.seal() == 4
    assert_all_proven(house, 4)


def test_damaged_head_file_stops_signing(house: House) -> None:
    add_leaves(house, 1)
    house.sealing.seal()
    (house.settings.data / "head" / "checkpoint").write_text("rubbish")
    add_leaves(house, 1)
    with pytest.raises(LogRewound):
        house.sealing.seal()


def test_another_machines_key_does_not_sign_this_log(house: House, tmp_path: Path) -> None:
    add_leaves(house, 1)
    house.sealing.seal()
    shared = Settings(
        data=tmp_path / "other", database_url=f"sqlite:///{house.settings.data / 'rature.db'}"
    )
    with build_house(shared) as other:
        add_leaves(other, 1)
        with pytest.raises(LogRewound, match=r"copy keys/log\.key"):
            other.sealing.seal()
    assert house.sealing.seal() == 2


def test_log_key_is_made_once_and_readable_by_its_owner_alone(house: House, tmp_path: Path) -> None:
    path = house.settings.data / "keys" / "log.key"
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with build_house(Settings(data=house.settings.data)) as again:
        assert again.sealing.public_key == house.sealing.public_key
    assert path.read_bytes() == before
    with build_house(Settings(data=tmp_path / "another")) as another:
        assert another.sealing.public_key.name != house.sealing.public_key.name


@pytest.mark.parametrize(
    "content", ["", "PRIVATE+KEY+a+00000000+AAAA", "rubbish"], ids=["empty", "cut", "rubbish"]
)
def test_broken_log_key_is_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "log.key"
    path.write_text(content)
    with pytest.raises(SettingsError, match="put its backup in place"):
        open_log_key(path, "http://127.0.0.1:8787", bytes)
    assert path.read_text() == content
