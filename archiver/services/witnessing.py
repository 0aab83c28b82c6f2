"""Witnessing: asks the configured witnesses to cosign each checkpoint (c2sp.org/tlog-witness).

Checkpoints are asked for in order, because a receipt stays with the checkpoint that was stamped
first. A witness that is away is asked again, later each time, and never holds up sealing. One that
knows a larger tree than ours, or another one, stops it: then a second history would be signed.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlmodel import Session

from archiver.domain.errors import LogRewound, ProofInvalid, RatureError, Unavailable
from archiver.domain.instant import Clock, render
from archiver.evidence import checkpoint as notes
from archiver.evidence import cosignature, signed_note, tiles, witness
from archiver.evidence.cosignature import VerifiedCosignature, WitnessKey
from archiver.evidence.merkle import verify_consistency
from archiver.evidence.signed_note import DECIMAL
from archiver.store.database import Database
from archiver.store.repository import log, witnesses
from archiver.store.tables import CheckpointRow

logger = structlog.get_logger("witnessing")
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
MAX_DOUBLINGS = 10
LEASE = timedelta(seconds=60)
"""After this, another process takes over from one that died while it asked."""
BEHIND = 1000
"""How many checkpoints are asked for later, at the most, after a witness was away."""
CLOCK_TOLERANCE = timedelta(hours=1)
MAX_EXCHANGES = 4
COSIGNED, CONFLICT, UNPROVEN = 200, 409, 422


@dataclass(frozen=True)
class Witness:
    """A witness that is asked: its key, and the address before `/add-checkpoint`."""

    key: WitnessKey
    url: str

    @property
    def id(self) -> str:
        """Name and key id: how the tables name it."""
        return f"{self.key.name}+{self.key.key_id.hex()}"


Submit = Callable[[str, bytes], tuple[int, bytes]]
"""(address, body) -> (status, body); raises Unavailable when nobody answers."""


@dataclass(frozen=True)
class _Request:
    """A checkpoint to be cosigned, with the proof from the size that the witness knows."""

    old_size: int
    old_root: bytes
    size: int
    note: str
    proof: list[bytes]


class Witnessing:
    """Asks the witnesses. `empty_note` is the signed checkpoint of the empty tree: it is sent when
    there is no other, to learn whether a witness knows more of this log than we do."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        asked: Sequence[Witness],
        submit: Submit,
        empty_note: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._asked = tuple(asked)
        self._submit = submit
        self._empty_note = empty_note
        self._first = threading.Lock()
        self._looked = not asked

    @property
    def keys(self) -> tuple[WitnessKey, ...]:
        """The keys that verify the cosignatures of the configured witnesses."""
        return tuple(each.key for each in self._asked)

    def look_first(self) -> None:
        """Asks every witness once, before anything is signed: a database that was set back is
        found out. One that does not answer holds nothing up."""
        with self._first:
            if not self._looked:
                self._round(early=True)
                self._looked = True

    def ask_due(self) -> int:
        """Asks each witness whose time has come for one checkpoint; gives how many were asked."""
        return self._round(early=False)

    def objection(self) -> str | None:
        """What a witness knows against our history; None when there is nothing."""
        with self._database.reading() as session:
            return "; ".join(witnesses.faults(session, [each.id for each in self._asked])) or None

    def check(self) -> None:
        """Does nothing when no witness objects.

        Raises:
            LogRewound: one does; the message names it.
        """
        objection = self.objection() if self._asked else None
        if objection is not None:
            raise LogRewound(objection)

    def _round(self, *, early: bool) -> int:
        due = [each for each in self._asked if early or self._is_due(each)]
        if not due:
            return 0
        with ThreadPoolExecutor(len(due)) as pool:
            return sum(pool.map(lambda each: self._ask(each, early=early), due))

    def _is_due(self, each: Witness) -> bool:
        with self._database.reading() as session:
            state = witnesses.state(session, each.id)
            if state is None:
                return True
            if state.next_try_at is not None and state.next_try_at > self._clock():
                return False
            # A fault is asked about again: it ends when the right database is back.
            return state.fault is not None or (
                witnesses.next_checkpoint(session, state.size, BEHIND) is not None
            )

    def _ask(self, each: Witness, *, early: bool) -> bool:
        now = self._clock()
        with self._database.transaction() as session:
            if not witnesses.claim(session, each.id, now, now + LEASE, early=early):
                return False
        try:
            self._converse(each)
        except (RatureError, OSError) as error:
            self._put_off(each, error)
        return True

    def _converse(self, each: Witness) -> None:
        """Follows the witness to the size that it knows, until it cosigns.

        Raises:
            LogRewound: it knows another history than ours.
            Unavailable: it does not answer as the specification says.
        """
        request = self._first_request(each)
        for _ in range(MAX_EXCHANGES):
            body = witness.write_request(request.old_size, request.proof, request.note)
            status, answer = self._submit(f"{each.url}/add-checkpoint", body)
            if status == COSIGNED:
                return self._keep(each, request, answer)
            if status == UNPROVEN:
                raise _unproven(each, request)
            if status != CONFLICT:
                raise Unavailable(f"witness {each.key.name} answered {status}: {_said(answer)}")
            request = self._follow(each, request, _size(each, request, answer))
        raise Unavailable(f"witness {each.key.name} names another size each time")

    def _first_request(self, each: Witness) -> _Request:
        with self._database.reading() as session:
            state = witnesses.state(session, each.id)
            known = state.size if state else 0
            row = witnesses.next_checkpoint(session, known, BEHIND)
            row = row or log.latest_checkpoint(session)
            if row is None:
                return _Request(0, b"", 0, self._empty_note, [])
            return _request(session, min(known, row.size), row)

    def _follow(self, each: Witness, refused: _Request, known: int) -> _Request:
        """The request to a witness that said which size it knows."""
        with self._database.reading() as session:
            newest = log.latest_checkpoint(session)
            ours = newest.size if newest else 0
            if known > ours:
                raise LogRewound(
                    f"witness {each.key.name} knows a tree of {known} leaves of this log, here are"
                    f" {ours} sealed. Was an old backup restored? Restore the newest one"
                )
            if known == refused.old_size == refused.size:
                raise LogRewound(
                    f"witness {each.key.name} knows another tree of {known} leaves of this log"
                )
            row = log.checkpoint_covering(session, max(known, refused.size) - 1)
            if row is None or known == refused.old_size:
                raise Unavailable(f"witness {each.key.name} refuses the size that it named")
            return _request(session, known, row)

    def _keep(self, each: Witness, request: _Request, answer: bytes) -> None:
        text = notes.parse(request.note).text
        line, seen = _own_line(each.key, answer, text)
        off = abs(seen.at - self._clock())
        if off > CLOCK_TOLERANCE:
            raise Unavailable(
                f"witness {each.key.name} says that it is {render(seen.at)}: one clock is wrong"
            )
        with self._database.transaction() as session:
            witnesses.note_answer(session, each.id, request.size)
            if request.size:
                witnesses.store_line(session, request.size, each.id, line, seen.at)

    def _put_off(self, each: Witness, error: RatureError | OSError) -> None:
        fault = isinstance(error, LogRewound)
        with self._database.transaction() as session:
            state = witnesses.state(session, each.id)
            attempts = state.attempts if state else 0
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts, MAX_DOUBLINGS))
            until = self._clock() + pause
            witnesses.put_off(session, each.id, str(error), until, fault=fault)
        tell = logger.error if fault else logger.warning
        tell("not_cosigned", witness=each.key.name, error=str(error), seconds=pause.seconds)


