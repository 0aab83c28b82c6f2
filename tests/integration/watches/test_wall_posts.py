"""The record of a wall's posts: from visits to the interface and the page."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from archiver.config import Settings
from archiver.domain.observation import Reason
from archiver.services.access import OWNER, Scope
from archiver.store.repository import walls
from archiver.store.tables import Workspace
from archiver.store.tables_wall import WallPostRow
from archiver.wiring import House, build_house
from tests.integration.client import TestClient, client_for, token_headers
from tests.integration.watches.model import (
    WALL,
    ModelLooker,
    ModelPost,
    MovedClock,
    visit_all_due,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = tuple("ABCDEFGHIJ")
OTHER_WALL = "https://wall.example/boots"


def said(name: str) -> str:
    return f"Customer {name} has a word to say about these shoes."


def model(*, gone: dict[str, datetime] | None = None) -> list[ModelPost]:
    until = gone or {}
    return [ModelPost(said(name), START, until.get(name), author=name) for name in NAMES]


def watch(client: TestClient, name: str, url: str = WALL) -> dict[str, Any]:
    sent = {"url": url, "text": said(name), "author": name}
    made: dict[str, Any] = client.post("/api/v1/watches", json=sent).json()
    return made


def posts(client: TestClient, wall_id: str, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v1/walls/{wall_id}/posts", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def look_again(house: House, client: TestClient, looker: ModelLooker, *watched: str) -> None:
    for watch_id in watched:
        client.post(f"/api/v1/watches/{watch_id}/checks")
    assert visit_all_due(house, looker) >= 1


def test_every_post_of_a_wall_is_known_once_with_when_it_was_seen_and_missed(
    house: House, client: TestClient, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.reads, looker.posts = True, model(gone={"D": START + timedelta(minutes=3)})
    first, second = watch(client, "E"), watch(client, "B")
    visit_all_due(house, looker)
    assert posts(client, first["wall_id"])["counts"] == {"known": 10, "visible": 10, "missing": 0}
    clock.forward(minutes=5)
    look_again(house, client, looker, first["id"], second["id"])
    page = posts(client, first["wall_id"])
    assert page["counts"] == {"known": 10, "visible": 9, "missing": 1}
    by_author = {post["author"]: post for post in page["items"]}
    gone, there = by_author["D"], by_author["A"]
    assert (gone["first_missing"], gone["missed_as"]) == ("2026-03-02T09:05:00Z", "absent")
    assert (gone["last_seen"], gone["looks_seen"]) == ("2026-03-02T09:00:00Z", 1)
    assert (there["first_missing"], there["looks_seen"]) == (None, 2)
    assert (there["first_seen"], there["last_seen"]) == (
        "2026-03-02T09:00:00Z",
        "2026-03-02T09:05:00Z",
    )
    part = posts(client, first["wall_id"], offset=8, limit=5)
    assert (len(part["items"]), part["total"]) == (2, 10)
    assert part["items"] == page["items"][8:]


def test_an_invalid_look_moves_nothing(
    house: House, client: TestClient, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.reads, looker.posts = True, model(gone={"D": START + timedelta(minutes=3)})
    made = watch(client, "E")
    visit_all_due(house, looker)
    before = posts(client, made["wall_id"])
    clock.forward(minutes=5)
    looker.obstacle = Reason.LOGIN_WALL
    look_again(house, client, looker, made["id"])
    assert posts(client, made["wall_id"]) == before


def test_a_post_that_comes_back_is_missing_no_more(
    house: House, client: TestClient, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.reads, looker.posts = True, model(gone={"D": START + timedelta(minutes=3)})
    made = watch(client, "E")
    visit_all_due(house, looker)
    clock.forward(minutes=5)
    look_again(house, client, looker, made["id"])
    assert posts(client, made["wall_id"])["counts"]["missing"] == 1
    looker.posts = model()
    clock.forward(minutes=5)
    look_again(house, client, looker, made["id"])
    assert posts(client, made["wall_id"])["counts"] == {"known": 10, "visible": 10, "missing": 0}


def test_the_walls_of_another_workspace_are_not_there(
    house: House, client: TestClient, looker: ModelLooker
) -> None:
    looker.reads, looker.posts = True, model()
    made = watch(client, "E")
    visit_all_due(house, looker)
    with house.database.transaction() as session:
        session.add(Workspace(id="ws_other", name="stranger", created_at=house.clock()))
    secret = house.access.issue("ws_other", name="test", scopes=tuple(Scope)).secret
    with client_for(house, headers={"Authorization": f"Bearer {secret}"}) as other:
        assert other.get(f"/api/v1/walls/{made['wall_id']}/posts").status_code == 404
        own = watch(other, "E")
        assert posts(other, own["wall_id"])["counts"]["known"] == 0
    traced = house.wall_posts.traced("ws_other", host="wall.example", author="E", author_id=None)
    assert traced == []


def test_what_else_vanished_is_told_on_the_page_of_each_watched_post(
    house: House, client: TestClient, looker: ModelLooker, clock: MovedClock
) -> None:
    gone_at = START + timedelta(minutes=3)
    looker.reads = True
    looker.posts = model(gone={"B": gone_at, "E": gone_at})
    more = [ModelPost(said(f"E{at}"), START, gone_at, author="E") for at in range(2)]
    looker.walls = {OTHER_WALL: [*model()[:4], more[0], *model()[5:7], more[1], *model()[7:]]}
    first, second = watch(client, "E"), watch(client, "A", OTHER_WALL)
    visit_all_due(house, looker)
    assert house.wall_posts.around(OWNER, first["id"]).losses is None
    clock.forward(minutes=5)
    look_again(house, client, looker, first["id"], second["id"])

    around = house.wall_posts.around(OWNER, first["id"])
    assert around.losses is not None
    assert (around.losses.missed, around.losses.known) == (2, 10)
    assert around.author is not None
    assert (around.author.missing, around.author.known, around.author.walls) == (2, 2, 1)
    traced = house.wall_posts.traced(OWNER, host="wall.example", author="E", author_id=None)
    assert {one.url: len(one.missing) for one in traced} == {WALL: 1, OTHER_WALL: 2}
    verdict = client.get(f"/api/v1/watches/{first['id']}").json()["verdict"]
    assert (verdict["state"], verdict["level"]) == ("removed", "suspected"), "it accuses no more"


def test_postgresql_keeps_the_same_record(
    database_url: str, tmp_path: Path, looker: ModelLooker, clock: MovedClock
) -> None:
    settings = Settings(
        data=tmp_path / "data", database_url=database_url, embedded_worker=False, host_pause=0
    )
    looker.reads, looker.posts = True, model(gone={"D": START + timedelta(minutes=3)})
    with (
        build_house(settings, clock=clock, looker=looker) as house,
        client_for(house, headers=token_headers(house)) as client,
    ):
        made = watch(client, "E")
        visit_all_due(house, looker)
        clock.forward(minutes=5)
        look_again(house, client, looker, made["id"])
        page = posts(client, made["wall_id"])
        erased = client.delete(f"/api/v1/watches/{made['id']}", params={"erase": "request"})
        assert erased.status_code == 200, erased.text
        with house.database.reading() as session:
            left = session.exec(select(WallPostRow)).all()
    assert page["counts"] == {"known": 10, "visible": 9, "missing": 1}
    assert {post["author"] for post in page["items"] if post["first_missing"]} == {"D"}
    assert left == [], "nobody watches the wall any more"


AUTHOR = "https://wall.example/people/d"


def known_post(house: House, wall_id: str, *, missing: bool) -> None:
    """A post by one author, known on a wall."""
    with house.database.transaction() as session:
        workspace = session.exec(select(Workspace)).one().id
        session.add(
            WallPostRow(
                id=f"wpo_{wall_id}",
                workspace_id=workspace,
                wall_id=wall_id,
                identity="id:1",
                author="D",
                author_id=AUTHOR,
                text=said("D"),
                first_seen=START,
                last_seen=START,
                first_missing=START if missing else None,
            )
        )


def claimed(house: House, url: str) -> frozenset[str]:
    """What a visit to the wall is told of authors."""
    visits = []
    while (visit := house.checking.claim()) is not None:
        visits.append(visit)
    for one in visits:
        house.checking.put_off(one)
        with house.database.transaction() as session:
            walls.release(session, one.host, owner=one.owner, now=START)
    return next(one.way.missing_authors for one in visits if one.url == url)


def test_a_visit_is_told_which_authors_vanished_from_other_walls(
    house: House, client: TestClient, clock: MovedClock
) -> None:
    hosts = [f"https://{name}.example/wall" for name in ("one", "two", "three", "four")]
    ids = [watch(client, "D", url)["wall_id"] for url in hosts]
    known_post(house, ids[0], missing=True)
    known_post(house, ids[1], missing=True)
    assert claimed(house, hosts[0]) == frozenset()  # one other wall says nothing of an author
    known_post(house, ids[2], missing=True)
    clock.forward(minutes=5)
    assert claimed(house, hosts[0]) == frozenset({AUTHOR})
    known_post(house, ids[3], missing=False)  # there is one left
    clock.forward(minutes=5)
    assert claimed(house, hosts[0]) == frozenset()
