"""The man with the holes in his soles, told through the HTTP API with its dates and times.

The wall is a model whose posts are there for spans of time; the clock moves from look to look.
Times of the wall are those of Paris, where the story happened; stored and answered in UTC.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from archiver.config import Settings
from archiver.wiring import House, build_house
from tests.integration.captures.sample import Part, Sample, picture, send
from tests.integration.client import TestClient, client_for, token_headers
from tests.integration.watches.model import ModelLooker, ModelPost, MovedClock, live_until

PARIS = ZoneInfo("Europe/Paris")
WALL = "https://social.example/shoe-brand"
AUTHOR = "Le client"
COMPLAINT = "Achetées en juillet 2010 : après huit mois, les deux semelles sont trouées."
AGAIN = "Achetées en juillet 2010 : après huit mois les deux semelles sont trouées !"
THIRD = "Achetées en juillet 2010. Après huit mois, les deux semelles sont trouées."
KEPT = "Achetées en juillet 2010. Après huit mois, les deux semelles sont trouées. N° 4"
SUPPORT = "Il a raison, ma paire a fini exactement de la même façon."
PRAISE = "Moi, je suis très contente de mes chaussures, une marque formidable."
PHOTO = picture(120, 90)


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS).astimezone(UTC)  # type: ignore[misc, arg-type]


# What the brand's moderator and the man did on the wall.
FIRST_POSTED, FIRST_ERASED = paris(2011, 7, 4, 9, 30), paris(2011, 7, 4, 13, 10)
PRAISE_POSTED = paris(2011, 7, 20, 18, 0)
SECOND_POSTED, SECOND_ERASED = paris(2011, 7, 26, 20, 12), paris(2011, 7, 26, 20, 47)
THIRD_POSTED, THIRD_WITHDRAWN = paris(2011, 7, 27, 10, 0), paris(2011, 7, 29, 21, 0)
KEPT_POSTED = paris(2011, 7, 27, 10, 5)
SUPPORT_POSTED, SUPPORT_ERASED = paris(2011, 7, 28, 15, 0), paris(2011, 7, 28, 17, 20)
END = paris(2011, 9, 8, 12, 0)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(FIRST_POSTED)


@pytest.fixture
def looker(clock: MovedClock) -> ModelLooker:
    return ModelLooker(clock)


@pytest.fixture
def house(tmp_path: Path, clock: MovedClock, looker: ModelLooker) -> House:
    settings = Settings(data=tmp_path / "data", embedded_worker=False, host_pause=0)
    return build_house(settings, clock=clock, looker=looker)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with client_for(house, headers=token_headers(house)) as client:
        yield client


def capture(client: TestClient, case_id: str, post_id: str, text: str, at: datetime) -> str:
    """What the extension sends a minute after the man has posted: its watch's id."""
    moment = at.isoformat()
    sample = Sample(
        files=[Part("screenshot", f"{post_id}.png", "image/png", PHOTO)],
        key=post_id,
        changes={
            "case_id": case_id,
            "page": {"url": WALL, "status": 200},
            "post": {
                "text": text,
                "author": AUTHOR,
                "post_id": post_id,
                "permalink": f"{WALL}/posts/{post_id}",
            },
            "started_at": moment,
            "finished_at": moment,
        },
    )
    watch_id: str = send(client, sample)["watch_id"]
    return watch_id


def add(client: TestClient, case_id: str, watch_id: str, posted_at: datetime, *, own: bool) -> None:
    sent = {"watch_id": watch_id, "own": own, "posted_at": posted_at.isoformat()}
    assert client.post(f"/api/v1/cases/{case_id}/watches", json=sent).status_code == 201


def watch(client: TestClient, text: str, author: str) -> str:
    sent = {"url": WALL, "text": text, "author": author}
    answer = client.post("/api/v1/watches", json=sent)
    assert answer.status_code == 201
    identifier: str = answer.json()["id"]
    return identifier


def event(client: TestClient, case_id: str, at: datetime, **fields: Any) -> str:
    sent = {"at": at.isoformat(), **fields}
    answer = client.post(f"/api/v1/cases/{case_id}/events", json=sent)
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier


