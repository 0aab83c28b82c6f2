"""`rature fsck`, `erase`, `erasures` and `backup` as an operator runs them."""

import io
import json
import os
from datetime import timedelta

import pytest

from archiver.cli import main
from archiver.domain.errors import Conflict
from archiver.services.access import OWNER
from archiver.store.blobs import FolderBlobs, key_of
from archiver.wiring import House
from tests.integration.client import TestClient
from tests.integration.keeping.test_erasure import marks_in
from tests.integration.keeping.test_fsck import check
from tests.integration.keeping.wall import TwoPosts, two_posts

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def posts(house: House, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> TwoPosts:
    monkeypatch.setenv("RATURE_DATA", str(house.settings.data))
    made = two_posts(house, client)
    assert house.keeping.settle(), house.keeping.fault
    return made


def run(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(arguments)
    said = capsys.readouterr()
    return status, said.out, said.err


def an_orphan(house: House, *, days: float) -> str:
    sha256 = house.blobs.put(b"nobody's")
    assert isinstance(house.blobs, FolderBlobs)
    old = (house.clock() - timedelta(days=days)).timestamp()
    os.utime(house.blobs.root / key_of(sha256), (old, old))
    return sha256


def test_fsck_says_clean_and_what_it_checked(posts: TwoPosts, capsys: Capture) -> None:
    status, out, err = run(capsys, "fsck")
    assert (status, out[:6]) == (0, "CLEAN:")
    assert "leaves" in out
    assert "checking tiles (1)" in err


def test_fsck_names_faults_and_ends_with_1_until_they_are_swept(
    house: House, posts: TwoPosts, capsys: Capture
) -> None:
    sha256 = an_orphan(house, days=2)
    status, out, _ = run(capsys, "fsck", "--json")
    told = json.loads(out)
    assert (status, told["clean"], told["total"]) == (1, False, 1)
    assert told["faults"][0]["subject"] == f"blob {sha256}"
    assert run(capsys, "fsck", "--sweep")[0] == 0
    assert not house.blobs.exists(sha256)
    assert run(capsys, "fsck")[0] == 0


def test_what_is_young_may_belong_to_a_capture_that_is_being_received(
    house: House, posts: TwoPosts, capsys: Capture
) -> None:
    sha256 = an_orphan(house, days=0.5)
    assert run(capsys, "fsck", "--sweep")[0] == 0
    assert house.blobs.exists(sha256)


def test_leftovers_of_broken_off_writes_are_swept_after_a_day(
    house: House, posts: TwoPosts
) -> None:
    incoming = house.settings.data / "blobs" / "incoming"
    old, young = incoming / "old", incoming / "young"
    old.write_bytes(b"half a pic")
    young.write_bytes(b"half a pic")
    past = (house.clock() - timedelta(days=2)).timestamp()
    os.utime(old, (past, past))
    assert check(house).clean
    assert (old.exists(), young.exists()) == (False, True)


def test_a_check_that_was_broken_off_goes_on_and_forgets_no_fault(
    house: House, posts: TwoPosts, capsys: Capture
) -> None:
    sha256 = an_orphan(house, days=2)
    broken = house.fsck.start()
    assert broken.step()
    done = dict(broken.checked)
    later = house.fsck.start()
    assert later.run_id == broken.run_id
    assert later.checked == done
    with pytest.raises(Conflict):
        broken.step()
    assert later.step()
    status, out, err = run(capsys, "fsck", "--json")
    assert "going on with the check that was broken off" in err
    told = json.loads(out)
    assert told["id"] == broken.run_id
    assert (status, told["total"], told["checked"]["leaves"]) == (1, 1, 15)
    assert sha256 in told["faults"][0]["subject"]


def test_fsck_anew_begins_at_the_beginning(house: House, posts: TwoPosts, capsys: Capture) -> None:
    broken = house.fsck.start()
    broken.step()
    _, out, err = run(capsys, "fsck", "--anew", "--json")
    assert "going on" not in err
    assert json.loads(out)["id"] != broken.run_id


def test_erase_asks_first_and_says_what_it_takes(
    house: House, posts: TwoPosts, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    status, _, err = run(capsys, "erase", posts.erased, "--reason", "request")
    assert status == 2
    assert "1 captures, 1 looks" in err
    assert "1 other watched posts lose" in err
    assert "nothing was erased" in err
    assert marks_in(house) != set()
    monkeypatch.setattr("sys.stdin", io.StringIO("erase\n"))
    status, out, err = run(capsys, "erase", posts.erased, "--reason", "request")
    assert (status, out[:4]) == (0, "era_")
    assert marks_in(house) == set()
    status, listed, _ = run(capsys, "erasures")
    assert json.loads(listed)["subject"] == posts.erased
    again = run(capsys, "erase", posts.erased, "--reason", "other", "--yes")
    assert again[:2] == (0, out)
    assert "had been erased before" in again[2]


@pytest.mark.parametrize(
    ("identifier", "status", "told"),
    [
        ("case_1", 2, "neither a watch"),
        ("wat_0000000000000000", 1, "there is no watch"),
        ("cap_0000000000000000", 1, "there is no capture"),
    ],
)
def test_erase_says_what_it_cannot_find(
    posts: TwoPosts, capsys: Capture, identifier: str, status: int, told: str
) -> None:
    found, _, err = run(capsys, "erase", identifier, "--reason", "other", "--yes")
    assert found == status
    assert told in err


def test_backup_of_what_is_kept_elsewhere_says_how_it_is_done_there(
    house: House, posts: TwoPosts, capsys: Capture, bucket_env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name, value in bucket_env.items():
        monkeypatch.setenv(name, value)
    status, _, err = run(capsys, "backup", str(house.settings.data.parent / "x.tar"))
    assert status == 1
    assert "first the database (PostgreSQL: `pg_dump" in err


def test_a_backup_says_which_blobs_it_could_not_have(
    house: House, posts: TwoPosts, capsys: Capture
) -> None:
    with house.database.reading() as session:
        from archiver.store.repository import files  # noqa: PLC0415

        lost = files.files_of(session, posts.capture)[0].sha256
    house.blobs.delete(lost)
    folder = house.settings.data.parent
    status, out, err = run(capsys, "backup", str(folder))
    assert status == 1
    assert f"MISSING: blob {lost}" in err
    assert out.strip().startswith(f"{folder}/rature-")


def test_the_service_checks_once_a_week(house: House, posts: TwoPosts) -> None:
    assert house.fsck.is_due()
    assert check(house).clean
    assert not house.fsck.is_due()
    assert house.erasure.listed(OWNER) == []
