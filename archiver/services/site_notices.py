"""What a look at a canary tells of its site, and the notices that carry it to the posts there.

Nothing is concluded beside the records: a site's state reaches a post's verdict only as a notice of
that post, with its leaf in the log, so that `rature judge` comes to the same.
"""

from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from archiver.checker.health import Expected, reads_right
from archiver.domain.observation import Notice, NoticeKind, Observation
from archiver.store.repository import health
from archiver.store.tables import Watch
from archiver.store.tables_health import Canary

TICK = timedelta(microseconds=1)
logger = structlog.get_logger("health")


def heed_canary(session: Session, watch: Watch, look: Observation) -> Canary | None:
    """Notes how a canary was read. The canary, when that changed something for its site."""
    canary = health.canary(session, watch.id)
    right = None if canary is None else reads_right(Expected(canary.expected), look)
    if canary is None or right is None:
        return None
    before = canary.wrong_at
    canary.read_as = look.sighting
    if right:
        canary.right_at, canary.wrong_at = look.at, None
    elif before is None:
        canary.wrong_at = look.at
        logger.error("canary_misread", site=canary.site, watch=watch.id, read_as=look.sighting)
    session.add(canary)
    return canary if (before is None) != right else None


def due_notice(session: Session, watch: Watch, now: datetime) -> Notice | None:
    """The notice about its site that a post lacks, if any. Canaries have none."""
    if health.canary(session, watch.id) is not None:
        return None
    session.flush()
    wrong = health.misread(session, watch.workspace_id, health.site_of(session, watch.wall_id))
    last = health.newest_site_notice(session, watch.id)
    told = None if last is None else Notice.model_validate(last.body)
    if told is not None:
        now = max(now, told.at + TICK)  # of two notices at one moment none would be the newer
    stands = told is not None and told.notice is NoticeKind.SITE_DEGRADED
    if not wrong:
        kind = NoticeKind.SITE_RIGHT
        return Notice(at=now, notice=kind, text="All canaries read right.") if stands else None
    since = min(canary.right_at or canary.created_at for canary in wrong)
    if stands and told is not None and told.since is not None and told.since <= since:
        return None
    named = ", ".join(sorted(canary.watch_id for canary in wrong))
    text = f"Misread: {named}."
    return Notice(at=now, notice=NoticeKind.SITE_DEGRADED, text=text, since=since)
