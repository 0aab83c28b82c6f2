"""Which visits are made, by whom and when: walls, hosts, leases."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.config import Settings
from archiver.domain.errors import Unavailable
from archiver.domain.look import DIRECTLY, Look, Way
from archiver.domain.observation import Observation, Reason
from archiver.domain.post import Target
from archiver.services.access import OWNER
from archiver.services.checking import LEASE
from archiver.store.tables import Host, Watch
from archiver.wiring import House, build_house
from tests.integration.watches.model import (
    WALL,
    ModelLooker,
    ModelPost,
    MovedClock,
    next_due,
    visit_all_due,
)

OTHER_WALL = "https://wall.example/boots"
OTHER_HOST = "https://forum.example/thread"


def watch(house: House, text: str, url: str = WALL) -> str:
    view, _made = house.watching.start(OWNER, Target(url=url, text=text), actor="tok_test")
    return view.watch.id


def ask(house: House, watch_id: str) -> None:
    house.watching.ask(OWNER, watch_id, actor="tok_test")


def host(house: House, name: str = "wall.example") -> Host:
    with house.database.reading() as session:
        found = session.get(Host, name)
    assert found is not None
    return found


@pytest.fixture
def patient_house(tmp_path: Path, clock: MovedClock, looker: ModelLooker) -> House:
    """A house that lets a host rest for ten seconds after each visit."""
    settings = Settings(data=tmp_path / "patient", embedded_worker=False, host_pause=10)
    return build_house(settings, clock=clock, looker=looker)


def test_one_visit_serves_all_posts_of_a_wall(house: House, looker: ModelLooker) -> None:
    texts = [f"Complaint number {number}" for number in range(20)]
    for text in texts:
        watch(house, text)
    watch(house, "On another wall", OTHER_WALL)
    assert visit_all_due(house, looker) == 2
    seen = {url: sorted(wanted) for _, url, wanted in looker.visits}
    assert seen == {WALL: sorted(texts), OTHER_WALL: ["On another wall"]}


# Minutes since the last look, minutes until the next: is it taken along?
NEARLY = [
    (60, 0, True),  # due
    (60, -5, True),  # overdue
    (90, 10, True),  # a tenth of its time is left
    (50, 50, False),  # only half of its time has passed
    (0, 2, False),  # just looked at
]


@pytest.mark.parametrize(("since", "left", "taken"), NEARLY)
def test_a_post_that_is_nearly_due_is_taken_along(
    house: House, looker: ModelLooker, since: int, left: int, taken: bool
) -> None:
    other, now = watch(house, "Other"), house.clock()
    with house.database.transaction() as session:
        row = session.get(Watch, other)
        assert row is not None
        row.last_check_at = now - timedelta(minutes=since)
        row.next_check_at = now + timedelta(minutes=left)
    watch(house, "Due now")
    visit_all_due(house, looker)
    assert ("Other" in looker.visits[0][2]) is taken
    assert len(looker.visits) == 1


def test_each_post_brings_its_own_history(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch(house, "First")
    visit_all_due(house, looker)
    clock.forward(hours=3)
    watch(house, "Second")
    visit_all_due(house, looker)
    seen = dict(zip(looker.visits[1][2], looker.histories[1], strict=True))
    assert seen == {"First": 1, "Second": 0}


def test_a_host_rests_between_two_visits(
    patient_house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    for url in (WALL, OTHER_WALL, OTHER_HOST):
        watch(patient_house, "A complaint", url)
    assert visit_all_due(patient_house, looker) == 2
    assert {url for _, url, _ in looker.visits} in ({WALL, OTHER_HOST}, {OTHER_WALL, OTHER_HOST})
    clock.forward(seconds=9)
    assert visit_all_due(patient_house, looker) == 0
    clock.forward(seconds=1)
    assert visit_all_due(patient_house, looker) == 1


def test_only_one_visit_at_a_time_to_a_host(house: House) -> None:
    watch(house, "A complaint")
    watch(house, "A complaint", OTHER_WALL)
    watch(house, "A complaint", OTHER_HOST)
    first, second = house.checking.claim(), house.checking.claim()
    assert first is not None
    assert second is not None
    assert {first.host, second.host} == {"wall.example", "forum.example"}
    assert house.checking.claim() is None


def test_the_lease_of_a_dead_worker_runs_out(house: House, clock: MovedClock) -> None:
    watch_id = watch(house, "A complaint")
    dead = house.checking.claim()
    assert dead is not None
    clock.now += LEASE - timedelta(seconds=1)
    assert house.checking.claim() is None
    clock.forward(seconds=1)
    taken = house.checking.claim()
    assert taken is not None
    assert (taken.watch_ids, taken.owner != dead.owner) == ((watch_id,), True)


def test_a_late_release_does_not_take_anothers_lease(
    house: House, clock: MovedClock, looker: ModelLooker
) -> None:
    watch(house, "A complaint")
    slow = house.checking.claim()
    clock.now += LEASE
    taken = house.checking.claim()
    assert slow is not None
    assert taken is not None
    asyncio.run(house.checking.make(looker, slow))
    assert host(house).lease_owner == taken.owner


class FaultyLooker:
    """A looker whose browser does not start."""

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[Sequence[Observation]],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        raise Unavailable("no browser")


def test_a_fault_of_ours_gives_the_lease_back_and_records_nothing(
    house: House, clock: MovedClock
) -> None:
    watch_id = watch(house, "A complaint")
    visit = house.checking.claim()
    assert visit is not None
    with pytest.raises(Unavailable):
        asyncio.run(house.checking.make(FaultyLooker(), visit))
    assert host(house).lease_owner is None
    house.checking.put_off(visit)
    view = house.watching.show(OWNER, watch_id)
    assert view.watch.next_check_at == clock.now + timedelta(minutes=1)
    assert view.verdict.state == "indeterminate"
    assert house.watching.looks(OWNER, watch_id, offset=0, limit=1).total == 0


def test_a_challenge_stops_scheduled_visits_but_not_one_that_is_asked_for(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.obstacle = Reason.CHALLENGE
    first = watch(house, "A complaint")
    visit_all_due(house, looker)
    watch(house, "On another wall of the host", OTHER_WALL)
    assert visit_all_due(house, looker) == 0
    view = house.watching.show(OWNER, first)
    assert (view.waits_until, view.waits_for) == (clock.now + timedelta(hours=1), "challenge")

    ask(house, first)
    assert visit_all_due(house, looker) == 1
    looker.obstacle, looker.posts = None, [ModelPost("A complaint", clock.now)]
    ask(house, first)
    # The page opens again: the other wall needs to wait no longer.
    assert visit_all_due(house, looker) == 2
    assert host(house).not_before is None


def test_retry_after_holds_for_everybody(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.obstacle, looker.retry_after = Reason.RATE_LIMITED, 120.0
    watch_id = watch(house, "A complaint")
    visit_all_due(house, looker)
    ask(house, watch_id)
    clock.forward(seconds=119)
    assert visit_all_due(house, looker) == 0
    clock.forward(seconds=1)
    assert visit_all_due(house, looker) == 1


def test_a_host_cannot_end_its_observation_by_retry_after(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.obstacle, looker.retry_after = Reason.RATE_LIMITED, 10.0**9
    watch_id = watch(house, "A complaint")
    visit_all_due(house, looker)
    assert host(house).not_before == clock.now + timedelta(days=1)
    due = house.watching.show(OWNER, watch_id).watch.next_check_at
    assert due is not None
    assert due <= clock.now + timedelta(days=1)


def test_what_a_person_waits_for_comes_first(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch(house, "Overdue", OTHER_HOST)
    asked = watch(house, "Asked for")
    clock.forward(hours=1)
    ask(house, asked)
    visit_all_due(house, looker)
    assert [texts for _, _, texts in looker.visits] == [("Asked for",), ("Overdue",)]


def test_a_stopped_watch_is_not_visited(house: House, looker: ModelLooker) -> None:
    watch_id = watch(house, "A complaint")
    house.watching.stop(OWNER, watch_id, actor="tok_test")
    assert visit_all_due(house, looker) == 0
    assert next_due(house) is None


def test_a_watch_that_is_stopped_during_the_visit_stays_stopped(
    house: House, looker: ModelLooker
) -> None:
    watch_id = watch(house, "A complaint")
    visit = house.checking.claim()
    assert visit is not None
    house.watching.stop(OWNER, watch_id, actor="tok_test")
    asyncio.run(house.checking.make(looker, visit))
    view = house.watching.show(OWNER, watch_id)
    assert view.watch.next_check_at is None
    assert house.watching.looks(OWNER, watch_id, offset=0, limit=1).total == 1


async def test_a_heartbeat_keeps_the_lease_of_a_long_visit(
    house: House, clock: MovedClock, monkeypatch: Any
) -> None:
    monkeypatch.setattr("archiver.services.checking.HEARTBEAT", 0.01)
    watch(house, "A complaint")
    visit = house.checking.claim()
    assert visit is not None
    begun = host(house).lease_until
    assert begun is not None

    class LongLooker(ModelLooker):
        async def visit(self, *arguments: Any) -> list[Look]:
            clock.now = begun - timedelta(seconds=1)
            while host(house).lease_until == begun:  # noqa: ASYNC110 - a row, not an event
                await asyncio.sleep(0.01)
            clock.forward(seconds=5)
            assert house.checking.claim() is None
            return await super().visit(*arguments)

    looker = LongLooker(clock)
    await house.checking.make(looker, visit)
    assert len(looker.visits) == 1
    assert host(house).lease_owner is None
