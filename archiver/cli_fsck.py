"""`rature fsck`: 0 everything is whole, 1 faults, 2 wrong arguments."""

import argparse
import json
import sys

from archiver.cli_output import explain, say
from archiver.config import load_settings
from archiver.services.fsck import Check, Report
from archiver.wiring import build_house

BAR = 24


def run_fsck(arguments: argparse.Namespace) -> int:
    """Checks everything, with a line of progress for whoever watches."""
    with build_house(load_settings()) as house:
        check = house.fsck.start(anew=arguments.anew, sweep=arguments.sweep)
        if check.checked:
            explain("going on with the check that was broken off")
        progress = _Progress(quiet=arguments.json)
        while check.step():
            progress.show(check)
        progress.end()
        report = house.fsck.report(check.run_id)
    say(json.dumps(report.as_json()) if arguments.json else _in_words(report))
    return 0 if report.clean else 1


class _Progress:
    """One line that is written over on a terminal; a line for each part elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._part = ""

    def show(self, check: Check) -> None:
        if self._quiet:
            return
        now = check.progress()
        if self._terminal:
            share = min(1.0, now.done / now.total) if now.total else 0.0
            bar = "#" * int(BAR * share)
            of = f" of {now.total}" if now.total else ""
            line = f"\r[{bar:<{BAR}}] {now.part}: {now.done}{of}\x1b[K"
            sys.stderr.write(line)
            sys.stderr.flush()
        elif now.part != self._part:
            explain(f"checking {now.part}" + (f" ({now.total})" if now.total else ""))
        self._part = now.part

    def end(self) -> None:
        if self._terminal and not self._quiet:
            sys.stderr.write("\r\x1b[K")


def _in_words(report: Report) -> str:
    lines = [str(fault) for fault in report.faults]
    if report.total > len(report.faults):
        lines.append(f"... and {report.total - len(report.faults)} more")
    checked = ", ".join(f"{count} {name}" for name, count in report.checked.items() if count)
    verdict = "CLEAN" if report.clean else f"{report.total} FAULTS"
    return "\n".join([*lines, f"{verdict}: {checked}"])
