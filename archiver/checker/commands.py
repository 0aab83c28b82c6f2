"""What `rature check` and `rature read` do. They need no server.

The history file holds JSON lines, one observation or notice each, oldest first. It is read before
anything is looked at, and the new look is appended after it and flushed to the disk.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from archiver.checker.look import open_checker
from archiver.checker.options import CheckerOptions
from archiver.checker.reader_output import describe
from archiver.checker.reading_room import read_address, read_file
from archiver.checker.records import parse_lines
from archiver.checker.rules import judge
from archiver.checker.saved_file import page_bytes
from archiver.domain.errors import InvalidInput
from archiver.domain.look import Way
from archiver.domain.observation import Notice, Observation
from archiver.domain.post import Target
from archiver.domain.verdict import Policy


async def check(
    url: str,
    *,
    text: str,
    author: str | None = None,
    parent: str | None = None,
    post_id: str | None = None,
    permalink: str | None = None,
    history: Path | None = None,
    options: CheckerOptions,
    policy: Policy | None = None,
) -> dict[str, Any]:
    """One look at the page that shows a post: `{"observation": {...}, "verdict": {...}}`.

    Raises:
        InvalidInput: the text is too short, the history has a bad line or cannot be read.
        RefusedAddress: the address is one that is never opened.
        SettingsError, Unavailable: there is no browser to look with.
    """
    target = _target(
        url=url, text=text, author=author, parent=parent, post_id=post_id, permalink=permalink
    )
    options.policy.check_url(url)
    records = _load(history)
    seen = [record for record in records if isinstance(record, Observation)]
    way = Way(vantage=options.vantage_id)
    async with open_checker(replace(options, record_bytes=0)) as checker:
        look = (await checker.visit(url, [target], [seen], way))[0]
    if history is not None:
        _append(history, look.observation)
    verdict = judge([*records, look.observation], policy or Policy())
    return {
        "observation": look.observation.model_dump(mode="json", by_alias=True),
        "verdict": verdict.model_dump(mode="json", by_alias=True),
    }


def _target(**fields: str | None) -> Target:
    try:
        return Target.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{name}: {first['msg']}", field=name) from error


def _load(history: Path | None) -> Sequence[Observation | Notice]:
    if history is None or not history.exists():
        return []
    try:
        return parse_lines(history.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the history cannot be read: {error}", field="history") from error


def _append(history: Path, observation: Observation) -> None:
    """Adds one line and waits until it is on the disk."""
    line = observation.model_dump_json(by_alias=True) + "\n"
    try:
        with history.open("ab+") as file:
            if file.tell() and not _ends_a_line(file):
                line = "\n" + line
            file.write(line.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InvalidInput(f"the history cannot be written: {error}", field="history") from error


def _ends_a_line(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")


async def read(source: str, *, options: CheckerOptions, scripts: bool = False) -> dict[str, Any]:
    """What the checker reads on a page or in a saved HTML file: `{"page": ..., "posts": [...]}`.

    A saved file is read without network, and its scripts run only with `scripts`.

    Raises:
        InvalidInput: neither an address nor a file that may be a page.
        RefusedAddress, SettingsError, Unavailable: as for `check`.
    """
    if source.startswith(("http://", "https://")):
        options.policy.check_url(source)
        return describe(*await read_address(source, options))
    return describe(*await read_file(page_bytes(source), options, scripts=scripts))
