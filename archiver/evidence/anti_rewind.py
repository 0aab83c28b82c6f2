"""The log never goes back: what may be signed after what was signed before. Pure."""

from collections.abc import Sequence

from archiver.domain.errors import LogRewound, ProofInvalid
from archiver.evidence.merkle import verify_consistency


def check_progress(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Checks that signing the new tree head contradicts nothing signed before.

    `proof` is the consistency proof between the two (empty for the same size or an empty old tree).

    Raises:
        LogRewound: the new tree is smaller than the old one, or does not append to it.
    """
    if new_size < old_size:
        raise LogRewound(
            f"a tree of {old_size} leaves was signed before; this one has {new_size}. "
            "Was an old backup restored? Restore the newest one."
        )
    if old_size == 0:
        return
    try:
        verify_consistency(
            old_size=old_size,
            old_root=old_root,
            new_size=new_size,
            new_root=new_root,
            proof=proof,
        )
    except ProofInvalid as error:
        raise LogRewound(
            f"the tree of {new_size} leaves does not append to the one of {old_size} leaves that "
            f"was signed before ({error})"
        ) from error
