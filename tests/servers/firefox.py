"""Finds the Firefox that the tests drive, with its French; as root on Debian, installs them."""

import shutil
from pathlib import Path

from tests.servers.debian import ensure_packages

NAME = "firefox-esr"
PACKAGES = (NAME, "firefox-esr-l10n-fr")
FRENCH = Path("/usr/lib/firefox-esr/browser/extensions/langpack-fr@firefox-esr.mozilla.org.xpi")


def find_firefox() -> Path:
    """Give the ESR's path: it alone of the released Firefoxes takes an unsigned extension for good.

    Raises CannotInstallError when it is neither here nor could be installed.
    """
    found = shutil.which(NAME)
    if not found or not FRENCH.exists():
        ensure_packages(PACKAGES, needed_for="Firefox ESR")
        found = shutil.which(NAME)
    assert found is not None
    return Path(found)
