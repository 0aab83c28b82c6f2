"""`rature erase` and `rature erasures`."""

import argparse
import sys

from archiver.cli_output import explain, say
from archiver.config import load_settings
from archiver.domain.errors import InvalidInput
from archiver.services.access import OWNER
from archiver.services.erasure import ErasureFacts, ErasureReason
from archiver.services.erasure_list import as_line
from archiver.wiring import House, build_house

MEANT = "erase"


def run_erase(arguments: argparse.Namespace) -> int:
    """Erases after a question; prints the erasure's id.

    Raises:
        InvalidInput: neither a watch's id nor a capture's, or it was not meant.
    """
    identifier, reason = arguments.id, ErasureReason(arguments.reason)
    if not identifier.startswith(("wat_", "cap_")):
        raise InvalidInput(f"{identifier} is neither a watch (wat_...) nor a capture (cap_...)")
    with build_house(load_settings()) as house:
        if not arguments.yes:
            _ask(house, identifier)
        erase = house.erasure.watch if identifier.startswith("wat_") else house.erasure.capture
        done = erase(OWNER, identifier, reason=reason, actor="operator")
    explain(_in_words(identifier, done))
    say(done.id)
    return 0


def run_erasures(_arguments: argparse.Namespace) -> int:
    """One erasure a line, as JSON."""
    with build_house(load_settings()) as house:
        for row in house.erasure.everywhere():
            say(as_line(row))
    return 0


def _ask(house: House, identifier: str) -> None:
    if identifier.startswith("wat_"):
        outlook = house.erasure.outlook(OWNER, identifier)
        explain(
            f"This erases for good: {outlook.captures} captures, {outlook.looks} looks with their"
            f" verdicts and notices, and {outlook.visits} pages on which the post can be read."
            f" {outlook.other_watches} other watched posts lose these pages as evidence."
        )
    explain("Backups still have it: erase it there too, or destroy them.")
    explain(f'Type "{MEANT}" to go on:')
    if sys.stdin.readline().strip() != MEANT:
        raise InvalidInput("nothing was erased")


def _in_words(identifier: str, done: ErasureFacts) -> str:
    if done.repeated:
        return f"{identifier} had been erased before"
    return (
        f"{identifier} is erased: {len(done.leaves)} leaves of the log were emptied,"
        f" {len(done.partial)} lost files that showed it. The erasure itself is leaf"
        f" {done.leaf_index}."
    )
