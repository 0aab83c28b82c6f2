"""Refusing consent where a plain refusal is offered; never agreeing to anything."""

import re
from functools import lru_cache

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame

from archiver.checker import words
from archiver.checker.page_state import WALL_SHARE
from archiver.checker.reading import Reading
from archiver.checker.tab import Tab

_FRAMES = re.compile(r"consent|privacy|cmp|sp_message|truste|cookie|didomi|gdpr", re.IGNORECASE)
CLICK_MS = 2000


def asked(reading: Reading) -> bool:
    """Whether the page asks for consent."""
    page = reading.page
    return page.consent or page.consent_modal or bool(page.layer and page.layer.consent)


def covered(reading: Reading) -> bool:
    """Whether something lies over so much of the page that nobody could read it."""
    layer = reading.page.layer
    return layer is not None and layer.share >= WALL_SHARE


async def refuse(tab: Tab) -> str | None:
    """Refuses; a sentence that says what was clicked, or None when nothing plainly refuses."""
    label = await tab.ask("refuseConsent")
    if label is None:
        label = await _in_frames(tab)
    if label is None:
        return None
    await tab.settle(most=3.0)
    return f'Consent was refused ("{label}").'


async def _in_frames(tab: Tab) -> str | None:
    for frame in tab.frames:
        if _FRAMES.search(f"{frame.url} {frame.name}"):
            try:
                label = await _in_frame(frame)
            except PlaywrightError:
                continue  # the frame went away, or its button cannot be clicked: not refused
            if label is not None:
                return label
    return None


async def _in_frame(frame: Frame) -> str | None:
    known = frame.locator(", ".join(words.load("consent")["managers"]))
    named = frame.get_by_role("button", name=_refusals())
    for found in (known, named):
        for at in range(min(await found.count(), 5)):
            button = found.nth(at)
            if await button.is_visible():
                label = (await button.inner_text())[:60]
                await button.click(timeout=CLICK_MS)
                return label
    return None


@lru_cache(maxsize=1)
def _refusals() -> re.Pattern[str]:
    known = words.load("consent")["refuse"]
    wordings = "|".join(re.escape(wording).replace(r"\ ", r"\W+") for wording in known)
    return re.compile(rf"^\W*(?:{wordings})\W*$", re.IGNORECASE)
