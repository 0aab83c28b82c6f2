"""`rature token` and `rature signin`: who may use the service."""

import argparse
from typing import Any

from archiver.cli_output import explain, say
from archiver.config import load_settings
from archiver.domain.instant import render
from archiver.services.access import OWNER, TOKEN_DAYS, Scope
from archiver.wiring import House, build_house


def add_commands(commands: Any) -> None:
    """Adds the commands to the parser."""
    _add_token(commands)
    signin = commands.add_parser("signin", help="print a link that signs the owner in to the pages")
    signin.set_defaults(run=run_signin)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(run=run_migrate)


def _add_token(commands: Any) -> None:
    token = commands.add_parser("token", help="make, list or revoke tokens for the interface")
    token.set_defaults(run=run_make, name="command line", scope=None, days=float(TOKEN_DAYS))
    actions = token.add_subparsers(dest="action", metavar="make|list|revoke")
    make = actions.add_parser("make", help="make a token (also without `make`); prints only it")
    make.add_argument("--name", default="command line", help="what it is for")
    make.add_argument(
        "--scope",
        action="append",
        choices=[scope.value for scope in Scope],
        help="what it may do; may be repeated; everything unless given",
    )
    make.add_argument("--days", type=float, default=float(TOKEN_DAYS), help="its life in days")
    make.set_defaults(run=run_make)
    listing = actions.add_parser("list", help="list all tokens without their secrets")
    listing.set_defaults(run=run_list)
    revoke = actions.add_parser("revoke", help="revoke a token at once")
    revoke.add_argument("id", metavar="TOKEN_ID", help="as `rature token list` shows it")
    revoke.set_defaults(run=run_revoke)


def run_make(arguments: argparse.Namespace) -> int:
    """Prints the token alone on standard output, so that a script can take it."""
    scopes = frozenset(Scope(name) for name in arguments.scope or Scope)
    with build_house(load_settings()) as house:
        issued = house.access.issue(OWNER, name=arguments.name, scopes=scopes, days=arguments.days)
    explain(
        f"{issued.token.id} ({issued.token.scopes}), good until {render(issued.token.expires_at)}."
        " It is shown only now:"
    )
    say(issued.secret)
    return 0


def run_list(_arguments: argparse.Namespace) -> int:
    """One token a line: id, state, scopes, last use, name."""
    with build_house(load_settings()) as house:
        for token in house.access.tokens(OWNER):
            state = _state(house, token.revoked_at is not None, token.expires_at)
            used = f"used {render(token.last_used_at)}" if token.last_used_at else "never used"
            say(f"{token.id}  {state}  [{token.scopes}]  {used}  {token.name}")
    return 0


def _state(house: House, revoked: bool, expires_at: Any) -> str:
    if revoked:
        return "revoked"
    return "expired" if expires_at <= house.clock() else f"until {render(expires_at)}"


def run_revoke(arguments: argparse.Namespace) -> int:
    """Revokes a token."""
    with build_house(load_settings()) as house:
        token = house.access.revoke(OWNER, arguments.id)
    explain(f"{token.id} ({token.name}) is revoked")
    return 0


def sign_in_link(house: House) -> str:
    """A fresh link: single use, 15 minutes."""
    code = house.sessions.make_link_code(OWNER)
    return f"{house.settings.public_url.rstrip('/')}/signin?code={code}"


def run_signin(_arguments: argparse.Namespace) -> int:
    """Prints the link alone on standard output."""
    with build_house(load_settings()) as house:
        link = sign_in_link(house)
    explain("Open this within 15 minutes; it works once:")
    say(link)
    return 0


def run_migrate(_arguments: argparse.Namespace) -> int:
    """Brings the database up to date, which every other command does too."""
    with build_house(load_settings()):
        explain("the database is up to date")
    return 0