def _request(session: Session, old: int, row: CheckpointRow) -> _Request:
    read = log.tile_reader(session)
    proof = tiles.consistency_proof(old, row.size, read) if 0 < old < row.size else []
    return _Request(old, tiles.tree_root(old, read), row.size, row.note, proof)


def _unproven(each: Witness, request: _Request) -> RatureError:
    """What it means that a witness does not accept our proof: nothing good, if it is right."""
    try:
        verify_consistency(
            old_size=request.old_size,
            old_root=request.old_root,
            new_size=request.size,
            new_root=notes.parse(request.note).root,
            proof=request.proof,
        )
    except ProofInvalid as error:
        if request.old_size:
            return error
        return Unavailable(f"witness {each.key.name} refuses the first checkpoint of this log")
    return LogRewound(
        f"witness {each.key.name} knows another tree of {request.old_size} leaves than ours: the"
        " one of this database does not append to it"
    )


def _own_line(key: WitnessKey, answer: bytes, text: str) -> tuple[str, VerifiedCosignature]:
    """The witness's line in its answer, verified; lines of other keys are passed over.

    Raises:
        ProofInvalid: it does not verify, or the answer is no list of lines.
        Unavailable: there is none.
    """
    for line in answer.decode("utf-8", "replace").splitlines():
        parsed = signed_note.parse_line("cosignature", line)
        if (parsed.name, parsed.key_id) == (key.name, key.key_id):
            return f"{line}\n", cosignature.verify_signature(key, parsed, text)
    raise Unavailable(f"witness {key.name} answered with signatures of other keys alone")


def _size(each: Witness, request: _Request, answer: bytes) -> int:
    text = answer.decode("ascii", "replace").removesuffix("\n")
    if not DECIMAL.fullmatch(text):
        if request.old_size == request.size:  # then the roots differ, and no size need be named
            return request.size
        raise Unavailable(f"witness {each.key.name} names no size: {_said(answer)}")
    return int(text)


def _said(answer: bytes) -> str:
    return answer[:200].decode("utf-8", "replace").strip()
