"""Opening what is folded on a page, within bounds of clicks and time."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Literal

from archiver.checker.passing import unfolded, weave
from archiver.checker.reading import Reading
from archiver.checker.tab import Tab

MOST_CLICKS = 80
"""Clicks on one page."""
AT_ONCE = 12
MOST_SECONDS = 20.0
MOST_TOLD = 6
"""Labels that are named in the sentence about it."""

Kind = Literal["text", "posts"]


@dataclass
class Opened:
    """The page after unfolding, what was clicked, and how many of these folds opened."""

    reading: Reading
    labels: list[str] = field(default_factory=list)
    opened: int = 0

    def told(self) -> str | None:
        """A sentence about it; None when nothing was clicked."""
        if not self.labels:
            return None
        names = ", ".join(f'"{label}"' for label in dict.fromkeys(self.labels[:MOST_TOLD]))
        return f"{self.opened} of {len(self.labels)} folds were opened ({names})."


async def open_folds(tab: Tab, reading: Reading, kind: Kind) -> Opened:
    """Opens cut texts, or folds of posts, round after round: a fold may hide others.

    Posts that could not be seen before are marked `unfolded`. Those that one click shows and
    another hides again are kept as they were seen.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + MOST_SECONDS
    result, at_once = Opened(reading), AT_ONCE
    async with tab.harmless():
        while len(result.labels) < MOST_CLICKS and loop.time() < deadline:
            wish = {"kind": kind, "most": min(at_once, MOST_CLICKS - len(result.labels))}
            labels = await tab.ask("openFolds", wish)
            if not labels:
                break
            await tab.settle(most=4.0)
            opened = int(await tab.ask("checkOpened"))
            result.labels += [str(label) for label in labels]
            result.opened += opened
            # one opened at the cost of another: then only one at a time, each with its own reading
            at_once = AT_ONCE if opened == len(labels) else 1
            result.reading = _after(result.reading, await tab.read())
    return result


def _after(before: Reading, now: Reading) -> Reading:
    marked = unfolded(before.posts, now.posts)
    return replace(now, posts=weave(before.posts, marked).posts)
