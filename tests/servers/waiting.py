"""Waiting for what another process, or a browser, does in its own time."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 20.0
POLL_S = 0.02
T = TypeVar("T")


def wait_for(
    ready: Callable[[], T | None],
    what: str,
    patience: float = PATIENCE_S,
    *,
    pause: float = POLL_S,
) -> T:
    """Ask again and again, with `pause` seconds between, until the answer is true; gives it.

    Raises:
        AssertionError: not within `patience` seconds; says `what` never came.
    """
    deadline = time.monotonic() + patience
    while not (answer := ready()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience:g} s: {what}")
        time.sleep(pause)
    return answer
