"""`rature canary`: posts of which the operator knows whether they are there."""

import argparse
from typing import Any

from archiver.checker.health import Expected
from archiver.cli_output import explain, say
from archiver.config import load_settings
from archiver.domain.instant import render
from archiver.domain.post import Target
from archiver.services.access import OWNER
from archiver.wiring import build_house

ACTOR = "operator"


def add_commands(commands: Any) -> None:
    """Adds the command to the parser."""
    canary = commands.add_parser("canary", help="posts that vouch for the checks of their site")
    canary.set_defaults(run=run_list)
    actions = canary.add_subparsers(dest="action", metavar="add|list|remove")
    add = actions.add_parser("add", help="set a canary; prints its id")
    add.add_argument("url", metavar="URL", help="the page that shows it, or showed it")
    add.add_argument("--text", required=True, help="its words")
    add.add_argument("--author", help="its author, as the page shows it")
    add.add_argument("--post-id", help="the site's own id")
    add.add_argument("--permalink", help="its own address")
    add.add_argument("--expected", required=True, choices=[each.value for each in Expected])
    add.add_argument("--everybody", action="store_true", help="it vouches for all workspaces")
    add.set_defaults(run=run_add)
    actions.add_parser("list", help="list all").set_defaults(run=run_list)
    remove = actions.add_parser("remove", help="remove one")
    remove.add_argument("id", metavar="ID", help="as `rature canary list` shows it")
    remove.set_defaults(run=run_remove)


def run_add(arguments: argparse.Namespace) -> int:
    """Prints the id alone on standard output."""
    target = Target(
        url=arguments.url,
        text=arguments.text,
        author=arguments.author,
        post_id=arguments.post_id,
        permalink=arguments.permalink,
    )
    expected = Expected(arguments.expected)
    with build_house(load_settings()) as house:
        view = house.canaries.set(
            OWNER, target, expected, actor=ACTOR, everybody=arguments.everybody
        )
    explain(f"known to be {expected}; looked at by the service now, and then every six hours")
    say(view.watch.id)
    return 0


def run_list(_arguments: argparse.Namespace) -> int:
    """One canary a line: id, site, what is known, how it is read."""
    with build_house(load_settings()) as house:
        for view in house.canaries.listed(OWNER):
            canary = view.canary
            state = (
                f"MISREAD as {canary.read_as} since {render(canary.wrong_at)}"
                if canary.wrong_at
                else f"right at {render(canary.right_at)}"
                if canary.right_at
                else "not read so far"
            )
            say(f"{canary.watch_id}  {canary.site}  {canary.expected}  {state}")
    return 0


def run_remove(arguments: argparse.Namespace) -> int:
    """Removes a canary."""
    with build_house(load_settings()) as house:
        house.canaries.remove(OWNER, arguments.id, actor=ACTOR)
    explain(f"{arguments.id} vouches for nothing any more")
    return 0
