"""Trees, proofs, tiles, notes and cosignatures that other people's code made and judged."""

import hashlib
import json
import re
from base64 import b64decode
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import LogCheckpoint, SignedNote
from sigstore.errors import VerificationError

from archiver.domain.errors import ProofInvalid
from archiver.evidence import checkpoint, cosignature, tiles
from archiver.evidence.checkpoint import LogKey, VerifierKey
from archiver.evidence.cosignature import CosigningKey, WitnessKey
from archiver.evidence.merkle import leaf_hash, verify_consistency, verify_inclusion
from archiver.services import log_key

VECTORS = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "merkle" / "vectors.json").read_text("utf-8")
)
KEYS = VECTORS["keys"]
LARGEST = max(tree["size"] for tree in VECTORS["trees"])


class Log:
    """Our tree of the vectors' leaves; its tiles serve every smaller tree."""

    def __init__(self, size: int) -> None:
        leaves = [leaf_hash(b"leaf %d" % number) for number in range(size)]
        _, self.root, self._kept = tiles.append(0, leaves, self.read)

    def read(self, level: int, index: int, width: int) -> bytes:
        return self._kept[level, index][: width * 32]


@cache
def log() -> Log:
    return Log(LARGEST)


def accepts(check: Any, **arguments: Any) -> bool:
    try:
        check(**arguments)
    except ProofInvalid:
        return False
    return True


def path_of(claim: dict[str, Any]) -> list[bytes]:
    return [b64decode(item) for item in claim["path"]]


def test_the_vectors_are_there() -> None:
    assert (len(VECTORS["trees"]), len(VECTORS["tiles"])) == (25, 62)
    assert (len(VECTORS["notes"]), len(VECTORS["cosigned"])) == (12, 9)
    for kind in ("inclusion", "consistency"):
        verdicts = [claim["ok"] for claim in VECTORS[kind]]
        assert min(verdicts.count(True), verdicts.count(False)) > 40


@pytest.mark.parametrize("tree", VECTORS["trees"], ids=lambda tree: str(tree["size"]))
def test_roots_are_theirs(tree: dict[str, Any]) -> None:
    assert tiles.tree_root(tree["size"], log().read) == b64decode(tree["root"])


def test_tiles_are_theirs() -> None:
    for tile in VECTORS["tiles"]:
        match = re.fullmatch(r"tile/(\d)/(\d{3})(?:\.p/(\d+))?", tile["path"])
        assert match is not None
        level, index, width = int(match[1]), int(match[2]), int(match[3] or tiles.WIDTH)
        assert tiles.tile_path(level, index, width) == tile["path"]
        assert tiles.tile_width(level, index, tile["size"]) >= width
        data = log().read(level, index, width)
        assert hashlib.sha256(data).hexdigest() == tile["sha256"], tile


def test_our_proofs_are_theirs() -> None:
    for claim in VECTORS["inclusion"]:
        if claim["why"] == "true":
            ours = tiles.inclusion_proof(claim["old"], claim["size"], log().read)
            assert ours == path_of(claim)
    for claim in VECTORS["consistency"]:
        if claim["why"] == "true":
            ours = tiles.consistency_proof(claim["old"], claim["size"], log().read)
            assert ours == path_of(claim)


def test_our_verdicts_on_inclusion_are_theirs() -> None:
    for claim in VECTORS["inclusion"]:
        ours = accepts(
            verify_inclusion,
            index=claim["old"],
            size=claim["size"],
            leaf=b64decode(claim["hash"]),
            root=b64decode(claim["root"]),
            proof=path_of(claim),
        )
        assert ours == claim["ok"], claim


def test_our_verdicts_on_consistency_are_theirs() -> None:
    for claim in VECTORS["consistency"]:
        ours = accepts(
            verify_consistency,
            old_size=claim["old"],
            old_root=b64decode(claim["hash"]),
            new_size=claim["size"],
            new_root=b64decode(claim["root"]),
            proof=path_of(claim),
        )
        assert ours == claim["ok"], claim


