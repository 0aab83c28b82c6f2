"""Walking through a wall: its first page, what loads on it, its other pages, what is folded, and
another order.

Reads no further than needed: as soon as every target is found, or its place is proven to have
been read, the walk ends. What costs clicks comes last.
"""

import asyncio
from dataclasses import dataclass, field, replace

from archiver.checker.arrival import Arrival, alone, answered, arrive
from archiver.checker.goal import Goal
from archiver.checker.growing import grow, roll_by
from archiver.checker.options import CheckerOptions
from archiver.checker.orders import Order, best, linked
from archiver.checker.page_links import Numbered, links_of, page_read
from archiver.checker.page_state import Finding, Response, blocked, is_gone
from archiver.checker.pages import PageRead, arrange
from archiver.checker.paging import next_number
from archiver.checker.reading import Reading
from archiver.checker.reading_on import FarReading
from archiver.checker.tab import Tab
from archiver.checker.unfolding import Kind, open_folds
from archiver.checker.wall import Wall
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.observation import Reason

NEEDED_SHARE = 1 / 3
"""Share of a visit's time after which nothing is read but what is needed."""


@dataclass(frozen=True)
class PageSeen:
    """A page of the wall as it was read, with its evidence."""

    read: PageRead
    response: Response
    picture: EvidenceFile
    html: EvidenceFile


@dataclass
class Walked:
    """What the walk brought: the pages in the order of reading, the wall, what stood in the way.

    `steps` are sentences about all that was clicked or asked for. `under` names another order, in
    which `other` was read when a target was missing from `wall`. `far`: the wall read on beyond
    that, to doubt an absence and to know more later; `far_stopped` is what came in the way of that.
    """

    pages: list[PageSeen] = field(default_factory=list)
    obstacle: Finding | None = None
    cut_short: Finding | None = None
    wall: Wall = field(default_factory=Wall)
    steps: list[str] = field(default_factory=list)
    other: Wall | None = None
    other_page: PageSeen | None = None
    under: str | None = None
    far: Wall | None = None
    far_stopped: Finding | None = None

    @property
    def first(self) -> PageSeen:
        """The page that the address led to."""
        return self.pages[0]

    @property
    def all_pages(self) -> list[PageSeen]:
        """The wall's pages, and the one in another order."""
        return [*self.pages, *([self.other_page] if self.other_page else [])]


async def walk(tab: Tab, url: str, goal: Goal, options: CheckerOptions, began: float) -> Walked:
    """Reads the wall at an address until `goal` has enough, or nothing more comes; a little farther
    where there is time. The visit `began` then, on the event loop's clock."""
    way = _Way(tab, url, goal, options, began)
    await way.first_page()
    if way.walked.obstacle is None and not is_gone(way.walked.first.response):
        await way.other_pages()
        await way.unfold()
        await way.other_order()
        await way.farther()
    return way.walked


