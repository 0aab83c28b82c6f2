"""How long a server asks to be left alone: the header Retry-After (RFC 9110, 10.2.3). Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def wanted_pause(value: str | None, now: datetime) -> float | None:
    """Seconds from `now`, at least 0; None when nothing is asked, or nothing that can be read.

    `value` is the header's: a whole number of seconds, or an HTTP date.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004 - 30 years
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    # RFC 9110, 5.6.7: an HTTP date is in UTC, also where the zone is written as -0000.
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max((at - now).total_seconds(), 0.0)
