"""`rature check` and `rature read`: one look, without a service."""

import argparse
import asyncio
import json
from dataclasses import replace
from typing import Any

from archiver.checker.commands import check, read
from archiver.checker.options import CheckerOptions
from archiver.cli_output import explain, say
from archiver.config import Settings, load_settings
from archiver.readiness import sandbox_warning
from archiver.wiring import make_checker_options, make_path, utc_now


def run_check(arguments: argparse.Namespace) -> int:
    """Prints `{"observation", "verdict"}`; 0 whatever the look says."""
    settings = load_settings()
    _warn(sandbox_warning(settings))
    result = asyncio.run(
        check(
            arguments.url,
            text=arguments.text,
            author=arguments.author,
            parent=arguments.parent,
            post_id=arguments.post_id,
            permalink=arguments.permalink,
            history=arguments.history,
            options=_options(settings, arguments.via),
            policy=settings.policy,
        )
    )
    print_json(result, compact=arguments.json)
    return 0


def _options(settings: Settings, via: str | None) -> CheckerOptions:
    """How to look; with `via`, from the vantage that the first further network path has."""
    options = make_checker_options(settings, utc_now)
    if via is None:
        return options
    path = make_path(settings, via)
    return replace(options, paths=(path,)).by(path.id)


def run_read(arguments: argparse.Namespace) -> int:
    """Prints `{"page", "posts"}`."""
    settings = load_settings()
    _warn(sandbox_warning(settings))
    options = make_checker_options(settings, utc_now)
    result = asyncio.run(read(arguments.source, options=options, scripts=arguments.scripts))
    print_json(result, compact=arguments.json)
    return 0


def print_json(value: dict[str, Any], *, compact: bool) -> None:
    """One line for programs, indented for people."""
    say(json.dumps(value, ensure_ascii=False, indent=None if compact else 2))


def _warn(warning: str | None) -> None:
    if warning:
        explain(f"rature: {warning}")