def verdict_of(client: TestClient, watch_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/watches/{watch_id}").json()["verdict"]
    return found


def window(verdict: dict[str, Any]) -> tuple[datetime, datetime]:
    return (
        datetime.fromisoformat(verdict["last_seen"]),
        datetime.fromisoformat(verdict["first_missing"]),
    )


def test_story_of_the_shoes(
    client: TestClient, house: House, clock: MovedClock, looker: ModelLooker
) -> None:
    looker.posts = [
        ModelPost(COMPLAINT, FIRST_POSTED, FIRST_ERASED),
        ModelPost(AGAIN, SECOND_POSTED, SECOND_ERASED),
        ModelPost(THIRD, THIRD_POSTED, THIRD_WITHDRAWN),
        ModelPost(KEPT, KEPT_POSTED),
        ModelPost(SUPPORT, SUPPORT_POSTED, SUPPORT_ERASED),
        ModelPost(PRAISE, PRAISE_POSTED),
    ]
    opened = client.post("/api/v1/cases", json={"title": "Semelles trouées", "brand": "Chaussures"})
    case_id = opened.json()["id"]

    # The complaint with its photo disappears some hours after it was posted.
    clock.now = FIRST_POSTED + timedelta(minutes=1)
    first = capture(client, case_id, "1001", COMPLAINT, clock.now)
    add(client, case_id, first, FIRST_POSTED, own=True)
    live_until(house, clock, looker, FIRST_POSTED + timedelta(minutes=3))
    assert client.get(f"/api/v1/watches/{first}").json()["grade"] == "user+witness"
    live_until(house, clock, looker, FIRST_POSTED + timedelta(days=4))
    seen, missed = window(verdict_of(client, first))
    assert seen < FIRST_ERASED <= missed
    # Looks are planned 2 and 4 hours after the capture, each moved by 15 % of its gap at the most.
    assert missed - seen <= timedelta(hours=2, minutes=30)

    live_until(house, clock, looker, PRAISE_POSTED + timedelta(hours=1))
    praise = watch(client, PRAISE, "Aleksandra Z.")

    # Weeks later again, between 20:00 and 21:00; erased within that very hour.
    live_until(house, clock, looker, SECOND_POSTED + timedelta(minutes=1))
    second = capture(client, case_id, "1002", AGAIN, clock.now)
    add(client, case_id, second, SECOND_POSTED, own=True)
    live_until(house, clock, looker, paris(2011, 7, 26, 21, 0))
    suspected = verdict_of(client, second)
    assert (suspected["state"], suspected["level"]) == ("removed", "suspected")
    seen, missed = window(suspected)
    assert paris(2011, 7, 26, 20, 12) < seen < SECOND_ERASED <= missed <= paris(2011, 7, 26, 21, 0)
    assert missed - seen <= timedelta(minutes=19)

    # In a loop, then; all but one he takes back himself. A stranger's support is erased.
    live_until(house, clock, looker, THIRD_POSTED + timedelta(minutes=1))
    third = capture(client, case_id, "1003", THIRD, clock.now)
    add(client, case_id, third, THIRD_POSTED, own=True)
    live_until(house, clock, looker, KEPT_POSTED + timedelta(minutes=1))
    kept = capture(client, case_id, "1004", KEPT, clock.now)
    add(client, case_id, kept, KEPT_POSTED, own=True)
    live_until(house, clock, looker, SUPPORT_POSTED + timedelta(minutes=2))
    support = watch(client, SUPPORT, "Une inconnue")
    add(client, case_id, support, SUPPORT_POSTED, own=False)
    live_until(house, clock, looker, THIRD_WITHDRAWN)
    taken_back = {"notice": "withdrawn", "text": "Je l'ai retirée moi-même."}
    assert client.post(f"/api/v1/watches/{third}/notices", json=taken_back).status_code == 201

    # Off the wall.
    message = event(
        client,
        case_id,
        paris(2011, 7, 28, 11, 0),
        kind="private_message",
        direction="from_brand",
        text="Donnez-nous votre adresse, pour régler cela.",
    )
    promise = event(
        client,
        case_id,
        paris(2011, 7, 30, 16, 0),
        kind="promise",
        direction="from_brand",
        text="Quelqu'un sera de retour le 8 août.",
        due_at=paris(2011, 8, 8, 0, 0).isoformat(),
    )
    live_until(house, clock, looker, END)
    letter = event(
        client,
        case_id,
        paris(2011, 9, 7, 19, 0),
        kind="email",
        direction="from_brand",
        text="Le licencié écrit pour la première fois.",
    )
    claim = event(
        client,
        case_id,
        paris(2011, 9, 6, 12, 10),
        kind="claim",
        direction="from_brand",
        text="Tout a été fait, et le licencié vous a écrit.",
        claims_event_id=letter,
    )

    # What became of each posting.
    case = client.get(f"/api/v1/cases/{case_id}").json()
    fates = {p["id"]: (p["verdict"]["state"], p["verdict"]["level"]) for p in case["postings"]}
    assert fates == {
        first: ("removed", "confirmed"),
        second: ("removed", "confirmed"),
        third: ("withdrawn", None),
        kept: ("visible", None),
        support: ("removed", "confirmed"),
    }
    silent = {p["id"]: p["verdict"]["silent"] for p in case["postings"]}
    assert silent == {first: True, second: True, third: False, kept: False, support: True}
    assert {p["id"]: p["verdict"]["actor"] for p in case["postings"]}[first] == "unknown"
    assert verdict_of(client, praise)["state"] == "visible"

    # The figures.
    figures = case["figures"]
    counted = {name: figures[name] for name in ("postings", "own", "of_others", "vanished")}
    assert counted == {"postings": 5, "own": 4, "of_others": 1, "vanished": 3}
    assert (figures["vanished_own"], figures["vanished_of_others"]) == (2, 1)
    assert figures["removed_by_level"] == {"suspected": 0, "likely": 0, "confirmed": 3}
    assert figures["silent"] == 3
    assert figures["withdrawn"] == 1
    assert (figures["still_visible"], figures["open"], figures["restored"]) == (1, 0, 0)
    assert figures["complaints"] == [[first, second, third, kept]]
    assert figures["seconds_between_postings"] == [
        (SECOND_POSTED - FIRST_POSTED).total_seconds(),
        (THIRD_POSTED - SECOND_POSTED).total_seconds(),
        (KEPT_POSTED - THIRD_POSTED).total_seconds(),
    ]
    assert figures["days"] == [
        {"day": "2011-07-04", "posted": 1, "vanished": 1},
        {"day": "2011-07-26", "posted": 1, "vanished": 1},
        {"day": "2011-07-27", "posted": 2, "vanished": 0},
        {"day": "2011-07-28", "posted": 1, "vanished": 1},
    ]
    lifetimes = {p["watch_id"]: p["lifetime"] for p in figures["by_posting"]}
    lived = (SECOND_ERASED - SECOND_POSTED).total_seconds()
    assert lifetimes[second]["at_least"] < lived <= lifetimes[second]["at_most"] < 3600
    assert lifetimes[third] is None

    # Nobody has answered since; the promise is a month overdue.
    assert figures["first_complaint_at"] == "2011-07-04T07:30:00Z"
    assert figures["first_answer_at"] is None
    assert figures["days_unanswered"] == pytest.approx((END - FIRST_POSTED) / timedelta(days=1))
    assert figures["promises"] == [
        {
            "event_id": promise,
            "made_at": "2011-07-30T14:00:00Z",
            "due_at": "2011-08-07T22:00:00Z",
            "kept_at": None,
            "days_overdue": pytest.approx(31.5),
            "broken": True,
        }
    ]

    # The timeline: the claim comes before what it says had already happened.
    timeline = case["timeline"]
    assert [entry["at"] for entry in timeline] == sorted(entry["at"] for entry in timeline)
    contradictions = {
        entry["subject_id"]: entry["contradiction"] for entry in timeline if entry["contradiction"]
    }
    assert contradictions == {
        claim: {
            "claimed_event_id": letter,
            "happened_at": "2011-09-07T17:00:00Z",
            "seconds_early": (timedelta(days=1, hours=6, minutes=50)).total_seconds(),
        }
    }
    off_the_wall = [(e["kind"], e["subject_id"]) for e in timeline if e["subject_id"][:4] == "evt_"]
    assert off_the_wall == [
        ("private_message", message),
        ("promise", promise),
        ("promise_due", promise),
        ("claim", claim),
        ("email", letter),
    ]
    of_third = [entry["kind"] for entry in timeline if entry["subject_id"] == third]
    assert of_third == ["posted", "last_seen", "withdrawn", "first_missing"]

    # One visit served all posts that were due together.
    assert {url for _, url, _ in looker.visits} == {WALL}
    assert max(len(texts) for _, _, texts in looker.visits) > 1