@dataclass
class _Way:
    tab: Tab
    url: str
    goal: Goal
    options: CheckerOptions
    began: float
    walked: Walked = field(default_factory=Walked)
    shown: int = 0
    """Which of the pages read is shown in the tab."""

    async def first_page(self) -> None:
        here = await arrive(self.tab, self.url, self.goal, self.options)
        self._tell(*here.steps)
        self.walked.obstacle = here.obstacle
        if here.obstacle is not None:
            self._add(await self._seen(here.reading, await answered(self.tab, self.url)))
            return
        if is_gone(here.response):
            self._add(await self._seen(here.reading, here.response, whole=False))
            return
        self._add(await self._read_on(here))
        self.walked.cut_short = _failed_call(self.tab.failed_calls)

    def _tell(self, *steps: str | None) -> None:
        self.walked.steps += [step for step in steps if step]

    async def _read_on(self, here: Arrival) -> PageSeen:
        """The page with what grows on it; a target that is found but cut or folded is opened."""
        reading = here.reading
        if self.goal.cut(alone(reading)):
            reading = await self._opened(reading, "text")
        if self.goal.folded(alone(reading)):
            reading = await self._opened(reading, "posts")
        grown = await grow(self.tab, reading, self.goal, self.options)
        self._tell(grown.told())
        reading = grown.reading
        if reading is not here.reading and self.goal.cut(alone(reading)):
            reading = await self._opened(reading, "text")
        response = await answered(self.tab, self.url)
        page = await self._seen(reading, response, whole=grown.whole)
        return replace(page, read=replace(page.read, rolls=grown.rolls))

    async def _opened(self, reading: Reading, kind: Kind) -> Reading:
        result = await open_folds(self.tab, reading, kind)
        self._tell(result.told())
        return result.reading

    async def _seen(
        self,
        reading: Reading,
        response: Response,
        *,
        whole: bool = True,
        asked: Numbered | None = None,
    ) -> PageSeen:
        """A page, with its picture and its document as they are now."""
        read = page_read(reading, self.url, response.url, whole=whole, asked=asked)
        return PageSeen(read, response, await self.tab.picture(), await self.tab.html())

    def _add(self, page: PageSeen) -> None:
        self.shown = len(self.walked.pages)
        self.walked.pages.append(page)
        self._arrange()

    def _arrange(self) -> None:
        self.walked.wall = arrange([page.read for page in self.walked.pages])

    async def other_pages(self) -> None:
        """The wall's numbered pages, the nearest first."""
        first = self.walked.first
        addresses = links_of(first.read.reading, self.url, first.response.url)
        read = {first.read.number} - {None}
        while len(self.walked.pages) < self.options.max_pages:
            if self.goal.enough(self.walked.wall):
                return
            done = {number for number in read if number is not None}
            number = next_number(done, set(addresses), None)
            if number is None:
                return
            obstacle = await self._one_page(Numbered(number, addresses[number]))
            if obstacle is not None:
                self.walked.cut_short = obstacle
                return
            read.add(number)
            latest = self.walked.pages[-1]
            more = links_of(latest.read.reading, self.url, latest.response.url)
            addresses = {**more, **addresses}

    async def _one_page(self, asked: Numbered) -> Finding | None:
        here = await arrive(self.tab, asked.address, self.goal, self.options)
        self._tell(*here.steps)
        if here.obstacle is not None:
            return here.obstacle
        if here.response.status != 200:  # noqa: PLR2004
            detail = f"A page of the list answered {here.response.status}."
            return Finding(Reason.INCOMPLETE, detail)
        reading = here.reading
        if self.goal.cut(alone(reading)):
            reading = await self._opened(reading, "text")
        self._add(await self._seen(reading, here.response, asked=asked))
        return None

    async def unfold(self) -> None:
        """Opens what is folded, page by page, when what is looked for was not found plainly."""
        for at, page in enumerate(self.walked.pages):
            if self.walked.cut_short is not None or self.goal.settled(self.walked.wall):
                return
            if page.read.reading.page.closed or at == self.shown:
                await self._unfold_page(at, page)

    async def _unfold_page(self, at: int, page: PageSeen) -> None:
        reading, whole = page.read.reading, page.read.whole
        if at != self.shown:
            here = await arrive(self.tab, page.response.url, self.goal, self.options)
            if here.obstacle is not None:
                return  # it stays folded: nothing is missed on its account
            reading, self.shown = here.reading, at
        reading = await self._opened(reading, "text")
        if page.read.rolls:
            passed = await roll_by(self.tab, self.goal)
            self._tell(passed.folds.told())
            reading, whole = passed.reading, passed.whole
        else:
            reading = await self._opened(reading, "posts")
        response = await answered(self.tab, self.url) if at == 0 else page.response
        seen = await self._seen(reading, response, whole=whole)
        read = replace(seen.read, opened=True, number=page.read.number, plain=page.read.plain)
        self.walked.pages[at] = replace(seen, read=read)
        self._arrange()
        failed = _failed_call(self.tab.failed_calls)
        self.walked.cut_short = self.walked.cut_short or failed

    async def other_order(self) -> None:
        """One reading under another order, where one is offered and a target is missing."""
        pages = self.walked.pages
        if self.walked.cut_short or len(pages) >= self.options.max_pages:
            return
        if not self.goal.missing(self.walked.wall):
            return
        order = best(await self._orders())
        if order is None:
            return
        reading = await self._reordered(order)
        if reading is None:
            return
        self._tell(f"The wall was also read in another order ({order.name}).")
        self.tab.failed_calls.clear()
        grown = await grow(self.tab, reading, self.goal, self.options)
        self._tell(grown.told())
        whole = grown.whole and not self.tab.failed_calls
        page = await self._seen(grown.reading, await self.tab.response(), whole=whole)
        self.walked.other_page, self.walked.under = page, order.name
        self.walked.other = arrange([page.read])

    async def farther(self) -> None:
        """Reads the wall on, where that is due or everybody else is to be looked for as well."""
        walked = self.walked
        used = asyncio.get_running_loop().time() - self.began
        enough = None if walked.cut_short else self.goal.farther(walked.wall)
        if enough is None or used > NEEDED_SHARE * self.options.visit_seconds:
            return
        addresses: dict[int, str] = {}
        for page in reversed(walked.pages):
            addresses |= links_of(page.read.reading, self.url, page.response.url)
        pages = [page.read for page in walked.pages]
        shown = self.shown == 0 and walked.other_page is None
        reading = FarReading(
            self.tab,
            self.url,
            self.goal,
            self.options,
            pages,
            addresses,
            shown,
            sure=self.goal.missing(walked.wall),
        )
        walked.far = await reading.read_on(enough)
        walked.far_stopped = reading.stopped

    async def _reordered(self, order: Order) -> Reading | None:
        """The wall under another order; None when it does not show it."""
        if order.href is not None:
            here = await arrive(self.tab, order.href, self.goal, self.options)
            return None if here.obstacle is not None or is_gone(here.response) else here.reading
        async with self.tab.harmless(asking=True) as held:
            if not await self.tab.ask("chooseOrder", list(order.choice or ())):
                return None
            await self.tab.settle(most=5.0)
            reading = await self.tab.read()
        if held or blocked(self.url, await self.tab.response(), reading) is not None:
            return None  # what was held back may have been the other order
        return reading

    async def _orders(self) -> list[Order]:
        first = self.walked.first
        found = linked([self.url, first.response.url], first.read.reading.page.links)
        if self.shown == 0:
            for choice in await self.tab.ask("orderChoices"):
                where = (int(choice["choice"][0]), int(choice["choice"][1]))
                name = f"{choice['value']} {choice['text']}".strip()
                found.append(Order(name, choice["href"], where))
        return found


def _failed_call(statuses: list[int]) -> Finding | None:
    """What the page's own requests ran into while it loaded its list."""
    if 429 in statuses:  # noqa: PLR2004
        return Finding(Reason.RATE_LIMITED, "The page's own requests were told to slow down.")
    if statuses:
        return Finding(Reason.SERVER_ERROR, f"The page's own requests failed ({statuses[0]}).")
    return None
