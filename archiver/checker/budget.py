"""How many visits a day a wall gets, and when the next one may be made. Pure.

The day is that of UTC. The first half of its visits is made whenever something is due; the second
half is spread over what is left of the day, so that a busy morning does not leave the evening
unwatched. Visits that a person asks for are neither bounded nor counted against the budget.
"""

from datetime import datetime, timedelta

DAY = timedelta(days=1)
MOST = 1440
"""A visit a minute is the most that anybody may set."""
IS_SPENT = "today's visits to this wall are used up"
IS_SPREAD = "the rest of today's visits to this wall is spread over the day"


def day_of(now: datetime) -> str:
    """The day that a moment counts for, like `2026-03-02`."""
    return now.date().isoformat()


def next_day(now: datetime) -> datetime:
    """When the next day's budget begins."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY


def postponed(
    now: datetime, *, used: int, budget: int, last_visit: datetime | None
) -> tuple[datetime, str] | None:
    """Until when a scheduled visit has to wait, and why; None when it may be made now.

    `used`: scheduled visits made today; `last_visit`: the newest one of whatever kind.
    """
    if used >= budget:
        return next_day(now), IS_SPENT
    if 2 * used < budget or last_visit is None or last_visit >= now:
        return None
    begun = max(last_visit, now.replace(hour=0, minute=0, second=0, microsecond=0))
    at = begun + (next_day(now) - begun) / (budget - used + 1)
    return (at, IS_SPREAD) if at > now else None
