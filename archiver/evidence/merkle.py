"""Merkle tree hashing and the verification of its proofs (RFC 6962, section 2.1; RFC 9162, 2.1.3
and 2.1.4). Pure. Proofs are made in `tiles.py`; nothing here shares code with how they are made.
"""

import hashlib
from collections.abc import Sequence

from archiver.domain.errors import ProofInvalid

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry), 32 bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def verify_inclusion(
    *, index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Checks that the leaf hash stands at `index` in the tree of `size` leaves with this root.

    Raises:
        ProofInvalid: it does not, or the proof is malformed.
    """
    if not 0 <= index < size:
        raise ProofInvalid("inclusion proof", f"index {index} is not in a tree of {size} leaves")
    _check_hashes("inclusion proof", [leaf, root, *proof])
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofInvalid("inclusion proof", "it has more hashes than the tree has levels")
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("inclusion proof", "it has too few hashes")
    if computed != root:
        raise ProofInvalid("inclusion proof", "it leads to another root")


def verify_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Checks that the new tree only appends to the old one.

    An old tree without leaves says nothing about the new one: it is refused unless both are empty.

    Raises:
        ProofInvalid: the trees fork, or the proof is malformed.
    """
    subject = "consistency proof"
    if old_size > new_size:
        raise ProofInvalid(subject, f"the new tree ({new_size}) is smaller than ({old_size})")
    if old_size == new_size:
        if proof or old_root != new_root or (new_size == 0 and new_root != EMPTY_ROOT):
            raise ProofInvalid(subject, "trees of the same size have other roots")
        return
    if old_size == 0:
        raise ProofInvalid(subject, "an empty tree is consistent with anything")
    if not proof:
        raise ProofInvalid(subject, "it is empty")
    _check_hashes(subject, [old_root, new_root, *proof])
    first, second = _consistency_roots(old_size, old_root, new_size, proof)
    if first != old_root:
        raise ProofInvalid(subject, "it does not lead to the old root")
    if second != new_root:
        raise ProofInvalid(subject, "it does not lead to the new root")


def _consistency_roots(
    old_size: int, old_root: bytes, new_size: int, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The old and the new root to which the proof leads (RFC 9162, 2.1.4.2)."""
    complete = old_size & (old_size - 1) == 0
    hashes = [old_root, *proof] if complete else list(proof)
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofInvalid("consistency proof", "it has more hashes than the tree has levels")
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("consistency proof", "it has too few hashes")
    return first, second


def _check_hashes(subject: str, hashes: Sequence[bytes]) -> None:
    if any(len(item) != HASH_BYTES for item in hashes):
        raise ProofInvalid(subject, "a hash does not have 32 bytes")
