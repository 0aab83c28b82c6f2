"""The words of an exhibit in English and French, and French typography."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from archiver.domain.instant import to_utc
from archiver.evidence.exhibit.facts import Language

FOLDER = Path(__file__).parent / "words"
NARROW, NO_BREAK = "\u202f", "\u00a0"
_HIGH = re.compile(r" (?=[;!?%])")
_COLON = re.compile(r" (?=:)|(?<=«) | (?=»)")
_NUMBER = re.compile(r"(?<=n°) |(?<=§) ")
HOUR, DAY = 3600, 86400


@dataclass(frozen=True)
class Words:
    """The words of one language, nested as in its file. Call it with the path of one:
    `words("looks.heading")`; placeholders are filled from the keywords."""

    lang: Language
    tree: Mapping[str, Any]

    def __call__(self, path: str, /, **values: object) -> str:
        """One sentence. Raises KeyError for an unknown path: a fault of ours."""
        found = self.at(path)
        if not isinstance(found, str):
            raise KeyError(path)
        return found.format(**values) if values else found

    def at(self, path: str) -> Any:
        """A sentence, a list of sentences, or a branch."""
        found: Any = self.tree
        for name in path.split("."):
            found = found[name]
        return found

    def of(self, path: str, name: str) -> str:
        """The word for a value of a fixed set; the value itself when it is a new one."""
        found = self.at(path).get(name, name)
        return str(found)

    def date(self, moment: datetime) -> str:
        """In prose: `1 March 2026, 20:12:05 UTC`, `1er mars 2026 à 20:12:05 UTC`."""
        moment = to_utc(moment)
        day = "1er" if self.lang == "fr" and moment.day == 1 else str(moment.day)
        month = self.at("months")[moment.month - 1]
        written = self("date", day=day, month=month, year=moment.year, time=f"{moment:%H:%M:%S}")
        return written.replace(" ", NO_BREAK)

    def duration(self, span: timedelta) -> str:
        """Rounded up to the unit that fits: seconds, minutes, hours, days."""
        seconds = max(0.0, span.total_seconds())
        for unit, size, until in (
            ("seconds", 1, 120),
            ("minutes", 60, 2 * HOUR),
            ("hours", HOUR, 2 * DAY),
        ):
            if seconds < until:
                return self(f"duration.{unit}", n=_up(seconds / size))
        return self("duration.days", n=_up(seconds / DAY))


def _up(number: float) -> int:
    return int(number) + (number > int(number))


@cache
def words_of(lang: Language) -> Words:
    """Reads a language's file."""
    tree = json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8"))
    return Words(lang, _each(tree, french) if lang == "fr" else tree)


def french(text: str) -> str:
    """Spaces that do not break, as French wants them before `; ! ? : %` and within `« »`."""
    return _NUMBER.sub(NO_BREAK, _COLON.sub(NO_BREAK, _HIGH.sub(NARROW, text)))


def _each(tree: Any, change: Callable[[str], str]) -> Any:
    if isinstance(tree, str):
        return change(tree)
    if isinstance(tree, list):
        return [_each(item, change) for item in tree]
    return {name: _each(item, change) for name, item in tree.items()}


def table_time(moment: datetime) -> str:
    """In tables and on pictures: `2026-03-01 20:12:05`."""
    return f"{to_utc(moment):%Y-%m-%d %H:%M:%S}"
