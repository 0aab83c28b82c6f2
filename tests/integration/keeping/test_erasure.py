"""Erasing a post or a capture: nothing of it is left, all else verifies, the log says so."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from archiver.domain.errors import Unavailable
from archiver.evidence.verification import inspect_bundle
from archiver.services.access import OWNER, Scope
from archiver.services.erasure import ErasureReason
from archiver.store.repository import erasures, observations, walls
from archiver.store.tables import CheckpointRow, LogEntry
from archiver.wiring import House, build_house
from tests.integration.access.database_bytes import database_bytes
from tests.integration.captures.sample import Sample, send
from tests.integration.client import TestClient, token_headers
from tests.integration.export.packets import download, packet
from tests.integration.keeping.wall import (
    MARKS,
    SECRET,
    keep,
    look,
    secret_sample,
    two_posts,
    visited,
)


def entries(house: House) -> Sequence[LogEntry]:
    with house.database.reading() as session:
        return session.exec(select(LogEntry).order_by(col(LogEntry.leaf_index))).all()


def checkpoints(house: House) -> Sequence[CheckpointRow]:
    with house.database.reading() as session:
        return session.exec(select(CheckpointRow)).all()


def kept_bytes(house: House) -> dict[str, bytes]:
    """Everything on the disk, by file."""
    data = house.settings.data
    blobs = {
        str(path.relative_to(data)): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and "blobs" in path.parts
    }
    return {**blobs, "database": database_bytes(data)}


def marks_in(house: House) -> set[tuple[str, str]]:
    return {
        (name, mark)
        for name, content in kept_bytes(house).items()
        for mark in MARKS
        if mark.encode() in content
    }


def test_nothing_of_an_erased_post_is_left_in_database_journal_or_blobs(
    house: House, client: TestClient
) -> None:
    posts = two_posts(house, client)
    before = {name for name in kept_bytes(house) if name.startswith("blobs")}
    assert {mark for _, mark in marks_in(house)} == set(MARKS)
    answer = client.delete(f"/api/v1/watches/{posts.erased}", params={"erase": "request"})
    assert answer.status_code == 200, answer.text
    assert marks_in(house) == set()
    after = {name for name in kept_bytes(house) if name.startswith("blobs")}
    # The page after the post was gone, and the neighbour's own three pictures.
    assert len(after) == 2 + 3
    assert after < before


def erase(client: TestClient, address: str, status: int = 200, reason: str = "request") -> Any:
    answer = client.delete(address, params={"erase": reason})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_every_proof_of_everything_else_still_verifies(
    house: House, client: TestClient, tmp_path: Path
) -> None:
    posts = two_posts(house, client)
    other = send(client, Sample(key="other"))
    before = client.get("/log/checkpoint").text
    statements = {entry.leaf_index: bytes(entry.statement) for entry in entries(house)}
    done = erase(client, f"/api/v1/watches/{posts.erased}")
    kept = {entry.leaf_index: bytes(entry.statement) for entry in entries(house)}
    assert {index: kept[index] for index in statements} == statements
    emptied = {entry.leaf_index for entry in entries(house) if entry.record is None}
    assert emptied == set(done["leaves"])
    for address in (
        f"/api/v1/watches/{posts.kept}/bundle",
        f"/api/v1/captures/{other['id']}/bundle",
    ):
        path = tmp_path / "bundle.zip"
        path.write_bytes(download(client, address))
        report = inspect_bundle(path)
        assert report.valid, report.first_failure
    assert before in {row.note for row in checkpoints(house)}
    assert client.get(f"/api/v1/captures/{other['id']}/receipt").status_code == 200


def test_the_erasure_is_a_leaf_that_names_what_was_emptied(
    house: House, client: TestClient
) -> None:
    posts = two_posts(house, client)
    done = erase(client, f"/api/v1/watches/{posts.erased}")
    entry = next(entry for entry in entries(house) if entry.kind == "erasure")
    assert entry.leaf_index == done["leaf_index"]
    record = json.loads(entry.record or b"")
    assert record["leaves"] == done["leaves"] == sorted(done["leaves"])
    assert record["partial"] == done["partial"]
    assert (record["reason"], record["watch_id"]) == ("request", posts.erased)
    with house.database.reading() as session:
        for watch in (posts.erased, posts.kept):
            carried = erasures.of_watch(session, watch)
            assert [leaf.leaf_index for leaf in carried] == [done["leaf_index"]]
    assert [one["id"] for one in client.get("/api/v1/erasures").json()] == [done["id"]]


def test_the_neighbour_keeps_its_looks_and_verdict_without_the_erased_post(
    house: House, client: TestClient
) -> None:
    posts = two_posts(house, client)
    verdict = client.get(f"/api/v1/watches/{posts.kept}").json()["verdict"]
    done = erase(client, f"/api/v1/watches/{posts.erased}")
    watch = client.get(f"/api/v1/watches/{posts.kept}").json()
    assert watch["verdict"] == verdict
    with house.database.reading() as session:
        rows = observations.observations_of(session, posts.kept)
    # Its controls for later looks are all there but for the erased post.
    assert [[post["author"] for post in row.body["siblings"]] for row in rows] == [["Un autre"]] * 3
    assert len(done["partial"]) == 2, "the look after the post was gone keeps its whole list"


def test_asking_for_what_was_erased_says_when_and_why(house: House, client: TestClient) -> None:
    posts = two_posts(house, client)
    look = client.get(f"/api/v1/watches/{posts.kept}/observations").json()["items"][-1]["id"]
    erase(client, f"/api/v1/watches/{posts.erased}")
    for address in (
        f"/api/v1/watches/{posts.erased}",
        f"/api/v1/watches/{posts.erased}/observations",
        f"/api/v1/watches/{posts.erased}/notices",
        f"/api/v1/watches/{posts.erased}/bundle",
        f"/api/v1/captures/{posts.capture}",
        f"/api/v1/captures/{posts.capture}/receipt",
        f"/api/v1/captures/{posts.capture}/files/post.png",
        f"/api/v1/captures/{posts.capture}/bundle",
        f"/api/v1/observations/{look}/files/page.png",
    ):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert answer.json()["type"] == "urn:rature:problem:erased"
        assert "reason: request" in answer.json()["detail"]
    assert client.get("/api/v1/watches/wat_0000000000000000").status_code == 404


def test_a_retry_whose_answer_was_lost_does_not_bring_a_capture_back(
    house: House, client: TestClient
) -> None:
    posts = two_posts(house, client)
    erase(client, f"/api/v1/watches/{posts.erased}")
    send(client, secret_sample(), 410)
    assert marks_in(house) == set()


def test_erasing_again_gives_the_same_erasure(house: House, client: TestClient) -> None:
    posts = two_posts(house, client)
    first = erase(client, f"/api/v1/watches/{posts.erased}")
    assert erase(client, f"/api/v1/watches/{posts.erased}", reason="other") == first
    assert erase(client, f"/api/v1/captures/{posts.capture}") == first
    assert sum(entry.kind == "erasure" for entry in entries(house)) == 1


def test_one_capture_is_erased_and_the_post_stays_watched(
    house: House, client: TestClient, tmp_path: Path
) -> None:
    posts = two_posts(house, client)
    second = send(client, secret_sample("secret-2", shade=9))
    done = erase(client, f"/api/v1/captures/{posts.capture}")
    assert done["watch_id"] == posts.erased == second["watch_id"]
    assert client.get(f"/api/v1/captures/{posts.capture}").status_code == 410
    assert client.get(f"/api/v1/captures/{second['id']}").status_code == 200
    # Its page was uploaded with both: the other one still has the blob.
    assert client.get(f"/api/v1/captures/{second['id']}/files/page.html").status_code == 200
    assert len(client.get(f"/api/v1/watches/{posts.erased}/observations").json()["items"]) == 1
    path = tmp_path / "bundle.zip"
    path.write_bytes(download(client, f"/api/v1/watches/{posts.erased}/bundle"))
    report = inspect_bundle(path)
    assert report.valid, report.first_failure
    assert house.fsck.finish(house.fsck.start()).faults == []


def test_erasing_needs_the_scope_admin_and_stopping_does_not(
    house: House, client: TestClient
) -> None:
    posts = two_posts(house, client)
    contributor = token_headers(house, Scope.CAPTURE, Scope.READ)
    for address in (f"/api/v1/watches/{posts.erased}", f"/api/v1/captures/{posts.capture}"):
        answer = client.delete(address, params={"erase": "request"}, headers=contributor)
        assert answer.status_code == 403
    stopped = client.delete(f"/api/v1/watches/{posts.erased}", headers=contributor)
    assert stopped.status_code == 200
    assert stopped.json()["closed_at"] is not None
    assert client.get(f"/api/v1/captures/{posts.capture}").status_code == 200


def test_a_post_is_not_erased_while_its_page_is_visited(house: House, client: TestClient) -> None:
    posts = two_posts(house, client)
    with house.database.transaction() as session:
        now = house.clock()
        assert walls.take(
            session,
            "wall.example",
            owner="worker",
            now=now,
            until=now + timedelta(seconds=15),
            pause=timedelta(0),
        )
    told = erase(client, f"/api/v1/watches/{posts.erased}", 409)
    assert "a visit to this page is under way" in told["detail"]
    assert client.get(f"/api/v1/watches/{posts.erased}").status_code == 200


def test_a_page_that_was_read_badly_is_searched_for_the_words(
    house: House, client: TestClient
) -> None:
    """The look could not tell, so it has no list of neighbours: only its page shows the post."""
    posts = two_posts(house, client)
    wall = house.watching.show(OWNER, posts.kept).watch.wall_id
    words = SECRET.replace("chaussures", "<b>chaussures</b>").replace("é", "&eacute;")
    seen = visited(house, words, number=5)
    keep(house, wall, {posts.kept: look(house, seen)})
    erase(client, f"/api/v1/watches/{posts.erased}")
    latest = client.get(f"/api/v1/watches/{posts.kept}/observations").json()["items"][0]
    answer = client.get(f"/api/v1/observations/{latest['id']}/files/page.html")
    assert answer.status_code == 410


def test_blobs_that_could_not_be_deleted_go_later(
    house: House, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = two_posts(house, client)

    def broken(_sha256: str) -> None:
        raise Unavailable("the blob store cannot be written")

    with monkeypatch.context() as patch:
        patch.setattr(house.blobs, "delete", broken)
        erase(client, f"/api/v1/watches/{posts.erased}")
    assert marks_in(house) != set()
    house.upkeep.tidy()
    assert marks_in(house) == set()


def test_a_capture_of_the_very_bytes_that_are_being_erased_is_refused_or_whole(
    house: House, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It puts its blobs, which are there; they are deleted before it commits."""
    posts = two_posts(house, client)
    again = secret_sample("secret-9")
    put = house.blobs.put
    erased: list[bool] = []

    def put_then_erase(data: bytes) -> str:
        digest = put(data)
        if len(erased) < 1 and data == again.files[1].data:
            erased.append(True)
            house.erasure.watch(OWNER, posts.erased, reason=ErasureReason.OTHER, actor="t")
        return digest

    monkeypatch.setattr(house.blobs, "put", put_then_erase)
    send(client, again, 503)
    made = send(client, again)
    for part in again.files:
        answer = client.get(f"/api/v1/captures/{made['id']}/files/{part.name}")
        assert answer.status_code == 200
    assert house.fsck.finish(house.fsck.start()).faults == []


