"""The file format of OpenTimestamps proofs, read and written without further libraries.

A proof is a tree. Its root is the SHA-256 of a file; each step turns the message so far into the
next one; attestations say who knows a message: a calendar that promises to (`PENDING`), or a block
of the Bitcoin chain (`BITCOIN`), whose Merkle root the message must be. There is no specification
beside the reference implementation, opentimestamps 0.4: the tests compare the two.
"""

import hashlib
from dataclasses import dataclass, field

from archiver.domain.errors import ProofInvalid

MAGIC = bytes.fromhex("004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294")
VERSION = 1
PENDING = bytes.fromhex("83dfe30d2ef90c8e")
BITCOIN = bytes.fromhex("0588960d73d71901")
APPEND, PREPEND, REVERSE, HEXLIFY = 0xF0, 0xF1, 0xF2, 0xF3
SHA1, RIPEMD160, SHA256, KECCAK256 = 0x02, 0x03, 0x08, 0x67
WITH_ARGUMENT = frozenset({APPEND, PREPEND})
KNOWN = WITH_ARGUMENT | {REVERSE, HEXLIFY, SHA1, RIPEMD160, SHA256, KECCAK256}
ATTESTED, ANOTHER = 0x00, 0xFF
"""What may stand in a step's place: an attestation; a sign that more follows after the next."""

MAX_MESSAGE = 4096
MAX_PAYLOAD = 8192
MAX_DEPTH = 256
MAX_ITEMS = 10_000
MAX_PROOF = 1_000_000
TAG_BYTES = 8
DIGEST_BYTES = 32
MAX_NUMBER_BYTES = 9
SUBJECT = "STATEMENT.ots"


@dataclass(frozen=True, order=True)
class Attestation:
    """Who attests (8 bytes, `PENDING` and `BITCOIN` are known here) and the rest as it stands."""

    tag: bytes
    payload: bytes


@dataclass(frozen=True, order=True)
class Step:
    """One operation on the message; `argument` is what is appended or prepended."""

    code: int
    argument: bytes = b""

    def apply(self, message: bytes) -> bytes | None:
        """The next message; None for an operation that is known and not computed here (those that
        no Bitcoin attestation needs), or a message that grew too long."""
        if self.code == SHA256:
            return hashlib.sha256(message).digest()
        if self.code == SHA1:
            return hashlib.sha1(message, usedforsecurity=False).digest()
        made = {
            APPEND: message + self.argument,
            PREPEND: self.argument + message,
            REVERSE: message[::-1],
            HEXLIFY: message.hex().encode(),
        }.get(self.code)
        return made if made is not None and len(made) <= MAX_MESSAGE else None


@dataclass
class Node:
    """What is known of one message: its attestations, and what follows from it."""

    attestations: set[Attestation] = field(default_factory=set)
    steps: dict[Step, "Node"] = field(default_factory=dict)

    def merge(self, other: "Node") -> None:
        """Adds what another node knows of the same message."""
        self.attestations |= other.attestations
        for step, node in other.steps.items():
            if step in self.steps:
                self.steps[step].merge(node)
            else:
                self.steps[step] = node


@dataclass(frozen=True)
class Proof:
    """`digest` is the SHA-256 of the file that is stamped."""

    digest: bytes
    root: Node


def read(proof: bytes) -> Proof:
    """Reads a `.ots` file over a SHA-256.

    Raises:
        ProofInvalid: it is not one, or larger or deeper than a proof can reasonably be.
    """
    reader = _Reader(proof)
    if reader.take(len(MAGIC)) != MAGIC:
        raise ProofInvalid(SUBJECT, "not an OpenTimestamps proof")
    if reader.number() != VERSION or reader.byte() != SHA256:
        raise ProofInvalid(SUBJECT, "a proof of another version, or not over a SHA-256")
    digest = reader.take(DIGEST_BYTES)
    return Proof(digest, reader.whole())


