"""OpenTimestamps: captures are promised to calendars and completed later; calendars may fail."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpSHA256
from opentimestamps.core.serialize import BytesDeserializationContext, BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp
from sqlmodel import select

from archiver.domain.errors import Unavailable
from archiver.evidence import ots
from archiver.services.access import OWNER, Scope
from archiver.services.calendars import Calendars
from archiver.services.submission import Submission, Upload
from archiver.store.repository import calendar_stamps, log
from archiver.store.tables_evidence import CalendarStamp
from archiver.wiring import House
from tests.integration.captures.sample import Sample

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
POOL, BEHIND = "https://pool.example", "https://behind.example"
OTHER = "https://other.example/"


@dataclass
class Calendar:
    """A calendar made with the reference implementation. It stamps at `address` and completes at
    `uri`, once there is a `block`."""

    address: str
    uri: str
    block: int | None = None
    away: bool = False
    answer: bytes | None = None
    asked: list[str] = field(default_factory=list)

    def take(self, url: str, body: bytes | None) -> tuple[int, bytes]:
        self.asked.append(url)
        if self.away:
            raise Unavailable("does not answer")
        if self.answer is not None:
            return 200, self.answer
        if body is not None:
            stamp = Timestamp(body)
            end = stamp.ops.add(OpAppend(b"calendar")).ops.add(OpSHA256())
            end.attestations.add(PendingAttestation(self.uri))
        elif self.block is None:
            return 404, b"Pending confirmation in Bitcoin blockchain"
        else:
            stamp = Timestamp(bytes.fromhex(url.rpartition("/")[2]))
            end = stamp.ops.add(OpAppend(b"block")).ops.add(OpSHA256())
            end.attestations.add(BitcoinBlockHeaderAttestation(self.block))
        context = BytesSerializationContext()
        stamp.serialize(context)
        return 200, context.getbytes()


class World:
    """Captures, two calendars, and a clock that stands still."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.now = NOON
        self.pool = Calendar(POOL, BEHIND)
        self.other = Calendar(OTHER.rstrip("/"), OTHER.rstrip("/"))
        self.calendars = Calendars(
            database=house.database,
            clock=lambda: self.now,
            calendars=[POOL, OTHER],
            ask=self.ask,
        )

    def ask(self, url: str, body: bytes | None) -> tuple[int, bytes]:
        for calendar in (self.pool, self.other):
            if url.startswith((calendar.address + "/", calendar.uri + "/")):
                return calendar.take(url, body)
        raise AssertionError(url)

    def rows(self) -> list[CalendarStamp]:
        with self.house.database.reading() as session:
            return list(session.exec(select(CalendarStamp).order_by(CalendarStamp.leaf_index)))  # type: ignore[arg-type]

    def proofs(self) -> dict[int, tuple[bytes, bytes]]:
        """Statement and proof by leaf index."""
        with self.house.database.reading() as session:
            indices = [row.leaf_index for row in self.rows()]
            found = {}
            for index, proof in calendar_stamps.of_leaves(session, indices).items():
                entry = log.entry(session, index)
                assert entry is not None
                found[index] = (entry.statement, proof)
            return found


@pytest.fixture
def world(house: House) -> World:
    principal = house.access.authenticate(
        house.access.issue(OWNER, name="t", scopes=[Scope.CAPTURE]).secret
    )
    for number in range(3):
        sample = Sample()
        uploads = tuple(Upload(part.role, part.name, part.data) for part in sample.files)
        house.intake.receive(
            principal, Submission(f"key-{number}", sample.manifest_text(), uploads)
        )
    return World(house)


def test_all_captures_are_promised_by_one_request_to_each_calendar(world: World) -> None:
    assert world.calendars.stamp_new() == 3
    assert world.calendars.stamp_new() == 0
    assert world.pool.asked == [f"{POOL}/digest"]
    assert world.other.asked == ["https://other.example/digest"]
    for statement, proof in world.proofs().values():
        found = ots.verify(proof, statement)
        assert {item.uri for item in found.pending} == {BEHIND, OTHER.rstrip("/")}
        assert not found.complete


def test_a_promise_is_looked_after_daily_until_it_leads_to_a_block(world: World) -> None:
    world.calendars.stamp_new()
    assert world.calendars.upgrade_due() == 0
    world.now += timedelta(days=1, seconds=1)
    assert world.calendars.upgrade_due() == 3
    assert world.calendars.upgrade_due() == 0  # not there yet: asked again tomorrow
    assert not any(row.complete for row in world.rows())
    world.pool.block = 900_001
    world.now += timedelta(days=1, seconds=1)
    asked = len(world.pool.asked)
    assert world.calendars.upgrade_due() == 3
    assert len(world.pool.asked) == asked + 1  # one request for all three
    assert all(row.complete and row.next_try_at is None for row in world.rows())
    world.now += timedelta(days=9)
    assert world.calendars.upgrade_due() == 0
    for statement, proof in world.proofs().values():
        [block] = ots.verify(proof, statement).blocks
        assert block.height == 900_001
        theirs = DetachedTimestampFile.deserialize(BytesDeserializationContext(proof))
        assert theirs.file_digest == hashlib.sha256(statement).digest()
        roots = {
            message
            for message, item in theirs.timestamp.all_attestations()
            if isinstance(item, BitcoinBlockHeaderAttestation)
        }
        assert roots == {bytes.fromhex(block.merkle_root)[::-1]}


def test_one_calendar_is_enough(world: World) -> None:
    world.pool.away = True
    assert world.calendars.stamp_new() == 3
    assert len(world.rows()) == 3


def test_none_that_answers_means_later_each_time_later(world: World) -> None:
    world.pool.away = world.other.away = True
    pauses = []
    for _ in range(4):
        assert world.calendars.stamp_new() == 0
        assert world.calendars.stamp_new() == 0  # they are left alone
        begun = world.now
        while len(world.pool.asked) == len(pauses) + 1:
            world.now += timedelta(seconds=30)
            world.calendars.stamp_new()
        pauses.append((world.now - begun).total_seconds())
    assert pauses == [60, 120, 240, 480]
    assert "does not answer" in (world.calendars.fault or "")
    world.pool.away = False
    world.now += timedelta(hours=6)
    assert world.calendars.stamp_new() == 3
    assert world.calendars.fault is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"\x00" + b"12345678" + b"\x00",  # it attests something that nobody knows
        b"\xf0\x01x" * 300,
    ],
)
def test_an_answer_that_promises_nothing_is_no_answer(world: World, answer: bytes) -> None:
    world.pool.answer = world.other.answer = answer
    assert world.calendars.stamp_new() == 0
    assert world.rows() == []


def test_nonsense_at_completion_changes_nothing(world: World) -> None:
    world.calendars.stamp_new()
    before = world.proofs()
    world.pool.answer, world.other.away = b"<html>", True
    world.now += timedelta(days=2)
    assert world.calendars.upgrade_due() == 3
    assert world.proofs() == before
    assert all(row.error and not row.complete for row in world.rows())


def test_captures_that_were_there_before_are_stamped_too_and_only_captures(world: World) -> None:
    with world.house.database.reading() as session:
        captures = {index for index, _ in calendar_stamps.unstamped(session, 100)}
        size = log.head(session).size
    assert len(captures) == 3 < size
    world.calendars.stamp_new()
    assert {row.leaf_index for row in world.rows()} == captures
