"""changedetection.io itself as a watcher of a post, set up in the two ways that its users are told.

Checks are plain requests; where a script draws the list, its browser mode. A notice that it gives
stands until a person who looks at the page finds the words there again: kinder than the program.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archiver.checker.anchoring import normalise
from archiver.domain.post import Target
from bench.changedetection import BROWSER, PLAIN, Peer
from bench.watchers import SELECTOR, Opened
from tests.walls.story import Story

WORDS = 24
"""Characters of the post that are enough to find it; it looks at one line at a time."""


@dataclass
class _Watch(ABC):
    """A watch of the program, checked at each look."""

    peer: Peer
    watch: str | None = None
    checks: int = 0
    told: bool = False

    @abstractmethod
    async def rules(self, target: Target, opened: Opened, /) -> Mapping[str, object] | None:
        """What it is told to watch; None where a person could not say it."""

    @abstractmethod
    def notices(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """Whether this check gave its user notice of a change."""

    async def look(self, story: Story, target: Target, opened: Opened, /) -> bool | None:
        """One check; whether its user now believes that the post is gone."""
        if self.watch is None:
            rules = await self.rules(target, opened)
            if rules is None:
                return None
            fetch = BROWSER if story.wall.kind == "client" else PLAIN
            self.watch = await asyncio.to_thread(self.peer.add, target.url, fetch, **rules)
            self.checks = 1
            await asyncio.to_thread(self.peer.checked, self.watch, 1)
            return False
        before = await asyncio.to_thread(self.peer.read, self.watch)
        await asyncio.to_thread(self.peer.recheck, self.watch)
        self.checks += 1
        after = await asyncio.to_thread(self.peer.checked, self.watch, self.checks)
        self.told = self.told or self.notices(before, after)
        if self.told:
            self.told = normalise(target.text) not in (await opened.page()).text
        return self.told

    async def end(self) -> None:
        """Takes the watch away."""
        if self.watch is not None:
            await asyncio.to_thread(self.peer.ask, f"/api/v1/watch/{self.watch}", None, "DELETE")


class BlockedByText(_Watch):
    """Silent while the post's words are there: the first change without them is told."""

    name = "changedetection.io, blocked by text"

    async def rules(self, target: Target, _: Opened, /) -> Mapping[str, object] | None:
        """The beginning of the post."""
        return {"text_should_not_be_present": [target.text[:WORDS]]}

    def notices(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """A change that was not blocked."""
        return bool(after["last_changed"]) and after["history_n"] > before["history_n"]


class Filtered(_Watch):
    """A CSS filter on the post; a change of it is not a removal, a filter that fails is told."""

    name = "changedetection.io, CSS filter"

    async def rules(self, target: Target, opened: Opened, /) -> Mapping[str, object] | None:
        """The filter that a person would copy at the first look."""
        tab = await opened.tab()
        selector = await tab.evaluate(SELECTOR, target.text[:20]) if tab else None
        return {"include_filters": [selector]} if selector else None

    def notices(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """The count of failures goes back to nought with the notice, the failure still there."""
        return bool(
            after["last_error"]
            and before["consecutive_filter_failures"] > 0
            and after["consecutive_filter_failures"] == 0
        )
