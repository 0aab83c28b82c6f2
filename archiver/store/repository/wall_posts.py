"""Posts of walls, watched or not. The only queries on them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from archiver.store.tables import Wall
from archiver.store.tables_wall import WallLoss, WallPostRow, WallReading

CHUNK = 500
OTHER_WALLS = 2
"""Walls from which an author's posts must be missing before that says something of the author."""


@dataclass(frozen=True)
class Counts:
    """Posts of a wall: all that are known, those not missed since, those missed."""

    known: int
    visible: int
    missing: int


@dataclass(frozen=True)
class Traced:
    """The posts by one author on one wall that are known, and when those vanished that did."""

    wall_id: str
    url: str
    known: int
    missing: tuple[datetime, ...]


@dataclass(frozen=True)
class PostWords:
    """What a known post says, and what names it."""

    id: str
    wall_id: str
    text: str
    author: str | None
    post_id: str | None
    permalink: str | None
    parent: str | None


def latest(session: Session, wall_id: str, limit: int) -> Sequence[WallPostRow]:
    """The wall's posts that were seen last, in the order in which they became known."""
    wanted = (
        select(WallPostRow)
        .where(WallPostRow.wall_id == wall_id)
        .order_by(col(WallPostRow.last_seen).desc(), col(WallPostRow.id))
        .limit(limit)
    )
    found = session.exec(wanted).all()
    return sorted(found, key=lambda row: (row.first_seen, row.identity))


def readings(session: Session, wall_id: str) -> Sequence[WallReading]:
    """The readings that some post of the wall was last seen in."""
    return session.exec(select(WallReading).where(WallReading.wall_id == wall_id)).all()


def listed(
    session: Session, workspace_id: str, wall_id: str, *, offset: int, limit: int
) -> Sequence[WallPostRow]:
    """A wall's posts, the first seen first."""
    wanted = (
        select(WallPostRow)
        .where(WallPostRow.workspace_id == workspace_id, WallPostRow.wall_id == wall_id)
        .order_by(col(WallPostRow.first_seen), col(WallPostRow.id))
    )
    return session.exec(wanted.offset(offset).limit(limit)).all()


def counts(session: Session, workspace_id: str, wall_id: str) -> Counts:
    """How many posts of a wall are known, and missing."""
    known, missing = session.exec(
        select(func.count(), func.count(col(WallPostRow.first_missing))).where(
            WallPostRow.workspace_id == workspace_id, WallPostRow.wall_id == wall_id
        )
    ).one()
    return Counts(known, known - missing, missing)


def add_reading(session: Session, reading: WallReading) -> None:
    """Keeps a reading."""
    session.add(reading)
    session.flush()


def add(session: Session, rows: Sequence[WallPostRow]) -> None:
    """Adds new posts; one whose identity another visit added meanwhile is left as it is."""
    dialect = session.connection().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    for part in _chunks(rows):
        values = [row.model_dump() for row in part]
        session.connection().execute(insert(WallPostRow).on_conflict_do_nothing(), values)


def see_again(
    session: Session, ids: Collection[str], *, at: datetime, reading: str, reader: str | None
) -> None:
    """Counts one more sighting of these posts: they are not missing."""
    for part in _chunks(list(ids)):
        session.execute(
            update(WallPostRow)
            .where(col(WallPostRow.id).in_(part))
            .values(
                last_seen=at,
                looks_seen=WallPostRow.looks_seen + 1,
                first_missing=None,
                missed_as=None,
                reading=reading,
                reader=reader,
            )
        )


def change(session: Session, identifier: str, values: dict[str, object]) -> None:
    """Sets what a post looks like now."""
    session.execute(update(WallPostRow).where(col(WallPostRow.id) == identifier).values(**values))


def miss(session: Session, ids: Collection[str], *, at: datetime, missed_as: str) -> None:
    """Notes that these posts are missing, unless they were missed before."""
    for part in _chunks(list(ids)):
        session.execute(
            update(WallPostRow)
            .where(col(WallPostRow.id).in_(part), col(WallPostRow.first_missing).is_(None))
            .values(first_missing=at, missed_as=missed_as)
        )


