"""Answers whose root is not known, and authorities that never give anything that counts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat import asn1
from sqlmodel import select

from archiver.domain.errors import Unavailable
from archiver.evidence import tsp
from archiver.evidence.timestamp import verify_response
from archiver.evidence.token_rules import Demands
from archiver.services.stamping import Stamping
from archiver.services.trust import Trust
from archiver.store.repository import log, stamps
from archiver.store.tables import Stamp
from archiver.wiring import House
from tests.integration.sealing.conftest import add_leaves
from tests.unit.evidence.makers import ROOT_KEY, UNDER_MIDDLE, Maker, certificate, middle, signer

NAME = "https://tsa.example"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Authority:
    """Answers with whatever its maker is told to make; brings no root along."""

    maker: Maker = field(default_factory=Maker)
    name: str = NAME
    asked: int = 0
    away: bool = False
    nonce_off: int = 0
    data: bytes | None = None

    def stamp(self, request: bytes) -> bytes:
        self.asked += 1
        if self.away:
            raise Unavailable("away")
        read = asn1.decode_der(tsp.TimeStampReq, request)
        assert read.nonce is not None
        return self.maker.stamp(self.data or b"", read.nonce + self.nonce_off)


class World:
    """A leaf that an authority is to stamp, and a clock that stands still."""

    def __init__(self, house: House, roots: list[x509.Certificate]) -> None:
        self.house = house
        self.now = NOON
        self.authority = Authority()
        add_leaves(house, 1)
        with house.database.transaction() as session:
            entry = log.entry(session, 0)
            assert entry is not None
            self.authority.data = entry.statement
            stamps.wish(session, "leaf", 0, [NAME], NOON)
        self.use(roots)

    def use(self, roots: list[x509.Certificate], demands: Demands = Demands()) -> None:
        """The service starts with these roots."""
        self.stamping = Stamping(
            database=self.house.database,
            clock=lambda: self.now,
            random=self.house.random,
            authorities=[self.authority],
            trust=Trust(Maker().root, roots),
            demands=demands,
        )

    def row(self, authority: str = NAME) -> Stamp | None:
        with self.house.database.reading() as session:
            return session.exec(
                select(Stamp).where(Stamp.subject_kind == "leaf", Stamp.authority == authority)
            ).one_or_none()


ROOT = Maker().root


@pytest.fixture
def stranger(house: House) -> World:
    """Its root is not known."""
    return World(house, [])


@pytest.fixture
def world(house: House) -> World:
    return World(house, [ROOT])


def test_an_answer_under_an_unknown_root_is_held_and_counts_once_the_root_is_known(
    stranger: World,
) -> None:
    stranger.stamping.stamp_due()
    row = stranger.row()
    assert row is not None
    assert row.held is not None
    assert (row.response, row.gen_time) == (None, None)
    assert "RATURE_TSA_ROOTS" in (row.error or "")
    # the embedded authority stamps meanwhile, so that a bundle can be written
    assert stranger.house.keeping.settle()
    local = stranger.row("local")
    assert local is not None
    assert local.response is not None
    # nothing is asked again before the settings change
    stranger.now += timedelta(hours=1)
    stranger.stamping.stamp_due()
    assert stranger.authority.asked == 1
    # the next start knows the root: the answer of back then counts, with its own time
    stranger.use([ROOT])
    with stranger.house.database.transaction() as session:
        stamps.recheck_held(session, stranger.now)
    stranger.stamping.stamp_due()
    row = stranger.row()
    assert row is not None
    assert (row.held, row.gen_time) == (None, NOON)
    assert row.response is not None
    assert stranger.authority.data is not None
    verify_response(row.response, stranger.authority.data, [ROOT])
    assert stranger.authority.asked == 1


def test_what_is_held_is_looked_at_again_each_day_and_kept(stranger: World) -> None:
    stranger.stamping.stamp_due()
    stranger.now += timedelta(days=1, seconds=1)
    assert stranger.stamping.stamp_due() == 1
    row = stranger.row()
    assert row is not None
    assert row.held is not None
    assert stranger.authority.asked == 1


def test_a_held_answer_that_turns_out_false_is_dropped_and_asked_for_anew(
    stranger: World,
) -> None:
    stranger.authority.maker = Maker(named=bytes(32))
    stranger.stamping.stamp_due()
    stranger.use([ROOT])
    stranger.now += timedelta(days=2)
    stranger.stamping.stamp_due()
    row = stranger.row()
    assert row is not None
    assert (row.held, row.response) == (None, None)
    stranger.authority.maker = Maker()
    stranger.now += timedelta(days=2)
    stranger.stamping.stamp_due()
    assert stranger.authority.asked == 2
    row = stranger.row()
    assert row is not None
    assert row.response is not None


@pytest.mark.parametrize("fault", ["nonce", "data", "garbage", "refusal"])
def test_what_does_not_answer_the_question_is_not_held(stranger: World, fault: str) -> None:
    authority = stranger.authority
    if fault == "nonce":
        authority.nonce_off = 1
    elif fault == "data":
        authority.data = b"something else"
    else:
        answers = {"garbage": b"<html>503</html>", "refusal": b"\x30\x05\x30\x03\x02\x01\x02"}
        authority.stamp = lambda _request: answers[fault]  # type: ignore[method-assign]
    stranger.stamping.stamp_due()
    row = stranger.row()
    assert row is not None
    assert (row.held, row.response) == (None, None)
    assert row.error


def test_an_intermediate_that_comes_along_leads_to_a_known_root(world: World) -> None:
    world.authority.maker = Maker(signer=UNDER_MIDDLE, others=(middle(),))
    world.stamping.stamp_due()
    row = world.row()
    assert row is not None
    assert row.response is not None


@pytest.mark.parametrize(
    ("demands", "told"),
    [
        (Demands(policies=frozenset({"9.9"})), "RATURE_TSA_POLICIES"),
        (Demands(policies=frozenset({"1.2.3.4"})), None),
    ],
)
def test_what_does_not_fulfil_the_demands_is_not_kept(
    world: World, demands: Demands, told: str | None
) -> None:
    world.use([ROOT], demands)
    world.stamping.stamp_due()
    row = world.row()
    assert row is not None
    assert (row.response is None) == (told is not None)
    assert (told or "") in (row.error or "")


def test_the_embedded_authority_steps_in_for_one_that_is_away_for_long(world: World) -> None:
    world.authority.away = True
    for _ in range(6):
        assert world.row("local") is None
        world.stamping.stamp_due()
        world.now += timedelta(hours=2)
    assert world.house.keeping.settle()
    local = world.row("local")
    assert local is not None
    assert local.response is not None
    # the other one is still waited for
    world.authority.away = False
    until = world.now + timedelta(days=1)
    lasting = certificate("root", ROOT_KEY, ("root", ROOT_KEY), ca=True, until=until)
    world.authority.maker = Maker(gen_time=world.now, signer=signer(until=until))
    world.use([lasting])
    world.stamping.stamp_due()
    row = world.row()
    assert row is not None
    assert row.gen_time == world.now
