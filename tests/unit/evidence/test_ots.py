"""OpenTimestamps proofs: our reader agrees with the reference implementation; faults are told."""

import hashlib
import os
from collections.abc import Callable

import pytest
from opentimestamps.core.notary import (
    BitcoinBlockHeaderAttestation,
    PendingAttestation,
    UnknownAttestation,
)
from opentimestamps.core.op import (
    OpAppend,
    OpHexlify,
    OpKECCAK256,
    OpPrepend,
    OpReverse,
    OpSHA1,
    OpSHA256,
)
from opentimestamps.core.serialize import BytesDeserializationContext, BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp

from archiver.domain.errors import ProofInvalid
from archiver.evidence import ots
from archiver.evidence.ots_format import BITCOIN, MAGIC, Attestation, Node, Step, number

pytestmark = pytest.mark.filterwarnings("ignore:OpReverse may get removed")
DATA = b"0123  meta.json\n"
DIGEST = hashlib.sha256(DATA).digest()
URI = "https://calendar.example"


def foreign(build: Callable[[Timestamp], object], digest: bytes = DIGEST) -> bytes:
    """A proof written by the reference implementation."""
    stamp = Timestamp(digest)
    build(stamp)
    context = BytesSerializationContext()
    DetachedTimestampFile(OpSHA256(), stamp).serialize(context)
    return context.getbytes()


def foreign_read(proof: bytes) -> DetachedTimestampFile:
    return DetachedTimestampFile.deserialize(BytesDeserializationContext(proof))


def rich(stamp: Timestamp) -> None:
    """Every operation that is computed here, forks, two calendars and a block."""
    stamp.attestations.add(PendingAttestation("https://first.example"))
    fork = stamp.ops.add(OpPrepend(b"left")).ops.add(OpSHA256())
    fork.attestations.add(PendingAttestation(URI))
    fork.attestations.add(UnknownAttestation(b"12345678", b"whatever"))
    deep = fork.ops.add(OpAppend(b"\x00" * 200)).ops.add(OpReverse()).ops.add(OpHexlify())
    deep = deep.ops.add(OpSHA1()).ops.add(OpSHA256())
    deep.attestations.add(BitcoinBlockHeaderAttestation(900_001))
    stamp.ops.add(OpKECCAK256()).attestations.add(PendingAttestation("https://other.example"))


def test_the_reference_implementations_proof_is_read_the_same_way() -> None:
    proof = foreign(rich)
    found = ots.verify(proof, DATA)
    theirs = {
        (message, str(item)) for message, item in foreign_read(proof).timestamp.all_attestations()
    }
    [block] = found.blocks
    assert block.height == 900_001
    root = bytes.fromhex(block.merkle_root)[::-1]
    assert (root, "BitcoinBlockHeaderAttestation(900001)") in theirs
    for pending in found.pending:
        assert (pending.commitment, f"PendingAttestation('{pending.uri}')") in theirs
    assert [item.uri for item in found.pending] == [URI, "https://first.example"]
    assert found.others == 2  # an unknown kind, and one behind a hash that is not computed here
    assert found.complete


def test_what_is_read_is_written_again_byte_for_byte() -> None:
    proof = foreign(rich)
    assert ots.write(ots.read(proof)) == proof


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_one_message_to_the_calendar_stamps_many_files(count: int) -> None:
    files = [b"file %d" % number for number in range(count)]
    tip, open_proofs = ots.aggregate([hashlib.sha256(data).digest() for data in files])
    for data, (proof, end) in zip(files, open_proofs, strict=True):
        end.attestations.add(ots.pending_attestation(URI))
        written = ots.write(proof)
        assert ots.verify(written, data).pending == (ots.Pending(URI, tip),)
        [(message, theirs)] = foreign_read(written).timestamp.all_attestations()
        assert (message, theirs) == (tip, PendingAttestation(URI))