def add_loss(session: Session, loss: WallLoss) -> None:
    """Keeps how many went at once."""
    session.merge(loss)
    session.flush()


def prune_readings(session: Session, wall_id: str) -> None:
    """Forgets readings that no post was last seen in."""
    used = select(WallPostRow.reading).where(
        WallPostRow.wall_id == wall_id, col(WallPostRow.reading).is_not(None)
    )
    session.execute(
        delete(WallReading).where(
            col(WallReading.wall_id) == wall_id, col(WallReading.id).not_in(used)
        )
    )


def losses(session: Session, wall_id: str, *, since: datetime, to: datetime) -> Sequence[WallLoss]:
    """What was missed on a wall in (since, to], oldest first."""
    wanted = select(WallLoss).where(
        WallLoss.wall_id == wall_id, col(WallLoss.at) > since, col(WallLoss.at) <= to
    )
    return session.exec(wanted.order_by(col(WallLoss.at))).all()


def by_author(
    session: Session,
    workspace_id: str,
    *,
    host: str,
    author: str | None,
    author_id: str | None,
) -> Sequence[tuple[WallPostRow, str]]:
    """The posts by an author with the address of their wall, on all walls of the workspace by id,
    by name on walls of one host alone: a name says little elsewhere."""
    alike = []
    if author_id:
        alike.append(col(WallPostRow.author_id) == author_id)
    if author:
        alike.append((col(WallPostRow.author) == author) & (col(Wall.host) == host))
    if not alike:
        return []
    found = session.exec(
        select(WallPostRow, Wall.url)
        .join(Wall, col(Wall.id) == WallPostRow.wall_id)
        .where(WallPostRow.workspace_id == workspace_id, or_(*alike))
        .order_by(Wall.url, col(WallPostRow.first_seen), col(WallPostRow.id))
    )
    return [(row, url) for row, url in found]


def missing_authors(session: Session, wall: Wall) -> frozenset[str]:
    """The own pages of authors known on a wall all of whose posts on the workspace's other walls
    are missing, on at least `OTHER_WALLS` of them."""
    here = select(WallPostRow.author_id).where(
        WallPostRow.wall_id == wall.id, col(WallPostRow.author_id).is_not(None)
    )
    found = session.exec(
        select(WallPostRow.author_id)
        .where(
            WallPostRow.workspace_id == wall.workspace_id,
            col(WallPostRow.wall_id) != wall.id,
            col(WallPostRow.author_id).in_(here),
        )
        .group_by(col(WallPostRow.author_id))
        .having(
            func.count() == func.count(col(WallPostRow.first_missing)),
            func.count(func.distinct(col(WallPostRow.wall_id))) >= OTHER_WALLS,
        )
    )
    return frozenset(author for author in found if author)


def all_of(session: Session, workspace_id: str, *, after: str, limit: int) -> list[PostWords]:
    """The next posts of a workspace by their id, for a search through all of them."""
    wanted = (
        select(  # type: ignore[call-overload]
            WallPostRow.id,
            WallPostRow.wall_id,
            WallPostRow.text,
            WallPostRow.author,
            WallPostRow.post_id,
            WallPostRow.permalink,
            WallPostRow.parent,
        )
        .where(WallPostRow.workspace_id == workspace_id, col(WallPostRow.id) > after)
        .order_by(col(WallPostRow.id))
    )
    return [PostWords(*row) for row in session.exec(wanted.limit(limit))]


def forget(session: Session, ids: Collection[str]) -> None:
    """Removes these posts."""
    for part in _chunks(list(ids)):
        session.execute(delete(WallPostRow).where(col(WallPostRow.id).in_(part)))


def forget_wall(session: Session, wall_id: str) -> None:
    """Removes all that is known of a wall's posts."""
    for table in (WallPostRow, WallReading, WallLoss):
        session.execute(delete(table).where(col(table.wall_id) == wall_id))


def _chunks(values: Sequence) -> Iterator[Sequence]:  # type: ignore[type-arg]
    for at in range(0, len(values), CHUNK):
        yield values[at : at + CHUNK]
