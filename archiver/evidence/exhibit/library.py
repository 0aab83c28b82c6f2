"""Whether WeasyPrint's system libraries are there, asked without loading it for a second."""

import ctypes
from functools import cache

NEEDED = (
    ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    ("libfontconfig.so.1", "libfontconfig.1.dylib"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
)
"""By the names on Linux and macOS."""
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""Debian's names; what else is needed comes with them."""
WARNING = (
    "bundles get no PDF exhibit, because Pango is missing: install it"
    f" (on Debian: {PACKAGES}) and start again"
)


@cache
def available() -> str | None:
    """Why no exhibit can be made, in a sentence that says what helps; None when one can."""
    found = all(any(map(_loads, names)) for names in NEEDED)
    return None if found else WARNING


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
