"""A visit is one record: its pages are kept and hashed once, and every look names it."""

import asyncio
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from archiver.domain.errors import NotFound, WaczInvalid
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.look import DIRECTLY, Look, Way
from archiver.domain.observation import Observation
from archiver.domain.post import Target
from archiver.domain.recording import Exchange, Recording
from archiver.evidence.salted import split_wacz
from archiver.evidence.wacz import open_wacz
from archiver.services import visits
from archiver.store.tables import LogEntry, ObservationRow, StoredFile
from archiver.store.tables_evidence import VisitRow
from archiver.wiring import House
from tests.integration.client import TestClient
from tests.integration.export.looks import looked, sighting
from tests.integration.export.packets import download, packet
from tests.integration.watches.model import (
    PAGE,
    WALL,
    ModelLooker,
    ModelPost,
    MovedClock,
    live_until,
    visit_all_due,
)

WATCHES = "/api/v1/watches"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXTS = [f"Complaint number {n}: both soles have holes." for n in range(3)]
HTML = EvidenceFile("page.html", "text/html", b"<p>the wall</p>")


class RecordingLooker(ModelLooker):
    """Brings the document and a recording, as the checker does, and a crop of each post."""

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[Sequence[Observation]],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        looks = await super().visit(url, targets, histories)
        asked = Exchange(
            self.clock(), "GET", url, (("Cookie", "s=SECRET"),), status=200, body=b"<p>the wall",
            document=True,
        )  # fmt: skip
        shared = looks[0].visit
        assert shared is not None
        shared = replace(shared, files=(PAGE, HTML), recording=Recording((asked,), "156.0"))
        post = EvidenceFile("post.png", "image/png", PAGE.data)
        return [replace(look, files=(post,), visit=shared) for look in looks]


@pytest.fixture
def looker(clock: MovedClock) -> ModelLooker:
    posts = [ModelPost(text, START - timedelta(hours=1)) for text in TEXTS]
    return RecordingLooker(clock, posts=posts)


def watch(client: TestClient, text: str) -> str:
    answer = client.post(WATCHES, json={"url": WALL, "text": text})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def look_of(client: TestClient, watch_id: str) -> dict[str, Any]:
    items = client.get(f"{WATCHES}/{watch_id}/observations").json()["items"]
    assert items, watch_id
    return dict(items[0])


def leaves(house: House, kind: str) -> list[LogEntry]:
    with house.database.reading() as session:
        wanted = select(LogEntry).where(LogEntry.kind == kind).order_by(col(LogEntry.leaf_index))
        return list(session.exec(wanted))


def kept(entry: LogEntry) -> dict[str, Any]:
    return dict(json.loads(entry.record or b"{}"))


def test_all_looks_of_a_visit_name_one_record_that_comes_before_them(
    client: TestClient, house: House
) -> None:
    watches = [watch(client, text) for text in TEXTS]
    assert visit_all_due(house, RecordingLooker(house.clock)) == 1
    (visit,) = leaves(house, "visit")
    looks = leaves(house, "observation")
    assert len(looks) == len(watches)
    assert {kept(look)["visit"] for look in looks} == {visit.leaf_index}
    assert all(look.leaf_index > visit.leaf_index for look in looks)
    assert {name: kept(visit)[name] for name in ("kind", "url", "final_url", "status", "at")} == {
        "kind": "visit",
        "url": WALL,
        "final_url": WALL,
        "status": 200,
        "at": "2026-03-02T09:00:00Z",
    }
    with house.database.reading() as session:
        row = session.exec(select(VisitRow)).one()
        named = session.exec(select(ObservationRow.visit_id)).all()
        stored = session.exec(select(StoredFile).where(StoredFile.owner_id == row.id)).all()
    assert (row.id, row.leaf_index) == (visit.subject_id, visit.leaf_index)
    assert set(named) == {row.id}
    assert [(file.name, file.role) for file in stored] == [
        ("page.png", "page"),
        ("page.html", "snapshot"),
        ("page.wacz", "recording"),
    ]
    # addresses can be withheld: they are no part of the record itself
    statement = visit.statement.decode()
    assert "fields/url.json" in statement
    assert "page.wacz" in statement
    assert "page" not in looks[0].statement.decode()
    assert "post/TILES.sha256" in looks[0].statement.decode()


def test_each_look_shows_and_serves_the_files_of_its_visit(
    client: TestClient, house: House, looker: ModelLooker
) -> None:
    first, second = (watch(client, text) for text in TEXTS[:2])
    visit_all_due(house, looker)
    for watch_id in (first, second):
        look = look_of(client, watch_id)
        names = [file["name"] for file in look["files"]]
        assert names == ["post.png", "page.png", "page.html", "page.wacz"]
        for name in names:
            answer = client.get(f"/api/v1/observations/{look['id']}/files/{name}")
            assert answer.status_code == 200, name
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert [url for url, _ in open_wacz(answer.content).pages] == [WALL]
        assert b"SECRET" not in answer.content


