"""A clock that an authority shows to be wrong is warned of, and the log keeps the fact."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from archiver.evidence.timestamp import verify_response
from archiver.services.clock_watch import ClockWatch
from archiver.store.tables import LogEntry
from archiver.wiring import House
from tests.unit.evidence.makers import DATA, Maker

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAME, OTHER = "https://one.example", "https://two.example"
STAMP = verify_response(Maker().stamp(), DATA, [Maker().root])
"""Cut to the second: its authority's clock showed anything from 0 to 1 second more."""


class World:
    """A service whose clock and authorities say what the test wants."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.now = NOON
        self.watch = ClockWatch(
            database=house.database, clock=lambda: self.now, recorder=house.recorder
        )

    def answer(self, ahead: float, name: str = NAME, *, hours: float = 0) -> None:
        """An answer at so many hours after noon, by a clock that is ahead by so many seconds."""
        true = NOON + timedelta(hours=hours)
        self.now = true + timedelta(seconds=ahead)
        self.watch.compare(name, self.now, self.now, replace(STAMP, gen_time=true))

    def told(self) -> list[float]:
        with self.house.database.reading() as session:
            rows = session.exec(select(LogEntry).where(LogEntry.kind == "clock")).all()
        return [json.loads(row.record or b"")["seconds"] for row in rows]


@pytest.fixture
def world(house: House) -> World:
    return World(house)


@pytest.mark.parametrize("ahead", [-0.9, 0.0, 0.5, 0.999, 1.5, 1.999])
def test_a_clock_within_a_second_is_not_told(world: World, ahead: float) -> None:
    world.answer(ahead)
    assert (world.told(), world.watch.warnings()) == ([], [])


@pytest.mark.parametrize(
    ("ahead", "expected", "words"),
    [(2.5, 1.5, "+1.5 s"), (-3.25, -3.25, "-3.2 s")],
)
def test_a_clock_that_is_off_is_warned_of_and_logged(
    world: World, ahead: float, expected: float, words: str
) -> None:
    world.answer(ahead)
    assert world.told() == [expected]
    [warning] = world.watch.warnings()
    assert words in warning
    assert NAME in warning


def test_one_note_an_hour_and_authority(world: World) -> None:
    for minutes in range(0, 120, 10):
        world.answer(5, hours=minutes / 60)
        world.answer(5, OTHER, hours=minutes / 60)
    assert len(world.told()) == 4
    first, second = world.watch.warnings()
    assert NAME in first
    assert OTHER in second


def test_a_clock_that_was_set_right_is_noted_too_and_not_warned_of_any_more(world: World) -> None:
    world.answer(5)
    world.answer(0, hours=2)
    world.answer(0, hours=4)
    assert world.told() == [4.0, 0.0]
    assert world.watch.warnings() == []


def test_a_clock_that_was_set_back_from_the_future_is_noted_at_once(world: World) -> None:
    world.answer(86_400)
    world.answer(0, hours=0.01)
    assert world.told() == [86_399.0, 0.0]
    assert world.watch.warnings() == []


def test_what_nobody_confirms_for_a_day_is_no_longer_warned_of(world: World) -> None:
    world.answer(5)
    world.now += timedelta(hours=23)
    assert world.watch.warnings()
    world.now += timedelta(hours=2)
    assert world.watch.warnings() == []
    assert world.told() == [4.0]


def test_the_accuracy_that_an_authority_states_is_granted(world: World) -> None:
    sent = NOON + timedelta(seconds=3)
    loose = replace(STAMP, accuracy=timedelta(seconds=2))
    world.watch.compare(NAME, sent, sent, loose)
    assert world.told() == []


def test_the_note_is_sealed_and_its_leaf_says_all(world: World) -> None:
    world.answer(5)
    assert world.house.keeping.settle()
    with world.house.database.reading() as session:
        [leaf] = session.exec(select(LogEntry).where(LogEntry.kind == "clock")).all()
    record = json.loads(leaf.record or b"")
    assert record["id"] == leaf.subject_id
    assert record["id"].startswith("clk_")
    assert record["authority"] == NAME
    assert record["at"] == "2026-03-01T12:00:05Z"
    assert record["authority_time"] == "2026-03-01T12:00:00Z"
    assert world.house.sealing.prove(leaf.leaf_index).leaf_index == leaf.leaf_index
