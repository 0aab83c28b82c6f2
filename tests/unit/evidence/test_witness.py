"""What a witness decides, as a table: cosign, or refuse and say why."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.domain.errors import ProofInvalid
from archiver.evidence import checkpoint, witness
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.merkle import EMPTY_ROOT
from archiver.evidence.witness import Ruling, Suspicion
from tests.unit.evidence.tree import LOG, Tree

IMPOSTOR = LogKey(b"\x08" * 32, "log.example/rature")
STRANGER = LogKey(b"\x07" * 32, "other.example/log")


def ruled(known: Tree | None, old: int, proof: list[bytes], note: str) -> witness.Decision:
    submission = witness.parse_request(witness.write_request(old, proof, note))
    keys = [LOG.public] if submission.checkpoint.origin == LOG.origin else []
    return witness.decide(submission, keys=keys, known=known.known() if known else None)


@dataclass(frozen=True)
class Row:
    known: Tree | None
    old: int
    proof: list[bytes]
    note: str
    ruling: Ruling
    known_size: int = 0
    suspicion: Suspicion | None = None


SEVEN, TWELVE = Tree(7), Tree(12)
FORK_12, FORK_7 = Tree(12, rewritten=3), Tree(7, rewritten=3)
GROWS = TWELVE.proof(7)
BAD_EMPTY = checkpoint.sign_checkpoint(LOG, 0, b"\x01" * 32)
COSIGN, CONFLICT, UNPROVEN = Ruling.COSIGN, Ruling.CONFLICT, Ruling.UNPROVEN
FORK, REWIND, DOUBT = Suspicion.FORK, Suspicion.REWIND, Suspicion.UNPROVEN
TABLE = {
    "the first checkpoint of a log": Row(None, 0, [], SEVEN.note(), COSIGN),
    "the first one, of an empty tree": Row(None, 0, [], Tree(0).note(), COSIGN),
    "after the empty tree any tree": Row(Tree(0), 0, [], SEVEN.note(), COSIGN),
    "a tree that grew": Row(SEVEN, 7, GROWS, TWELVE.note(), COSIGN, 7),
    "the same tree again": Row(SEVEN, 7, [], SEVEN.note(), COSIGN, 7),
    "the empty tree again": Row(Tree(0), 0, [], Tree(0).note(), COSIGN),
    "a log that nobody watches": Row(None, 0, [], SEVEN.note(STRANGER), Ruling.UNKNOWN_LOG),
    "signed by somebody else": Row(SEVEN, 7, GROWS, TWELVE.note(IMPOSTOR), Ruling.UNSIGNED),
    "an old size above the tree's": Row(None, 8, [], SEVEN.note(), Ruling.MALFORMED),
    "an old size that is not known": Row(SEVEN, 5, TWELVE.proof(5), TWELVE.note(), CONFLICT, 7),
    "asking for the size known": Row(SEVEN, 0, [], TWELVE.note(), CONFLICT, 7),
    "an old size of a log that is new here": Row(None, 7, GROWS, TWELVE.note(), CONFLICT),
    "the same tree, wrong old size": Row(SEVEN, 0, [], SEVEN.note(), CONFLICT, 7),
    "a smaller tree": Row(TWELVE, 7, [], SEVEN.note(), CONFLICT, 12, REWIND),
    "the empty tree after others": Row(SEVEN, 0, [], Tree(0).note(), CONFLICT, 7, REWIND),
    "the same size, another root": Row(SEVEN, 7, [], FORK_7.note(), CONFLICT, 7, FORK),
    "the same, whatever the old size": Row(SEVEN, 0, [], FORK_7.note(), CONFLICT, 7, FORK),
    "a fork that grew": Row(SEVEN, 7, FORK_12.proof(7), FORK_12.note(), UNPROVEN, 7, DOUBT),
    "a fork with the honest proof": Row(SEVEN, 7, GROWS, FORK_12.note(), UNPROVEN, 7, DOUBT),
    "a proof that is missing": Row(SEVEN, 7, [], TWELVE.note(), UNPROVEN, 7, DOUBT),
    "a proof cut short": Row(SEVEN, 7, GROWS[:-1], TWELVE.note(), UNPROVEN, 7, DOUBT),
    "a proof too long": Row(SEVEN, 7, [*GROWS, GROWS[0]], TWELVE.note(), UNPROVEN, 7, DOUBT),
    "a proof from nothing": Row(None, 0, GROWS, TWELVE.note(), UNPROVEN),
    "a proof between equal trees": Row(SEVEN, 7, GROWS, SEVEN.note(), UNPROVEN, 7),
    "an empty tree with a root": Row(None, 0, [], BAD_EMPTY, UNPROVEN),
    "the same after the empty tree": Row(Tree(0), 0, [], BAD_EMPTY, CONFLICT, 0, FORK),
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
def test_the_table_of_decisions(row: Row) -> None:
    decision = ruled(row.known, row.old, row.proof, row.note)
    assert (decision.ruling, decision.known_size, decision.suspicion) == (
        row.ruling,
        row.known_size,
        row.suspicion,
    )
    assert decision.reason
    signed = row.ruling not in {Ruling.UNKNOWN_LOG, Ruling.UNSIGNED}
    assert (decision.checkpoint is not None) == signed


@settings(max_examples=60)
@given(data=st.data(), size=st.integers(2, 60))
def test_no_rewritten_history_is_ever_cosigned(data: st.DataObject, size: int) -> None:
    known = Tree(data.draw(st.integers(1, size)))
    lie = Tree(size, rewritten=data.draw(st.integers(0, known.size - 1)))
    old = data.draw(st.integers(0, size))
    donor = data.draw(st.sampled_from([lie, Tree(size)]))
    decision = ruled(known, old, donor.proof(old), lie.note())
    assert decision.ruling is not Ruling.COSIGN


GOOD = witness.write_request(7, GROWS, TWELVE.note())
NOTE = TWELVE.note().encode()
MALFORMED = {
    "nothing": b"",
    "no checkpoint": b"old 0\n\n",
    "no old size": b"\n\n" + NOTE,
    "another word": GOOD.replace(b"old ", b"new "),
    "a leading zero": GOOD.replace(b"old 7", b"old 07"),
    "a sign": GOOD.replace(b"old 7", b"old +7"),
    "a negative size": GOOD.replace(b"old 7", b"old -7"),
    "two spaces": GOOD.replace(b"old 7", b"old  7"),
    "Windows lines": GOOD.replace(b"\n", b"\r\n"),
    "a proof line that is no base64": GOOD.replace(b"old 7\n", b"old 7\n!!\n"),
    "a short proof line": GOOD.replace(b"old 7\n", b"old 7\nAAAA\n"),
    "64 proof lines": witness.write_request(7, [b"\x00" * 32] * 64, TWELVE.note()),
    "bytes that are no text": GOOD.replace(b"old", b"\xff\xfe"),
    "an unsigned checkpoint": b"old 0\n\nlog.example\n1\nAAAA\n",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_request_is_refused(body: bytes) -> None:
    with pytest.raises(ProofInvalid):
        witness.parse_request(body)


def test_a_request_is_read_as_it_was_written() -> None:
    read = witness.parse_request(GOOD)
    assert (read.old_size, list(read.proof)) == (7, GROWS)
    assert read.checkpoint.note == TWELVE.note()
    assert Tree(0).root == EMPTY_ROOT


def test_the_specifications_example_is_read() -> None:
    """Four hashes, and a checkpoint with two signatures, as c2sp.org/tlog-witness shows it."""
    read = witness.parse_request(
        """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()  # noqa: E501
    )
    assert (read.old_size, len(read.proof), read.checkpoint.size) == (20852014, 4, 20852163)
    assert len(read.checkpoint.signatures) == 2
