"""What happened in a case, in order, with contradictions made plain. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from archiver.audit.posting import DatedEvent, Posting
from archiver.domain.instant import Instant
from archiver.domain.verdict import State

GONE = frozenset(
    {
        State.REMOVED,
        State.HIDDEN,
        State.TOMBSTONED,
        State.PARENT_GONE,
        State.WALL_GONE,
        State.AUTHOR_GONE,
    }
)


class Contradiction(BaseModel):
    """A claim that something had happened, made `seconds_early` seconds before it did."""

    model_config = ConfigDict(frozen=True)

    claimed_event_id: str
    happened_at: Instant
    seconds_early: float


class TimelineEntry(BaseModel):
    """One dated fact.

    `kind` is `posted`, `last_seen`, `first_missing`, `seen_again`, `promise_due`, `promise_kept`,
    the kind of a notice, or the kind of an event; `subject_id` a watch or an event.
    """

    model_config = ConfigDict(frozen=True)

    at: Instant
    kind: str
    subject_id: str
    text: str = ""
    direction: str | None = None
    contradiction: Contradiction | None = None


def timeline(
    postings: Sequence[Posting], events: Sequence[DatedEvent], *, now: datetime | None = None
) -> list[TimelineEntry]:
    """All dated facts, oldest first. With `now`, due dates up to then are among them."""
    entries = [entry for posting in postings for entry in _of_posting(posting)]
    happened = {dated.event_id: dated.event.at for dated in events}
    for dated in events:
        entries += _of_event(dated, happened, now)
    return sorted(entries, key=lambda entry: (entry.at, entry.subject_id, entry.kind))


def _of_posting(posting: Posting) -> Iterator[TimelineEntry]:
    def entry(at: datetime, kind: str, text: str = "") -> TimelineEntry:
        return TimelineEntry(at=at, kind=kind, subject_id=posting.watch_id, text=text)

    yield entry(posting.appeared_at, "posted", posting.text)
    for window in posting.verdict.windows:
        if window.last_seen is not None:
            yield entry(window.last_seen, "last_seen")
        yield entry(window.first_missing, "first_missing")
        if window.seen_again is not None:
            yield entry(window.seen_again, "seen_again")
    verdict = posting.verdict
    if not verdict.windows and verdict.state in GONE and verdict.first_missing is not None:
        yield entry(verdict.first_missing, "first_missing")
    for notice in posting.notices:
        yield entry(notice.at, notice.notice.value, notice.text)


def _of_event(
    dated: DatedEvent, happened: dict[str, datetime], now: datetime | None
) -> Iterator[TimelineEntry]:
    event = dated.event
    yield TimelineEntry(
        at=event.at,
        kind=event.kind.value,
        subject_id=dated.event_id,
        text=event.text,
        direction=event.direction.value,
        contradiction=_contradiction(dated, happened),
    )
    if event.due_at is not None and now is not None and event.due_at <= now:
        yield TimelineEntry(at=event.due_at, kind="promise_due", subject_id=dated.event_id)
    if event.kept_at is not None:
        yield TimelineEntry(at=event.kept_at, kind="promise_kept", subject_id=dated.event_id)


def _contradiction(dated: DatedEvent, happened: dict[str, datetime]) -> Contradiction | None:
    claimed = dated.event.claims_event_id
    moment = happened.get(claimed) if claimed is not None else None
    if claimed is None or moment is None or moment <= dated.event.at:
        return None
    early = (moment - dated.event.at).total_seconds()
    return Contradiction(claimed_event_id=claimed, happened_at=moment, seconds_early=early)
