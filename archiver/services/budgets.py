"""The visits a day and wall: spent by the worker, seen and set by the wall's owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from archiver.checker.budget import day_of, next_day, postponed
from archiver.domain.errors import NotFound
from archiver.domain.instant import Clock
from archiver.services.custody import Recorder
from archiver.store.database import Database
from archiver.store.repository import budgets, walls
from archiver.store.tables import Wall


@dataclass(frozen=True)
class WallBudget:
    """`a_day` scheduled visits, of which `used` were made today (UTC), and `asked` beside them.
    `is_own`: the wall's owner set it. `until`: when the next day begins."""

    a_day: int
    is_own: bool
    used: int
    asked: int
    until: datetime


class Budgets:
    """`a_day` holds for walls whose owner set nothing."""

    def __init__(self, *, database: Database, recorder: Recorder, clock: Clock, a_day: int) -> None:
        self._database = database
        self._recorder = recorder
        self._clock = clock
        self._a_day = a_day

    def put_off(self, wall_id: str) -> bool:
        """Puts the wall's planned looks off, if no scheduled visit may be made now; whether it
        did."""
        now = self._clock()
        with self._database.reading() as session:
            wall = walls.get(session, wall_id)
            if wall is None:
                return False
            budget = self.of(session, [wall])[wall.id]
        found = postponed(now, used=budget.used, budget=budget.a_day, last_visit=wall.last_visit_at)
        if found is None:
            return False
        with self._database.transaction() as session:
            budgets.put_off(session, wall_id, *found)
        return True

    def spend(self, wall_id: str, *, asked: bool) -> None:
        """Counts a visit that begins: one that fails was one to the site all the same."""
        with self._database.transaction() as session:
            budgets.spend(session, wall_id, day_of(self._clock()), asked=asked)

    def of(self, session: Session, found: Sequence[Wall]) -> dict[str, WallBudget]:
        """What these walls have today, by their ids."""
        now = self._clock()
        spent = budgets.spent(session, [wall.id for wall in found], day_of(now))
        made = {}
        for wall in found:
            own, today = wall.visits_per_day, spent.get(wall.id)
            made[wall.id] = WallBudget(
                a_day=self._a_day if own is None else own,
                is_own=own is not None,
                used=today.scheduled if today else 0,
                asked=today.asked if today else 0,
                until=next_day(now),
            )
        return made

    def show(self, found: Sequence[Wall]) -> dict[str, WallBudget]:
        """The same, by itself."""
        with self._database.reading() as session:
            return self.of(session, found)

    def set(self, workspace_id: str, wall_id: str, a_day: int | None, *, actor: str) -> Wall:
        """Sets the visits a day of a wall; None: those of the settings again.

        Raises:
            NotFound: no such wall in this workspace.
        """
        with self._database.transaction() as session:
            wall = walls.wall(session, workspace_id, wall_id)
            if wall is None:
                raise NotFound(f"there is no wall {wall_id}")
            if wall.visits_per_day != a_day:
                wall.visits_per_day = a_day
                self._recorder.custody(
                    session,
                    workspace_id=workspace_id,
                    subject_id=wall.id,
                    event="visits_a_day_set",
                    actor=actor,
                    detail="as in the settings" if a_day is None else str(a_day),
                )
                session.add(wall)
            return wall
