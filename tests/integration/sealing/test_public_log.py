"""The log as auditors read it: only addresses of the standard, only what is sealed."""

import time
from collections.abc import Iterator

import pytest

from archiver.domain.errors import ProofInvalid
from archiver.evidence import tiles
from archiver.evidence.checkpoint import VerifierKey, parse, verify
from archiver.evidence.merkle import leaf_hash
from archiver.services.custody import Recorder
from archiver.wiring import House
from tests.integration.client import TestClient, client_for
from tests.integration.sealing.conftest import add_leaves


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    add_leaves(house, 300)
    house.keeping.settle()
    with client_for(house) as client:
        yield client


def test_stranger_rebuilds_the_root_from_tiles_and_entries(
    client: TestClient, house: House
) -> None:
    head = verify(
        parse(client.get("/log/checkpoint").text),
        [VerifierKey.from_vkey(house.sealing.public_key.vkey)],
    )
    assert head.size == 300

    def read(level: int, index: int, width: int) -> bytes:
        answer = client.get(f"/log/{tiles.tile_path(level, index, width)}")
        assert answer.headers["content-type"] == "application/octet-stream"
        return answer.content

    assert tiles.tree_root(300, read) == head.root
    entries = split(client.get("/log/tile/entries/000").content)
    entries += split(client.get("/log/tile/entries/001.p/44").content)
    hashes = read(0, 0, 256) + read(0, 1, 44)
    assert b"".join(leaf_hash(entry) for entry in entries) == hashes


def split(bundle: bytes) -> list[bytes]:
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        entries.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return entries


@pytest.mark.parametrize(
    "path",
    [
        "0/002",  # not there yet
        "0/001",  # only partial so far
        "0/001.p/45",  # wider than the tree
        "0/000.p/256",  # a full tile has no width
        "0/000.p/0",
        "0/x000/000",  # not the one form of its number
        "0/1",
        "64/000",
        "-1/000",
        "entries/001",
        "entries/001.p/45",
        "0/000/../../../etc/passwd",
        "data/000",
    ],
)
def test_other_addresses_are_not_found(client: TestClient, path: str) -> None:
    answer = client.get(f"/log/tile/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_no_checkpoint_before_the_first_leaf(house: House) -> None:
    with client_for(house) as client:
        assert client.get("/log/checkpoint").status_code == 404


def test_leaf_of_another_process_is_sealed_within_a_second(
    client: TestClient, house: House
) -> None:
    quiet = Recorder(
        clock=house.clock,
        random=house.random,
        appended=lambda: None,
        has_blob=lambda _: True,
    )
    with house.database.transaction() as session:
        quiet.record(session, "custody", "evt_far", {"far": True})
    deadline = time.monotonic() + 1.0
    while parse(client.get("/log/checkpoint").text).size < 301:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_altered_checkpoint_is_found_out(client: TestClient, house: House) -> None:
    note = client.get("/log/checkpoint").text.replace("\n300\n", "\n301\n")
    with pytest.raises(ProofInvalid):
        verify(parse(note), [house.sealing.public_key])


def test_the_key_for_witnesses_is_published(client: TestClient, house: House) -> None:
    answer = client.get("/log/vkey")
    assert VerifierKey.from_vkey(answer.text) == house.sealing.public_key