def test_a_later_answer_is_added_to_what_was_promised() -> None:
    proof = ots.read(foreign(lambda stamp: stamp.attestations.add(PendingAttestation(URI))))
    path = Node(steps={Step(0x08): Node(attestations={Attestation(BITCOIN, number(7))})})
    assert not ots.graft(proof, b"another commitment", path)
    assert ots.graft(proof, DIGEST, path)
    found = ots.verify(ots.write(proof), DATA)
    assert found.blocks == (ots.Block(7, hashlib.sha256(DIGEST).digest()[::-1].hex()),)
    assert found.pending == (ots.Pending(URI, DIGEST),)
    assert len(list(foreign_read(ots.write(proof)).timestamp.all_attestations())) == 2


def test_a_calendars_answer_is_read() -> None:
    stamp = Timestamp(DIGEST)
    stamp.ops.add(OpAppend(b"x")).attestations.add(PendingAttestation(URI))
    context = BytesSerializationContext()
    stamp.serialize(context)
    node = ots.read_answer(context.getbytes())
    assert node.steps == {
        Step(0xF0, b"x"): Node(attestations={ots.pending_attestation(URI)}),
    }
    with pytest.raises(ProofInvalid, match="belong to nothing"):
        ots.read_answer(context.getbytes() + b"\x00")


HEAD = MAGIC + b"\x01\x08" + DIGEST
PROMISE = b"\x00" + bytes.fromhex("83dfe30d2ef90c8e")
BLOCK = b"\x00" + BITCOIN


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        (b"", "cut short"),
        (b"<html>" * 20, "not an OpenTimestamps proof"),
        (MAGIC + b"\x02\x08" + DIGEST, "another version"),
        (MAGIC + b"\x01\x02" + DIGEST, "not over a SHA-256"),
        (HEAD, "cut short"),
        (HEAD + b"\x77", "not known"),  # an operation of the future: its length is unknown
        (HEAD + PROMISE + b"\x03\x02hi", "malformed"),  # no address
        (HEAD + PROMISE + b"\x0d\x0cjavascript:x", "malformed"),
        (HEAD + PROMISE + b"\x0f\x0chttps://a.bcXY", "belong to nothing"),  # payload too long
        (HEAD + PROMISE + b"\xff\xff\xff\x7f", "too long"),
        (HEAD + BLOCK + b"\x02\x07\x07", "belong to nothing"),
        (HEAD + b"\xf0\x01x" + BLOCK + b"\x01\x07", "no Merkle root"),  # 33 bytes
        (HEAD + b"\x08" * 300 + BLOCK + b"\x01\x07", "deeper"),
        (HEAD + (b"\xff" + BLOCK + b"\x01\x07") * 10_001, "more steps"),
        (HEAD + BLOCK + b"\x0a" + b"\xff" * 10, "number is too long"),
        (HEAD + b"\x00" + b"12345678" + b"\x00", "neither a calendar nor a block"),
        (HEAD + b"\xf0" + number(4090) + b"x" * 4090 + BLOCK + b"\x01\x07", "neither"),
        (b"\x00" * 1_000_001, "longer than"),
    ],
)
def test_what_is_no_proof_is_told(proof: bytes, told: str) -> None:
    with pytest.raises(ProofInvalid, match=told):
        ots.verify(proof, DATA)


def test_a_proof_over_other_data_is_refused() -> None:
    with pytest.raises(ProofInvalid, match="over other data"):
        ots.verify(foreign(rich), DATA + b"x")


def test_a_changed_path_leads_to_another_block_root() -> None:
    """Offline nobody can tell: the root must be compared with the chain's."""
    proof = foreign(rich)
    changed = proof.replace(b"left", b"lift")
    assert ots.verify(changed, DATA).blocks != ots.verify(proof, DATA).blocks


def test_random_bytes_never_break_the_reader() -> None:
    for _ in range(300):
        try:
            ots.read(HEAD + os.urandom(60))
        except ProofInvalid:
            continue


def test_a_branch_without_attestation_is_never_written() -> None:
    with pytest.raises(ProofInvalid, match="nothing attests"):
        ots.write(ots.Proof(DIGEST, Node()))
