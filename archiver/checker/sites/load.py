"""Reads the sites' data files, the same ones that the extension takes along."""

import json
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from archiver.checker.sites.model import Site
from archiver.domain.errors import SettingsError

FOLDER = Path(__file__).parents[3] / "extension" / "sites"
SITES = "index.json"
"""The names of all files in the order in which they are tried."""


@lru_cache(maxsize=1)
def load(folder: Path = FOLDER) -> tuple[Site, ...]:
    """All adapters, in the order of the index.

    Raises:
        SettingsError: a file is missing, or not of the agreed form; names the file and the place.
    """
    names = json.loads((folder / SITES).read_text("utf-8"))
    return tuple(parse(f"{name}.json", _text(folder / f"{name}.json")) for name in names)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as missing:
        raise SettingsError(f"{path.name}: {missing.strerror}") from missing


def parse(name: str, text: str) -> Site:
    """One adapter.

    Raises:
        SettingsError: it is not of the agreed form.
    """
    try:
        site = Site.model_validate_json(text)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{name}: {where + ': ' if where else ''}{first['msg']}") from wrong
    if f"{site.name}.json" != name:
        raise SettingsError(f"{name}: the name in it is {site.name!r}")
    return site