def test_bundles_made_before_are_no_obstacle_and_the_neighbours_verify_after(
    house: House, client: TestClient, tmp_path: Path
) -> None:
    posts = two_posts(house, client)
    leaf = client.get(f"/api/v1/captures/{posts.capture}").json()["leaf_index"]
    plan = {
        "pictures": {f"{leaf}/screenshot": [[0, 0, 8, 8]]},
        "show": [f"{leaf}/fields/text.json"],
    }
    chosen = client.put(f"/api/v1/watches/{posts.erased}/masks", json=plan)
    assert chosen.status_code == 200, chosen.text
    for bundle in (
        f"{posts.erased}/bundle?masked=true",
        f"{posts.erased}/bundle",
        f"{posts.kept}/bundle",
    ):
        download(client, f"/api/v1/watches/{bundle}")
    assert house.fsck.finish(house.fsck.start(anew=True)).faults == []
    erase(client, f"/api/v1/watches/{posts.erased}")
    assert marks_in(house) == set()
    path = tmp_path / "bundle.zip"
    path.write_bytes(download(client, f"/api/v1/watches/{posts.kept}/bundle"))
    report = inspect_bundle(path)
    assert report.valid, report.first_failure
    assert packet(path.read_bytes(), tmp_path).script_says().startswith("OK")
    checked = house.fsck.finish(house.fsck.start(anew=True))
    assert [str(fault) for fault in checked.faults] == []


class PowerCutError(BaseException):
    """No code of ours may catch it."""


@pytest.mark.parametrize("step", ["record", "sweep", "delete"])
def test_a_power_cut_leaves_all_or_nothing_and_the_next_start_finishes(
    house: House, client: TestClient, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    posts = two_posts(house, client)
    owner = {"record": house.recorder, "sweep": house.erasure, "delete": house.blobs}[step]

    def cut(*_: Any, **__: Any) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, cut)
        with pytest.raises(PowerCutError):
            house.erasure.watch(OWNER, posts.erased, reason=ErasureReason.OTHER, actor="t")
    with build_house(house.settings) as again:
        again.upkeep.tidy()
        if step == "record":
            assert again.watching.show(OWNER, posts.erased)
        else:
            assert marks_in(again) == set()
        assert again.keeping.settle(), again.keeping.fault
        checked = again.fsck.finish(again.fsck.start())
        assert [str(fault) for fault in checked.faults] == []
