"""The background loops that seal and stamp. They end when they are cancelled, and only then.

An error is logged and tried again: a disk that is full or a database that is away must not end
sealing for good. What refuses to be signed is refused anew each time, and `fault` says it.
"""

from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archiver.domain.errors import RatureError
from archiver.services.bell import Bell, in_thread
from archiver.services.sealing import Sealing
from archiver.services.stamping import BATCH, Stamping
from archiver.services.witnessing import Witnessing

logger = structlog.get_logger("keeping")
LOOK_EVERY = 0.5
"""Seconds: other processes append too, and their leaves are to be sealed within a second."""
AFTER_FAULT = 2.0
STAMP_EVERY = 2.0
WITNESS_EVERY = 2.0


class Keeping:
    """Seals at each ring and stamps what waits. `local` stamping needs no network: it is done
    beside sealing, so that a first receipt has its token; `remote` and `witnessing` have loops of
    their own."""

    def __init__(
        self, *, sealing: Sealing, local: Stamping, remote: Stamping, witnessing: Witnessing
    ) -> None:
        self.bell = Bell()
        self._sealing = sealing
        self._local = local
        self._remote = remote
        self._witnessing = witnessing
        self._stamp_bell = Bell()
        self._witness_bell = Bell()
        self._faults: dict[str, str] = {}

    @property
    def fault(self) -> str | None:
        """Why nothing is sealed or stamped at the moment; None when all is well."""
        return "; ".join(self._faults.values()) or None

    def keep(self) -> None:
        """One round: stamp the new statements, seal them, stamp the checkpoint."""
        tried = self._local.stamp_due()
        self._witnessing.look_first()
        waiting = self._sealing.size()
        while (sealed := self._sealing.seal()) is not None and sealed < waiting:
            pass  # no further than what was there: under load, stamps would wait for ever
        # Also when another process sealed: its wish may be there without its stamp.
        tried = max(tried, self._local.stamp_due())
        if tried == BATCH:
            self.bell.ring()  # more may be waiting, but the next checkpoint goes first
        self._stamp_bell.ring()
        self._witness_bell.ring()

    def settle(self) -> bool:
        """One round now, for somebody who waits; False (and `fault`) when it did not work."""
        return self._attempt("sealing", self.keep)

    async def sealing_loop(self) -> None:
        """Seals within a second of each leaf."""
        await in_thread(lambda: self._attempt("adopting", self._sealing.adopt))
        while True:
            healthy = await in_thread(self.settle)
            await self.bell.wait(LOOK_EVERY if healthy else AFTER_FAULT)

    async def stamping_loop(self) -> None:
        """Asks the remote authorities for what is due."""
        while True:
            tried = await in_thread(self._stamp_remotely)
            if not tried:
                await self._stamp_bell.wait(STAMP_EVERY)

    async def witnessing_loop(self) -> None:
        """Asks the witnesses to cosign each checkpoint."""
        while True:
            asked = await in_thread(lambda: self._count("witnessing", self._witnessing.ask_due))
            if not asked:
                await self._witness_bell.wait(WITNESS_EVERY)

    def _stamp_remotely(self) -> int:
        return self._count("stamping", self._remote.stamp_due)

    def _count(self, name: str, work: Callable[[], int]) -> int:
        done = 0

        def count() -> None:
            nonlocal done
            done = work()

        self._attempt(name, count)
        return done

    def _attempt(self, name: str, work: Callable[[], object]) -> bool:
        try:
            work()
        except (RatureError, SQLAlchemyError, OSError) as error:
            if self._faults.get(name) != str(error):
                logger.error(f"{name}_failed", error=str(error))
            self._faults[name] = str(error)
            return False
        self._faults.pop(name, None)
        return True
