"""Column types: aware UTC moments, and JSON that PostgreSQL can index."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from archiver.domain.instant import to_utc


class UtcDateTime(TypeDecorator[datetime]):
    """Stores UTC; refuses naive moments; gives aware ones back on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Converts to UTC; SQLite has no time zone, so it gets the bare UTC moment."""
        if value is None:
            return None
        moment = to_utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class asks for it
        """Gives an aware UTC moment."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def json_type() -> JSON:
    """JSON, as JSONB on PostgreSQL."""
    return JSON().with_variant(JSONB(), "postgresql")
