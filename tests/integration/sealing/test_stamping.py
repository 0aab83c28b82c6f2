"""Time stamps: pending until an authority answers, and verified before they are kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from archiver.domain.errors import Unavailable
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.checkpoint import parse
from archiver.evidence.timestamp import make_request, verify_response
from archiver.services.stamping import Stamping
from archiver.services.trust import Trust
from archiver.store.repository import log, stamps
from archiver.store.tables import CheckpointRow, Stamp
from archiver.wiring import House
from tests.integration.sealing.conftest import add_leaves

FIRST, SECOND = "https://one.example/tsa", "https://two.example/tsa"


class Remote:
    """An authority on another machine, which can be away or lie."""

    def __init__(self, name: str, folder: Path, house: House) -> None:
        self.name = name
        self._inner = LocalAuthority.open(folder, house.clock, house.random)
        self.root = self._inner.root
        self.away = False
        self.lies = False
        self.asked = 0

    def stamp(self, request: bytes) -> bytes:
        self.asked += 1
        if self.away:
            raise Unavailable(f"{self.name} does not answer")
        if self.lies:
            request, _ = make_request(b"something else", bytes)
        return self._inner.stamp(request)


class Clock:
    def __init__(self, house: House) -> None:
        self._clock = house.clock
        self.ahead = timedelta()

    def __call__(self):  # type: ignore[no-untyped-def]
        return self._clock() + self.ahead


class World:
    """A leaf that two remote authorities are to stamp."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.clock = Clock(house)
        self.remotes = [
            Remote(name, folder / str(number), house) for number, name in enumerate((FIRST, SECOND))
        ]
        add_leaves(house, 1)
        with house.database.transaction() as session:
            stamps.wish(session, "leaf", 0, (FIRST, SECOND), house.clock())
        local = LocalAuthority.open(folder / "local", house.clock, house.random)
        self.stamping = Stamping(
            database=house.database,
            clock=self.clock,
            random=house.random,
            authorities=self.remotes,
            trust=Trust(local.root, [remote.root for remote in self.remotes]),
        )

    def rows(self) -> dict[str, Stamp]:
        with self.house.database.reading() as session:
            return {
                row.authority: row
                for row in session.exec(select(Stamp).where(Stamp.subject_kind == "leaf"))
            }


@pytest.fixture
def world(house: House, tmp_path: Path) -> World:
    return World(house, tmp_path)


def test_each_authority_stamps_the_statement(world: World) -> None:
    assert world.stamping.stamp_due() == 2
    with world.house.database.reading() as session:
        entry = log.entry(session, 0)
    assert entry is not None
    for remote in world.remotes:
        row = world.rows()[remote.name]
        assert row.response is not None
        stamp = verify_response(row.response, entry.statement, [remote.root])
        assert row.gen_time == stamp.gen_time
    assert world.stamping.stamp_due() == 0


def test_one_that_is_away_is_asked_again_later_each_time_later(world: World) -> None:
    first, second = world.remotes
    first.away = True
    world.stamping.stamp_due()
    assert world.rows()[SECOND].response is not None
    row = world.rows()[FIRST]
    assert (row.response, row.attempts, row.error) == (None, 1, f"{FIRST} does not answer")
    assert world.stamping.stamp_due() == 0
    pauses = []
    for _ in range(4):
        wait = world.stamping.seconds_until_due()
        assert wait is not None
        pauses.append(round(wait))
        world.clock.ahead += timedelta(seconds=wait + 0.1)
        assert world.stamping.stamp_due() == 1
    assert pauses == [5, 10, 20, 40]
    first.away = False
    world.clock.ahead += timedelta(hours=1)
    world.stamping.stamp_due()
    assert world.rows()[FIRST].response is not None
    assert world.stamping.seconds_until_due() is None
    assert second.asked == 1


def test_an_authority_that_is_away_is_asked_once_for_all(world: World) -> None:
    add_leaves(world.house, 5)
    with world.house.database.transaction() as session:
        for index in range(1, 6):
            stamps.wish(session, "leaf", index, (FIRST,), world.house.clock())
    world.remotes[0].away = True
    world.stamping.stamp_due()
    assert world.remotes[0].asked == 1
    assert world.stamping.stamp_due() == 0


def test_response_over_other_data_is_not_kept(world: World) -> None:
    world.remotes[0].lies = True
    world.stamping.stamp_due()
    row = world.rows()[FIRST]
    assert row.response is None
    assert row.error
    assert world.rows()[SECOND].response is not None


def test_response_under_an_unknown_root_is_not_kept(world: World, tmp_path: Path) -> None:
    stranger = Remote(FIRST, tmp_path / "stranger", world.house)
    world.stamping._authorities[FIRST] = stranger
    world.stamping.stamp_due()
    assert world.rows()[FIRST].response is None


def test_each_checkpoint_is_stamped_by_the_embedded_authority(house: House) -> None:
    add_leaves(house, 2)
    assert house.keeping.settle()
    with house.database.reading() as session:
        [checkpoint] = session.exec(select(CheckpointRow))
        [stamp] = stamps.stamps_of(session, "checkpoint", [2])
    assert stamp.authority == "local"
    assert stamp.response is not None
    root = LocalAuthority.open(house.settings.data / "keys", house.clock, house.random).root
    verify_response(stamp.response, parse(checkpoint.note).text.encode(), [root])


def test_replaced_authority_is_not_waited_for_in_vain(world: World) -> None:
    first, _ = world.remotes
    first.away = True
    with world.house.database.transaction() as session:
        for row in session.exec(select(Stamp).where(Stamp.authority == SECOND)):
            session.delete(row)
    world.stamping.stamp_due()
    # the service starts again with its embedded authority only
    world.house.sealing.adopt()
    world.house.sealing.adopt()
    assert set(world.rows()) == {FIRST, "local"}
    assert world.house.keeping.settle()
    assert world.rows()["local"].response is not None
    # what is stamped is not asked for again
    world.house.sealing.adopt()
    assert set(world.rows()) == {FIRST, "local"}
