"""Each checkpoint is later than the one before it, whatever the clock says."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from archiver.config import Settings
from archiver.domain.errors import Unavailable
from archiver.store.tables import CheckpointRow, Stamp
from archiver.wiring import House, build_house
from tests.integration.clock import MovableClock
from tests.integration.sealing.conftest import add_leaves


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def timed(tmp_path: Path, clock: MovableClock) -> Iterator[House]:
    with build_house(Settings(data=tmp_path / "data"), clock=clock) as house:
        yield house


def signed(house: House) -> list[CheckpointRow]:
    with house.database.reading() as session:
        return list(session.exec(select(CheckpointRow).order_by(text("size"))))


def seal_after(house: House, clock: MovableClock, seconds: float) -> None:
    clock.move(seconds=seconds)
    add_leaves(house, 1)
    house.sealing.seal()


# how far the clock moves between two signatures: within the size of a correction
@pytest.mark.parametrize("seconds", [1, 0, -0.5, -4.5])
def test_time_progresses_when_the_clock_is_corrected(
    timed: House, clock: MovableClock, seconds: float
) -> None:
    for move in (0, seconds, 0):
        seal_after(timed, clock, move)
    times = [row.created_at for row in signed(timed)]
    assert times[0] < times[1] < times[2]
    assert times[1] - max(times[0], clock.now) <= timedelta(seconds=5, microseconds=1)


def test_a_clock_that_went_back_signs_nothing_and_is_named(
    timed: House, clock: MovableClock
) -> None:
    seal_after(timed, clock, 0)
    with pytest.raises(Unavailable, match=r"clock went back.*2026-11-21T12:00:00Z"):
        seal_after(timed, clock, -6)
    assert timed.keeping.settle() is False
    assert any("clock went back" in warning for warning in timed.warnings())
    assert len(signed(timed)) == 1
    # nothing is lost: it is sealed as soon as the clock is right
    clock.move(seconds=7)
    assert timed.keeping.settle()
    assert [row.size for row in signed(timed)] == [1, 2]


def test_a_clock_that_was_far_ahead_is_taken_back_when_the_operator_says_so(
    timed: House, clock: MovableClock
) -> None:
    clock.move(days=3650)
    seal_after(timed, clock, 0)
    clock.move(days=-3650)
    with pytest.raises(Unavailable, match="RATURE_ACCEPT_CLOCK"):
        seal_after(timed, clock, 1)
    settings = Settings(data=timed.settings.data, accept_clock=True)
    with build_house(settings, clock=clock) as once:
        assert once.sealing.seal() == 2
    assert signed(timed)[1].created_at == clock.now
    seal_after(timed, clock, 1)  # and from then on as usual
    assert len(signed(timed)) == 3


def test_stamps_do_not_wait_for_the_invented_microsecond(timed: House) -> None:
    for _ in range(3):
        add_leaves(timed, 1)
        assert timed.keeping.settle()
    with timed.database.reading() as session:
        assert {stamp.response is None for stamp in session.exec(select(Stamp))} == {False}
