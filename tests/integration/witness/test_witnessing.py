"""The service asks its witnesses, keeps what verifies, and never waits for one."""

import time
from collections.abc import Callable

import pytest

from archiver.config import load_settings
from archiver.domain.errors import SettingsError
from archiver.evidence import checkpoint, cosignature, tlog_proof
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.cosignature import CosigningKey
from archiver.evidence.witness import parse_request
from archiver.services import witnessing
from archiver.store.repository import witnesses
from archiver.wiring import House
from archiver.wiring_proof import read_witnesses
from tests.integration.client import client_for
from tests.integration.sealing.conftest import add_leaves
from tests.integration.witness.conftest import Newsroom, World


def seal(house: House, *counts: int) -> None:
    """One checkpoint after each number of new leaves; each is signed a second later."""
    for count in counts:
        add_leaves(house, count)
        house.clock.move(seconds=1)  # type: ignore[attr-defined]
        assert house.keeping.settle(), house.keeping.fault


def ask_all(house: House) -> int:
    asked = 0
    while tried := house.witnessing.ask_due():
        asked += tried
    return asked


def cosigners(house: House, leaf: int) -> list[str]:
    """Who cosigned the checkpoint in the receipt of this leaf, verified."""
    proof = house.sealing.prove(leaf)
    parsed = tlog_proof.parse(tlog_proof.write(proof.leaf_index, proof.path, proof.note))
    found = cosignature.verify(parsed.checkpoint, house.witnessing.keys)
    assert checkpoint.verify(parsed.checkpoint, [house.sealing.public_key])
    return [each.name for each in found]


def test_each_checkpoint_is_cosigned_in_order(world: World) -> None:
    house = world.opened()
    seal(house, 2, 300, 1)
    assert [cosigners(house, leaf) for leaf in (0, 2, 302)] == [[], [], []]
    assert ask_all(house) == 3
    assert world.newsroom.asked == [(0, 0), (0, 2), (2, 302), (302, 303)]
    assert [cosigners(house, leaf) for leaf in (0, 2, 302)] == [["newsroom.example"]] * 3
    assert ask_all(house) == 0


def test_the_public_checkpoint_carries_the_cosignature(world: World) -> None:
    house = world.opened()
    seal(house, 2)
    signed = house.public_log.checkpoint()
    ask_all(house)
    cosigned = house.public_log.checkpoint()
    [seen] = cosignature.verify(checkpoint.parse(cosigned), house.witnessing.keys)
    assert seen.at == world.clock.now
    assert cosigned.startswith(signed)


def test_the_loop_asks_by_itself(world: World) -> None:
    house = world.opened()
    with client_for(house):
        add_leaves(house, 2)
        house.keeping.bell.ring()
        deadline = time.monotonic() + 10
        while not cosigned_size(house) and time.monotonic() < deadline:
            time.sleep(0.02)
    assert cosigned_size(house) == 2


def cosigned_size(house: House) -> int:
    with house.database.reading() as session:
        state = witnesses.state(session, house.witnessing._asked[0].id)
    return state.size if state else 0


def test_one_that_is_away_never_holds_up_sealing_and_is_asked_later_each_time(
    world: World,
) -> None:
    world.newsroom.away = True
    house = world.opened()
    seal(house, 1, 1, 1)
    pauses = []
    for _ in range(9):
        before = len(world.newsroom.asked)
        seconds = 0
        while len(world.newsroom.asked) == before:
            world.clock.move(seconds=1)
            seconds += 1
            house.witnessing.ask_due()
        pauses.append(seconds)
    # the first look was one of the seconds of sealing ago
    assert pauses[1:] == [10, 20, 40, 80, 160, 320, 600, 600]
    world.newsroom.away = False
    world.clock.move(minutes=10)
    assert ask_all(house) == 3
    assert [cosigners(house, leaf) for leaf in range(3)] == [["newsroom.example"]] * 3


def test_each_witness_has_its_own_pace(world: World) -> None:
    world.witnesses.append(world.radio)
    world.radio.away = True
    house = world.opened()
    seal(house, 1, 1)
    ask_all(house)
    assert cosigners(house, 0) == ["newsroom.example"]
    world.radio.away = False
    world.clock.move(hours=1)
    ask_all(house)
    assert cosigners(house, 0) == cosigners(house, 1) == ["newsroom.example", "radio.example/log"]


def test_a_new_witness_of_an_old_log_is_asked_for_the_newest_checkpoints(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnessing, "BEHIND", 2)
    world.newsroom.away = True
    house = world.opened()
    seal(house, 1, 1, 1, 1, 1)
    world.newsroom.away = False
    world.clock.move(hours=1)
    world.newsroom.asked.clear()
    ask_all(house)
    assert world.newsroom.asked == [(0, 4), (4, 5)]


