"""Arithmetic of moments: how far a clock is off, and how long a record went without a stamp."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archiver.domain.instant import parse

ALLOWED_OFFSET = 1.0
"""Seconds that a service's clock may be off an authority's time."""


def clock_offset(
    sent: datetime,
    received: datetime,
    gen_time: datetime,
    resolution: timedelta,
    accuracy: timedelta | None,
) -> float:
    """Seconds by which our clock is off an authority's at the least: positive when ours is ahead.

    The authority made its stamp between our `sent` and `received`; its own time then lay between
    `gen_time` and `resolution` later (digits are cut off), give or take `accuracy`. Zero when the
    two spans overlap: nothing shows a difference then.
    """
    error = accuracy or timedelta()
    earliest, latest = gen_time - error, gen_time + resolution + error
    if sent > latest:
        return (sent - latest).total_seconds()
    if received < earliest:
        return (received - earliest).total_seconds()
    return 0.0


@dataclass(frozen=True)
class Gap:
    """The record existed at `recorded_at` by the service's clock; its first stamp is of
    `stamped_at` (None: still awaited). In between only the service's word stands for its age."""

    recorded_at: datetime
    stamped_at: datetime | None

    @property
    def seconds(self) -> float | None:
        """How long it went without a stamp; never negative: an authority that cuts off digits, or
        whose clock is behind, stamps `before` the record was made."""
        if self.stamped_at is None:
            return None
        return max(0.0, (self.stamped_at - self.recorded_at).total_seconds())


def recorded_at(content: Mapping[str, Any]) -> datetime | None:
    """When a record says that it was made: of a capture's meta.json `received_at`, of any other
    record's record.json `at`. None when it does not say (or not as RFC 3339)."""
    text = content.get("received_at", content.get("at"))
    try:
        return parse(text) if isinstance(text, str) else None
    except ValueError:
        return None


def gap(content: Mapping[str, Any], stamps: Iterable[datetime]) -> Gap | None:
    """The gap of a record (the content of its meta.json or record.json) with the times of its
    stamps; None when the record does not say when it was made."""
    made = recorded_at(content)
    return None if made is None else Gap(made, min(stamps, default=None))
