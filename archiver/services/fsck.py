"""The check of everything that is kept, part by part and step by step.

It reads only (and sweeps what broken-off writes left behind), so the service goes on meanwhile.
How far it came is noted after each step: a check that was broken off goes on from there. Whoever
checks last has the run; an older process that finds it taken stops.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from archiver.domain.errors import Conflict
from archiver.domain.ids import make_id
from archiver.domain.instant import Clock, render
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.cosignature import WitnessKey
from archiver.evidence.head_file import HeadFile
from archiver.services.erasure import Erasure
from archiver.services.fsck_faults import Fault, Part, Position
from archiver.services.fsck_leaves import Leaves
from archiver.services.fsck_proofs import Calendars, Cosignatures, Stamps
from archiver.services.fsck_rows import Rows, Store
from archiver.services.fsck_tree import Checkpoints, Head, Tiles
from archiver.services.trust import Trust
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import erasing, fsck
from archiver.store.tables_evidence import FsckRun

NAMED = 1000
"""Faults that are named; the rest is counted."""
STALE = timedelta(days=2)
"""A check that was broken off longer ago begins anew: what it saw may have changed since."""
EVERY = timedelta(days=7)
WARNING = "the last check found faults in what is kept: `rature fsck` names them"


@dataclass(frozen=True)
class Report:
    """A check that is done, or how far it is. `total` counts the faults, `faults` names them."""

    id: str
    started_at: datetime
    finished_at: datetime | None
    checked: dict[str, int]
    total: int
    faults: list[Fault]

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return self.total == 0

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "id": self.id,
            "started_at": render(self.started_at),
            "finished_at": render(self.finished_at) if self.finished_at else None,
            "clean": self.clean,
            "checked": self.checked,
            "total": self.total,
            "faults": [vars(fault) for fault in self.faults],
        }


@dataclass
class Progress:
    """Where a check is: for whoever watches."""

    part: str
    done: int
    total: int | None


@dataclass
class Check:
    """A check under way. Call `step` until it gives False."""

    run_id: str
    owner: str
    parts: Sequence[Part]
    save: Callable[["Check", bool], None]
    part: int = 0
    position: Position = field(default_factory=dict)
    checked: dict[str, int] = field(default_factory=dict)
    total: int = 0
    faults: list[Fault] = field(default_factory=list)

    def step(self) -> bool:
        """Checks the next few things and notes how far it came; False when all is done.

        Raises:
            Conflict: another process took this check over.
        """
        part = self.parts[self.part]
        made = part.step(self.position)
        self.checked[part.name] = self.checked.get(part.name, 0) + made.checked
        self.total += len(made.faults)
        self.faults += made.faults[: max(0, NAMED - len(self.faults))]
        if made.position is None:
            self.part, self.position = self.part + 1, {}
        else:
            self.position = made.position
        going_on = self.part < len(self.parts)
        self.save(self, not going_on)
        return going_on

    def progress(self) -> Progress:
        """Where it is now."""
        part = self.parts[min(self.part, len(self.parts) - 1)]
        return Progress(part.name, self.checked.get(part.name, 0), part.total())


class Fsck:
    """Makes checks, and knows the last one."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        clock: Clock,
        random: Callable[[int], bytes],
        log_key: VerifierKey,
        head_file: HeadFile,
        trust: Trust,
        witnesses: Sequence[WitnessKey],
        erasure: Erasure,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._random = random
        self._log_key = log_key
        self._head_file = head_file
        self._trust = trust
        self._witnesses = witnesses
        self._erasure = erasure

    def start(self, *, anew: bool = False, sweep: bool = False) -> Check:
        """Begins a check, or goes on with the one that was broken off (unless `anew`). `sweep`
        removes blobs that nobody refers to instead of naming them."""
        self._erasure.sweep()
        self._erasure.scrub()
        now = self._clock()
        check = Check("", self._random(8).hex(), self._parts(sweep), self._save)
        with self._database.transaction() as session:
            row = None if anew else fsck.unfinished(session)
            if row is None or row.started_at < now - STALE:
                row = FsckRun(id=make_id("chk", self._random), started_at=now)
            check.run_id = row.id
            _go_on(check, row)
            row.position = _position(check)
            row.faults = _faults(check)
            fsck.save(session, row)
        return check

    def finish(self, check: Check) -> Report:
        """Steps to the end. Raises as `Check.step`."""
        while check.step():
            pass
        return self.report(check.run_id)

    def report(self, run_id: str) -> Report:
        """What a check has found so far."""
        with self._database.reading() as session:
            row = fsck.run(session, run_id)
            assert row is not None  # noqa: S101 - made by `start`
            return _report(row)

    def latest(self) -> Report | None:
        """The check that was finished last."""
        with self._database.reading() as session:
            row = fsck.latest_finished(session)
        return None if row is None else _report(row)

    def is_due(self) -> bool:
        """Whether the last check is a week old, or there was none."""
        latest = self.latest()
        finished = latest.finished_at if latest else None
        return finished is None or finished < self._clock() - EVERY

    def warning(self) -> str | None:
        """What the operator must know of the last check; None when it was clean."""
        latest = self.latest()
        if latest is None or latest.clean or latest.finished_at is None:
            return None
        return f"{WARNING} — {latest.total} faults, {render(latest.finished_at)}"

    def _parts(self, sweep: bool) -> list[Part]:
        return [
            Leaves(self._database, self._blobs),
            Tiles(self._database),
            Checkpoints(self._database, self._log_key),
            Head(self._database, self._head_file),
            Stamps(self._database, self._trust),
            Cosignatures(self._database, self._witnesses),
            Calendars(self._database),
            Rows(self._database),
            Store(self._database, self._blobs, self._clock, self._doom if sweep else None),
        ]

    def _doom(self, sha256: str) -> None:
        with self._database.transaction() as session:
            erasing.doom(session, [sha256])

    def _save(self, check: Check, finished: bool) -> None:
        with self._database.transaction() as session:
            row = fsck.run(session, check.run_id)
            if row is None or row.position.get("owner") != check.owner:
                raise Conflict("another check was started meanwhile: this one stops")
            row.position, row.faults = _position(check), _faults(check)
            row.finished_at = self._clock() if finished else None
            fsck.save(session, row)
        if finished:
            self._erasure.sweep()


def _position(check: Check) -> dict[str, Any]:
    return {"owner": check.owner, "part": check.part, "at": dict(check.position)}


def _faults(check: Check) -> dict[str, Any]:
    return {
        "checked": dict(check.checked),
        "total": check.total,
        "named": [vars(fault) for fault in check.faults],
    }


def _go_on(check: Check, row: FsckRun) -> None:
    """Takes up what a stored check had done; nothing for a new one."""
    check.part = row.position.get("part", 0)
    check.position = row.position.get("at", {})
    check.checked = dict(row.faults.get("checked", {}))
    check.total = row.faults.get("total", 0)
    check.faults = [Fault(**fault) for fault in row.faults.get("named", [])]


def _report(row: FsckRun) -> Report:
    return Report(
        id=row.id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        checked=row.faults.get("checked", {}),
        total=row.faults.get("total", 0),
        faults=[Fault(**fault) for fault in row.faults.get("named", [])],
    )
