"""Tables of what is spent on walls and of how well the looks at sites go. Nothing here is evidence:
counts may be lost without any verdict changing, and what caps verdicts is recorded as a notice."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from archiver.store.columns import maybe_moment, moment


class WallDay(SQLModel, table=True):
    """The visits to a wall on one day (UTC, `2026-03-02`). `asked`: those a person asked for."""

    __tablename__ = "wall_day"

    wall_id: str = Field(primary_key=True, foreign_key="wall.id")
    day: str = Field(primary_key=True)
    scheduled: int = 0
    asked: int = 0


class SiteHour(SQLModel, table=True):
    """How many looks at a site's posts within an hour (UTC) had this outcome: a sighting, or the
    reason of an invalid look."""

    __tablename__ = "site_hour"

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    site: str = Field(primary_key=True)
    hour: datetime = moment(primary_key=True)
    outcome: str = Field(primary_key=True)
    looks: int = 0


class SiteRounds(SQLModel, table=True):
    """The visits to a site in a row that saw nothing to rely on, and since when."""

    __tablename__ = "site_rounds"

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    site: str = Field(primary_key=True)
    barren: int = 0
    barren_since: datetime | None = maybe_moment()
    last_valid_at: datetime | None = maybe_moment()


class Canary(SQLModel, table=True):
    """A watched post of which a person knows whether it is there: `expected` is `live` or
    `removed`. `everybody`: it vouches for all workspaces. `wrong_at`: when it was first misread,
    while it is; `right_at`: when it was last read right."""

    watch_id: str = Field(primary_key=True, foreign_key="watch.id")
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    site: str = Field(index=True)
    expected: str
    everybody: bool = False
    created_at: datetime = moment()
    right_at: datetime | None = maybe_moment()
    wrong_at: datetime | None = maybe_moment()
    read_as: str | None = None
