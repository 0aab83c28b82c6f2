"""What a restore refuses, what it erases again, and how a restored log goes on."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.cli import main
from archiver.config import Settings
from archiver.domain.digest import canonical_json
from archiver.evidence import checkpoint as notes
from archiver.evidence.head_file import HELD_BACK
from archiver.services.access import OWNER
from archiver.services.erasure import ErasureReason
from archiver.wiring import House, build_house
from tests.integration.captures.sample import Sample, send
from tests.integration.client import TestClient
from tests.integration.keeping.test_erasure import marks_in
from tests.integration.keeping.wall import TwoPosts, two_posts

Capture = pytest.CaptureFixture[str]
Members = dict[str, bytes]


@pytest.fixture
def posts(house: House, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> TwoPosts:
    monkeypatch.setenv("RATURE_DATA", str(house.settings.data))
    made = two_posts(house, client)
    assert house.keeping.settle(), house.keeping.fault
    return made


@pytest.fixture
def backup(posts: TwoPosts, tmp_path: Path, capsys: Capture) -> Path:
    path = tmp_path / "backup.tar"
    assert main(["backup", str(path)]) == 0
    capsys.readouterr()
    return path


def restore(capsys: Capture, backup: Path, folder: Path, *options: str) -> tuple[int, str]:
    status = main(["restore", str(backup), "--data", str(folder), *options])
    return status, capsys.readouterr().err


def opened(folder: Path) -> House:
    return build_house(Settings(data=folder, embedded_worker=False))


def read(path: Path) -> Members:
    with tarfile.open(path) as tar:
        return {head.name: content.read() for head in tar if (content := tar.extractfile(head))}


def write(path: Path, members: Members) -> None:
    with tarfile.open(path, "w") as tar:
        for name, data in members.items():
            head = tarfile.TarInfo(name)
            head.size = len(data)
            tar.addfile(head, io.BytesIO(data))


def test_head_file_and_lock_are_not_in_a_backup_but_keys_and_erasures_are(backup: Path) -> None:
    names = set(read(backup))
    assert {"database.db", "erasures.jsonl", "manifest.json", "data/keys/log.key"} <= names
    assert not any("head" in name or "lock" in name for name in names)


def test_a_backup_overwrites_nothing_and_a_restore_needs_an_empty_folder(
    house: House, backup: Path, capsys: Capture
) -> None:
    before = backup.read_bytes()
    assert main(["backup", str(backup)]) == 2
    assert backup.read_bytes() == before
    status, said = restore(capsys, backup, house.settings.data)
    assert status == 2
    assert "is not empty" in said


def blob(members: Members) -> str:
    return next(name for name in members if name.startswith("blobs/"))


def changed_blob(members: Members) -> None:
    members[blob(members)] += b"!"


def changed_key(members: Members) -> None:
    members["data/keys/log.key"] += b"\n"


def changed_database(members: Members) -> None:
    data = members["database.db"]
    members["database.db"] = data[:5000] + b"\xff" + data[5001:]


def lost_blob(members: Members) -> None:
    del members[blob(members)]


def added_file(members: Members) -> None:
    last = members.pop("manifest.json")
    members["data/keys/added"] = b"?"
    members["manifest.json"] = last


def lost_manifest(members: Members) -> None:
    del members["manifest.json"]


def climbing(members: Members) -> None:
    last = members.pop("manifest.json")
    members["data/../outside"] = b"?"
    members["manifest.json"] = last


def own_head(members: Members) -> None:
    """The manifest agrees: the attacker wrote it."""
    manifest = json.loads(members.pop("manifest.json"))
    members["data/head/checkpoint"] = b"?"
    manifest["members"]["data/head/checkpoint"] = {
        "size": 1,
        "sha256": hashlib.sha256(b"?").hexdigest(),
    }
    members["manifest.json"] = canonical_json(manifest)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (changed_blob, "is not what its name says"),
        (changed_key, "data/keys/log.key in the backup is not what its manifest says"),
        (changed_database, "database.db in the backup is not what its manifest says"),
        (lost_blob, "is missing in the backup"),
        (added_file, "data/keys/added is not in the backup's manifest"),
        (lost_manifest, "it was cut short"),
        (climbing, "no backup has a member"),
        (own_head, "no backup has a member"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_backup_that_was_changed_is_refused_and_leaves_nothing_behind(
    backup: Path, tmp_path: Path, capsys: Capture, harm: Callable[[Members], None], words: str
) -> None:
    members = read(backup)
    harm(members)
    write(backup, members)
    folder = tmp_path / "new" / "data"
    status, said = restore(capsys, backup, folder)
    assert status in {1, 2}
    assert words in said
    assert list(folder.parent.iterdir()) == []


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "x.tar").write_bytes(b"not a tar file")
    status, said = restore(capsys, tmp_path / "x.tar", tmp_path / "new")
    assert status == 2
    assert "no backup" in said


def test_what_was_erased_after_the_backup_is_erased_again_before_anything_starts(
    house: House, posts: TwoPosts, backup: Path, tmp_path: Path, capsys: Capture
) -> None:
    house.erasure.watch(OWNER, posts.erased, reason=ErasureReason.REQUEST, actor="tok_test")
    assert main(["erasures"]) == 0
    listed = tmp_path / "erasures.jsonl"
    listed.write_text(capsys.readouterr().out)
    folder = tmp_path / "restored"
    status, said = restore(capsys, backup, folder, "--erasures", str(listed))
    assert status == 0
    assert "erased again: 1" in said
    with opened(folder) as restored:
        assert marks_in(restored) == set()
        assert restored.erasure.again(OWNER, posts.erased, ErasureReason.REQUEST) is False
        assert [row.body["reason"] for row in restored.erasure.everywhere()] == ["request"]


def test_a_backup_knows_the_erasures_that_came_before_it(
    house: House, posts: TwoPosts, tmp_path: Path, capsys: Capture
) -> None:
    house.erasure.watch(OWNER, posts.erased, reason=ErasureReason.REQUEST, actor="tok_test")
    backup = tmp_path / "later.tar"
    assert main(["backup", str(backup)]) == 0
    assert posts.erased in read(backup)["erasures.jsonl"].decode()
    status, said = restore(capsys, backup, tmp_path / "restored", "--nothing-signed-since")
    assert status == 0
    assert "erased again: 0" in said
    with opened(tmp_path / "restored") as restored:
        assert marks_in(restored) == set()


def test_a_restored_log_signs_nothing_until_a_person_decides(
    house: House,
    client: TestClient,
    backup: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = backup.with_name("restored")
    status, said = restore(capsys, backup, folder)
    assert status == 0
    assert "Its log is held" in said
    with opened(folder) as restored:
        size = restored.public_log.checkpoint()
        assert restored.keeping.settle() is False
        assert HELD_BACK in "".join(restored.warnings())
        assert restored.public_log.checkpoint() == size
    # The lost service signed more after the backup: its newest checkpoint is found.
    send(client, Sample(key="later"))
    assert house.keeping.settle()
    newest = backup.with_name("newest")
    newest.write_text(house.public_log.checkpoint())
    monkeypatch.setenv("RATURE_DATA", str(folder))
    assert main(["resume", "--head", str(newest)]) == 2
    assert "the log cannot go on from it" in capsys.readouterr().err
    with opened(folder) as restored:
        assert restored.keeping.settle() is False
    assert main(["resume", "--new-log"]) == 0
    with opened(folder) as restored:
        assert restored.keeping.settle(), restored.keeping.fault
        now = notes.parse(restored.public_log.checkpoint())
        assert now.origin != notes.parse(size).origin
        assert restored.fsck.finish(restored.fsck.start()).faults == []
    [former] = folder.glob("former-log-*")
    kept = [json.loads(line) for line in (former / "checkpoints.jsonl").read_text().splitlines()]
    assert kept[-1]["note"] == size
    assert kept[-1]["time_stamps"]
    assert main(["resume", "--new-log"]) == 2
    assert "is not held" in capsys.readouterr().err


def test_a_restored_log_goes_on_from_the_head_file_of_the_lost_service(
    house: House, backup: Path, tmp_path: Path, capsys: Capture
) -> None:
    head = house.settings.data / "head" / "checkpoint"
    folder = tmp_path / "restored"
    status, said = restore(capsys, backup, folder, "--head", str(head))
    assert status == 0
    assert "goes on from its checkpoint of" in said
    assert (folder / "head" / "checkpoint").read_text() == head.read_text()
    with opened(folder) as restored:
        assert restored.keeping.settle(), restored.keeping.fault
        assert restored.fsck.finish(restored.fsck.start()).faults == []


def test_a_checkpoint_of_another_log_decides_nothing(
    backup: Path, tmp_path: Path, capsys: Capture
) -> None:
    with opened(tmp_path / "other") as other:
        note = notes.sign_checkpoint(other.sealing._key, 5, bytes(32))
    (tmp_path / "note").write_text(note)
    status, said = restore(capsys, backup, tmp_path / "new", "--head", str(tmp_path / "note"))
    assert status == 2
    assert "no checkpoint of this log" in said
    assert not (tmp_path / "new").exists()
