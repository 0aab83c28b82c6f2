"""Finds the Firefox that the tests drive, with its French; as root on Debian, installs them."""

import os
import shutil
from pathlib import Path

from tests.servers.debian import ensure_packages

NAME = "firefox-esr"
PACKAGES = (NAME, "firefox-esr-l10n-fr")
FRENCH = Path("/usr/lib/firefox-esr/browser/extensions/langpack-fr@firefox-esr.mozilla.org.xpi")


OTHER = "RATURE_TEST_FIREFOX"
"""Environment variable: another Firefox to drive, with its French, for instance the current one."""


def takes_unsigned() -> bool:
    """Whether that Firefox takes an unsigned extension for good; of the released ones the ESR does.
    Others forget it when they are closed, and are given it again."""
    return OTHER not in os.environ


def find_firefox() -> Path:
    """Give the path of the ESR, or of the one that the environment names.

    Raises CannotInstallError when the ESR is neither here nor could be installed.
    """
    if OTHER in os.environ:
        return Path(os.environ[OTHER])
    found = shutil.which(NAME)
    if not found or not FRENCH.exists():
        ensure_packages(PACKAGES, needed_for="Firefox ESR")
        found = shutil.which(NAME)
    assert found is not None
    return Path(found)