def test_another_workspace_sees_nothing_of_a_visit(
    client: TestClient, house: House, looker: ModelLooker
) -> None:
    watch_id = watch(client, TEXTS[0])
    visit_all_due(house, looker)
    look = look_of(client, watch_id)
    (visit,) = leaves(house, "visit")
    with house.database.reading() as session:
        row = session.get(VisitRow, visit.subject_id)
        assert row is not None
        own = row.workspace_id
    assert house.evidence_files.file(own, visit.subject_id, "page.html")[1] == HTML.data
    for owner in (visit.subject_id, look["id"]):
        with pytest.raises(NotFound):
            house.evidence_files.file("ws_another", owner, "page.html")


def test_a_recording_that_does_not_hold_together_costs_nothing_else(
    client: TestClient, house: House, looker: ModelLooker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise WaczInvalid("1 of 2 pages can be opened again")

    monkeypatch.setattr(visits, "write_wacz", broken)
    watch_id = watch(client, TEXTS[0])
    visit_all_due(house, looker)
    look = look_of(client, watch_id)
    assert look["sighting"] == "present"
    assert [file["name"] for file in look["files"]] == ["post.png", "page.png", "page.html"]
    (visit,) = leaves(house, "visit")
    assert "was not kept" in kept(visit)["detail"]


def test_a_visit_to_posts_that_were_erased_meanwhile_leaves_nothing(
    client: TestClient, house: House, looker: ModelLooker
) -> None:
    watch(client, TEXTS[0])
    claimed = house.checking.claim()
    assert claimed is not None
    gone = replace(claimed, watch_ids=("wat_0000000000000000",))
    asyncio.run(house.checking.make(looker, gone))
    assert leaves(house, "visit") == []
    with house.database.reading() as session:
        assert session.exec(select(StoredFile)).all() == []


def test_a_first_look_that_fails_takes_its_visit_back(
    client: TestClient, house: House, looker: ModelLooker, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch_id = watch(client, TEXTS[0])
    append = house.recorder.append

    def failing(session: Any, subject: str, prepared: Any) -> Any:
        if prepared.kind == "verdict":
            raise OSError("the disk is full")
        return append(session, subject, prepared)

    monkeypatch.setattr(house.recorder, "append", failing)
    with pytest.raises(OSError, match="disk is full"):
        visit_all_due(house, looker)
    assert leaves(house, "visit") == leaves(house, "observation") == []
    monkeypatch.undo()
    visit_all_due(house, looker)
    assert len(leaves(house, "visit")) == 1
    assert look_of(client, watch_id)["sighting"] == "present"


def test_the_bundle_of_a_watch_carries_its_visits(
    client: TestClient, house: House, clock: MovedClock, looker: ModelLooker, tmp_path: Path
) -> None:
    watch_id = watch(client, TEXTS[0])
    live_until(house, clock, looker, START + timedelta(minutes=4))
    made = packet(download(client, f"{WATCHES}/{watch_id}/bundle"), tmp_path)
    found = leaves(house, "visit")
    assert len(found) >= 2
    for visit in found:
        folder = made.data / f"records/{visit.leaf_index}-visit"
        assert json.loads((folder / "record.json").read_bytes())["id"] == visit.subject_id
        data, _salt = split_wacz((folder / "page.wacz").read_bytes())
        assert len(open_wacz(data).pages) == 1
        with zipfile.ZipFile(BytesIO((folder / "page.wacz").read_bytes())) as archive:
            assert archive.testzip() is None
    assert made.script_says() == "OK"


def test_a_masked_bundle_holds_no_recording(
    client: TestClient, house: House, looker: ModelLooker, tmp_path: Path
) -> None:
    watch_id = watch(client, TEXTS[0])
    visit_all_due(house, looker)
    (visit,) = leaves(house, "visit")
    plan = {"pictures": {f"{visit.leaf_index}/page": [[0, 0, 40, 40]]}, "show": []}
    assert client.put(f"{WATCHES}/{watch_id}/masks", json=plan).status_code == 200
    made = packet(download(client, f"{WATCHES}/{watch_id}/bundle?masked=true"), tmp_path)
    names = made.names()
    assert any(name.endswith("-visit/record.json") for name in names)
    assert not any(name.endswith((".wacz", ".html")) for name in names)
    whole = [path.read_bytes() for path in made.data.rglob("*") if path.is_file()]
    assert not any(b"<p>the wall" in data or WALL.encode() in data for data in whole)


def test_looks_from_before_visits_were_recorded_keep_their_own_files(
    client: TestClient, house: House
) -> None:
    watch_id = watch(client, TEXTS[0])
    (look_id,) = looked(house, watch_id, sighting(START))
    names = [file["name"] for file in look_of(client, watch_id)["files"]]
    assert names == ["page.png", "page.html"]
    assert client.get(f"/api/v1/observations/{look_id}/files/page.png").status_code == 200
    assert "visit" not in kept(leaves(house, "observation")[0])


def test_pages_of_a_wall_are_hashed_once_for_all_posts(client: TestClient, house: House) -> None:
    for number in range(20):
        watch(client, f"Complaint number {number}: both soles have holes.")
    visit_all_due(house, RecordingLooker(house.clock))
    (visit,), looks = leaves(house, "visit"), leaves(house, "observation")
    assert len(looks) == 20
    assert b"page/TILES.sha256" in visit.statement
    assert not any(b"page" in look.statement for look in looks)