def test_our_keys_and_notes_are_theirs() -> None:
    key = log_key.parse(KEYS["log_private"])
    assert key.public.vkey == KEYS["log"]
    assert log_key.render(b"\x07" * 32, key.origin).strip() == KEYS["log_private"]
    signed = VECTORS["notes"][0]["note"]
    root = tiles.tree_root(300, log().read)
    assert checkpoint.sign_checkpoint(key, 300, root) == signed


@pytest.mark.parametrize("case", VECTORS["notes"], ids=lambda case: case["why"])
def test_our_verdicts_on_notes_are_theirs(case: dict[str, Any]) -> None:
    def check() -> None:
        checkpoint.verify(checkpoint.parse(case["note"]), [VerifierKey.from_vkey(KEYS["log"])])

    assert accepts(check) == case["verified"]


@pytest.mark.parametrize("case", VECTORS["cosigned"], ids=lambda case: case["why"])
def test_our_verdicts_on_cosigned_notes_are_theirs(case: dict[str, Any]) -> None:
    def check() -> None:
        parsed = checkpoint.parse(case["note"])
        checkpoint.verify(parsed, [VerifierKey.from_vkey(KEYS["log"])])
        cosignature.verify(parsed, [WitnessKey.from_vkey(KEYS[name]) for name in ("w1", "w2")])

    assert accepts(check) == case["verified"]


def test_our_cosignatures_are_theirs() -> None:
    witness = CosigningKey(bytes.fromhex(KEYS["w1_seed"]), "witness.example/w1")
    assert witness.public.vkey == KEYS["w1"]
    [case] = [case for case in VECTORS["cosigned"] if case["why"] == "first"]
    parsed = checkpoint.parse(case["note"])
    [seen] = cosignature.verify(parsed, [witness.public])
    assert int(seen.at.timestamp()) == 1679315147
    assert case["note"].endswith(f"\n{witness.cosign(parsed.text, seen.at)}")


# -- sigstore-python


def sigstore_accepts(index: int, size: int, leaf: bytes, root: bytes, proof: list[bytes]) -> bool:
    claim = SimpleNamespace(log_index=index, tree_size=size, root_hash=root, hashes=proof)
    entry = SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=claim, canonicalized_body=leaf))
    try:
        verify_merkle_inclusion(entry)  # type: ignore[arg-type]
    except VerificationError:
        return False
    return True


@settings(max_examples=150)
@given(data=st.data(), size=st.integers(1, LARGEST))
def test_sigstore_accepts_our_proofs_and_refuses_what_we_refuse(
    data: st.DataObject, size: int
) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = tiles.inclusion_proof(index, size, log().read)
    root = tiles.tree_root(size, log().read)
    leaf = b"leaf %d" % index
    assert sigstore_accepts(index, size, leaf, root, proof)
    claimed = data.draw(st.integers(0, size - 1))
    wrong = list(proof)
    if wrong and data.draw(st.booleans()):
        wrong[data.draw(st.integers(0, len(wrong) - 1))] = leaf_hash(b"x")
    if data.draw(st.booleans()):
        wrong = wrong[:-1]
    ours = accepts(
        verify_inclusion, index=claimed, size=size, leaf=leaf_hash(leaf), root=root, proof=wrong
    )
    assert ours == sigstore_accepts(claimed, size, leaf, root, wrong)


def test_sigstore_reads_our_checkpoint_and_its_signature() -> None:
    key = LogKey(b"\x07" * 32, "log.example/rature")
    root = tiles.tree_root(300, log().read)
    signed = checkpoint.sign_checkpoint(key, 300, root)
    note = SignedNote.from_text(signed)
    head = LogCheckpoint.from_text(note.note)
    assert (head.origin, head.log_size, head.log_hash) == (key.origin, 300, root.hex())
    [signature] = note.signatures
    assert (signature.name, signature.sig_hash) == (key.origin, key.public.key_id)
    [ours] = checkpoint.parse(signed).signatures
    assert b64decode(signature.signature) == ours.value
