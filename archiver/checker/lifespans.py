"""What a post's verdict tells of how long it lived, for learning how soon posts vanish. Pure."""

from datetime import datetime

from archiver.checker.hazard import DAY, Lifespan
from archiver.domain.verdict import Level, State, Verdict, Window

NOT_ITS_OWN = frozenset({State.PARENT_GONE, State.WALL_GONE, State.AUTHOR_GONE})
"""One act took many posts along: it says nothing of how soon single ones vanish."""
NOT_SURE = frozenset({State.DISPUTED, State.INDETERMINATE})
FLICKER = 3600.0
"""A post that was back within so many seconds was hardly taken down."""


def lifespan(first_seen: datetime, verdict: Verdict) -> Lifespan | None:
    """From the verdict alone; None when the post was never seen publicly.

    Its first disappearance that lasted ends it. A suspected one does not count so far.
    """
    windows = [window for window in verdict.windows if window.last_seen and _lasted(window)]
    if verdict.windows and windows and windows[-1] == verdict.windows[-1] and _open(windows[-1]):
        doubtful = verdict.level is Level.SUSPECTED or verdict.state in NOT_ITS_OWN | NOT_SURE
        windows = windows[:-1] if doubtful else windows
    last_seen = windows[0].last_seen if windows else verdict.last_seen
    if last_seen is None:
        return None
    seen = max((last_seen - first_seen).total_seconds(), 0.0)
    missing = (windows[0].first_missing - first_seen).total_seconds() if windows else None
    midnight = first_seen.replace(hour=0, minute=0, second=0, microsecond=0)
    phase = (first_seen - midnight).total_seconds() % DAY
    return Lifespan(phase, seen, None if missing is None else max(missing, seen))


def _open(window: Window) -> bool:
    return window.seen_again is None


def _lasted(window: Window) -> bool:
    if window.seen_again is None:
        return True
    return (window.seen_again - window.first_missing).total_seconds() >= FLICKER
