"""The worker: visits walls as they fall due. Embedded in the service, or `rature worker`."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog

from archiver.services.bell import Bell, in_thread
from archiver.services.checking import Checking, Looker
from archiver.services.visit_plan import Visit

POLL = 1.0
"""Seconds between two looks at the schedule when nobody rings."""
LONGEST_WAIT = 30.0
"""Seconds to wait at the most when the database keeps failing."""

OpenLooker = Callable[[], AbstractAsyncContextManager[Looker]]
log = structlog.get_logger("worker")


class Worker:
    """A loop that claims visits and makes `concurrent` of them at a time.

    It holds no schedule of its own: what is due stands in the database, so nothing is lost with
    it. When cancelled it breaks its visits off and gives their leases back.
    """

    def __init__(
        self, checking: Checking, open_looker: OpenLooker, *, wake: Bell, concurrent: int
    ) -> None:
        self._checking = checking
        self._open_looker = open_looker
        self._wake = wake
        self._concurrent = concurrent
        self._visits: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Works until it is cancelled.

        Raises:
            SettingsError: the configured browser is not there.
            Unavailable: no browser can be found or started.
        """
        async with self._open_looker() as looker:
            try:
                await self._work(looker)
            finally:
                await self._break_off()

    async def _work(self, looker: Looker) -> None:
        wait = POLL
        while True:
            try:
                started = await self._start_due(looker)
                wait = POLL
            except Exception:
                log.exception("claiming_failed", retry_in=wait)
                started, wait = False, min(2 * wait, LONGEST_WAIT)
            if not started:
                await self._wake.wait(wait)

    async def _start_due(self, looker: Looker) -> bool:
        if len(self._visits) >= self._concurrent:
            return False
        visit = await in_thread(self._checking.claim)
        if visit is None:
            return False
        task = asyncio.create_task(self._visit(looker, visit), name=f"visit {visit.wall_id}")
        self._visits.add(task)
        task.add_done_callback(self._ended)
        return True

    async def _visit(self, looker: Looker, visit: Visit) -> None:
        log.info("visit", wall=visit.wall_id, posts=len(visit.targets))
        try:
            await self._checking.make(looker, visit)
        except Exception:
            log.exception("visit_failed", wall=visit.wall_id)
            await in_thread(lambda: self._checking.put_off(visit))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._visits.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("visit_not_put_off", error=repr(error))
        self._wake.ring()

    async def _break_off(self) -> None:
        for task in self._visits:
            task.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
