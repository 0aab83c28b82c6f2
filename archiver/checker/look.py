"""One visit to a wall for all of its targets: an observation with its evidence for each.

Validity comes before sighting, and nothing that a page does is an exception here: it is an invalid
look with its reason. Our own failures are `checker_fault`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from playwright.async_api import Error as PlaywrightError

from archiver.checker.browser import BrowserHouse, agent_of
from archiver.checker.options import CheckerOptions
from archiver.checker.page_state import Finding
from archiver.checker.plain_look import PlainLooker
from archiver.checker.recording import Recorder
from archiver.checker.tab import Tab
from archiver.checker.visit_work import History, VisitWork
from archiver.domain.errors import ReaderFault, RefusedAddress
from archiver.domain.look import DIRECTLY, Look, Way
from archiver.domain.observation import Reason
from archiver.domain.post import Target


class Checker:
    """Looks at walls. Several tasks may use one at the same time."""

    def __init__(self, house: BrowserHouse, options: CheckerOptions) -> None:
        self._house = house
        self._options = options
        self._plain = PlainLooker(options)

    @property
    def sandboxed(self) -> bool:
        """Whether Chromium's own sandbox is on; when not, people are to be told."""
        return self._house.sandboxed

    async def start(self) -> None:
        """Starts the browser now instead of at the first visit.

        Raises:
            SettingsError: the configured executable is none.
            Unavailable: no Chromium is found, or it does not start.
        """
        await self._house.start()

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[History],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        """One visit for all targets of a wall: one look each, in the same order.

        `histories[i]` holds the earlier observations of `targets[i]`, oldest first.

        Raises:
            InvalidInput: `way` names a vantage that is not configured.
            SettingsError, Unavailable: the browser cannot be started (nothing was looked at).
        """
        options = self._options.by(way.vantage)
        if way.plain and self._house.version is not None:
            agent = agent_of(options, self._house.version)
            plain = await self._plain.looks(url, histories, agent)
            if plain is not None:
                return plain
        begin = partial(self._begin, url, targets, histories, options, way.missing_authors)
        try:
            options.policy.check_url(url)
        except RefusedAddress as refusal:
            finding = Finding(Reason.NETWORK_ERROR, f"Refused address: {refusal}")
            return begin().invalid(finding, opened=False)
        return await self._looks(begin, options.visit_seconds)

    async def _looks(self, begin: Callable[[], VisitWork], seconds: float) -> list[Look]:
        """A visit, once more from its start where the browser or the reader failed: a loaded
        machine loses a page now and then."""
        await self._house.start()
        task = begin()
        try:
            async with asyncio.timeout(seconds):
                try:
                    return await self._look(task)
                except (ReaderFault, PlaywrightError):
                    await self._house.start()
                    task = begin()
                    return await self._look(task)
        except TimeoutError:
            finding = Finding(Reason.NETWORK_ERROR, "The visit took too long.")
        except ReaderFault as fault:
            finding = Finding(Reason.CHECKER_FAULT, f"The reader failed twice: {fault}")
        except PlaywrightError as fault:
            first = str(fault).splitlines()[0]
            finding = Finding(Reason.CHECKER_FAULT, f"The browser failed twice: {first}")
        return task.invalid(finding)

    def _begin(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[History],
        options: CheckerOptions,
        missing_authors: frozenset[str],
    ) -> VisitWork:
        at, began = options.clock(), asyncio.get_running_loop().time()
        recorder = Recorder(options, at, self._house.version)
        return VisitWork(url, targets, histories, at, options, recorder, began, missing_authors)

    async def _look(self, task: VisitWork) -> list[Look]:
        async with self._house.context(options=task.options) as (context, visit):
            task.recorder.listen(context)
            tab = await Tab.open_in(context, visit, task.options, recorder=task.recorder)
            try:
                return await task.look(tab)
            finally:
                task.recorder.close()


@asynccontextmanager
async def open_checker(options: CheckerOptions) -> AsyncIterator[Checker]:
    """A checker whose browser ends with the block. The browser starts when it is first needed."""
    async with BrowserHouse(options) as house:
        yield Checker(house, options)
