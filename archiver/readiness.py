"""What the service needs to work: asked at the start, and by `/readyz` whenever somebody asks."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from archiver.config import Settings
from archiver.domain.errors import Unavailable
from archiver.store.blobs import Blobs
from archiver.store.database import Database

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
Check = Callable[[], None]
"""Does nothing when its part works, raises Unavailable with a sentence when it does not."""


def find_chromium(settings: Settings) -> Path:
    """The browser: the one that is set, the system's, or Playwright's own.

    Raises:
        Unavailable: there is none.
    """
    if settings.chromium is not None:
        if os.access(settings.chromium, os.X_OK) and settings.chromium.is_file():
            return settings.chromium
        raise Unavailable(f"RATURE_CHROMIUM: {settings.chromium} is not a program")
    for name in BROWSER_NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright")
    installed = sorted(home.expanduser().glob("chromium-*/chrome-linux*/chrome"))
    if installed:
        return installed[-1]
    raise Unavailable(
        "no Chromium was found: install it (Debian: apt-get install chromium; elsewhere:"
        " playwright install chromium) or set RATURE_CHROMIUM to its path"
    )


def sandbox_warning(settings: Settings) -> str | None:
    """Why Chromium's own sandbox is off, in a sentence; None when it is on."""
    if settings.no_sandbox:
        return "Chromium runs without its sandbox, because RATURE_NO_SANDBOX is set"
    if os.geteuid() == 0:
        return "Chromium runs without its sandbox, because Rature runs as root"
    return None


def make_checks(settings: Settings, database: Database, blobs: Blobs) -> dict[str, Check]:
    """The checks by the name of their part."""

    def chromium() -> None:
        find_chromium(settings)

    return {"database": database.check, "blobs": blobs.check, "chromium": chromium}


def make_warnings(settings: Settings) -> list[str]:
    """What is bearable but must be said."""
    sandbox = sandbox_warning(settings)
    return [sandbox] if sandbox else []