def read_answer(answer: bytes) -> Node:
    """Reads a calendar's answer: what it knows of the message it was sent. Raises as `read`."""
    return _Reader(answer).whole()


def write(proof: Proof) -> bytes:
    """The `.ots` file; the same tree always gives the same bytes."""
    return MAGIC + bytes([VERSION, SHA256]) + proof.digest + write_node(proof.root)


def write_node(node: Node) -> bytes:
    """One node with all below it, as a calendar would answer it. Raises ProofInvalid when nothing
    attests a branch."""
    items = [_attestation(item) for item in sorted(node.attestations)]
    for step in sorted(node.steps):
        argument = _sized(step.argument) if step.code in WITH_ARGUMENT else b""
        items.append(bytes([step.code]) + argument + write_node(node.steps[step]))
    if not items:
        raise ProofInvalid(SUBJECT, "a branch that nothing attests")
    return b"".join(bytes([ANOTHER]) + item for item in items[:-1]) + items[-1]


def number(value: int) -> bytes:
    """An unsigned number, seven bits a byte, the lowest first."""
    found = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def uri_payload(uri: str) -> bytes:
    """The payload of a pending attestation."""
    return _sized(uri.encode())


def sized_text(payload: bytes) -> bytes:
    """What a payload of one length-prefixed text holds. Raises ProofInvalid."""
    reader = _Reader(payload)
    text = reader.sized(MAX_PAYLOAD)
    reader.end()
    return text


def one_number(payload: bytes) -> int:
    """What a payload of one number holds. Raises ProofInvalid."""
    reader = _Reader(payload)
    value = reader.number()
    reader.end()
    return value


def _sized(data: bytes) -> bytes:
    return number(len(data)) + data


def _attestation(item: Attestation) -> bytes:
    return bytes([ATTESTED]) + item.tag + _sized(item.payload)


class _Reader:
    """Reads from the front; every method raises ProofInvalid."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_PROOF:
            raise ProofInvalid(SUBJECT, "longer than a proof can be")
        self._data = data
        self._at = 0
        self._items = 0

    def take(self, length: int) -> bytes:
        found = self._data[self._at : self._at + length]
        if len(found) != length:
            raise ProofInvalid(SUBJECT, "it is cut short")
        self._at += length
        return found

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        value = 0
        for place in range(MAX_NUMBER_BYTES):
            byte = self.byte()
            value |= (byte & 0x7F) << 7 * place
            if byte <= 0x7F:  # noqa: PLR2004 - the last byte has no high bit
                return value
        raise ProofInvalid(SUBJECT, "a number is too long")

    def sized(self, most: int) -> bytes:
        length = self.number()
        if length > most:
            raise ProofInvalid(SUBJECT, "a part is too long")
        return self.take(length)

    def end(self) -> None:
        if self._at != len(self._data):
            raise ProofInvalid(SUBJECT, "bytes follow that belong to nothing")

    def whole(self) -> Node:
        node = self._node(0)
        self.end()
        return node

    def _node(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ProofInvalid(SUBJECT, "deeper than a proof can be")
        node, more = Node(), True
        while more:
            code = self.byte()
            more = code == ANOTHER
            self._item(self.byte() if more else code, node, depth)
        return node

    def _item(self, code: int, node: Node, depth: int) -> None:
        self._items += 1
        if self._items > MAX_ITEMS:
            raise ProofInvalid(SUBJECT, "more steps than a proof can have")
        if code == ATTESTED:
            node.attestations.add(Attestation(self.take(TAG_BYTES), self.sized(MAX_PAYLOAD)))
        elif code in KNOWN:
            argument = self.sized(MAX_MESSAGE) if code in WITH_ARGUMENT else b""
            below = Node(steps={Step(code, argument): self._node(depth + 1)})
            node.merge(below)
        else:
            raise ProofInvalid(SUBJECT, f"an operation that is not known ({code:#04x})")
