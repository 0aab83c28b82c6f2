"""Rate limits. They are counted in this process; several API processes each have their own."""

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

from archiver.domain.errors import RateLimited

PAIRINGS_PER_CLIENT = RateLimitItemPerMinute(10)
PAIRINGS = RateLimitItemPerMinute(60)
POLLS_PER_CLIENT = RateLimitItemPerMinute(120)
GUESSES_PER_CLIENT = RateLimitItemPerMinute(10)
GUESSES = RateLimitItemPerMinute(60)


class Rates:
    """Counts calls by what they are for and who makes them; all raise RateLimited."""

    def __init__(self, *, per_minute: int) -> None:
        storage = MemoryStorage()
        # Cheap and nearly exact for the many calls; exact for the few where guessing must not pay.
        self._many = SlidingWindowCounterRateLimiter(storage)
        self._few = MovingWindowRateLimiter(storage)
        self._requests = RateLimitItemPerMinute(per_minute)

    def check_client(self, address: str) -> None:
        """Any request of one network address."""
        self._count(self._many, self._requests, "client", address)

    def check_token(self, token_id: str) -> None:
        """Any request with one token."""
        self._count(self._many, self._requests, "token", token_id)

    def check_pairing(self, address: str) -> None:
        """A browser that wants to be paired."""
        self._count(self._few, PAIRINGS_PER_CLIENT, "pairing", address)
        self._count(self._few, PAIRINGS, "pairing", "all")

    def check_poll(self, address: str) -> None:
        """A browser that asks whether it is paired by now."""
        self._count(self._few, POLLS_PER_CLIENT, "poll", address)

    def check_guess(self, address: str) -> None:
        """A code that a person types: a pairing's user code, or a sign-in link's."""
        self._count(self._few, GUESSES_PER_CLIENT, "guess", address)
        self._count(self._few, GUESSES, "guess", "all")

    @staticmethod
    def _count(
        limiter: MovingWindowRateLimiter | SlidingWindowCounterRateLimiter,
        item: RateLimitItem,
        purpose: str,
        who: str,
    ) -> None:
        if limiter.hit(item, purpose, who):
            return
        reset = limiter.get_window_stats(item, purpose, who).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        raise RateLimited(f"too many requests; try again in {wait} seconds", retry_after=wait)
