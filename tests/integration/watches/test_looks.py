"""From a visit to a verdict: evidence, leaves, grade and schedule of each look."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from archiver.checker.schedule import IS_PUBLISHED
from archiver.domain.look import DIRECTLY, Look, Way
from archiver.domain.observation import Observation, Reason
from archiver.domain.post import Target
from archiver.store.tables import Custody, LogEntry, VerdictRow
from archiver.wiring import House
from tests.integration.captures.sample import TEXT as CAPTURED
from tests.integration.captures.sample import WALL as CAPTURED_WALL
from tests.integration.captures.sample import Sample, send
from tests.integration.client import TestClient
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


def watch(client: TestClient, text: str = "Both soles have holes.", url: str = WALL) -> str:
    identifier: str = client.post(WATCHES, json={"url": url, "text": text}).json()["id"]
    return identifier


def verdict_of(client: TestClient, watch_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{WATCHES}/{watch_id}").json()["verdict"]
    return found


def test_a_look_is_kept_with_its_evidence_before_its_verdict(
    client: TestClient, house: House, looker: ModelLooker
) -> None:
    looker.posts = [ModelPost("Both soles have holes.", START)]
    watch_id = watch(client)
    assert visit_all_due(house, looker) == 1

    page = client.get(f"{WATCHES}/{watch_id}/observations").json()
    assert page["total"] == 1
    look = page["items"][0]
    assert (look["validity"], look["sighting"], look["at"]) == (
        "valid",
        "present",
        "2026-03-02T09:00:00Z",
    )
    assert look["controls"] == {"known": 6, "found": 6, "before": 3, "after": 3}
    assert [(f["name"], f["role"], f["size"]) for f in look["files"]] == [
        ("page.png", "page", len(PAGE.data))
    ]
    with house.database.reading() as session:
        leaves = session.exec(select(LogEntry).order_by(col(LogEntry.leaf_index))).all()
        verdict = session.exec(select(VerdictRow)).one()
    kinds = [leaf.kind for leaf in leaves]
    assert kinds == ["custody", "visit", "observation", "verdict"]
    assert look["leaf_index"] == 2
    assert verdict.leaf_index == 3
    assert b'"visit":1' in (leaves[2].record or b"")
    assert b'"basis":[2]' in (leaves[3].record or b"")
    assert verdict_of(client, watch_id)["state"] == "visible"


def test_a_removal_grows_firmer_and_its_window_is_no_wider_than_two_looks(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    gone_at = START + timedelta(minutes=12)
    looker.posts = [ModelPost("Both soles have holes.", START, gone_at)]
    watch_id = watch(client)
    live_until(house, clock, looker, START + timedelta(minutes=22))
    suspected = verdict_of(client, watch_id)
    assert (suspected["state"], suspected["level"], suspected["silent"]) == (
        "removed",
        "suspected",
        True,
    )
    last_seen = datetime.fromisoformat(suspected["last_seen"])
    first_missing = datetime.fromisoformat(suspected["first_missing"])
    assert last_seen < gone_at <= first_missing
    visited = [at for at, _, _ in looker.visits]
    assert last_seen == max(at for at in visited if at < gone_at)
    assert first_missing == min(at for at in visited if at >= gone_at)
    # Nine minutes lie between the planned looks before and after at the most, or 15 % more.
    assert first_missing - last_seen <= timedelta(minutes=9 * 1.15)

    live_until(house, clock, looker, START + timedelta(days=2))
    confirmed = verdict_of(client, watch_id)
    assert (confirmed["state"], confirmed["level"]) == ("removed", "confirmed")
    assert confirmed["last_seen"] == suspected["last_seen"]
    assert confirmed["first_missing"] == suspected["first_missing"]
    history = client.get(f"{WATCHES}/{watch_id}/verdicts").json()
    levels = [item["level"] for item in history if item["state"] == "removed"]
    assert levels == sorted(levels, key=["suspected", "likely", "confirmed"].index)
    assert set(levels) == {"suspected", "likely", "confirmed"}


def test_an_invalid_look_moves_neither_state_nor_window(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.posts = [ModelPost("Both soles have holes.", START)]
    watch_id = watch(client)
    visit_all_due(house, looker)
    looker.obstacle = Reason.LOGIN_WALL
    clock.forward(minutes=30)
    visit_all_due(house, looker)
    verdict = verdict_of(client, watch_id)
    assert (verdict["state"], verdict["last_seen"]) == ("visible", "2026-03-02T09:00:00Z")
    assert (verdict["reason"], verdict["unresolved"]) == ("login_wall", 1)


def test_the_second_witness_raises_the_grade_when_it_sees_the_post(
    client: TestClient, house: House, looker: ModelLooker
) -> None:
    looker.posts = [ModelPost(CAPTURED, START - timedelta(hours=1))]
    answer = send(client, Sample())
    assert answer["grade"] == "user-only"
    visit_all_due(house, looker)
    assert looker.visits[0][1:] == (CAPTURED_WALL, (CAPTURED,))
    assert client.get(f"/api/v1/captures/{answer['id']}").json()["grade"] == "user+witness"
    watched = client.get(f"{WATCHES}/{answer['watch_id']}").json()
    assert (watched["grade"], watched["capture_ids"]) == ("user+witness", [answer["id"]])
    assert witness_events(house, answer["id"]) == ["present"]


def test_the_second_witness_is_recorded_whatever_it_says_and_only_once(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.obstacle = Reason.LOGIN_WALL
    answer = send(client, Sample())
    visit_all_due(house, looker)
    looker.obstacle = None
    looker.posts = [ModelPost(CAPTURED, START - timedelta(hours=1))]
    clock.forward(hours=1)
    visit_all_due(house, looker)
    assert len(looker.visits) == 2
    assert client.get(f"/api/v1/captures/{answer['id']}").json()["grade"] == "user-only"
    assert witness_events(house, answer["id"]) == ["login_wall"]


def witness_events(house: House, capture_id: str) -> list[str]:
    with house.database.reading() as session:
        rows = session.exec(select(Custody).where(Custody.subject_id == capture_id)).all()
    return [
        row.detail.split(": ")[1].split(";")[0] for row in rows if row.event == "second_witness"
    ]


def test_watching_a_watched_post_again_does_not_hurry_its_next_look(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.posts = [ModelPost("Both soles have holes.", START)]
    watch_id = watch(client)
    visit_all_due(house, looker)
    planned = verdict_of(client, watch_id)["next_check_at"]
    clock.forward(seconds=10)
    assert watch(client) == watch_id
    assert verdict_of(client, watch_id)["next_check_at"] == planned


def test_a_second_capture_of_a_watched_post_is_witnessed_too(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.posts = [ModelPost(CAPTURED, START - timedelta(hours=1))]
    first = send(client, Sample())
    visit_all_due(house, looker)
    clock.forward(seconds=10)
    second = send(client, Sample(key="another-key"))
    assert second["watch_id"] == first["watch_id"]
    assert visit_all_due(house, looker) == 1
    assert witness_events(house, second["id"]) == ["present"]


def author_look(watch_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "watch_id": watch_id,
        "at": "2026-03-02T11:00:00Z",
        "vantage": {"class": "author", "id": "browser"},
        "validity": "valid",
        "sighting": "present",
        **changes,
    }


def test_the_authors_own_look_tells_hidden_from_removed(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.posts = [ModelPost("Both soles have holes.", START, START + timedelta(minutes=30))]
    watch_id = watch(client)
    live_until(house, clock, looker, START + timedelta(hours=2))
    assert verdict_of(client, watch_id)["state"] == "removed"
    planned = verdict_of(client, watch_id)["next_check_at"]
    answer = client.post("/api/v1/observations", json=author_look(watch_id))
    assert answer.status_code == 201
    assert answer.json()["watch"]["verdict"]["state"] == "hidden"
    assert answer.json()["watch"]["verdict"]["next_check_at"] == planned
    assert answer.json()["observation"]["vantage"] == {"class": "author", "id": "browser"}


UNFIT_LOOKS = [
    ({"vantage": {"class": "public"}}, "vantage.class"),  # only the checker speaks for the public
    ({"at": "2026-03-02T09:10:00Z"}, "at"),  # in the future
    ({"at": "2026-03-02T08:00:00"}, "at"),  # without an offset
    ({"sighting": None}, ""),  # valid, but says nothing
    ({"cookie": "session=1"}, "cookie"),  # never sent, never taken
]


def test_a_look_that_does_not_fit_is_refused(client: TestClient) -> None:
    watch_id = watch(client)
    for changes, field in UNFIT_LOOKS:
        sent = author_look(watch_id, **{"at": "2026-03-02T08:59:00Z", **changes})
        answer = client.post("/api/v1/observations", json=sent)
        assert answer.status_code == 422, changes
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert client.get(f"{WATCHES}/{watch_id}/observations").json()["total"] == 0


def test_a_withdrawal_is_never_the_brands_doing(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.posts = [ModelPost("Both soles have holes.", START, START + timedelta(hours=1))]
    watch_id = watch(client)
    live_until(house, clock, looker, START + timedelta(minutes=59))
    answer = client.post(
        f"{WATCHES}/{watch_id}/notices", json={"notice": "withdrawn", "text": "I took it back."}
    )
    assert answer.status_code == 201
    assert answer.json()["at"] == "2026-03-02T09:59:00Z"
    live_until(house, clock, looker, START + timedelta(days=2))
    verdict = verdict_of(client, watch_id)
    assert (verdict["state"], verdict["silent"], verdict["actor"]) == ("withdrawn", False, "author")
    notices = client.get(f"{WATCHES}/{watch_id}/notices").json()
    assert [(n["notice"], n["text"]) for n in notices] == [("withdrawn", "I took it back.")]


def test_a_look_and_a_notice_sent_again_are_recorded_once(client: TestClient) -> None:
    """The answer was lost, or two browsers' buttons were pressed twice: the same key tells."""
    watch_id = watch(client)
    look = author_look(watch_id, at="2026-03-02T08:59:00Z")
    told = {"notice": "withdrawn", "text": "I took it back."}
    for path, sent, other in (
        ("/api/v1/observations", look, {**look, "at": "2026-03-02T08:58:00Z"}),
        (f"{WATCHES}/{watch_id}/notices", told, {**told, "notice": "other"}),
    ):
        key = {"Idempotency-Key": "7b6e9b4a-one"}
        first, again = (client.post(path, json=sent, headers=key) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert client.post(path, json=other, headers=key).status_code == 409
        fresh = client.post(path, json=sent, headers={"Idempotency-Key": "another"})
        assert fresh.json() != first.json()
    assert client.get(f"{WATCHES}/{watch_id}/observations").json()["total"] == 2
    assert len(client.get(f"{WATCHES}/{watch_id}/notices").json()) == 2


def test_a_notice_of_the_future_is_refused(client: TestClient) -> None:
    watch_id = watch(client)
    sent = {"notice": "withdrawn", "at": "2027-01-01T00:00:00Z"}
    answer = client.post(f"{WATCHES}/{watch_id}/notices", json=sent)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "at"


def test_a_look_that_is_not_taken_in_time_is_still_due(client: TestClient) -> None:
    watch_id = watch(client)
    answer = client.post(f"{WATCHES}/{watch_id}/checks", params={"wait": 0.1})
    assert answer.status_code == 202
    body = answer.json()
    assert body["observation"] is None
    assert body["watch"]["verdict"]["next_check_reason"] == "asked for"
    assert client.post(f"{WATCHES}/{watch_id}/checks", params={"wait": 121}).status_code == 422


def test_a_scheduled_look_may_do_without_a_browser_one_that_is_asked_for_not(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.posts = [ModelPost("Both soles have holes.", START)]
    watch_id = watch(client)
    assert visit_all_due(house, looker) == 1
    live_until(house, clock, looker, START + timedelta(minutes=3))
    client.post(f"{WATCHES}/{watch_id}/checks", params={"wait": 0})
    assert visit_all_due(house, looker) == 1
    plain = [way.plain for way in looker.ways]
    assert plain == [False, *([True] * (len(plain) - 2)), False]
    assert len(plain) >= 3


class LookerUnderWay(ModelLooker):
    """Its visit began a while ago: what it saw is of that moment."""

    began: datetime = START

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[Sequence[Observation]],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        looks = await super().visit(url, targets, histories)
        return [
            replace(look, observation=look.observation.model_copy(update={"at": self.began}))
            for look in looks
        ]


def test_a_visit_under_way_does_not_answer_a_look_that_is_asked_for_now(
    client: TestClient, house: House, clock: MovedClock
) -> None:
    slow = LookerUnderWay(clock, [ModelPost("Both soles have holes.", START)])
    watch_id = watch(client)
    visit = house.checking.claim()
    assert visit is not None
    clock.forward(seconds=5)
    client.post(f"{WATCHES}/{watch_id}/checks", params={"wait": 0})
    asyncio.run(house.checking.make(slow, visit))
    assert verdict_of(client, watch_id)["next_check_reason"] == "asked for"
    assert visit_all_due(house, ModelLooker(clock, slow.posts)) == 1
    assert verdict_of(client, watch_id)["next_check_reason"] == IS_PUBLISHED
    assert client.get(f"{WATCHES}/{watch_id}/observations").json()["total"] == 2
