"""axe-core in the page that a browser shows: what of WCAG 2.2 A and AA a program can tell."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

import archiver

SCRIPT = Path(archiver.__file__).parent.parent / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"


def faults(page: Page) -> list[str]:
    """Each rule that is broken, with the first element that breaks it; empty: none.

    The script is evaluated from outside, so the page's own policy may stay as it is.
    """
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(RUN, RULES)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


def assert_accessible(page: Page) -> None:
    """Wide, and as narrow as a side panel, nothing is broken."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = faults(page)
        assert not found, f"{page.url} at {width} pixels: {found}"
