"""A witness that knows another history than the database stops sealing, and is named."""

import json
import shutil

import pytest
from sqlmodel import select

from archiver.domain.errors import LogRewound
from archiver.evidence import checkpoint
from archiver.store.tables import CheckpointRow
from archiver.wiring import House
from tests.integration.client import client_for
from tests.integration.sealing.conftest import add_leaves
from tests.integration.witness.conftest import World
from tests.integration.witness.test_witnessing import ask_all, cosigners, seal


def sizes(house: House) -> list[int]:
    with house.database.reading() as session:
        return sorted(session.exec(select(CheckpointRow.size)))


def refused(house: House, reason: str) -> None:
    """New leaves are not signed, and why is said in words that name the witness."""
    before = sizes(house)
    add_leaves(house, 1)
    assert house.keeping.settle() is False
    with pytest.raises(LogRewound, match=reason):
        house.sealing.seal()
    assert sizes(house) == before
    for said in (house.keeping.fault, *house.warnings()[-1:]):
        assert "newsroom.example" in (said or "")
    with pytest.raises(LogRewound, match=reason):
        house.checks()["witnesses"]()


def test_an_old_copy_of_everything_is_refused_before_it_signs(world: World) -> None:
    """Database, head file and keys were all set back: only the witness remembers."""
    house = world.opened()
    seal(house, 2)
    ask_all(house)
    old = world.copied(house, "old")
    house = world.opened()
    seal(house, 3)
    ask_all(house)
    house.close()
    world.newsroom.asked.clear()
    restored = world.opened(old)
    refused(restored, "knows a tree of 5 leaves of this log, here are 2")
    assert "SMALLER" in world.newsroom.desk.overview()
    # where the newest database is, all is well
    world.clock.move(hours=1)
    house = world.opened()
    seal(house, 1)
    ask_all(house)
    assert cosigners(house, 5) == ["newsroom.example"]


def test_an_empty_database_beside_the_old_key_is_refused(world: World) -> None:
    house = world.opened()
    seal(house, 2)
    ask_all(house)
    house.close()
    fresh = world.data.with_name("fresh")
    shutil.copytree(world.data / "keys", fresh / "keys")
    refused(world.opened(fresh), "knows a tree of 2 leaves of this log, here are 0")


@pytest.mark.parametrize(
    ("leaves", "reason", "reported"),
    [
        ([3], "another tree of 5 leaves", {"fork"}),
        ([7], "another tree of 5 leaves than ours", {"unproven"}),
        ([1, 2, 2], "another tree of 5 leaves", {"rewind", "fork"}),
    ],
    ids=["same size", "larger", "by steps"],
)
def test_a_second_history_is_refused(
    world: World, leaves: list[int], reason: str, reported: set[str]
) -> None:
    """The witness was away while the copy grew; when it is back it tells the difference."""
    house = world.opened()
    seal(house, 2)
    ask_all(house)
    old = world.copied(house, "old")
    house = world.opened()
    seal(house, 3)
    ask_all(house)
    house.close()
    world.newsroom.away = True
    second = world.opened(old)
    with second.database.transaction() as session:
        second.recorder.record(session, "custody", "evt_x", {"other": "story"})
    seal(second, leaves[0] - 1, *leaves[1:])
    world.newsroom.away = False
    world.clock.move(hours=1)
    ask_all(second)
    refused(second, reason)
    assert {case.kind for case in world.newsroom.desk.cases()} == reported


def test_it_is_told_at_readyz_and_captures_are_not_lost(world: World) -> None:
    house = world.opened()
    seal(house, 2)
    ask_all(house)
    old = world.copied(house, "old")
    house = world.opened()
    seal(house, 3)
    ask_all(house)
    house.close()
    restored = world.opened(old)
    restored.keeping.settle()
    with client_for(restored) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    part = answer.json()["parts"]["witnesses"]
    assert (part["ok"], "newsroom.example" in part["detail"]) == (False, True)
    assert any("newsroom.example" in warning for warning in answer.json()["warnings"])


def test_an_unreachable_witness_blocks_no_start(world: World) -> None:
    world.newsroom.away = True
    house = world.opened()
    seal(house, 2)
    assert sizes(house) == [2]
    assert house.witnessing.objection() is None
    house.checks()["witnesses"]()


def test_the_witness_is_asked_before_the_first_signature_of_a_start(world: World) -> None:
    house = world.opened()
    add_leaves(house, 2)
    seen: list[list[int]] = []

    def look(body: bytes) -> tuple[int, bytes]:
        seen.append(sizes(house))
        return world.newsroom.honest(body)

    world.newsroom.instead = look
    assert house.keeping.settle()
    assert seen == [[]]
    assert world.newsroom.asked == [(0, 0)]


def test_the_objection_is_asked_about_again_and_ends_with_its_reason(world: World) -> None:
    """A witness that was wrong, or was set right, cosigns again."""
    house = world.opened()
    seal(house, 2)
    world.newsroom.instead = lambda _: (409, b"1000000\n")
    ask_all(house)
    refused(house, "knows a tree of 1000000 leaves")
    world.newsroom.instead = None
    world.clock.move(hours=1)
    assert ask_all(house) == 1
    assert house.keeping.settle()
    assert sizes(house) == [2, 3]


def test_a_witness_that_is_no_longer_named_does_not_object(world: World) -> None:
    house = world.opened()
    seal(house, 2)
    world.newsroom.instead = lambda _: (409, b"1000000\n")
    ask_all(house)
    house.close()
    world.witnesses[:] = [world.radio]
    without = world.opened()
    seal(without, 1)
    ask_all(without)
    assert cosigners(without, 2) == ["radio.example/log"]


def test_a_flipped_bit_in_our_own_tiles_is_not_blamed_on_the_witness(world: World) -> None:
    house = world.opened()
    seal(house, 3)
    ask_all(house)
    seal(house, 3)
    with house.database.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE log_tile SET data = CAST(x'00' || substr(data, 2) AS BLOB)"
        )
    ask_all(house)
    assert house.witnessing.objection() is None


def test_what_the_witness_keeps_of_a_fork_convicts_by_itself(world: World) -> None:
    """Both notes in its report verify under the log's key, and differ in the root alone."""
    house = world.opened()
    seal(house, 2)
    old = world.copied(house, "old")
    house = world.opened()
    seal(house, 1)
    ask_all(house)
    house.close()
    world.newsroom.away = True
    second = world.opened(old)
    with second.database.transaction() as session:
        second.recorder.record(session, "custody", "evt_x", {"other": "story"})
    seal(second, 0)
    world.newsroom.away = False
    world.clock.move(hours=1)
    ask_all(second)
    [case] = [each for each in world.newsroom.desk.cases() if each.kind == "fork"]
    content = json.loads(case.file.read_text())
    roots = [
        checkpoint.verify(checkpoint.parse(content[name]), [second.sealing.public_key])
        for name in ("known", "submitted")
    ]
    assert roots[0].size == roots[1].size == 3
    assert roots[0].root != roots[1].root
