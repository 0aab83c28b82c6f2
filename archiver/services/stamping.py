"""Stamping: every wish for an RFC 3161 time stamp is fulfilled as soon as an authority answers.

A response is verified before it is kept, and kept whole. An authority that fails is left alone for
a while, longer each time; nothing that waits for it is forgotten.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from archiver.domain.errors import RatureError, RefusedAddress, TimestampInvalid, TooLarge
from archiver.domain.instant import Clock
from archiver.evidence import checkpoint as notes
from archiver.evidence.timestamp import Authority, make_request, verify_response
from archiver.services.trust import Trust
from archiver.store.database import Database
from archiver.store.repository import log, stamps
from archiver.store.tables import Stamp

logger = structlog.get_logger("stamping")
BATCH = 64
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MAX_DOUBLINGS = 12


@dataclass(frozen=True)
class _Answer:
    stamp_id: int
    response: bytes
    gen_time: datetime


class Stamping:
    """Asks the authorities. `trust` says which roots each of them may lead to."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        random: Callable[[int], bytes],
        authorities: Sequence[Authority],
        trust: Trust,
    ) -> None:
        self._database = database
        self._clock = clock
        self._random = random
        self._authorities = {authority.name: authority for authority in authorities}
        self._trust = trust

    @property
    def names(self) -> tuple[str, ...]:
        """The authorities that a stamp is wished from."""
        return tuple(self._authorities)

    def stamp_due(self) -> int:
        """Fulfils wishes that are due, a bounded number; gives how many were tried.

        Asking happens outside of any transaction: an authority may take its time.
        """
        with self._database.reading() as session:
            due = [
                (row, _subject(session, row))
                for row in stamps.due(session, self._clock(), tuple(self._authorities), BATCH)
            ]
        by_authority: dict[str, list[tuple[Stamp, bytes]]] = defaultdict(list)
        for row, data in due:
            by_authority[row.authority].append((row, data))
        for name, rows in by_authority.items():
            self._ask_for(self._authorities[name], rows)
        return len(due)

    def seconds_until_due(self) -> float | None:
        """How long until the next wish is due; None when nothing is missing."""
        with self._database.reading() as session:
            moment = stamps.next_due_at(session, tuple(self._authorities))
        if moment is None:
            return None
        return max(0.0, (moment - self._clock()).total_seconds())

    def _ask_for(self, authority: Authority, rows: list[tuple[Stamp, bytes]]) -> None:
        """Stops at the first failure: the rest would fail too, each after its own time-out."""
        answers: list[_Answer] = []
        failed: tuple[Stamp, RatureError] | None = None
        for row, data in rows:
            try:
                answers.append(self._ask(authority, row, data))
            except (RatureError, OSError) as error:
                failed = (
                    row,
                    error if isinstance(error, RatureError) else TimestampInvalid(str(error)),
                )
                break
        with self._database.transaction() as session:
            for answer in answers:
                stamps.store(session, answer.stamp_id, answer.response, answer.gen_time)
            if failed:
                self._put_off(session, authority.name, *failed)

    def _ask(self, authority: Authority, row: Stamp, data: bytes) -> _Answer:
        assert row.id is not None  # noqa: S101 - it was read from the database
        request, nonce = make_request(data, self._random)
        response = authority.stamp(request)
        roots, intermediates = self._trust.anchors(authority.name, response)
        verified = verify_response(response, data, roots, nonce=nonce, intermediates=intermediates)
        return _Answer(row.id, response, verified.gen_time)

    def _put_off(self, session: Session, authority: str, row: Stamp, error: RatureError) -> None:
        assert row.id is not None  # noqa: S101 - it was read from the database
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.attempts, MAX_DOUBLINGS))
        until = self._clock() + pause
        stamps.put_off(session, row.id, str(error), until)
        if not isinstance(error, TimestampInvalid):
            stamps.pause_authority(session, authority, until)
        logger.warning(
            "time_stamp_put_off",
            authority=authority,
            error=str(error),
            seconds=pause.total_seconds(),
            hint=_hint(error),
        )


def _hint(error: RatureError) -> str | None:
    """What an operator can do about it, where waiting does not help."""
    if isinstance(error, TimestampInvalid):
        return "is the root of this authority named in RATURE_TSA_ROOTS?"
    if isinstance(error, (RefusedAddress, TooLarge)):
        return "is RATURE_TSA_URLS the address of a time authority?"
    return None


def _subject(session: Session, row: Stamp) -> bytes:
    """The bytes that the stamp is over: a leaf's statement, or a checkpoint's text without its
    signatures (so that cosignatures added later do not matter)."""
    if row.subject_kind == "leaf":
        entry = log.entry(session, row.subject)
        return entry.statement if entry else b""
    checkpoint = log.checkpoint_of(session, row.subject)
    return notes.parse(checkpoint.note).text.encode() if checkpoint else b""
