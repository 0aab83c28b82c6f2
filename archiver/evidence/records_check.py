"""Compares what a bundle says at its top (observations, verdict) with the records that prove it."""

import json
from collections.abc import Mapping

from archiver.domain.digest import canonical_json
from archiver.domain.errors import ProofInvalid
from archiver.domain.observation import Sighting
from archiver.evidence.record_parts import RECORD

LOOK = "observation"
LOOKS = frozenset({LOOK, "notice"})
"""Kinds of records that a verdict is drawn from."""

SEEN = (Sighting.PRESENT, Sighting.MOVED, Sighting.EDITED, Sighting.COLLAPSED)
"""Sightings of a post that is there."""

Records = Mapping[int, tuple[str, bytes]]
"""Leaf index -> (kind, bytes of record.json; of a capture: of meta.json)."""


def observation_lines(records: Records) -> bytes:
    """`observations.jsonl`: the observations and notices as they were logged, one a line."""
    looks = [data for _, (kind, data) in sorted(records.items()) if kind in LOOKS]
    return b"".join(data + b"\n" for data in looks)


def last_verdict(records: Records) -> bytes | None:
    """`verdict.json`: the verdict that was logged last; None when there is none."""
    verdicts = [data for _, (kind, data) in sorted(records.items()) if kind == "verdict"]
    return verdicts[-1] if verdicts else None


def main_look(records: Records) -> int | None:
    """The look that a bundle without a capture is around: the one that saw the post and was logged
    first; where none saw it, the one logged first. None when no look was taken."""
    looks = {index: data for index, (kind, data) in sorted(records.items()) if kind == LOOK}
    seen = [index for index, data in looks.items() if json.loads(data).get("sighting") in SEEN]
    return next(iter(seen or looks), None)


def check_record(subject: str, kind: str, data: bytes) -> dict[str, object]:
    """Checks that record.json (or meta.json) is canonical and of its kind; gives its content.

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


def check_main_look(index: int, records: Records) -> None:
    """Checks a bundle that is around the look with that leaf index.

    Raises:
        ProofInvalid: the post was captured, or another look comes first.
    """
    captured = [place for place, (kind, _) in sorted(records.items()) if kind == "capture"]
    if captured:
        raise ProofInvalid(RECORD, f"a bundle with a capture ({captured[0]}) is around it")
    first = main_look(records)
    if first != index:
        raise ProofInvalid(RECORD, f"a bundle without a capture is around look {first}")
