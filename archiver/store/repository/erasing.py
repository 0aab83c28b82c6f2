"""Taking content away: the rows, files and salts that an erasure removes. The only queries on it.

A leaf that is emptied keeps its statement and hash. A leaf from which only some files go loses the
salts of these files: what they hashed can no longer be guessed.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import delete, func, or_, update
from sqlmodel import Session, SQLModel, col, select

from archiver.domain.digest import canonical_json
from archiver.store.repository.wall_posts import forget_wall
from archiver.store.tables import (
    Capture,
    Custody,
    Host,
    LogEntry,
    NoticeRow,
    ObservationRow,
    StoredFile,
    VerdictRow,
    Wall,
    Watch,
)
from archiver.store.tables_evidence import DoomedBlob, ExportRow, MaskRow, VisitRow
from archiver.store.tables_health import Canary, WallDay

T = TypeVar("T")
CHUNK = 500
"""Values in one statement; databases have limits."""
RECORD_TABLES: tuple[type[SQLModel], ...] = (
    ObservationRow,
    NoticeRow,
    VerdictRow,
    Custody,
    Capture,
    ExportRow,
    VisitRow,
)
"""Rows whose ids are subjects of leaves, and that go with them."""


@dataclass(frozen=True)
class OtherLook:
    """A look at another post, which may show the erased one too."""

    id: str
    watch_id: str
    wall_id: str
    leaf_index: int
    visit_id: str | None
    siblings: list[dict[str, Any]]


def captures_to_erase(session: Session, watch_id: str) -> list[Capture]:
    """The watch's captures."""
    return list(session.exec(select(Capture).where(Capture.watch_id == watch_id)))


def records_of_watch(session: Session, watch_id: str) -> set[str]:
    """The ids of all records about a watch, but for the visits that it shares with others."""
    found = {watch_id}
    for table in (Capture, ObservationRow, NoticeRow, VerdictRow, ExportRow):
        found |= set(session.exec(select(table.id).where(table.watch_id == watch_id)))
    return found | custody_about(session, found)


def custody_about(session: Session, subjects: Collection[str]) -> set[str]:
    """The ids of the custody events about these records."""
    found: set[str] = set()
    for part in chunks(subjects):
        found |= set(session.exec(select(Custody.id).where(col(Custody.subject_id).in_(part))))
    return found


def posts_seen(session: Session, watch_id: str) -> Iterator[dict[str, Any]]:
    """The post in every form in which looks at this watch saw it."""
    rows = session.exec(select(ObservationRow.body).where(ObservationRow.watch_id == watch_id))
    yield from (body["seen"] for body in rows if body.get("seen"))


def visits_of(session: Session, watch_id: str) -> set[str]:
    """The visits that looked for this post."""
    found = session.exec(
        select(ObservationRow.visit_id).where(ObservationRow.watch_id == watch_id).distinct()
    )
    return {visit_id for visit_id in found if visit_id is not None}


def other_looks(
    session: Session, workspace_id: str, watch_id: str, *, after: int, limit: int
) -> list[OtherLook]:
    """The next looks at other posts of the workspace by their leaf's index."""
    rows = session.exec(
        select(ObservationRow, Watch.wall_id)
        .join(Watch, col(Watch.id) == ObservationRow.watch_id)
        .where(
            Watch.workspace_id == workspace_id,
            ObservationRow.watch_id != watch_id,
            col(ObservationRow.leaf_index) > after,
        )
        .order_by(col(ObservationRow.leaf_index))
        .limit(limit)
    ).all()
    found = [
        OtherLook(
            row.id, row.watch_id, wall_id, row.leaf_index, row.visit_id,
            row.body.get("siblings") or [],
        )
        for row, wall_id in rows
    ]  # fmt: skip
    session.expunge_all()
    return found


def snapshots_on_wall(session: Session, wall_id: str) -> list[tuple[str, str]]:
    """(owner, blob) of the pages as HTML that visits to this wall, or looks without visit, kept."""
    visited = select(VisitRow.id).where(VisitRow.wall_id == wall_id)
    looked = (
        select(ObservationRow.id)
        .join(Watch, col(Watch.id) == ObservationRow.watch_id)
        .where(Watch.wall_id == wall_id)
    )
    owner = col(StoredFile.owner_id)
    return list(
        session.exec(
            select(StoredFile.owner_id, StoredFile.sha256)
            .where(StoredFile.role == "snapshot", or_(owner.in_(visited), owner.in_(looked)))
            .order_by(col(StoredFile.id))
        )
    )


def visits_to(session: Session, wall_id: str) -> set[str]:
    """All visits to a wall."""
    return set(session.exec(select(VisitRow.id).where(VisitRow.wall_id == wall_id)))


def shares_wall(session: Session, watch: Watch) -> bool:
    """Whether another post is watched on the same wall."""
    others = select(func.count()).where(Watch.wall_id == watch.wall_id, Watch.id != watch.id)
    return session.exec(others).one() > 0


def exports_naming(
    session: Session, watch_ids: Collection[str], leaves: Collection[int]
) -> list[str]:
    """Exports of these watches whose bundle held one of these leaves."""
    gone = set(leaves)
    found: list[str] = []
    for part in chunks(watch_ids):
        rows = session.exec(
            select(LogEntry.subject_id, LogEntry.record)
            .join(ExportRow, col(ExportRow.id) == LogEntry.subject_id)
            .where(col(ExportRow.watch_id).in_(part))
        )
        for subject_id, record in rows:
            held = json.loads(record) if record else {}
            if gone.intersection([held.get("main"), *held.get("records", ())]):
                found.append(subject_id)
    return found


