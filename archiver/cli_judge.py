"""`rature judge`: the verdict from recorded looks. Offline; the service uses the same function."""

import argparse
import json

from archiver.checker.records import parse_lines
from archiver.checker.rules import judge
from archiver.cli_files import read_text
from archiver.cli_output import say
from archiver.config import load_settings


def run_judge(arguments: argparse.Namespace) -> int:
    """Prints the verdict."""
    records = parse_lines(read_text(arguments.file))
    verdict = judge(records, load_settings().policy).model_dump(mode="json")
    say(json.dumps(verdict, ensure_ascii=False, indent=None if arguments.json else 2))
    return 0
