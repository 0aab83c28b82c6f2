"""The figures of a case: what became of its postings, and how long its answers and promises took.

Pure: the moment up to which it is reckoned is given.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from archiver.audit.posting import DatedEvent, Fate, Posting
from archiver.audit.repeats import group_repeats
from archiver.audit.survival import Lifetime, median_lifetime
from archiver.audit.timeline import TimelineEntry, timeline
from archiver.domain.case import Direction, EventKind
from archiver.domain.instant import Instant
from archiver.domain.verdict import Level, State

__all__ = ["CaseFigures", "DatedEvent", "Posting", "TimelineEntry", "summarise", "timeline"]

DAY = timedelta(days=1)
COMPLAINTS = frozenset(
    {EventKind.PRIVATE_MESSAGE, EventKind.EMAIL, EventKind.LETTER, EventKind.CALL}
)
"""What, sent to the brand, is a complaint off the wall."""


class _Figure(BaseModel):
    model_config = ConfigDict(frozen=True)


class DayCount(_Figure):
    """How many postings appeared and vanished on one day (UTC)."""

    day: date
    posted: int
    vanished: int


class PostingFigure(_Figure):
    """One posting's fate; `lifetime` in seconds, None when it is not established or not dated."""

    watch_id: str
    own: bool
    fate: Fate
    state: State
    level: Level | None
    silent: bool
    lifetime: Lifetime | None


class PromiseFigure(_Figure):
    """One promise. `days_overdue` counts to when it was kept or to now; None without a due date."""

    event_id: str
    made_at: Instant
    due_at: Instant | None
    kept_at: Instant | None
    days_overdue: float | None
    broken: bool


class CaseFigures(_Figure):
    """All figures of a case.

    `vanished` = removed, hidden and tombstoned, but never by the author. `removed_by_level` counts
    removed and hidden ones; `restored` ones are among `still_visible`. `complaints` groups the
    watch ids of repeats of the same own complaint. `days_unanswered` runs from the first complaint
    to the first answer, or to now; None when nothing was asked.
    """

    postings: int
    own: int
    of_others: int
    vanished: int
    vanished_own: int
    vanished_of_others: int
    removed_by_level: dict[Level, int]
    tombstoned: int
    silent: int
    withdrawn: int
    still_visible: int
    restored: int
    open: int
    by_posting: list[PostingFigure]
    complaints: list[list[str]]
    median_lifetime: Lifetime | None
    days: list[DayCount]
    seconds_between_postings: list[float]
    first_complaint_at: Instant | None
    first_answer_at: Instant | None
    days_unanswered: float | None
    promises: list[PromiseFigure]


def summarise(
    postings: Sequence[Posting], events: Sequence[DatedEvent], *, now: datetime
) -> CaseFigures:
    """The figures of a case at a moment; postings and events in any order."""
    ordered = sorted(postings, key=lambda posting: (posting.appeared_at, posting.watch_id))
    fates = Counter(posting.fate for posting in ordered)
    gone = [posting for posting in ordered if posting.fate is Fate.VANISHED]
    own = [posting for posting in ordered if posting.own]
    asked, answered = _first_complaint(own, events), None
    if asked is not None:
        answered = _first_answer(events, asked)
    return CaseFigures(
        postings=len(ordered),
        own=len(own),
        of_others=len(ordered) - len(own),
        vanished=len(gone),
        vanished_own=sum(posting.own for posting in gone),
        vanished_of_others=sum(not posting.own for posting in gone),
        removed_by_level=_by_level(gone),
        tombstoned=sum(posting.verdict.state is State.TOMBSTONED for posting in gone),
        silent=sum(posting.verdict.silent for posting in gone),
        withdrawn=fates[Fate.WITHDRAWN],
        still_visible=fates[Fate.VISIBLE],
        restored=sum(posting.verdict.state is State.RESTORED for posting in ordered),
        open=fates[Fate.OPEN],
        by_posting=[_figure(posting) for posting in ordered],
        complaints=[
            [own[index].watch_id for index in group]
            for group in group_repeats([posting.text for posting in own])
        ],
        median_lifetime=median_lifetime([x for p in gone if (x := p.lifetime) is not None]),
        days=_days(ordered, gone),
        seconds_between_postings=[
            (later.appeared_at - earlier.appeared_at).total_seconds()
            for earlier, later in pairwise(own)
        ],
        first_complaint_at=asked,
        first_answer_at=answered,
        days_unanswered=None if asked is None else ((answered or now) - asked) / DAY,
        promises=[_promise(e, now) for e in _dated(events) if e.event.kind is EventKind.PROMISE],
    )


def _figure(posting: Posting) -> PostingFigure:
    return PostingFigure(
        watch_id=posting.watch_id,
        own=posting.own,
        fate=posting.fate,
        state=posting.verdict.state,
        level=posting.verdict.level,
        silent=posting.verdict.silent,
        lifetime=posting.lifetime,
    )


def _by_level(gone: Sequence[Posting]) -> dict[Level, int]:
    counted = Counter(posting.verdict.level for posting in gone)
    return {level: counted[level] for level in Level}


def _days(postings: Sequence[Posting], gone: Sequence[Posting]) -> list[DayCount]:
    posted = Counter(posting.appeared_at.date() for posting in postings)
    missed = [posting.verdict.first_missing for posting in gone]
    vanished = Counter(moment.date() for moment in missed if moment is not None)
    return [
        DayCount(day=day, posted=posted[day], vanished=vanished[day])
        for day in sorted(posted.keys() | vanished.keys())
    ]


def _dated(events: Sequence[DatedEvent]) -> list[DatedEvent]:
    return sorted(events, key=lambda entry: (entry.event.at, entry.event_id))


def _first_complaint(own: Sequence[Posting], events: Sequence[DatedEvent]) -> datetime | None:
    moments = [posting.appeared_at for posting in own]
    moments += [
        entry.event.at
        for entry in events
        if entry.event.direction is Direction.TO_BRAND and entry.event.kind in COMPLAINTS
    ]
    return min(moments, default=None)


def _first_answer(events: Sequence[DatedEvent], asked: datetime) -> datetime | None:
    # Only what the case calls an answer: a question back or a promise settles nothing.
    answers = [
        entry.event.at
        for entry in events
        if entry.event.kind is EventKind.ANSWER
        and entry.event.direction is not Direction.TO_BRAND
        and entry.event.at >= asked
    ]
    return min(answers, default=None)


def _promise(entry: DatedEvent, now: datetime) -> PromiseFigure:
    event = entry.event
    ended = min(event.kept_at or now, now)
    late = None if event.due_at is None else max(0.0, (ended - event.due_at) / DAY)
    return PromiseFigure(
        event_id=entry.event_id,
        made_at=event.at,
        due_at=event.due_at,
        kept_at=event.kept_at,
        days_overdue=late,
        broken=bool(late),
    )
