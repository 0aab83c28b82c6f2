"""Reading a wall on, beyond what is said of its posts: only to doubt, and to know more later.

It comes when the walk is done and the evidence is taken. Nothing rests on it: what stands in its
way is passed over, and what it brings is kept apart from the wall that was read.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from playwright.async_api import Error as PlaywrightError

from archiver.checker.arrival import arrive
from archiver.checker.goal import Ask, Goal
from archiver.checker.growing import grow_on
from archiver.checker.options import CheckerOptions
from archiver.checker.page_links import Numbered, links_of, page_read
from archiver.checker.page_state import Finding
from archiver.checker.pages import PageRead, arrange
from archiver.checker.paging import next_number
from archiver.checker.tab import Tab
from archiver.checker.wall import Wall
from archiver.domain.errors import ReaderFault

SECONDS = 20.0
"""After which no further page is begun."""


@dataclass
class FarReading:
    """The pages of a wall, and those that are read on. `addresses` are the linked pages' by their
    numbers; `shown` tells that the first page is still in the tab as it was read, `sure` that the
    list's end is to be proven. `stopped` is what came in the way."""

    tab: Tab
    url: str
    goal: Goal
    options: CheckerOptions
    pages: Sequence[PageRead]
    addresses: dict[int, str]
    shown: bool = False
    sure: bool = True
    stopped: Finding | None = None
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self._deadline = asyncio.get_running_loop().time() + SECONDS

    async def read_on(self, enough: Ask) -> Wall | None:
        """The wall with all that could be read until `enough`; None when nothing came of it."""
        failed = list(self.tab.failed_calls)
        pages = list(self.pages)
        try:
            if self.shown and len(pages) == 1 and not pages[0].rolls:
                pages = [await self._grown(pages[0], enough)]
            await self._turn_over(pages, enough)
        except (ReaderFault, PlaywrightError):
            pass  # what was read until then is known all the same
        self.tab.failed_calls[:] = failed
        return None if pages == list(self.pages) else arrange(pages)

    async def _grown(self, page: PageRead, enough: Ask) -> PageRead:
        goal = replace(self.goal, enough=enough)
        grown = await grow_on(self.tab, page.reading, goal, SECONDS, sure=self.sure)
        whole = grown.whole and not self.tab.failed_calls
        return replace(page, reading=grown.reading, whole=whole, rolls=grown.rolls)

    async def _turn_over(self, pages: list[PageRead], enough: Ask) -> None:
        read = {page.number for page in pages if page.number is not None}
        addresses = dict(self.addresses)
        loop = asyncio.get_running_loop()
        while len(pages) < self.options.max_pages and loop.time() < self._deadline:
            number = next_number(read, set(addresses), None)
            if number is None or enough(arrange(pages)):
                return
            asked = Numbered(number, addresses[number])
            here = await arrive(self.tab, asked.address, self.goal, self.options)
            self.stopped = here.obstacle
            if here.obstacle is not None or here.response.status != 200:  # noqa: PLR2004
                return
            read.add(number)
            pages.append(page_read(here.reading, self.url, here.response.url, asked=asked))
            addresses = {**links_of(here.reading, self.url, here.response.url), **addresses}
