"""Merkle hashing and proofs: published vectors, other people's vectors, and properties."""

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.domain.errors import ProofInvalid
from archiver.evidence import tiles
from archiver.evidence.merkle import (
    EMPTY_ROOT,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

# the eight leaves and the roots of the certificate-transparency reference implementation
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (size, index) -> path, and (old, new) -> proof, from the same test data
INCLUSION = {
    (1, 0): [],
    (8, 0): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (8, 5): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (3, 2): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


class Log:
    """A log in memory that counts how many tiles are read."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.reads = 0
        self.kept: tiles.Tiles = {}
        self.size, self.root, self.kept = tiles.append(0, leaves, self.read)

    def read(self, level: int, index: int, width: int) -> bytes:
        self.reads += 1
        return self.kept[level, index][: width * 32]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(by_definition(leaves[:half]), by_definition(leaves[half:]))


HASHES = [leaf_hash(leaf) for leaf in LEAVES]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_implementation(size: int) -> None:
    assert Log(HASHES[:size]).root.hex() == ROOTS[size]


@pytest.mark.parametrize(("size", "index"), INCLUSION)
def test_inclusion_proofs_are_those_of_the_reference(size: int, index: int) -> None:
    log = Log(HASHES[:size])
    proof = tiles.inclusion_proof(index, size, log.read)
    assert [item.hex() for item in proof] == INCLUSION[size, index]


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs_are_those_of_the_reference(old: int, new: int) -> None:
    log = Log(HASHES[:new])
    proof = tiles.consistency_proof(old, new, log.read)
    assert [item.hex() for item in proof] == CONSISTENCY[old, new]


def vectors(kind: str) -> list[Path]:
    """The transparency-dev vectors, where they are at hand; the suite is complete without."""
    beside = Path(__file__).resolve().parents[4] / "shared"
    shared = Path(os.environ.get("RATURE_SHARED", beside))
    return sorted((shared / "vectors/merkle/testdata" / kind).rglob("*.json"))


def decoded(value: str | None) -> bytes:
    return base64.b64decode(value or "")


def accepts(check: Any, **arguments: Any) -> bool:
    try:
        check(**arguments)
    except ProofInvalid:
        return False
    return True


def test_inclusion_verdicts_agree_with_transparency_dev() -> None:
    wrong = []
    for path in vectors("inclusion"):
        case = json.loads(path.read_text())
        ours = accepts(
            verify_inclusion,
            index=case["leafIdx"],
            size=case["treeSize"],
            leaf=decoded(case["leafHash"]),
            root=decoded(case["root"]),
            proof=[decoded(item) for item in case["proof"] or []],
        )
        wrong += [str(path)] * (ours == case["wantErr"])
    assert wrong == []


def test_consistency_verdicts_agree_with_transparency_dev() -> None:
    wrong = []
    for path in vectors("consistency"):
        case = json.loads(path.read_text())
        ours = accepts(
            verify_consistency,
            old_size=case["size1"],
            old_root=decoded(case["root1"]),
            new_size=case["size2"],
            new_root=decoded(case["root2"]),
            proof=[decoded(item) for item in case["proof"] or []],
        )
        wrong += [f"{path}: {case['desc']}"] * (ours == case["wantErr"])
    assert wrong == []


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(size)]


@settings(max_examples=60)
@given(data=st.data(), size=st.integers(1, 700))
def test_every_leaf_is_proven_and_no_other(data: st.DataObject, size: int) -> None:
    leaves = leaves_of(size)
    log = Log(leaves)
    assert log.root == by_definition(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = tiles.inclusion_proof(index, size, log.read)
    claim = {"index": index, "size": size, "leaf": leaves[index], "root": log.root}
    verify_inclusion(**claim, proof=proof)  # type: ignore[arg-type]
    lies = [claim | {"leaf": leaf_hash(b"x")}, claim | {"root": leaf_hash(b"y")}]
    lies += [claim | {"index": (index + 1) % size}] if size > 1 else []
    for lie in lies:
        assert not accepts(verify_inclusion, **lie, proof=proof)
    if proof:
        bit = data.draw(st.integers(0, len(proof) * 256 - 1))
        flipped = list(proof)
        number, place = divmod(bit, 256)
        changed = int.from_bytes(flipped[number], "big") ^ (1 << place)
        flipped[number] = changed.to_bytes(32, "big")
        assert not accepts(verify_inclusion, **claim, proof=flipped)
        assert not accepts(verify_inclusion, **claim, proof=proof[:-1])


@settings(max_examples=60)
@given(data=st.data(), new=st.integers(2, 700))
def test_a_tree_that_only_grew_is_proven_and_a_fork_is_not(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(1, new - 1))
    leaves = leaves_of(new)
    log = Log(leaves)
    old_root = Log(leaves[:old]).root
    proof = tiles.consistency_proof(old, new, log.read)
    claim = {"old_size": old, "old_root": old_root, "new_size": new, "new_root": log.root}
    verify_consistency(**claim, proof=proof)  # type: ignore[arg-type]
    at = data.draw(st.integers(0, old - 1))
    fork = Log([*leaves[:at], leaf_hash(b"rewritten"), *leaves[at + 1 : old]])
    assert not accepts(verify_consistency, **(claim | {"old_root": fork.root}), proof=proof)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 300), max_size=6))
def test_appending_in_parts_gives_the_same_tiles_as_at_once(parts: list[int]) -> None:
    leaves = leaves_of(sum(parts))
    log = Log([])
    for count in parts:
        batch = leaves[log.size : log.size + count]
        log.size, log.root, changed = tiles.append(log.size, batch, log.read, root=log.root)
        log.kept |= changed
    whole = Log(leaves)
    assert (log.size, log.root, log.kept) == (whole.size, whole.root, whole.kept)


def test_the_cost_of_a_proof_grows_with_the_logarithm() -> None:
    log = Log([leaf_hash(b"same")] * 70_000)
    log.reads = 0
    tiles.inclusion_proof(34_567, log.size, log.read)
    assert log.reads <= 6
    log.reads = 0
    tiles.append(log.size, [leaf_hash(b"one more")], log.read, root=log.root)
    assert log.reads <= 8


def test_tile_widths_are_those_of_the_specification() -> None:
    """A tree of 70,000: 273 full tiles and one of 112; one full and one of 17; one of 1."""
    kept = Log([leaf_hash(b"same")] * 70_000).kept
    widths = {place: len(tile) // 32 for place, tile in kept.items()}
    expected = dict.fromkeys(((0, index) for index in range(273)), 256)
    assert widths == expected | {(0, 273): 112, (1, 0): 256, (1, 1): 17, (2, 0): 1}
    assert all(tiles.tile_width(*place, 70_000) == width for place, width in widths.items())


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ((0, 1234067, 256), "tile/0/x001/x234/067"),  # the specification's example
        ((0, 0, 256), "tile/0/000"),
        ((1, 273, 112), "tile/1/273.p/112"),
        ((2, 1000, 1), "tile/2/x001/000.p/1"),
    ],
)
def test_tile_paths(place: tuple[int, int, int], path: str) -> None:
    assert tiles.tile_path(*place) == path


def test_a_flipped_bit_on_the_disk_is_never_signed_over() -> None:
    log = Log(leaves_of(300))
    flipped = bytearray(log.kept[0, 1])
    flipped[5] ^= 1
    log.kept[0, 1] = bytes(flipped)
    with pytest.raises(ProofInvalid, match="do not lead to the signed root"):
        tiles.append(300, [leaf_hash(b"new")], log.read, root=log.root)


def test_a_short_tile_is_named() -> None:
    log = Log(leaves_of(300))
    log.kept[0, 1] = log.kept[0, 1][:-1]
    with pytest.raises(ProofInvalid, match=r"tile/0/001\.p/44"):
        tiles.tree_root(300, log.read)


def test_proofs_of_what_is_not_there_are_refused() -> None:
    log = Log(HASHES)
    with pytest.raises(ValueError, match="index 8"):
        tiles.inclusion_proof(8, 8, log.read)
    with pytest.raises(ValueError, match="no proof from size 0"):
        tiles.consistency_proof(0, 8, log.read)
    assert tiles.tree_root(0, log.read) == EMPTY_ROOT
