"""What the service needs to work: asked at the start, and by `/readyz` whenever somebody asks."""

import os
from collections.abc import Callable
from pathlib import Path

from archiver.checker.chromium import find_chromium
from archiver.config import Settings
from archiver.evidence.exhibit.library import available
from archiver.store.blobs import Blobs
from archiver.store.database import Database

Check = Callable[[], None]
"""Does nothing when its part works, raises Unavailable with a sentence when it does not."""


def find_browser(settings: Settings) -> Path:
    """The browser: the one that is set, the system's, or Playwright's own.

    Raises:
        SettingsError: the one that is set is no program.
        Unavailable: there is none; the message says how to get one.
    """
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright")
    installed = sorted(home.expanduser().glob("chromium-*/chrome-linux*/chrome"))
    configured = str(settings.chromium) if settings.chromium is not None else None
    return find_chromium(configured, playwright_own=installed[-1] if installed else None)


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
        find_browser(settings)

    return {"database": database.check, "blobs": blobs.check, "chromium": chromium}


def make_warnings(settings: Settings) -> list[str]:
    """What is bearable but must be said."""
    sandbox = sandbox_warning(settings)
    found = [sandbox] if sandbox else []
    if not settings.tsa_urls:
        found.append(
            "time stamps come from the embedded authority: they prove the order of things, not"
            " independent time; name time authorities in RATURE_TSA_URLS"
        )
    exhibit = available()
    if exhibit and settings.exhibits:
        found.append(exhibit)
    return found