def looks_of_visits(session: Session, visit_ids: Collection[str]) -> list[tuple[str, str]]:
    """(look, watch) of all looks that name these visits."""
    found: list[tuple[str, str]] = []
    for part in chunks(visit_ids):
        found += session.exec(
            select(ObservationRow.id, ObservationRow.watch_id).where(
                col(ObservationRow.visit_id).in_(part)
            )
        )
    return found


def count_looks(session: Session, watch_id: str) -> int:
    """How many looks at a post there are."""
    looks = select(func.count()).where(ObservationRow.watch_id == watch_id)
    return session.exec(looks).one()


def watch_of_look(session: Session, look_id: str) -> str:
    """The watch that a look is of."""
    return session.exec(select(ObservationRow.watch_id).where(ObservationRow.id == look_id)).one()


def leaves_of(session: Session, subjects: Collection[str]) -> list[int]:
    """The leaves of these records, sorted."""
    found: list[int] = []
    for part in chunks(subjects):
        found += session.exec(select(LogEntry.leaf_index).where(col(LogEntry.subject_id).in_(part)))
    return sorted(found)


def empty(session: Session, subjects: Collection[str]) -> None:
    """Takes record and salts from the leaves of these records."""
    for part in chunks(subjects):
        emptied = update(LogEntry).where(col(LogEntry.subject_id).in_(part))
        session.execute(emptied.values(record=None, salts={}))


def withhold(
    session: Session, subject_id: str, hidden: Callable[[str], bool], *, key: str | None = None
) -> int | None:
    """Takes the salts whose path is `hidden` from a record's leaf, and `key` from the JSON that
    rebuilds it: the leaf's index; None when nothing of it was there any more."""
    entry = session.exec(select(LogEntry).where(LogEntry.subject_id == subject_id)).one_or_none()
    if entry is None or entry.record is None:
        return None
    kept = {path: salt for path, salt in entry.salts.items() if not hidden(path)}
    record = json.loads(entry.record)
    if len(kept) == len(entry.salts) and key not in record:
        return None
    if key is not None:
        record.pop(key, None)
    entry.salts, entry.record = kept, canonical_json(record)
    session.add(entry)
    return entry.leaf_index


def forget_siblings(
    session: Session, look_id: str, unwanted: Callable[[dict[str, Any]], bool]
) -> None:
    """Takes posts from a look's own row, which serves later looks as their controls."""
    row = session.get(ObservationRow, look_id)
    if row is not None:
        kept = [sibling for sibling in row.body.get("siblings") or [] if not unwanted(sibling)]
        row.body = {**row.body, "siblings": kept}
        session.add(row)


def remove_files(
    session: Session, owners: Collection[str], *, named: Callable[[str], bool] = lambda _: True
) -> None:
    """Removes files from records, and dooms their blobs."""
    for part in chunks(owners):
        rows = session.exec(select(StoredFile).where(col(StoredFile.owner_id).in_(part))).all()
        gone = [row for row in rows if named(row.name)]
        for row in gone:
            session.merge(DoomedBlob(sha256=row.sha256))
            session.delete(row)
    session.flush()


def remove_records(session: Session, subjects: Collection[str]) -> None:
    """Removes the rows of these records."""
    for part in chunks(subjects):
        for table in RECORD_TABLES:
            key = col(table.id)  # type: ignore[attr-defined]
            session.execute(delete(table).where(key.in_(part)))


def remove_watch(session: Session, watch: Watch) -> None:
    """Removes a watch whose records are gone, and its wall when nobody else uses that."""
    session.execute(delete(MaskRow).where(col(MaskRow.watch_id) == watch.id))
    session.execute(delete(Canary).where(col(Canary.watch_id) == watch.id))
    wall = session.get(Wall, watch.wall_id)
    session.delete(watch)
    session.flush()
    if wall is None or _used(session, Watch.wall_id, wall.id):
        return
    forget_wall(session, wall.id)  # nobody has a reason to know other people's posts any more
    if _used(session, VisitRow.wall_id, wall.id):
        return
    session.execute(delete(WallDay).where(col(WallDay.wall_id) == wall.id))
    session.delete(wall)
    session.flush()


def forget_host(session: Session, name: str) -> None:
    """Removes a host that has no wall, unless it asked to be left alone: then its wish is kept."""
    host = session.get(Host, name)
    if host is not None and host.not_before is None and not _used(session, Wall.host, name):
        session.delete(host)
        session.flush()


def doomed(session: Session, limit: int) -> list[str]:
    """Blobs that are still to be deleted."""
    return list(session.exec(select(DoomedBlob.sha256).limit(limit)))


def doom(session: Session, digests: Collection[str]) -> None:
    """Notes blobs to be deleted; one that somebody refers to will be kept all the same."""
    for sha256 in digests:
        session.merge(DoomedBlob(sha256=sha256))


def spared(session: Session, sha256: str) -> bool:
    """Whether some record still has this blob."""
    return _used(session, StoredFile.sha256, sha256)


def undoom(session: Session, sha256: str) -> None:
    """Forgets that a blob was to be deleted: it is, or it is spared."""
    session.execute(delete(DoomedBlob).where(col(DoomedBlob.sha256) == sha256))


def chunks(values: Collection[T]) -> Iterator[Sequence[T]]:
    """The values in parts that fit into one statement."""
    listed = list(values)
    for at in range(0, len(listed), CHUNK):
        yield listed[at : at + CHUNK]


def _used(session: Session, column: Any, value: str) -> bool:
    return session.exec(select(func.count()).where(column == value)).one() > 0
