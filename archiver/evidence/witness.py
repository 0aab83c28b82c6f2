"""What a witness decides: cosign a checkpoint, or refuse it (c2sp.org/tlog-witness). Pure.

A witness remembers, for each log, the largest tree that it cosigned. It cosigns another only when
that one provably appends to it, so no two of its cosignatures tell different histories of a log.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from archiver.domain.errors import ProofInvalid
from archiver.evidence import checkpoint as checkpoints
from archiver.evidence.checkpoint import ParsedCheckpoint, VerifiedCheckpoint, VerifierKey
from archiver.evidence.merkle import EMPTY_ROOT, HASH_BYTES, verify_consistency
from archiver.evidence.signed_note import DECIMAL, strict_base64

MAX_PROOF_LINES = 63
MAX_REQUEST_BYTES = 110_000
SUBJECT = "request"


class Ruling(StrEnum):
    """What the witness does; each but the first is a refusal."""

    COSIGN = "cosign"
    MALFORMED = "malformed"
    UNKNOWN_LOG = "unknown log"
    UNSIGNED = "unsigned"
    CONFLICT = "conflict"
    UNPROVEN = "unproven"


class Suspicion(StrEnum):
    """What a refused checkpoint, which the log did sign, may mean."""

    FORK = "fork"
    """Two roots for one size, both signed: a proof that the log told two histories."""
    REWIND = "rewind"
    """Smaller than the tree known: an old checkpoint sent again, or a log that went back."""
    UNPROVEN = "unproven"
    """Larger, but no proof leads to it: a wrong proof, or a log that told two histories."""


@dataclass(frozen=True)
class Submission:
    """A request: the size that the sender believes to be known, the proof from there, and the
    checkpoint. Nothing of it is believed yet."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: ParsedCheckpoint


@dataclass(frozen=True)
class Decision:
    """`checkpoint` is there once a known key's signature was verified; `suspicion` only then."""

    ruling: Ruling
    reason: str
    known_size: int = 0
    suspicion: Suspicion | None = None
    checkpoint: VerifiedCheckpoint | None = None


def write_request(old_size: int, proof: Sequence[bytes], note: str) -> bytes:
    """The body of `add-checkpoint`. `note` is the whole signed checkpoint."""
    lines = [f"old {old_size}", *(base64.b64encode(item).decode() for item in proof)]
    return ("\n".join(lines) + f"\n\n{note}").encode()


def parse_request(body: bytes) -> Submission:
    """Reads the body of `add-checkpoint`.

    Raises:
        ProofInvalid: it has not the form of c2sp.org/tlog-witness.
    """
    try:
        head, blank, note = body.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise ProofInvalid(SUBJECT, "it is not UTF-8") from None
    first, *lines = head.split("\n")
    word, _, number = first.partition(" ")
    if not blank or word != "old" or not DECIMAL.fullmatch(number):
        raise ProofInvalid(SUBJECT, "it does not begin with `old SIZE`, proof and an empty line")
    if len(lines) > MAX_PROOF_LINES:
        raise ProofInvalid(SUBJECT, f"it has more than {MAX_PROOF_LINES} proof lines")
    proof = tuple(strict_base64(SUBJECT, line) for line in lines)
    if any(len(item) != HASH_BYTES for item in proof):
        raise ProofInvalid(SUBJECT, "a proof line does not have 32 bytes")
    return Submission(int(number), proof, checkpoints.parse(note))


def decide(
    submission: Submission, *, keys: Sequence[VerifierKey], known: VerifiedCheckpoint | None
) -> Decision:
    """Rules on a submission. `keys` are those trusted for its origin (none: an unknown log),
    `known` is the checkpoint of that log which was cosigned last."""
    if not keys:
        return Decision(Ruling.UNKNOWN_LOG, f"{submission.checkpoint.origin} is not watched here")
    try:
        new = checkpoints.verify(submission.checkpoint, keys)
    except ProofInvalid as error:
        return Decision(Ruling.UNSIGNED, str(error))
    if submission.old_size > new.size:
        reason = f"the old size {submission.old_size} is larger than the checkpoint's, {new.size}"
        return Decision(Ruling.MALFORMED, reason, checkpoint=new)
    known_size = known.size if known else 0
    if known is not None and new.size <= known.size:
        return _not_larger(submission, new, known)
    if submission.old_size != known_size:
        return Decision(
            Ruling.CONFLICT, f"the size known is {known_size}", known_size, checkpoint=new
        )
    return _grown(submission, new, known)


def _not_larger(
    submission: Submission, new: VerifiedCheckpoint, known: VerifiedCheckpoint
) -> Decision:
    """Rules on a tree that is of the known size, or smaller."""

    def conflict(reason: str, suspicion: Suspicion | None = None) -> Decision:
        return Decision(Ruling.CONFLICT, reason, known.size, suspicion, new)

    if new.size < known.size:
        reason = f"a tree of {known.size} leaves is known, this one has {new.size}"
        return conflict(reason, Suspicion.REWIND)
    if new.root != known.root:
        reason = f"another root is known for the size {known.size}: the log told two histories"
        return conflict(reason, Suspicion.FORK)
    if submission.old_size != known.size:
        return conflict(f"the size known is {known.size}")
    if submission.proof:
        return Decision(
            Ruling.UNPROVEN, "a proof between equal sizes is empty", known.size, None, new
        )
    return Decision(Ruling.COSIGN, "the tree that is known", known.size, checkpoint=new)


def _grown(
    submission: Submission, new: VerifiedCheckpoint, known: VerifiedCheckpoint | None
) -> Decision:
    """Rules on a tree that is larger than the known one, or the first of its log."""
    size = known.size if known else 0
    try:
        if known is not None and known.size > 0:
            verify_consistency(
                old_size=known.size,
                old_root=known.root,
                new_size=new.size,
                new_root=new.root,
                proof=submission.proof,
            )
        elif submission.proof:
            raise ProofInvalid("consistency proof", "from an empty tree it is empty")
        elif new.size == 0 and new.root != EMPTY_ROOT:
            raise ProofInvalid(checkpoints.SUBJECT, "its root is not that of an empty tree")
    except ProofInvalid as error:
        suspicion = Suspicion.UNPROVEN if size else None
        return Decision(Ruling.UNPROVEN, str(error), size, suspicion, new)
    return Decision(Ruling.COSIGN, f"it appends to the tree of {size} leaves", size, None, new)
