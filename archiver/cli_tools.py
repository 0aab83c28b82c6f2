"""The parsers of the tools that need no service: check, read, judge, verify.

What they run is loaded when it is asked for: `rature token` should not wait for a browser.
"""

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

COMMANDS = frozenset({"check", "read", "judge", "verify"})
"""What `add_commands` adds."""


def later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """A command's function that is imported when it runs."""

    def run(arguments: argparse.Namespace) -> int:
        found = getattr(importlib.import_module(module), function)
        return cast("int", found(arguments))

    return run


def add_commands(commands: Any) -> None:
    """Adds the commands to the parser."""
    _add_check(commands)
    _add_read(commands)
    _add_judge(commands)
    _add_verify(commands)


def _add_check(commands: Any) -> None:
    check = commands.add_parser("check", help="look once for a post on a page")
    check.add_argument("url", metavar="URL", help="the page that shows the post")
    check.add_argument("--text", required=True, help="the post's words, verbatim")
    check.add_argument("--author", help="its author, as shown")
    check.add_argument("--parent", metavar="URL", help="what it answers to")
    check.add_argument("--post-id", help="its id on the site")
    check.add_argument("--permalink", metavar="URL", help="its own address")
    check.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help="earlier looks, JSON lines, oldest first; the new one is appended",
    )
    check.add_argument(
        "--via",
        metavar="URL",
        help="look by another network path: http://, https:// or socks5://[USER:PASSWORD@]HOST:PORT;"
        " the look's vantage is then path2, with another user agent and locale",
    )
    _add_json(check)
    check.set_defaults(run=later("archiver.cli_look", "run_check"))


def _add_read(commands: Any) -> None:
    read = commands.add_parser("read", help="show what the checker reads on a page or saved file")
    read.add_argument("source", metavar="URL_OR_FILE")
    read.add_argument("--scripts", action="store_true", help="let a saved file's scripts run")
    _add_json(read)
    read.set_defaults(run=later("archiver.cli_look", "run_read"))


def _add_judge(commands: Any) -> None:
    judge = commands.add_parser("judge", help="draw the verdict from recorded looks, offline")
    judge.add_argument("file", type=Path, metavar="FILE", help="observations as JSON lines")
    _add_json(judge)
    judge.set_defaults(run=later("archiver.cli_judge", "run_judge"))


def _add_verify(commands: Any) -> None:
    verify = commands.add_parser("verify", help="verify a bundle, offline")
    verify.add_argument("bundle", type=Path, metavar="BUNDLE")
    verify.add_argument(
        "--trust-root",
        type=Path,
        action="append",
        metavar="PEM",
        help="a time authority's root that you obtained yourself; may be repeated",
    )
    verify.add_argument(
        "--log-key",
        metavar="VKEY_OR_FILE",
        help="the log's public key that you obtained yourself: name+id+key, or a file with it",
    )
    verify.add_argument(
        "--witness",
        action="append",
        metavar="VKEY_OR_FILE",
        help="a witness's public key that you obtained yourself; may be repeated. One of them must"
        " have cosigned",
    )
    verify.add_argument(
        "--original",
        type=Path,
        action="append",
        metavar="PICTURE",
        help="a picture that its owner kept, with its salt inside (original.png): is it the one"
        " that a masked picture of the bundle was made of? May be repeated",
    )
    _add_json(verify)
    verify.set_defaults(run=later("archiver.cli_verify", "run_verify"))


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="JSON on one line, for programs")
