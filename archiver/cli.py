"""The command line: `rature COMMAND`.

Exit statuses: 0 done, 1 it failed, 2 the arguments (or an address in them) are not acceptable.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from archiver import cli_access, cli_keeping, cli_serve, cli_tools, cli_witness, cli_worker
from archiver.cli_output import explain
from archiver.domain.errors import InvalidInput, NotABundle, RatureError

FAILED = 1
WRONG_ARGUMENTS = 2
INTERRUPTED = 130


def make_parser() -> argparse.ArgumentParser:
    """All commands; each sets `run`, a function of the parsed arguments that gives a status."""
    parser = argparse.ArgumentParser(
        prog="rature",
        description="Captures posts on brand walls, proves them, finds out when one is deleted.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    cli_serve.add_commands(commands)
    cli_worker.add_commands(commands)
    cli_witness.add_commands(commands)
    cli_access.add_commands(commands)
    cli_tools.add_commands(commands)
    cli_keeping.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; an error of ours is one plain sentence, never a traceback."""
    parsed = make_parser().parse_args(arguments)
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
