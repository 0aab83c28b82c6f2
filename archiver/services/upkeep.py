"""What a service does beside its work: it finishes erasures, keeps to the retention time, checks
everything once a week, forgets counts of long ago. One loop; it ends when it is cancelled, and only
then."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archiver.domain.errors import RatureError
from archiver.domain.instant import Clock
from archiver.services.bell import in_thread
from archiver.services.erasure import Erasure
from archiver.services.fsck import Check, Fsck
from archiver.services.health import Health
from archiver.services.retention import Retention

logger = structlog.get_logger("upkeep")
EVERY = 60.0
"""Seconds between two rounds."""
REST = 0.2
"""Seconds between two steps of the check, so that it is never in anybody's way."""
RETENTION_EVERY = timedelta(days=1)


class Upkeep:
    """The loop. Only a process that makes visits has one."""

    def __init__(
        self,
        *,
        erasure: Erasure,
        retention: Retention,
        fsck: Fsck,
        health: Health,
        clock: Clock,
    ) -> None:
        self._erasure = erasure
        self._retention = retention
        self._fsck = fsck
        self._health = health
        self._clock = clock
        self._enforced_at: datetime | None = None

    async def run(self) -> None:
        """Round after round."""
        while True:
            await in_thread(self.tidy)
            await self._check()
            await asyncio.sleep(EVERY)

    def tidy(self) -> None:
        """Finishes what erasures began, and erases what is due, once a day."""
        self._attempt("erasure_unfinished", self._erasure.sweep)
        self._attempt("erasure_unfinished", self._erasure.scrub)
        now = self._clock()
        due = self._enforced_at is None or now >= self._enforced_at + RETENTION_EVERY
        if due:
            self._attempt("counts_not_forgotten", self._health.tidy)
        if due and self._attempt("retention_failed", self._retention.enforce):
            self._enforced_at = now

    async def _check(self) -> None:
        """A step at a time: whoever stops the service waits for one of them at the most."""
        check: Check | None = None
        going_on = False

        def begin() -> None:
            nonlocal check
            if self._fsck.is_due():
                check = self._fsck.start()

        def step() -> None:
            nonlocal going_on
            going_on = False  # also when the step fails
            going_on = check is not None and check.step()

        await in_thread(lambda: self._attempt("check_failed", begin))
        going_on = check is not None
        while going_on:
            await in_thread(lambda: self._attempt("check_failed", step))
            await asyncio.sleep(REST)
        if check is not None:
            await in_thread(lambda: self._attempt("check_failed", self._tell))

    def _tell(self) -> None:
        warning = self._fsck.warning()
        if warning is not None:
            logger.error("check_found_faults", message=warning)

    def _attempt(self, name: str, work: Callable[[], object]) -> bool:
        """Whether it worked; if not, it is tried again in the next round."""
        try:
            work()
        except (RatureError, SQLAlchemyError, OSError) as error:
            logger.error(name, error=str(error))
            return False
        return True
