"""OpenTimestamps: what a proof says about a file, and proofs for many files at once.

Offline a proof shows two things: which calendars promised to keep the file's hash, and which blocks
of the Bitcoin chain must have which Merkle root if the file existed before them. Whether a block
has that root is for the verifier to look up, in a node or with any block explorer that is trusted.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archiver.domain.errors import ProofInvalid
from archiver.evidence.ots_format import (
    APPEND,
    BITCOIN,
    PENDING,
    PREPEND,
    SHA256,
    SUBJECT,
    Attestation,
    Node,
    Proof,
    Step,
    one_number,
    read,
    read_answer,
    sized_text,
    uri_payload,
    write,
)

__all__ = [
    "Attested", "Block", "Pending", "Proof", "aggregate", "graft", "pending_attestation", "read",
    "read_answer", "verify", "write",
]  # fmt: skip

URI = re.compile(r"https?://[A-Za-z0-9._/:-]{1,900}", re.ASCII)
BLOCK_BYTES = 32


@dataclass(frozen=True, order=True)
class Pending:
    """A calendar promised to anchor `commitment` (bytes that follow from the file's hash)."""

    uri: str
    commitment: bytes


@dataclass(frozen=True, order=True)
class Block:
    """The Bitcoin block of this height must have this Merkle root (hex as block explorers print
    it, last byte first). The file then existed when that block was made, within about two hours."""

    height: int
    merkle_root: str


@dataclass(frozen=True)
class Attested:
    """What a proof says; each sorted. `others` counts attestations of kinds not known here."""

    pending: tuple[Pending, ...]
    blocks: tuple[Block, ...]
    others: int

    @property
    def complete(self) -> bool:
        """Whether it leads to a block; a pending one is a calendar's word only."""
        return bool(self.blocks)


def verify(proof: bytes, data: bytes) -> Attested:
    """What the proof says of the data; computed from the data's hash, step by step.

    Raises:
        ProofInvalid: malformed, over other data, or nothing known attests it.
    """
    parsed = read(proof)
    if parsed.digest != hashlib.sha256(data).digest():
        raise ProofInvalid(SUBJECT, "it is over other data")
    found = attested(parsed)
    if not found.pending and not found.blocks:
        raise ProofInvalid(SUBJECT, "neither a calendar nor a block that is known here attests it")
    return found


def attested(proof: Proof) -> Attested:
    """What a proof says, of whatever file has that digest. Raises ProofInvalid when an attestation
    is malformed."""
    pending, blocks, others = set(), set(), 0
    for message, node in _walk(proof):
        for item in node.attestations:
            if message is None or item.tag not in (PENDING, BITCOIN):
                others += 1
            elif item.tag == PENDING:
                pending.add(Pending(_uri(item.payload), message))
            elif len(message) == BLOCK_BYTES:
                blocks.add(Block(one_number(item.payload), message[::-1].hex()))
            else:
                raise ProofInvalid(SUBJECT, "what a block attests is no Merkle root")
    return Attested(tuple(sorted(pending)), tuple(sorted(blocks)), others)


def pending_attestation(uri: str) -> Attestation:
    """A calendar's promise, as it writes it."""
    return Attestation(PENDING, uri_payload(uri))


def graft(proof: Proof, commitment: bytes, answer: Node) -> bool:
    """Adds a calendar's later answer about a commitment; False when the proof has no such one."""
    places = [node for message, node in _walk(proof) if message == commitment]
    for node in places:
        node.merge(answer)
    return bool(places)


def aggregate(digests: Sequence[bytes]) -> tuple[bytes, list[tuple[Proof, Node]]]:
    """One message for many files (at least one): (what to send to the calendars; for each digest
    its proof so far and the node in it which the calendars' answers are to be merged into)."""
    proofs = [Proof(digest, Node()) for digest in digests]
    groups = [_Group(proof.digest, [proof.root]) for proof in proofs]
    while len(groups) > 1:
        pairs = zip(groups[::2], groups[1::2], strict=False)
        groups = [left.join(right) for left, right in pairs] + groups[len(groups) & ~1 :]
    return groups[0].message, list(zip(proofs, groups[0].ends, strict=True))


@dataclass(frozen=True)
class _Group:
    """A message, and the nodes that it is reached at, one of each file in the group."""

    message: bytes
    ends: list[Node]

    def join(self, right: "_Group") -> "_Group":
        """Both under the hash of the two messages, one after the other."""
        ends = [_follow(end, Step(APPEND, right.message)) for end in self.ends]
        ends += [_follow(end, Step(PREPEND, self.message)) for end in right.ends]
        return _Group(hashlib.sha256(self.message + right.message).digest(), ends)


def _follow(node: Node, step: Step) -> Node:
    """Adds the step and the hash of what it gives; the node that this leads to."""
    end = Node()
    node.steps[step] = Node(steps={Step(SHA256): end})
    return end


def _walk(proof: Proof) -> Iterator[tuple[bytes | None, Node]]:
    """Every node with its message; None where the message cannot be computed here."""
    waiting: list[tuple[bytes | None, Node]] = [(proof.digest, proof.root)]
    while waiting:
        message, node = waiting.pop()
        yield message, node
        waiting += [
            (None if message is None else step.apply(message), below)
            for step, below in node.steps.items()
        ]


def _uri(payload: bytes) -> str:
    text = sized_text(payload).decode("ascii", errors="replace")
    if not URI.fullmatch(text):
        raise ProofInvalid(SUBJECT, "a calendar's address is malformed")
    return text
