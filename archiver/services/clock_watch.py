"""The service's clock against the time of the authorities that stamp for it.

A clock that is more than a second off is noted and goes into the log, so that nobody, the operator
included, can drop the fact; so is the first answer that shows it right again. One note an hour and
authority, so that a wrong clock does not fill the log.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from archiver.domain.instant import Clock, render
from archiver.evidence.times import ALLOWED_OFFSET, clock_offset
from archiver.evidence.timestamp import VerifiedTimestamp
from archiver.services.custody import Recorder
from archiver.store.database import Database
from archiver.store.repository import clock_notes
from archiver.store.tables_evidence import ClockNote

logger = structlog.get_logger("clock")
KIND = "clock"
NOTE_EVERY = timedelta(hours=1)
WARN_FOR = timedelta(days=1)
"""A note that nothing newer confirms or clears is not warned of for ever."""

WARNING = (
    "this machine's clock differs by more than a second from the time of an authority that stamps"
    " for it: set it right"
)
DETAIL = " — "
"""Between a sentence that pages translate and what they show as it is."""

Compare = Callable[[str, datetime, datetime, VerifiedTimestamp], None]
"""(authority, request sent, answer received, its stamp)"""


@dataclass(frozen=True)
class _Offset:
    at: datetime
    authority: str
    seconds: float
    stamped: datetime


class ClockWatch:
    """Compares, notes, warns."""

    def __init__(self, *, database: Database, clock: Clock, recorder: Recorder) -> None:
        self._database = database
        self._clock = clock
        self._recorder = recorder

    def compare(
        self, authority: str, sent: datetime, received: datetime, stamp: VerifiedTimestamp
    ) -> None:
        """Compares our clock with an answer that has just come; both moments are our clock's."""
        seconds = clock_offset(sent, received, stamp.gen_time, stamp.resolution, stamp.accuracy)
        found = _Offset(received, authority, round(seconds, 3), stamp.gen_time)
        with self._database.reading() as session:
            wanted = _is_news(clock_notes.last_of(session, authority), found)
        if wanted:
            self._note(found)

    def warnings(self) -> list[str]:
        """A sentence for each authority whose last word on our clock was that it is off."""
        with self._database.reading() as session:
            notes = clock_notes.latest(session)
        now = self._clock()
        return [
            _sentence(note)
            for note in notes
            if _off(note.seconds) and abs(now - note.at) < WARN_FOR
        ]

    def _note(self, found: _Offset) -> None:
        identifier = self._recorder.new_id("clk")
        record = {
            "id": identifier,
            "at": render(found.at),
            "authority": found.authority,
            "authority_time": render(found.stamped),
            "seconds": found.seconds,
        }
        with self._database.transaction() as session:
            clock_notes.add(session, found.at, found.authority, found.seconds)
            self._recorder.record(session, KIND, identifier, record)
        log = logger.warning if _off(found.seconds) else logger.info
        log("clock_compared", authority=found.authority, seconds_ahead=found.seconds)


def _off(seconds: float) -> bool:
    return abs(seconds) > ALLOWED_OFFSET


def _is_news(last: ClockNote | None, found: _Offset) -> bool:
    """Whether it is to be noted: the clock is off, or no longer. A last note of the future means
    that the clock was set back since: it does not keep a new one away."""
    if last is None:
        return _off(found.seconds)
    if timedelta() <= found.at - last.at < NOTE_EVERY:
        return False
    return _off(found.seconds) or _off(last.seconds)


def _sentence(note: ClockNote) -> str:
    at = render(note.at.replace(microsecond=0))
    return f"{WARNING}{DETAIL}{note.authority}: {note.seconds:+.1f} s ({at})"