def test_what_was_cosigned_but_not_kept_is_asked_for_again(world: World) -> None:
    """The power went out between the witness's answer and our commit."""
    house = world.opened()
    seal(house, 2)
    seen: list[bytes] = []

    def lost(body: bytes) -> tuple[int, bytes]:
        seen.append(world.newsroom.honest(body)[1])
        raise OSError("the power went out")

    world.newsroom.instead = lost
    ask_all(house)
    assert cosigners(house, 0) == []
    world.newsroom.instead = None
    world.clock.move(seconds=10)
    assert ask_all(house) == 1
    assert cosigners(house, 0) == ["newsroom.example"]
    assert "nothing" in world.newsroom.desk.overview()  # and it was no offence


def test_two_processes_ask_for_each_checkpoint_once(world: World) -> None:
    first, second = world.opened(), world.opened()
    seal(first, 1, 1)
    second.keeping.settle()
    ask_all(second)
    ask_all(first)
    assert world.newsroom.asked == [(0, 0), (0, 1), (1, 2)]


def line_of(key: CosigningKey, body: bytes, world: World, *, hours: float = 0) -> bytes:
    world.clock.move(hours=hours)
    line = key.cosign(parse_request(body).checkpoint.text, world.clock.now)
    world.clock.move(hours=-hours)
    return line.encode()


STRANGER = CosigningKey(b"\x66" * 32, "stranger.example")
# what a witness answers instead of its line, and what is said of it
WORTHLESS: dict[str, tuple[Callable[[Newsroom, bytes, World], tuple[int, bytes]], str]] = {
    "nothing": (lambda _w, _b, _: (200, b""), "other keys alone"),
    "no line": (lambda _w, _b, _: (200, b"<html>fine</html>"), "malformed"),
    "a stranger's line": (
        lambda _, body, world: (200, line_of(STRANGER, body, world)),
        "other keys alone",
    ),
    "its line over another tree": (
        lambda each, body, world: (200, line_of(each.key, body.replace(b"\n2\n", b"\n3\n"), world)),
        "does not verify",
    ),
    "a time to come": (
        lambda each, body, world: (200, line_of(each.key, body, world, hours=2)),
        "one clock is wrong",
    ),
    "a size that is none": (lambda _w, _b, _: (409, b"seven"), "names no size"),
    "a size that it then refuses": (lambda _w, _b, _: (409, b"1\n"), "it named"),
    "no proof is good enough": (lambda _w, _b, _: (422, b""), "refuses the first checkpoint"),
    "a log that it does not watch": (lambda _w, _b, _: (404, b"who?"), "answered 404: who?"),
    "an error": (lambda _w, _b, _: (500, b"\xff oops"), "answered 500"),
}


@pytest.mark.parametrize(("answer", "said"), WORTHLESS.values(), ids=WORTHLESS.keys())
def test_what_a_witness_answers_is_verified_and_asked_for_again(
    world: World, answer: Callable[[Newsroom, bytes, World], tuple[int, bytes]], said: str
) -> None:
    house = world.opened()
    seal(house, 2)
    world.newsroom.instead = lambda body: answer(world.newsroom, body, world)
    ask_all(house)
    assert cosigners(house, 0) == []
    with house.database.reading() as session:
        state = witnesses.state(session, house.witnessing._asked[0].id)
    assert state is not None
    assert said in (state.error or "")
    assert (state.fault, house.witnessing.objection()) == (None, None)
    seal(house, 1)  # goes on
    world.newsroom.instead = None
    world.clock.move(hours=1)
    ask_all(house)
    assert cosigners(house, 0) == cosigners(house, 2) == ["newsroom.example"]


def test_lines_of_other_keys_beside_its_own_are_passed_over(world: World) -> None:
    house = world.opened()
    seal(house, 2)
    world.newsroom.instead = lambda body: (
        200,
        line_of(STRANGER, body, world) + world.newsroom.honest(body)[1],
    )
    ask_all(house)
    assert "stranger" not in house.public_log.checkpoint()
    assert cosigners(house, 0) == ["newsroom.example"]


VKEY = CosigningKey(b"\x11" * 32, "w.example").public.vkey
LOG_VKEY = LogKey(b"\x11" * 32, "w.example").public.vkey


@pytest.mark.parametrize(
    "value",
    [
        "rubbish",
        VKEY,  # no address
        f"{VKEY}@newsroom.example",  # no scheme
        f"{VKEY}@ftp://newsroom.example",
        "@https://newsroom.example",  # no key
    ],
)
def test_settings_that_name_no_witness_are_explained(value: str) -> None:
    with pytest.raises(SettingsError, match="RATURE_WITNESSES"):
        load_settings(witnesses=value)


@pytest.mark.parametrize(
    "values",
    [
        [f"{LOG_VKEY}@https://w.example"],  # a log's key
        [f"{VKEY[:-4]}@https://w.example"],  # cut short
        [f"{VKEY}@https://one.example", f"{VKEY}@https://two.example"],  # twice
    ],
)
def test_keys_that_are_no_witnesss_are_explained(values: list[str]) -> None:
    with pytest.raises(SettingsError, match="RATURE_WITNESSES"):
        read_witnesses(values)
