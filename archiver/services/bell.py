"""How threads wake an asyncio loop, and how such a loop runs blocking work."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Rung from any thread; one asyncio task waits for it. A ring before the wait is not lost."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rung = False
        self._waiter: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def ring(self) -> None:
        """Wakes the waiting task, or lets the next wait return at once."""
        with self._lock:
            self._rung = True
            if self._waiter is not None:
                loop, event = self._waiter
                loop.call_soon_threadsafe(event.set)

    async def wait(self, seconds: float) -> bool:
        """Waits for a ring, `seconds` at the most; False when nobody rang."""
        event = asyncio.Event()
        with self._lock:
            if not self._rung:
                self._waiter = (asyncio.get_running_loop(), event)
        if self._waiter is not None:
            try:
                # Not `wait_for`: in Python 3.11 it loses a cancellation that comes with a ring.
                async with asyncio.timeout(seconds):
                    await event.wait()
            except TimeoutError:
                pass
            finally:
                with self._lock:
                    self._waiter = None
        with self._lock:
            rung, self._rung = self._rung, False
        return rung


async def in_thread(work: Callable[[], T]) -> T:
    """Runs blocking work in a thread. When cancelled it waits for the work's end before it gives
    way: the database is closed after the loops, never under them."""
    future = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        raise
