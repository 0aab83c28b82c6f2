"""Tables of what was read on walls: every post, watched or not. They are counted by audits, and
accuse nobody; the evidence is with the looks and visits."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from archiver.store.columns import json_column, maybe_moment, moment


class WallPostRow(SQLModel, table=True):
    """A post that a visit read on a wall. `identity` is its own there; `posted` the time as in the
    mark-up. `first_missing`: the first valid public look that read its place without it, as
    `missed_as` says; null while it is there, or nothing is known. `reading` is the last one that
    saw it, `reader` that one's version. `guessed`: only its shape says that it is a post."""

    __tablename__ = "wall_post"
    __table_args__ = (UniqueConstraint("wall_id", "identity"),)

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    wall_id: str = Field(foreign_key="wall.id", index=True)
    identity: str
    post_id: str | None = None
    author: str | None = Field(default=None, index=True)
    author_id: str | None = Field(default=None, index=True)
    text: str
    posted: str | None = None
    permalink: str | None = None
    parent: str | None = None
    first_seen: datetime = moment()
    last_seen: datetime = moment()
    looks_seen: int = 1
    first_missing: datetime | None = maybe_moment()
    missed_as: str | None = None
    guessed: bool = False
    reader: str | None = None
    reading: str | None = Field(default=None, index=True)


class WallReading(SQLModel, table=True):
    """A reading that some post was last seen in. `body`: `order`, a list of [id of a `wall_post`,
    stretch] from the top, and `skeleton`, the wall's shape."""

    __tablename__ = "wall_reading"

    id: str = Field(primary_key=True)
    wall_id: str = Field(foreign_key="wall.id", index=True)
    at: datetime = moment()
    reader: str | None = None
    body: dict[str, Any] = json_column()


class WallLoss(SQLModel, table=True):
    """Posts of a wall that were first missed in one reading: `missed` of `known`, which are those
    that it saw again or missed. `since`: when the first of them was last seen."""

    __tablename__ = "wall_loss"

    wall_id: str = Field(primary_key=True, foreign_key="wall.id")
    at: datetime = moment(primary_key=True)
    since: datetime = moment()
    known: int
    missed: int
