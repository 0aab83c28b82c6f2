"""Visits that saw nothing to rely on: counted by site, and told once they are too many."""

from datetime import datetime

import structlog
from sqlmodel import Session

from archiver.checker.health import BARREN_ROUNDS
from archiver.services.visit_plan import Visit
from archiver.store.repository import health, walls

logger = structlog.get_logger("health")


def note(session: Session, visit: Visit, now: datetime, *, valid: bool) -> None:
    """Notes a visit; at the one that makes them too many, the log says so."""
    wall = walls.get(session, visit.wall_id)
    if wall is None:  # erased during the visit
        return
    row = health.note_round(session, wall.workspace_id, wall.host, now, valid=valid)
    if row.barren == BARREN_ROUNDS:
        logger.error("site_resolves_nothing", site=wall.host, visits=row.barren)
