"""OpenTimestamps: calendars promise to anchor each capture's statement, and the promise is looked
after daily until it leads to a Bitcoin block.

It comes beside the RFC 3161 stamps, never in their place: it says little for hours, and then rests
on nobody's word. What is to be stamped follows from the captures alone, so that nothing is
forgotten, and calendars that are named later stamp what is there already. One request stamps many.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archiver.domain.errors import ProofInvalid, RatureError, Unavailable
from archiver.domain.instant import Clock
from archiver.evidence import ots
from archiver.services.bell import Bell, in_thread
from archiver.services.clock_watch import DETAIL
from archiver.store.database import Database
from archiver.store.repository import calendar_stamps

logger = structlog.get_logger("calendars")
BATCH = 1024
LOOK_EVERY = 30.0
UPGRADE_EVERY = timedelta(days=1)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MAX_DOUBLINGS = 10
WARNING = "the OpenTimestamps calendars do not take what is to be stamped"
FOUND, NOT_YET = 200, 404

Ask = Callable[[str, bytes | None], tuple[int, bytes]]
"""(url, body to post; None to get) -> (status, body). Raises RatureError when nobody answers."""
_Commitment = tuple[str, bytes]


class Calendars:
    """`calendars` are their addresses; `ask` goes through the address gate: a calendar's proof may
    name another address (that of the calendar behind a pool) where it is to be completed."""

    def __init__(
        self, *, database: Database, clock: Clock, calendars: Sequence[str], ask: Ask
    ) -> None:
        self._database = database
        self._clock = clock
        self._calendars = [address.rstrip("/") for address in calendars]
        self._ask = ask
        self._bell = Bell()
        self._failures = 0
        self._quiet_until: datetime | None = None
        self.fault: str | None = None
        self._broken: str | None = None

    async def loop(self) -> None:
        """Stamps and completes for as long as the service runs."""
        while True:
            if not await in_thread(self._round):
                await self._bell.wait(LOOK_EVERY)

    def warnings(self) -> list[str]:
        """What an operator must know: none of the calendars took what there is."""
        faults = [fault for fault in (self.fault, self._broken) if fault]
        return [f"{WARNING}{DETAIL}{fault}" for fault in faults]

    def stamp_new(self) -> int:
        """Promises what no calendar knows yet, a bounded number; gives how many were promised."""
        if self._quiet_until is not None and self._clock() < self._quiet_until:
            return 0
        with self._database.reading() as session:
            rows = calendar_stamps.unstamped(session, BATCH)
        if not rows:
            return 0
        tip, made = ots.aggregate([hashlib.sha256(statement).digest() for _, statement in rows])
        answers = self._promised(tip)
        if not answers:
            self._leave_alone()
            return 0
        self._failures, self._quiet_until, self.fault = 0, None, None
        for _, end in made:
            for answer in answers:
                end.merge(ots.read_answer(answer))
        again = self._clock() + UPGRADE_EVERY
        with self._database.transaction() as session:
            for (index, _), (proof, _) in zip(rows, made, strict=True):
                calendar_stamps.add(session, index, ots.write(proof), again)
        return len(rows)

    def upgrade_due(self) -> int:
        """Asks for the rest of incomplete proofs, a bounded number; gives how many were due. Proofs
        that wait for the same promise share one request."""
        now = self._clock()
        with self._database.reading() as session:
            due = calendar_stamps.due(session, now, BATCH)
        proofs = {index: ots.read(data) for index, data in due}
        wanted = {
            (item.uri, item.commitment)
            for proof in proofs.values()
            for item in ots.attested(proof).pending
        }
        answers, faults = self._completed(sorted(wanted))
        with self._database.transaction() as session:
            for index, proof in proofs.items():
                for (_, commitment), answer in answers.items():
                    ots.graft(proof, commitment, ots.read_answer(answer))
                complete = ots.attested(proof).complete
                calendar_stamps.update(
                    session,
                    index,
                    ots.write(proof),
                    complete=complete,
                    next_try_at=None if complete else now + UPGRADE_EVERY,
                    error=None if complete else faults,
                )
        return len(due)

    def _round(self) -> int:
        try:
            done = self.stamp_new() + self.upgrade_due()
        except (RatureError, SQLAlchemyError, OSError) as error:
            if self._broken != str(error):
                logger.error("calendars_failed", error=str(error))
            self._broken = str(error)
            return 0
        self._broken = None
        return done

    def _promised(self, tip: bytes) -> list[bytes]:
        """The answers of the calendars that took it."""
        found = []
        for address in self._calendars:
            try:
                answer = self._answer(f"{address}/digest", tip, tip)
            except (RatureError, OSError) as error:
                logger.warning("calendar_does_not_stamp", calendar=address, error=str(error))
                self.fault = f"{address}: {error}"
            else:
                found += [answer] if answer is not None else []
        return found

    def _completed(
        self, wanted: Iterable[_Commitment]
    ) -> tuple[dict[_Commitment, bytes], str | None]:
        """(what the calendars know of these by now, the last fault)."""
        found: dict[_Commitment, bytes] = {}
        fault = None
        silent: set[str] = set()
        for uri, commitment in wanted:
            if uri in silent:
                continue
            try:
                answer = self._answer(f"{uri}/timestamp/{commitment.hex()}", None, commitment)
            except (RatureError, OSError) as error:
                silent.add(uri)
                fault = f"{uri}: {error}"
                logger.warning("calendar_does_not_complete", calendar=uri, error=str(error))
                continue
            if answer is not None:
                found[uri, commitment] = answer
        return found, fault

    def _answer(self, url: str, body: bytes | None, message: bytes) -> bytes | None:
        """A calendar's answer about a message; None when there is none yet.

        Raises:
            Unavailable: it answers with an error.
            ProofInvalid: what it answers is no proof, or attests nothing known here.
        """
        status, answer = self._ask(url, body)
        if status == NOT_YET and body is None:
            return None
        if status != FOUND:
            raise Unavailable(f"it answered with status {status}")
        said = ots.attested(ots.Proof(message, ots.read_answer(answer)))
        if not said.pending and not said.blocks:
            raise ProofInvalid("answer", "it promises nothing")
        return answer

    def _leave_alone(self) -> None:
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures, MAX_DOUBLINGS))
        self._failures += 1
        self._quiet_until = self._clock() + pause
