"""How long posts lived by their verdicts: the only queries on it. No text, no author is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from archiver.store.tables import Watch
from archiver.store.tables_health import Canary

States = frozenset[tuple[str | None, str | None, int]]


@dataclass(frozen=True)
class Judged:
    """When a post was first seen, and its verdict as it stands."""

    since: datetime
    verdict: dict[str, Any]


def wall_of(session: Session, watch_id: str) -> tuple[str, str] | None:
    """The workspace and the wall of a watch."""
    found = session.exec(
        select(Watch.workspace_id, Watch.wall_id).where(Watch.id == watch_id)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def states_on(session: Session, wall_id: str) -> States:
    """How many of the wall's posts are in which state and level: it changes when one vanishes, is
    established to have vanished, or comes back."""
    verdict = col(Watch.verdict)
    state, level = verdict["state"].as_string(), verdict["level"].as_string()
    rows = session.exec(
        select(state, level, func.count()).where(Watch.wall_id == wall_id).group_by(state, level)
    )
    return frozenset((row[0], row[1], row[2]) for row in rows)


def verdicts_on(session: Session, wall_id: str, *, limit: int) -> Sequence[Judged]:
    """Of the wall's posts, the newest first; canaries are none of them."""
    return _judged(session, col(Watch.wall_id) == wall_id, limit=limit)


def verdicts_elsewhere(
    session: Session, workspace_id: str, wall_id: str, *, limit: int
) -> Sequence[Judged]:
    """Of the posts of the workspace's other walls, the newest first."""
    elsewhere = (col(Watch.workspace_id) == workspace_id) & (col(Watch.wall_id) != wall_id)
    return _judged(session, elsewhere, limit=limit)


def _judged(session: Session, which: Any, *, limit: int) -> list[Judged]:
    canaries = select(Canary.watch_id)
    rows = session.exec(
        select(Watch.created_at, Watch.verdict)
        .where(which, col(Watch.id).not_in(canaries))
        .order_by(col(Watch.created_at).desc(), col(Watch.id))
        .limit(limit)
    )
    return [Judged(since, dict(verdict)) for since, verdict in rows if verdict]
