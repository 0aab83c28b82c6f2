"""Finds the Chromium that the tests drive."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class NoChromiumError(RuntimeError):
    """No Chromium is here; the text says how to get one."""


def find_chromium() -> Path:
    """Give RATURE_CHROMIUM, a system Chromium, or the newest that Playwright downloaded."""
    if wanted := os.environ.get("RATURE_CHROMIUM"):
        if not os.access(wanted, os.X_OK):
            raise NoChromiumError(f"RATURE_CHROMIUM={wanted} cannot be executed")
        return Path(wanted)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    if downloaded := sorted(cache.glob("chromium-*/chrome-linux*/chrome")):
        return downloaded[-1]
    raise NoChromiumError(
        "These tests drive Chromium and none was found. On Debian or Ubuntu: apt-get install "
        "chromium; elsewhere: .venv/bin/playwright install chromium; or set RATURE_CHROMIUM."
    )
