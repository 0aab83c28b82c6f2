"""Cases over HTTP: postings, events, and nothing of anybody else's."""

from typing import Any

import pytest
from sqlmodel import select

from archiver.domain.ids import make_id
from archiver.services.access import Scope
from archiver.store.tables import LogEntry, Workspace
from archiver.wiring import House
from tests.integration.client import TestClient, token_headers
from tests.integration.watches.model import WALL

CASES = "/api/v1/cases"


def open_case(client: TestClient) -> str:
    answer = client.post(CASES, json={"title": "Holes in both soles", "brand": "Shoes"})
    assert answer.status_code == 201
    identifier: str = answer.json()["id"]
    return identifier


def watch(client: TestClient, text: str) -> str:
    body = {"url": WALL, "text": text}
    identifier: str = client.post("/api/v1/watches", json=body).json()["id"]
    return identifier


def event(**changes: Any) -> dict[str, Any]:
    return {"kind": "email", "at": "2026-02-01T10:00:00Z", "text": "They wrote.", **changes}


def test_a_new_case_is_empty(client: TestClient) -> None:
    case_id = open_case(client)
    case = client.get(f"{CASES}/{case_id}").json()
    assert (case["title"], case["brand"]) == ("Holes in both soles", "Shoes")
    assert case["postings"] == case["events"] == case["timeline"] == []
    assert case["figures"]["postings"] == 0
    assert case["figures"]["days_unanswered"] is None
    assert [item["id"] for item in client.get(CASES).json()["items"]] == [case_id]


def test_postings_are_counted_by_whose_they_are(client: TestClient) -> None:
    case_id = open_case(client)
    own, other = watch(client, "Both soles have holes."), watch(client, "He is right.")
    posted = {"watch_id": own, "posted_at": "2026-02-28T20:00:00Z"}
    assert client.post(f"{CASES}/{case_id}/watches", json=posted).status_code == 201
    client.post(f"{CASES}/{case_id}/watches", json={"watch_id": other, "own": False})
    case = client.get(f"{CASES}/{case_id}").json()
    assert [(p["id"], p["own"], p["case_id"]) for p in case["postings"]] == [
        (own, True, case_id),
        (other, False, case_id),
    ]
    figures = case["figures"]
    assert (figures["postings"], figures["own"], figures["of_others"]) == (2, 1, 1)
    assert figures["first_complaint_at"] == "2026-02-28T20:00:00Z"


def test_events_come_in_the_order_in_which_they_happened(client: TestClient) -> None:
    case_id = open_case(client)
    later = client.post(f"{CASES}/{case_id}/events", json=event(text="Second")).json()
    sent = event(text="First", at="2026-01-15T10:00:00+01:00")
    earlier = client.post(f"{CASES}/{case_id}/events", json=sent).json()
    assert earlier["at"] == "2026-01-15T09:00:00Z"
    found = client.get(f"{CASES}/{case_id}/events").json()
    assert [item["id"] for item in found] == [earlier["id"], later["id"]]


def test_an_event_is_in_the_log(client: TestClient, house: House) -> None:
    case_id = open_case(client)
    made = client.post(f"{CASES}/{case_id}/events", json=event()).json()
    with house.database.reading() as session:
        leaf = session.exec(select(LogEntry).where(LogEntry.leaf_index == made["leaf_index"])).one()
    assert (leaf.kind, leaf.subject_id) == ("case_event", made["id"])


UNFIT = [
    (event(claims_event_id="evt_0000000000000000"), "claims_event_id"),  # of no such event
    (event(text=""), "text"),
    (event(at="2026-02-01T10:00:00"), "at"),  # a time without its offset
    (event(kind="rumour"), "kind"),
    (event(colour="red"), "colour"),
]


@pytest.mark.parametrize(("sent", "field"), UNFIT)
def test_an_event_that_does_not_fit_is_refused(
    client: TestClient, sent: dict[str, Any], field: str
) -> None:
    case_id = open_case(client)
    answer = client.post(f"{CASES}/{case_id}/events", json=sent)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert client.get(f"{CASES}/{case_id}/events").json() == []


def test_another_workspace_finds_neither_case_nor_watch(client: TestClient, house: House) -> None:
    case_id, watch_id = open_case(client), watch(client, "Both soles have holes.")
    stranger = make_id("ws", house.random)
    with house.database.transaction() as session:
        session.add(Workspace(id=stranger, name="stranger", created_at=house.clock()))
    secret = house.access.issue(stranger, name="test", scopes=tuple(Scope)).secret
    headers = {"Authorization": f"Bearer {secret}"}
    own = client.post(CASES, json={"title": "Theirs"}, headers=headers).json()["id"]
    answers = [
        client.get(f"{CASES}/{case_id}", headers=headers),
        client.get(f"{CASES}/{case_id}/events", headers=headers),
        client.post(f"{CASES}/{case_id}/events", json=event(), headers=headers),
        client.post(f"{CASES}/{case_id}/watches", json={"watch_id": watch_id}, headers=headers),
        client.post(f"{CASES}/{own}/watches", json={"watch_id": watch_id}, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert client.get(CASES, headers=headers).json()["total"] == 1


def test_a_reader_opens_no_case(client: TestClient, house: House) -> None:
    answer = client.post(CASES, json={"title": "No"}, headers=token_headers(house, Scope.READ))
    assert answer.status_code == 403
