"""Moments in time: aware, UTC, RFC 3339. There is no clock here; callers bring one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, PlainSerializer

Clock = Callable[[], datetime]
"""Gives the current moment, aware and in UTC."""


def to_utc(moment: datetime) -> datetime:
    """Converts an aware moment to UTC.

    Raises:
        ValueError: the moment has no offset (a naive time is never guessed at).
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time needs its UTC offset, for instance 2026-01-31T12:00:00Z")
    return moment.astimezone(UTC)


def render(moment: datetime) -> str:
    """RFC 3339 in UTC with a `Z`; microseconds only when there are any."""
    return to_utc(moment).isoformat().replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """Reads RFC 3339 and converts to UTC.

    Raises:
        ValueError: not a time, or one without an offset.
    """
    return to_utc(datetime.fromisoformat(text))


Instant = Annotated[
    AwareDatetime,
    AfterValidator(to_utc),
    PlainSerializer(render, return_type=str, when_used="json"),
]
"""A pydantic field for a moment: refuses naive times, stores UTC, prints RFC 3339."""
