"""`rature verify`: 0 valid, 1 not valid, 2 not a bundle."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from archiver.cli_files import read_bytes, read_text
from archiver.cli_output import say
from archiver.domain.errors import InvalidInput, ProofInvalid
from archiver.domain.instant import render
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.cosignature import WitnessKey
from archiver.evidence.original_check import prove_original
from archiver.evidence.report import Report, Stamp, TimeGrade
from archiver.evidence.verification import inspect_bundle

WORTH = {
    TimeGrade.INDEPENDENT: "leads to a root that you brought",
    TimeGrade.UNCONFIRMED: "leads only to a root inside the bundle: compare it with the authority",
    TimeGrade.LOCAL: "made by the service itself: it proves the order of things, not the time",
}
RECORDS = "records/"
"""Where the later looks are; their times and witnesses stand in the JSON, one by one."""

Key = TypeVar("Key", VerifierKey, WitnessKey)


def run_verify(arguments: argparse.Namespace) -> int:
    """Prints what was checked, or the first file or proof that fails."""
    roots = [read_bytes(path) for path in arguments.trust_root or ()]
    log_key = _key(VerifierKey.from_vkey, arguments.log_key) if arguments.log_key else None
    witnesses = [_key(WitnessKey.from_vkey, text) for text in arguments.witness or ()]
    read_bytes(arguments.bundle)
    report = inspect_bundle(
        arguments.bundle,
        trust_roots=roots or None,
        log_keys=None if log_key is None else [log_key],
        witness_keys=witnesses or None,
    )
    if report.valid:
        _prove_originals(arguments, report)
    say(report.model_dump_json() if arguments.json else "\n".join(_in_words(report)))
    return 0 if report.valid else 1


def _prove_originals(arguments: argparse.Namespace, report: Report) -> None:
    """A picture that is not the one fails, like a file of the bundle would."""
    for path in arguments.original or ():
        try:
            found = prove_original(arguments.bundle, read_bytes(path), str(path))
        except ProofInvalid as error:
            report.valid, report.first_failure = False, str(error)
            return
        report.originals.append(found)


def _key(read: Callable[[str], Key], given: str) -> Key:
    """A verifier key as text, or in a file."""
    text = given if "+" in given and not Path(given).is_file() else read_text(Path(given))
    try:
        return read(text)
    except ProofInvalid as error:
        raise InvalidInput(f"{given}: {error.reason}") from error


def _in_words(report: Report) -> Iterator[str]:
    if not report.valid:
        yield f"NOT VALID: {report.first_failure}"
        return
    yield f"VALID: {len(report.checks)} checks held"
    for check in report.checks:
        yield f"  {check.outcome}  {check.subject}  {check.detail}".rstrip()
    for stamp in report.times:
        if not stamp.subject.startswith(RECORDS):
            yield (
                f"  {stamp.subject}: existed at {render(stamp.at)} ({_accuracy(stamp)}), says"
                f" {stamp.authority} ({WORTH[stamp.grade]})"
            )
    if report.unstamped_seconds is not None:
        yield (
            f"  stamped {report.unstamped_seconds:.3f} s after the service, by its own clock,"
            " recorded it"
        )
    yield from _of_witnesses(report)
    yield from _of_export(report)
    for proven in report.originals:
        yield (
            f"  {proven.file}: the original of {proven.folder}, {proven.tiles} tiles, of which"
            f" {proven.hidden} are hidden in this bundle"
        )
    if report.erased:
        yield f"  erased, as the log says: records {', '.join(map(str, report.erased))}"
    if report.withheld:
        yield f"  withheld (masked or erased): {', '.join(report.withheld)}"
    if report.log_key_from_bundle_only:
        yield "  the log's key came with the bundle: compare it with the one published"


def _accuracy(stamp: Stamp) -> str:
    if stamp.accuracy is None:
        return "it states no accuracy"
    return f"give or take {stamp.accuracy:g} s"


def _of_witnesses(report: Report) -> Iterator[str]:
    for item in report.cosignatures:
        if not item.subject.startswith(RECORDS):
            whose = "you brought" if item.trusted else "came with the bundle: compare it"
            yield f"  cosigned by {item.witness} at {render(item.at)} (its key {whose})"
    for proof in report.calendars:
        for block in proof.blocks:
            yield (
                f"  {proof.subject} leads to Bitcoin block {block.height}: compare its merkle root"
                f" with {block.merkle_root}"
            )
        if not proof.blocks:
            promised = ", ".join(proof.promised_by)
            yield f"  {proof.subject} is only promised, by {promised}: ask for a later bundle"


def _of_export(report: Report) -> Iterator[str]:
    if report.export is None:
        yield "  made by an older version: no export says which records belong here"
        return
    masked = "masked, " if report.export.masked else ""
    yield (
        f"  as of its export at {report.export.at} ({masked}record {report.export.leaf_index}):"
        " it cannot say what came later"
    )
    for picture in report.masks:
        tiles = picture.visible + picture.hidden
        yield f"  {picture.picture}: {picture.visible} of {tiles} tiles are shown"
    if report.exhibit is not None:
        yield (
            f"  report.pdf: signed by {report.exhibit.signer} at"
            f" {render(report.exhibit.signed_at)} (certificate"
            f" {report.exhibit.certificate_sha256}), stamped at {render(report.exhibit.stamped_at)}"
        )
