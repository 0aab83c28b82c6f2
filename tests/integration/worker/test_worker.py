"""The worker's loop: embedded, it is woken by a person; whatever fails, the others go on."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from archiver.checker.second_look import Paths
from archiver.config import Settings
from archiver.domain.look import DIRECTLY, Look, Way
from archiver.domain.observation import Observation
from archiver.domain.post import Target
from archiver.services.access import OWNER
from archiver.services.bell import in_thread
from archiver.services.checking import Checking
from archiver.services.visit_plan import Visit
from archiver.services.visits import Visits
from archiver.wiring import House, build_house, utc_now
from archiver.worker import Worker
from tests.integration.client import TestClient, client_for, token_headers
from tests.integration.watches.model import WALL, ModelLooker, ModelPost

WATCHES = "/api/v1/watches"
TEXT = "Both soles have holes."


@contextmanager
def service(tmp_path: Path, looker: ModelLooker, **settings: Any) -> Iterator[TestClient]:
    """The application with its worker, on the real clock."""
    house = build_house(Settings(data=tmp_path / "data", **settings), looker=looker)
    with client_for(house, headers=token_headers(house)) as client:
        yield client


def test_a_person_who_asks_wakes_the_worker_and_gets_the_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.worker.POLL", 600.0)  # only the bell can wake it in time
    looker = ModelLooker(utc_now, [ModelPost(TEXT, utc_now())])
    with service(tmp_path, looker, host_pause=0) as client:
        watch_id = client.post(WATCHES, json={"url": WALL, "text": TEXT}).json()["id"]
        first = client.post(f"{WATCHES}/{watch_id}/checks", params={"wait": 60})
        second = client.post(f"{WATCHES}/{watch_id}/checks", params={"wait": 60})
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["observation"]["sighting"] == "present"
    assert second.json()["observation"]["id"] != first.json()["observation"]["id"]
    assert second.json()["watch"]["verdict"]["state"] == "visible"


def test_a_capture_is_witnessed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.integration.captures.sample import Sample, send  # noqa: PLC0415

    monkeypatch.setattr("archiver.worker.POLL", 600.0)
    looker = ModelLooker(utc_now)
    with service(tmp_path, looker) as client:
        made = send(client, Sample())
        path = f"{WATCHES}/{made['watch_id']}/observations"
        wait_until(lambda: client.get(path).json()["total"] == 1)


def wait_until(condition: Any, *, seconds: float = 60) -> None:
    async def poll() -> None:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - asks over HTTP
                await asyncio.sleep(0.05)

    asyncio.run(poll())


class OddLooker(ModelLooker):
    """Fails on one wall, by an error that nobody foresaw; answers on the others."""

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[Sequence[Observation]],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        if url == WALL:
            raise ZeroDivisionError
        return await super().visit(url, targets, histories)


@pytest.fixture
def steady_house(tmp_path: Path) -> House:
    return build_house(Settings(data=tmp_path / "data", host_pause=0), looker=ModelLooker(utc_now))


def start(house: House, url: str) -> str:
    view, _ = house.watching.start(OWNER, Target(url=url, text=TEXT), actor="tok_test")
    return view.watch.id


def looks(house: House, watch_id: str) -> int:
    return house.watching.looks(OWNER, watch_id, offset=0, limit=1).total


async def settle(worker: Worker, condition: Any) -> None:
    """Runs the worker until the condition holds, then stops it."""
    task = asyncio.create_task(worker.run())
    async with asyncio.timeout(60):
        while not await in_thread(condition):  # noqa: ASYNC110 - asks the database
            await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_one_walls_failure_does_not_stop_the_others(steady_house: House) -> None:
    odd = start(steady_house, WALL)
    even = start(steady_house, "https://forum.example/thread")
    looker = OddLooker(utc_now)
    worker = Worker(
        steady_house.checking, lambda: nullcontext(looker), wake=steady_house.wake, concurrent=1
    )

    def done() -> bool:
        reason = steady_house.watching.show(OWNER, odd).watch.next_check_reason
        return looks(steady_house, even) == 1 and reason == "the last visit failed"

    await settle(worker, done)
    assert looks(steady_house, odd) == 0
    assert steady_house.watching.show(OWNER, odd).verdict.state == "indeterminate"


class FlakyChecking(Checking):
    """A database that is away for the first questions."""

    def claim(self) -> Visit | None:
        self.asked = getattr(self, "asked", 0) + 1
        if self.asked <= 2:
            raise ConnectionError("the database is away")
        return super().claim()


async def test_a_database_that_was_away_is_asked_again(
    steady_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.worker.POLL", 0.01)
    flaky = FlakyChecking(
        database=steady_house.database,
        concluding=steady_house.concluding,
        budgets=steady_house.budgets,
        visits=Visits(
            blobs=steady_house.blobs,
            recorder=steady_house.recorder,
            posts=steady_house.wall_posts,
            software="rature test",
        ),
        clock=utc_now,
        random=steady_house.random,
        host_pause=0,
        policy=steady_house.settings.policy,
        paths=Paths(),
        plain_looks=False,
    )
    watch_id = start(steady_house, WALL)
    looker = ModelLooker(utc_now)
    worker = Worker(flaky, lambda: nullcontext(looker), wake=steady_house.wake, concurrent=1)
    await settle(worker, lambda: looks(steady_house, watch_id) == 1)


class EndlessLooker(ModelLooker):
    """A visit that never ends by itself."""

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[Sequence[Observation]],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        self.visits.append((self.clock(), url, ()))
        await asyncio.Event().wait()
        return []


async def test_a_worker_that_is_stopped_gives_its_leases_back(steady_house: House) -> None:
    watch_id = start(steady_house, WALL)
    looker = EndlessLooker(utc_now)
    worker = Worker(
        steady_house.checking, lambda: nullcontext(looker), wake=steady_house.wake, concurrent=2
    )
    await settle(worker, lambda: bool(looker.visits))
    assert looks(steady_house, watch_id) == 0
    again = steady_house.checking.claim()
    assert again is not None
    assert again.watch_ids == (watch_id,)
