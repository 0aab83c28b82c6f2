"""Requests that come at the same moment, on either database."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from archiver.config import Settings
from archiver.wiring import House, build_house
from tests.integration.captures.sample import CAPTURES, Sample, receipt_of
from tests.integration.client import TestClient, client_for, token_headers

SENDERS = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def any_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("database_url")
    settings = Settings(data=tmp_path / "data", database_url=url, embedded_worker=False)
    with build_house(settings) as house:
        yield house


@pytest.fixture
def any_client(any_house: House) -> Iterator[TestClient]:
    with client_for(any_house, headers=token_headers(any_house)) as client:
        yield client


def test_same_key_at_the_same_moment_makes_one_capture(any_client: TestClient) -> None:
    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(
            senders.map(lambda _: any_client.post(CAPTURES, **Sample().request()), range(SENDERS))
        )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: SENDERS - 1}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(any_client.get(CAPTURES).json()["captures"]) == 1


def test_captures_of_one_post_at_the_same_moment_share_its_watch(any_client: TestClient) -> None:
    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(
            senders.map(
                lambda number: any_client.post(CAPTURES, **Sample(key=f"k{number}").request()),
                range(SENDERS),
            )
        )
    assert [answer.status_code for answer in answers] == [201] * SENDERS
    captures = [answer.json() for answer in answers]
    assert len({capture["watch_id"] for capture in captures}) == 1
    # one leaf for each capture and one for each custody event, without gaps
    assert sorted(capture["leaf_index"] for capture in captures) == list(range(0, 16, 2))
    for capture in captures:
        assert receipt_of(any_client, capture)["time"] in {"stamped", "pending"}


def test_database_that_is_away_is_said_so_and_the_same_key_works_later(
    house: House, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("gone"))

    monkeypatch.setattr(house.recorder, "append", away)
    answer = client.post(CAPTURES, **Sample().request())
    assert answer.status_code == 503
    assert "send it again" in answer.json()["detail"]
    monkeypatch.undo()
    assert client.post(CAPTURES, **Sample().request()).status_code == 201
