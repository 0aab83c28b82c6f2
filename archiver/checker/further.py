"""Pages of the site that a visit asks beside the wall itself: each once for all posts of the visit,
and only so many, so that no mass removal keeps the visit from its end."""

import asyncio
from dataclasses import dataclass

from archiver.checker.options import CheckerOptions
from archiver.checker.page_state import Response
from archiver.checker.reading import Reading
from archiver.checker.tab import Tab

TIME_SHARE = 0.6
"""Share of a visit's time after which nothing further is asked: the last page may take its own
time, and what was seen has yet to be kept."""


@dataclass(frozen=True)
class Page:
    """A page as it was answered and read. `unsure`: requests of its own failed or went on."""

    response: Response
    reading: Reading
    unsure: bool = False


class FurtherPages:
    """Asks pages one after the other in a visit's tab, and keeps what they said. `until` is a
    moment of the event loop's clock."""

    def __init__(self, tab: Tab, *, most: int, until: float) -> None:
        self._tab = tab
        self._left = most
        self._until = until
        self._known: dict[str, Page] = {}
        self.asked = 0

    @classmethod
    def of(cls, tab: Tab, options: CheckerOptions, began: float) -> "FurtherPages":
        """Those of a visit that began at this moment of the event loop's clock."""
        until = began + TIME_SHARE * options.visit_seconds
        return cls(tab, most=options.further_pages, until=until)

    async def page(self, address: str, *, again: bool = False) -> Page | None:
        """The page at an address, as it was answered first; or `again` now, which is beside the
        count. None when no more may be asked.

        Raises:
            ReaderFault, PlaywrightError: as a tab does.
        """
        if address in self._known and not again:
            return self._known[address]
        late = asyncio.get_running_loop().time() > self._until
        if late or (self._left <= 0 and not again):
            return None
        self._left -= not again
        self.asked += 1
        response = await self._tab.open(address)
        reading = await self._tab.read()
        unsure = bool(self._tab.failed_calls)
        if reading.page.scripts and not unsure:
            unsure = bool(await self._tab.ask("isBusy"))
        self._known[address] = Page(response, reading, unsure)
        return self._known[address]
