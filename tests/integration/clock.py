"""A clock that a test moves."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self, start: datetime = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        """Moves on by a timedelta's arguments."""
        self.now += timedelta(**span)
