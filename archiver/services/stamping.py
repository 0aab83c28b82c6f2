"""Stamping: every wish for an RFC 3161 time stamp is fulfilled as soon as an authority answers.

A response is verified before it is kept, and kept whole. An authority that fails is left alone for
a while, longer each time; nothing that waits for it is forgotten.

An answer that is sound as far as it goes and leads to no root that is known here is held: it
counts, with its own time, once the settings name the root. Where an authority gives nothing that
counts for long, the embedded one stamps too, so that a bundle can be written; the wish for the
other stays.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from archiver.domain.errors import RatureError, RefusedAddress, TimestampInvalid, TooLarge
from archiver.domain.instant import Clock
from archiver.evidence import checkpoint as notes
from archiver.evidence.timestamp import (
    Authority,
    VerifiedTimestamp,
    check_unrooted,
    leads_to,
    make_request,
    verify_response,
)
from archiver.evidence.token_rules import Demands
from archiver.services.clock_watch import Compare
from archiver.services.trust import LOCAL, Trust
from archiver.store.database import Database
from archiver.store.repository import log, stamps
from archiver.store.tables import Stamp

logger = structlog.get_logger("stamping")
BATCH = 64
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MAX_DOUBLINGS = 12
_ROOT_HINT = "is the root of this authority named in RATURE_TSA_ROOTS?"
_ROOT_UNKNOWN = "answered, but its root is not known here: name it in RATURE_TSA_ROOTS"
FALL_BACK_AFTER = 6
"""Tries that failed before the embedded authority stamps too: about five minutes."""
HELD_AGAIN = timedelta(days=1)


@dataclass(frozen=True)
class _Answer:
    stamp_id: int
    response: bytes
    gen_time: datetime


@dataclass(frozen=True)
class _Held:
    stamp_id: int
    response: bytes
    row: Stamp


def _compare_nothing(
    _name: str, _sent: datetime, _received: datetime, _: VerifiedTimestamp
) -> None:
    """For authorities that go by this machine's own clock."""


class Stamping:
    """Asks the authorities. `trust` says which roots each of them may lead to, `demands` what a new
    stamp must fulfil; `compare` is told when each answer came, to see whether our clock is right.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        random: Callable[[int], bytes],
        authorities: Sequence[Authority],
        trust: Trust,
        demands: Demands = Demands(),
        compare: Compare = _compare_nothing,
    ) -> None:
        self._database = database
        self._clock = clock
        self._random = random
        self._authorities = {authority.name: authority for authority in authorities}
        self._trust = trust
        self._demands = demands
        self._compare = compare

    @property
    def names(self) -> tuple[str, ...]:
        """The authorities that a stamp is wished from."""
        return tuple(self._authorities)

    def stamp_due(self) -> int:
        """Fulfils wishes that are due, a bounded number; gives how many were tried.

        Asking happens outside of any transaction: an authority may take its time.
        """
        with self._database.reading() as session:
            wishes = stamps.due(session, self._clock(), tuple(self._authorities), BATCH)
            due = list(zip(wishes, _subjects(session, wishes), strict=True))
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
        answers: list[_Answer | _Held] = []
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
            stamps.store(session, [astuple(item) for item in answers if isinstance(item, _Answer)])
            for item in answers:
                if isinstance(item, _Held):
                    self._hold(session, item)
            if failed:
                self._put_off(session, authority.name, *failed)

    def _ask(self, authority: Authority, row: Stamp, data: bytes) -> _Answer | _Held:
        assert row.id is not None  # noqa: S101 - it was read from the database
        if row.held is not None:
            return self._believed(authority.name, row, row.held, data, nonce=None)
        request, nonce = make_request(data, self._random)
        sent = self._clock()
        response = authority.stamp(request)
        received = self._clock()
        return self._believed(
            authority.name, row, response, data, nonce=nonce, moments=(sent, received)
        )

    def _believed(
        self,
        name: str,
        row: Stamp,
        response: bytes,
        data: bytes,
        *,
        nonce: int | None,
        moments: tuple[datetime, datetime] | None = None,
    ) -> _Answer | _Held:
        """The answer, if it verifies and fulfils what is demanded; held, if only its root is not
        known. Raises TimestampInvalid otherwise."""
        assert row.id is not None  # noqa: S101 - it was read from the database
        roots, intermediates = self._trust.anchors(name, response)
        try:
            verified = verify_response(
                response, data, roots, nonce=nonce, intermediates=intermediates
            )
        except TimestampInvalid:
            if leads_to(response, roots, intermediates):
                raise
            check_unrooted(response, data, nonce)
            return _Held(row.id, response, row)
        if name != LOCAL:
            self._demands.check(verified)
        if moments is not None:
            self._compare(name, *moments, verified)
        return _Answer(row.id, response, verified.gen_time)

    def _hold(self, session: Session, answer: _Held) -> None:
        """Keeps an answer that may count later, and lets the embedded authority stamp meanwhile."""
        now, row = self._clock(), answer.row
        if row.held is None:
            logger.warning("time_stamp_held", authority=row.authority, hint=_ROOT_HINT)
        stamps.put_off(
            session, answer.stamp_id, _ROOT_UNKNOWN, now + HELD_AGAIN, held=answer.response
        )
        stamps.fall_back(session, row, LOCAL, now)

    def _put_off(self, session: Session, authority: str, row: Stamp, error: RatureError) -> None:
        assert row.id is not None  # noqa: S101 - it was read from the database
        now = self._clock()
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.attempts, MAX_DOUBLINGS))
        until = now + pause
        stamps.put_off(session, row.id, str(error), until)
        if not isinstance(error, TimestampInvalid):
            stamps.pause_authority(session, authority, until)
        if row.attempts + 1 >= FALL_BACK_AFTER:
            stamps.adopt(session, [LOCAL], now)
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
        return _ROOT_HINT
    if isinstance(error, (RefusedAddress, TooLarge)):
        return "is RATURE_TSA_URLS the address of a time authority?"
    return None


def _subjects(session: Session, rows: Sequence[Stamp]) -> list[bytes]:
    """The bytes that each stamp is over: a leaf's statement, or a checkpoint's text without its
    signatures (so that cosignatures added later do not matter)."""
    leaves = [row.subject for row in rows if row.subject_kind == "leaf"]
    statements = log.statements_of(session, leaves)

    def checkpoint(size: int) -> bytes:
        found = log.checkpoint_of(session, size)
        return notes.parse(found.note).text.encode() if found else b""

    return [
        statements.get(row.subject, b"") if row.subject_kind == "leaf" else checkpoint(row.subject)
        for row in rows
    ]
