"""Retention: a post that is no longer watched is erased when its time is over.

The time runs from when the watching ended: stopped by its owner, or its last look taken and none
planned any more. What is still watched is kept.
"""

from datetime import datetime, timedelta

import structlog

from archiver.domain.errors import Conflict, NotFound
from archiver.domain.instant import Clock
from archiver.services.erasure import Erasure, ErasureReason
from archiver.store.database import Database
from archiver.store.repository import watches
from archiver.store.tables import Watch

logger = structlog.get_logger("retention")
BATCH = 100
FOR_EVER = 0


class Retention:
    """Enforces the setting. `days` of 0: everything is kept for ever."""

    def __init__(self, *, database: Database, erasure: Erasure, clock: Clock, days: int) -> None:
        self._database = database
        self._erasure = erasure
        self._clock = clock
        self.days = days

    def kept_until(self, watch: Watch) -> datetime | None:
        """When a post is due to be erased; None: never, or not as long as it is watched."""
        ended = ended_at(watch)
        if self.days == FOR_EVER or ended is None:
            return None
        return ended + timedelta(days=self.days)

    def enforce(self) -> int:
        """Erases what is due; gives how many posts. One that is being looked at waits for the next
        time."""
        if self.days == FOR_EVER:
            return 0
        erased, after = 0, ""
        before = self._clock() - timedelta(days=self.days)
        while True:
            with self._database.reading() as session:
                due = watches.ended_before(session, before, after=after, limit=BATCH)
            for watch in due:
                erased += self._erase(watch)
            if len(due) < BATCH:
                return erased
            after = due[-1].id

    def _erase(self, watch: Watch) -> int:
        try:
            self._erasure.watch(
                watch.workspace_id, watch.id, reason=ErasureReason.RETENTION, actor="service"
            )
        except NotFound:
            return 0  # somebody else erased it
        except Conflict as error:
            logger.info("retention_waits", watch=watch.id, why=str(error))
            return 0
        return 1


def ended_at(watch: Watch) -> datetime | None:
    """When the watching of a post ended; None while it goes on."""
    if watch.closed_at is not None:
        return watch.closed_at
    if watch.next_check_at is None:
        return watch.last_check_at or watch.created_at
    return None
