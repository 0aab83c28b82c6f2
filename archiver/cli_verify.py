"""`rature verify`: 0 valid, 1 not valid, 2 not a bundle."""

import argparse

from archiver.cli_files import read_bytes
from archiver.cli_output import say
from archiver.domain.instant import render
from archiver.evidence.report import Report, TimeGrade
from archiver.evidence.verification import inspect_bundle

WORTH = {
    TimeGrade.INDEPENDENT: "leads to a root that you brought",
    TimeGrade.UNCONFIRMED: "leads only to a root inside the bundle: compare it with the authority",
    TimeGrade.LOCAL: "made by the service itself: it proves the order of things, not the time",
}
RECORDS = "records/"
"""Where the later looks are; their times stand in the JSON, one by one."""


def run_verify(arguments: argparse.Namespace) -> int:
    """Prints what was checked, or the first file or proof that fails."""
    roots = [read_bytes(path) for path in arguments.trust_root or ()]
    read_bytes(arguments.bundle)
    report = inspect_bundle(arguments.bundle, trust_roots=roots or None)
    say(report.model_dump_json() if arguments.json else _in_words(report))
    return 0 if report.valid else 1


def _in_words(report: Report) -> str:
    if not report.valid:
        return f"NOT VALID: {report.first_failure}"
    lines = [f"VALID: {len(report.checks)} checks held"]
    lines += [f"  ok  {check.subject}  {check.detail}".rstrip() for check in report.checks]
    lines += [
        f"  {stamp.subject}: existed at {render(stamp.at)}, says {stamp.authority}"
        f" ({WORTH[stamp.grade]})"
        for stamp in report.times
        if not stamp.subject.startswith(RECORDS)
    ]
    if report.withheld:
        lines.append(f"  withheld (masked or erased): {', '.join(report.withheld)}")
    if report.log_key_from_bundle_only:
        lines.append("  the log's key came with the bundle: compare it with the one published")
    return "\n".join(lines)
