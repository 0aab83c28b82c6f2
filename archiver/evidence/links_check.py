"""Checks what the records of a bundle say of each other: none was dropped, none slipped in.

A record may only be missing where an erasure, itself in the log, says that its content was erased.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archiver.domain.errors import ProofInvalid
from archiver.evidence import layout
from archiver.evidence.export_record import EXPORT
from archiver.evidence.records_check import LOOK, LOOKS

ERASURE = "erasure"
VERDICT = "verdict"
VISIT = "visit"


@dataclass(frozen=True)
class Said:
    """What a record's content file says. `subject` is its path below `data/`."""

    subject: str
    kind: str
    data: bytes
    value: Mapping[str, object]


Sayings = Mapping[int, Said]
"""By leaf index."""


def check_links(said: Sayings, main: int) -> frozenset[int]:
    """Checks visits, verdicts and the last export against the records that are there; gives the
    erased leaves.

    Raises:
        ProofInvalid: a record that is named is neither here nor erased, or one is here that the
            last export does not name.
    """
    erased = _erased(said)
    for _, record in _of_kind(said, VERDICT):
        _check_basis(record, said, erased)
    for _, record in _of_kind(said, LOOK):
        _check_visit(record, said, erased)
    last = last_export(said)
    if last is not None:
        _check_export(last, said, main, erased)
    elif any(_has_export(record) for record in said.values()):
        raise ProofInvalid(layout.RECORDS, "the export that closes such a bundle is not here")
    return erased


def last_export(said: Sayings) -> int | None:
    """The leaf of the export that the bundle's made files belong to; None without any."""
    return max((index for index, _ in _of_kind(said, EXPORT)), default=None)


def _erased(said: Sayings) -> frozenset[int]:
    erased: set[int] = set()
    for own, record in _of_kind(said, ERASURE):
        leaves = _leaves(record, "leaves")
        if not leaves or leaves[-1] >= own:
            raise ProofInvalid(record.subject, "an erasure names records that were logged before")
        for leaf in leaves:
            if leaf in said:
                raise ProofInvalid(record.subject, f"it says that record {leaf}, here, was erased")
        erased.update(leaves)
    return frozenset(erased)


def _check_basis(record: Said, said: Sayings, erased: frozenset[int]) -> None:
    basis = record.value.get("basis")
    if not isinstance(basis, list):
        raise ProofInvalid(
            record.subject, "the verdict does not say from which records it was drawn"
        )
    for index in basis:
        kind = said[index].kind if type(index) is int and index in said else None
        if kind not in LOOKS and index not in erased:
            raise ProofInvalid(
                record.subject, f"it was drawn from record {index}, which is not here"
            )


def _check_visit(record: Said, said: Sayings, erased: frozenset[int]) -> None:
    index = record.value.get("visit")
    if index is None or (type(index) is int and index in erased):
        return
    if type(index) is not int or index not in said or said[index].kind != VISIT:
        raise ProofInvalid(record.subject, f"it was taken in visit {index}, which is not here")


def _has_export(record: Said) -> bool:
    """Whether a record is of a version that closes every bundle with an export: somebody who drops
    the export cannot pass the rest off as a bundle of an older version."""
    return (
        record.kind in (VISIT, ERASURE)
        or (record.kind == LOOK and record.value.get("visit") is not None)
        or (record.kind == "capture" and record.value.get("exports") is True)
    )


def _check_export(own: int, said: Sayings, main: int, erased: frozenset[int]) -> None:
    record = said[own]
    named = set(_leaves(record, "records"))
    if record.value.get("main") != main:
        raise ProofInvalid(
            record.subject, f"the bundle was around record {record.value.get('main')}"
        )
    here = said.keys() - {own, main}
    for leaf in sorted(here - named):
        raise ProofInvalid(said[leaf].subject, f"record {leaf} was not in the bundle: slipped in")
    for leaf in sorted(named - here - erased):
        raise ProofInvalid(record.subject, f"record {leaf} was in the bundle and is not here")


def _leaves(record: Said, name: str) -> list[int]:
    """A list of leaf indexes, sorted, none twice."""
    leaves = record.value.get(name)
    if not isinstance(leaves, list) or any(type(leaf) is not int or leaf < 0 for leaf in leaves):
        raise ProofInvalid(record.subject, f"its {name} are no list of records")
    if sorted(set(leaves)) != leaves:
        raise ProofInvalid(record.subject, f"its {name} are not sorted, or one stands there twice")
    return list(leaves)


def _of_kind(said: Sayings, kind: str) -> Iterator[tuple[int, Said]]:
    return ((index, record) for index, record in sorted(said.items()) if record.kind == kind)
