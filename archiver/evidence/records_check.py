"""Compares what a bundle says at its top (observations, verdict) with the records that prove it."""

import json
from collections.abc import Mapping

from archiver.domain.digest import canonical_json
from archiver.domain.errors import ProofInvalid

LOOKS = frozenset({"observation", "notice"})
"""Kinds of records that a verdict is drawn from."""

Records = Mapping[int, tuple[str, bytes]]
"""Leaf index -> (kind, bytes of record.json)."""


def observation_lines(records: Records) -> bytes:
    """`observations.jsonl`: the observations and notices as they were logged, one a line."""
    looks = [data for _, (kind, data) in sorted(records.items()) if kind in LOOKS]
    return b"".join(data + b"\n" for data in looks)


def last_verdict(records: Records) -> bytes | None:
    """`verdict.json`: the verdict that was logged last; None when there is none."""
    verdicts = [data for _, (kind, data) in sorted(records.items()) if kind == "verdict"]
    return verdicts[-1] if verdicts else None


def check_record(subject: str, kind: str, data: bytes) -> dict[str, object]:
    """Checks that record.json is canonical and of its kind; gives its content.

    Raises:
        ProofInvalid: it is not.
    """
    try:
        value = json.loads(data)
        canonical = isinstance(value, dict) and canonical_json(value) == data
    except (ValueError, RecursionError) as error:
        raise ProofInvalid(subject, f"not JSON: {error}") from error
    if not canonical or value.get("kind") != kind or not value.get("salt"):
        raise ProofInvalid(subject, f"not a canonical record of kind {kind} with its salt")
    return dict(value)


def check_basis(subject: str, verdict: Mapping[str, object], records: Records) -> None:
    """Checks that every record from which a verdict was drawn is there.

    Raises:
        ProofInvalid: one is missing (an observation was dropped), or the verdict does not say.
    """
    basis = verdict.get("basis")
    if not isinstance(basis, list):
        raise ProofInvalid(subject, "the verdict does not say from which records it was drawn")
    for index in basis:
        if index not in records or records[index][0] not in LOOKS:
            raise ProofInvalid(subject, f"it was drawn from record {index}, which is not here")
