"""Where a command's words go: results to standard output, explanations to standard error."""

import sys


def say(text: str) -> None:
    """A result, for people and pipes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def explain(text: str) -> None:
    """An explanation or a complaint."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
