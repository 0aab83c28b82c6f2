"""Finding the browser: the one that is configured, the system's, or Playwright's own."""

import os
import shutil
from pathlib import Path

from archiver.domain.errors import SettingsError, Unavailable

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
"""System executables, the most open one first."""

ADVICE = (
    "no Chromium was found: install it (Debian, Ubuntu: apt install chromium; elsewhere: "
    "playwright install chromium) or set RATURE_CHROMIUM to the path of the executable"
)


def find_chromium(configured: str | None, *, playwright_own: Path | None = None) -> Path:
    """The executable to start.

    `playwright_own` is where Playwright would keep its own browser, whether or not it is there.

    Raises:
        SettingsError: the configured path is no executable file.
        Unavailable: nothing is configured and nothing is installed; the message says what to do.
    """
    if configured:
        return _configured(Path(configured).expanduser())
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    if playwright_own is not None and playwright_own.is_file():
        return playwright_own
    raise Unavailable(ADVICE)


def _configured(path: Path) -> Path:
    if not path.is_file():
        raise SettingsError(f"RATURE_CHROMIUM is {path}, but there is no such file")
    if not os.access(path, os.X_OK):
        raise SettingsError(f"RATURE_CHROMIUM is {path}, which cannot be executed")
    return path
