"""Columns that several tables have."""

from typing import Any

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field

from archiver.store.types import UtcDateTime, json_type


def moment(*, index: bool = False, primary_key: bool = False) -> Any:
    """An aware UTC time."""
    column: Column[Any] = Column(
        UtcDateTime(), nullable=False, index=index, primary_key=primary_key
    )
    return Field(sa_column=column)


def maybe_moment(*, index: bool = False) -> Any:
    """An aware UTC time, or none yet."""
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=True, index=index))


def json_column() -> Any:
    """JSON data; an empty object unless given."""
    return Field(default_factory=dict, sa_column=Column(json_type(), nullable=False))


def bytes_column(*, nullable: bool = False) -> Any:
    """Bytes as they are."""
    if nullable:
        return Field(default=None, sa_column=Column(LargeBinary(), nullable=True))
    return Field(sa_column=Column(LargeBinary(), nullable=False))
