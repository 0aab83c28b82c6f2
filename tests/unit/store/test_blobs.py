import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.domain.digest import sha256_hex
from archiver.domain.errors import EvidenceError, NotFound, SettingsError, Unavailable
from archiver.store.blobs import FolderBlobs, key_of, open_blobs

DATA = b"a sole with a hole"
DIGEST = sha256_hex(DATA)


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs")


def file_of(blobs: FolderBlobs, digest: str = DIGEST) -> Path:
    return blobs.root / digest[:2] / digest[2:4] / digest


def test_bytes_come_back_under_their_hash(blobs: FolderBlobs) -> None:
    assert blobs.put(DATA) == DIGEST
    assert blobs.get(DIGEST) == DATA
    assert blobs.exists(DIGEST)
    assert file_of(blobs).read_bytes() == DATA


def test_the_same_bytes_again_are_fine_and_change_nothing(blobs: FolderBlobs) -> None:
    blobs.put(DATA)
    before = file_of(blobs).stat()
    assert blobs.put(DATA) == DIGEST
    after = file_of(blobs).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_empty_bytes_are_bytes_too(blobs: FolderBlobs) -> None:
    assert blobs.get(blobs.put(b"")) == b""


def test_an_unknown_hash_is_not_found(blobs: FolderBlobs) -> None:
    assert not blobs.exists(DIGEST)
    with pytest.raises(NotFound):
        blobs.get(DIGEST)


def test_changed_bytes_are_noticed_when_read_and_when_put_again(blobs: FolderBlobs) -> None:
    blobs.put(DATA)
    path = file_of(blobs)
    path.chmod(0o600)
    path.write_bytes(DATA[:-1] + b"!")
    with pytest.raises(EvidenceError, match=DIGEST):
        blobs.get(DIGEST)
    with pytest.raises(EvidenceError, match=DIGEST):
        blobs.put(DATA)
    assert path.read_bytes().endswith(b"!"), "what is there is evidence too: nothing overwrites it"


def test_a_deleted_blob_is_gone_and_deleting_again_is_harmless(blobs: FolderBlobs) -> None:
    blobs.put(DATA)
    blobs.delete(DIGEST)
    blobs.delete(DIGEST)
    assert not blobs.exists(DIGEST)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",  # a path
        DIGEST.upper(),  # the same hash must have one name
        DIGEST[:-1],  # too short
        DIGEST + "0",  # too long
        "",
    ],
)
def test_what_is_no_hash_is_no_key(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        key_of(name)


def test_file_and_folder_are_synced_before_put_returns(
    blobs: FolderBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, str]] = []
    fsync, link = os.fsync, os.link

    def seen_fsync(descriptor: int) -> None:
        steps.append(("fsync", os.readlink(f"/proc/self/fd/{descriptor}")))
        fsync(descriptor)

    def seen_link(source: Path, target: Path) -> None:
        steps.append(("link", str(target)))
        link(source, target)

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(os, "link", seen_link)
    blobs.put(DATA)
    path = file_of(blobs)
    linked = steps.index(("link", str(path)))
    content = [i for i, (step, name) in enumerate(steps) if step == "fsync" and "incoming" in name]
    assert min(content) < linked, "the bytes are durable before they get their name"
    assert steps.index(("fsync", str(path.parent)), linked) > linked, "the name is durable too"
    # New folders are entries of their parents.
    assert ("fsync", str(path.parent.parent)) in steps
    assert ("fsync", str(blobs.root)) in steps


def fail_at(step: str, monkeypatch: pytest.MonkeyPatch, *, done_first: bool) -> None:
    """Lets the first call of os.STEP fail, before or after it did its work."""
    real: Callable[..., object] = getattr(os, step)

    def failing(*arguments: object) -> None:
        monkeypatch.setattr(os, step, real)
        if done_first:
            real(*arguments)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, failing)


@pytest.mark.parametrize("done_first", [False, True])
@pytest.mark.parametrize("step", ["fsync", "link"])
def test_after_a_failed_step_the_blob_is_whole_or_absent_and_put_works_again(
    step: str, done_first: bool, blobs: FolderBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(step, monkeypatch, done_first=done_first)
    with pytest.raises(Unavailable):
        blobs.put(DATA)
    reopened = FolderBlobs(blobs.root)
    if reopened.exists(DIGEST):
        assert reopened.get(DIGEST) == DATA
    assert list((blobs.root / "incoming").iterdir()) == []
    assert reopened.put(DATA) == DIGEST
    assert reopened.get(DIGEST) == DATA


def test_a_file_half_written_at_a_crash_is_never_taken_for_the_blob(blobs: FolderBlobs) -> None:
    (blobs.root / "incoming" / "0123").write_bytes(DATA[:5])
    reopened = FolderBlobs(blobs.root)
    assert not reopened.exists(DIGEST)
    assert reopened.get(reopened.put(DATA)) == DATA


def test_many_writers_of_the_same_bytes_all_succeed(blobs: FolderBlobs) -> None:
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(blobs.put(DATA * 1000))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [sha256_hex(DATA * 1000)] * 8
    assert list((blobs.root / "incoming").iterdir()) == []


def test_a_store_that_cannot_be_written_says_so(blobs: FolderBlobs) -> None:
    blobs.check()
    (blobs.root / "incoming").rmdir()
    with pytest.raises(Unavailable, match="cannot be written"):
        blobs.check()
    with pytest.raises(Unavailable, match="cannot be written"):
        blobs.put(DATA)


@pytest.mark.parametrize(
    "url",
    [
        "",  # nothing
        "blobs",  # no scheme
        "ftp://host/blobs",  # another kind of store
        "file://relative/blobs",  # a host instead of a folder
        "s3://",  # no bucket
    ],
)
def test_an_address_of_no_store_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="RATURE_BLOBS_URL"):
        open_blobs(url)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="cannot be made"):
        open_blobs(f"file://{tmp_path}/file/blobs")


def test_everything_is_listed_by_key_and_from_any_key_on(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    kept = sorted(blobs.put(str(number).encode()) for number in range(40))
    assert [item.sha256 for item in blobs.listing()] == kept
    assert [item.sha256 for item in blobs.listing(key_of(kept[7]))] == kept[8:]


def test_what_is_no_blob_is_listed_as_such_in_its_place(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    kept = blobs.put(b"a sole")
    (tmp_path / kept).write_bytes(b"at the wrong place")
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "notes").touch()
    (tmp_path / "ab.txt").touch()
    (tmp_path / "incoming" / "half").touch()
    listed = [(item.key, item.sha256) for item in blobs.listing()]
    assert listed == sorted(
        [(key_of(kept), kept), (kept, None), ("ab/notes", None), ("ab.txt", None)]
    )
