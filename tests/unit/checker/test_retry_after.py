"""What a server asks for by Retry-After."""

from datetime import UTC, datetime

import pytest

from archiver.checker.retry_after import wanted_pause

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
CASES = [
    (None, None),  # nothing asked
    ("", None),
    ("120", 120.0),  # seconds
    (" 0 ", 0.0),
    ("Sat, 21 Nov 2026 20:02:00 GMT", 120.0),  # a date to come
    ("Sat, 21 Nov 2026 19:00:00 GMT", 0.0),  # one that is past
    ("soon", None),  # neither
    ("-5", None),
    ("1.5", None),  # only whole seconds are allowed
    ("٣", None),  # a digit, but none of HTTP's
    ("9" * 400, None),
]


@pytest.mark.parametrize(("value", "seconds"), CASES)
def test_seconds_until_the_server_wants_to_be_asked_again(
    value: str | None, seconds: float | None
) -> None:
    assert wanted_pause(value, NOW) == seconds
