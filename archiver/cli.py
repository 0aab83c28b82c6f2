"""The command line: `rature COMMAND`.

Exit statuses: 0 done, 1 it failed, 2 the arguments (or an address in them) are not acceptable.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from archiver import cli_tools
from archiver.cli_output import explain
from archiver.domain.errors import InvalidInput, NotABundle, RatureError

FAILED = 1
WRONG_ARGUMENTS = 2
INTERRUPTED = 130
MODULES = (
    "cli_serve",
    "cli_worker",
    "cli_witness",
    "cli_access",
    "cli_tools",
    "cli_keeping",
    "cli_canary",
)
"""Whose `add_commands` make up the parser."""


def make_parser(command: str | None = None) -> argparse.ArgumentParser:
    """All commands; each sets `run`, a function of the parsed arguments that gives a status.

    For a tool's `command` the tools alone: who verifies a bundle need not wait for the service's
    modules, which take a second and more to load.
    """
    parser = argparse.ArgumentParser(
        prog="rature",
        description="Captures posts on brand walls, proves them, finds out when one is deleted.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in ("cli_tools",) if command in cli_tools.COMMANDS else MODULES:
        importlib.import_module(f"archiver.{name}").add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; an error of ours is one plain sentence, never a traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    parsed = make_parser(given[0] if given else None).parse_args(given)
    try:
        status: int = parsed.run(parsed)
    except (InvalidInput, NotABundle) as error:
        explain(f"rature: {error}")
        return WRONG_ARGUMENTS
    except RatureError as error:
        explain(f"rature: {error}")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


if __name__ == "__main__":
    sys.exit(main())
