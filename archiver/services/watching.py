"""Watches as their owner sees them: make, list, look now, stop."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Generic, Protocol, TypeVar

from sqlmodel import Session

from archiver.checker.rules import judge
from archiver.checker.vantages import Disagreement, VantageSeen, disagreements_of, vantages_of
from archiver.domain.capture import Grade
from archiver.domain.errors import Conflict, NotFound, RefusedAddress
from archiver.domain.instant import Clock
from archiver.domain.look import DEFAULT_VANTAGE
from archiver.domain.observation import Observation
from archiver.domain.post import Target
from archiver.domain.verdict import Policy, Verdict
from archiver.services.bell import in_thread
from archiver.services.custody import Recorder
from archiver.store.database import Database
from archiver.store.repository import erasures, files, observations, walls, watches
from archiver.store.tables import Host, ObservationRow, StoredFile, VerdictRow, Wall, Watch

T = TypeVar("T")
LOOK_EVERY = 0.25
"""Seconds between two questions whether an asked-for look was recorded, by whichever process."""


class AddressCheck(Protocol):
    """The address gate."""

    def check_url(self, url: str) -> object:
        """Raises RefusedAddress for an address that is never opened."""


@dataclass(frozen=True)
class WatchView:
    """A watch with what was concluded of it. `waits_for`: why its host is left alone, if it is."""

    watch: Watch
    verdict: Verdict
    grade: Grade
    capture_ids: tuple[str, ...]
    waits_until: datetime | None = None
    waits_for: str | None = None


@dataclass(frozen=True)
class SeenLook:
    """A recorded look with the files that are its evidence: its own, then those of its visit."""

    row: ObservationRow
    files: tuple[StoredFile, ...]


@dataclass(frozen=True)
class Vantages:
    """From where a post was looked at, in the order of the first looks, and the disagreements of
    public vantages, oldest first."""

    seen: list[VantageSeen]
    disagreements: list[Disagreement]


@dataclass(frozen=True)
class Asked:
    """A look that a person asked for at a moment, when `mark` was the newest look's leaf."""

    watch_id: str
    mark: int
    at: datetime


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a list, and how long the whole is."""

    items: list[T]
    total: int


class Watching:
    """Makes and shows watches. `wake` rings the worker of this process."""

    def __init__(
        self,
        *,
        database: Database,
        recorder: Recorder,
        clock: Clock,
        addresses: AddressCheck,
        wake: Callable[[], None],
        policy: Policy,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._clock = clock
        self._addresses = addresses
        self._wake = wake
        self._policy = policy

    def start(
        self, workspace_id: str, target: Target, *, actor: str, posted_at: datetime | None = None
    ) -> tuple[WatchView, bool]:
        """Watches a post; the view, and whether it is new (the same post is watched once).

        Raises:
            RefusedAddress: an address that is never opened; `field` says which.
        """
        for field in ("url", "permalink", "parent"):
            self._check_address(field, getattr(target, field))
        with self._database.transaction() as session:
            watch, made = watches.find_or_make(
                session,
                workspace_id=workspace_id,
                target=target,
                at=self._clock(),
                new_id=self._recorder.new_id,
                reason=watches.FIRST_LOOK,
            )
            if posted_at is not None:
                watch.posted_at = posted_at
            if made:
                self._note(session, watch, "watch_started", actor)
            view = view_of(session, watch, self._clock())
        self._wake()
        return view, made

    def show(self, workspace_id: str, watch_id: str) -> WatchView:
        """One watch.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.reading() as session:
            return view_of(session, _find(session, workspace_id, watch_id), self._clock())

    def watches(
        self, workspace_id: str, *, offset: int, limit: int, wall_id: str | None = None
    ) -> Page[WatchView]:
        """A workspace's watches, the newest first."""
        with self._database.reading() as session:
            found = watches.watches_of(
                session, workspace_id, offset=offset, limit=limit, wall_id=wall_id
            )
            total = watches.count_watches(session, workspace_id, wall_id=wall_id)
            return Page(views_of(session, found, self._clock()), total)

    def looks(self, workspace_id: str, watch_id: str, *, offset: int, limit: int) -> Page[SeenLook]:
        """A watch's looks, the newest first, failed ones included.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.reading() as session:
            _find(session, workspace_id, watch_id)
            rows = observations.observations_page(session, watch_id, offset=offset, limit=limit)
            total = observations.count_observations(session, watch_id)
            return Page(_with_files(session, rows), total)

    def vantages(self, workspace_id: str, watch_id: str) -> Vantages:
        """From where a post was looked at, and when two public vantages disagreed.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.reading() as session:
            _find(session, workspace_id, watch_id)
            found = observations.outlines_of(session, watch_id)
        records = [Observation.model_validate(outline) for outline in found]
        return Vantages(vantages_of(records), disagreements_of(records, self._policy))

    def verdicts(self, workspace_id: str, watch_id: str) -> list[VerdictRow]:
        """Every verdict that differed from the one before it, oldest first.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.reading() as session:
            _find(session, workspace_id, watch_id)
            return list(observations.verdicts_of(session, watch_id))

    def stop(self, workspace_id: str, watch_id: str, *, actor: str) -> WatchView:
        """No more looks; what was seen stays. Stopping again changes nothing.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.transaction() as session:
            watch = _find(session, workspace_id, watch_id)
            if watch.closed_at is None:
                watch.closed_at = self._clock()
                watch.next_check_at, watch.next_check_reason = None, "stopped"
                self._note(session, watch, "watch_stopped", actor)
            return view_of(session, watch, self._clock())

    def ask(self, workspace_id: str, watch_id: str, *, actor: str) -> Asked:
        """Asks for a look now; `wait_for_look` finds it. A visit under way does not answer it.

        Raises:
            NotFound: no such watch in this workspace.
            Conflict: the watch was stopped.
        """
        with self._database.transaction() as session:
            watch = _find(session, workspace_id, watch_id)
            if watch.closed_at is not None:
                raise Conflict("this watch was stopped: watch the post again first")
            asked = Asked(watch_id, observations.newest_leaf(session, watch_id), self._clock())
            watch.next_check_at, watch.next_check_reason = asked.at, watches.ASKED
            self._note(session, watch, "look_asked_for", actor)
        self._wake()
        return asked

    async def wait_for_look(self, asked: Asked, seconds: float) -> SeenLook | None:
        """The first public look that was taken after it was asked for; None when time is up."""
        end = monotonic() + seconds
        while True:
            seen = await in_thread(lambda: self._look_after(asked))
            left = end - monotonic()
            if seen is not None or left <= 0:
                return seen
            await asyncio.sleep(min(LOOK_EVERY, left))

    def walls(self, workspace_id: str, *, offset: int, limit: int) -> Page[Wall]:
        """A workspace's walls by their address."""
        with self._database.reading() as session:
            found = walls.walls_of(session, workspace_id, offset=offset, limit=limit)
            return Page(list(found), walls.count_walls(session, workspace_id))

    def wall(self, workspace_id: str, wall_id: str) -> Wall:
        """One wall.

        Raises:
            NotFound: no such wall in this workspace.
        """
        with self._database.reading() as session:
            found = walls.wall(session, workspace_id, wall_id)
        if found is None:
            raise NotFound(f"there is no wall {wall_id}")
        return found

    def _look_after(self, asked: Asked) -> SeenLook | None:
        with self._database.reading() as session:
            row = observations.public_after(
                session, asked.watch_id, asked.mark, since=asked.at, vantage=DEFAULT_VANTAGE
            )
            return None if row is None else _with_files(session, [row])[0]

    def _check_address(self, field: str, url: str | None) -> None:
        if url is None:
            return
        try:
            self._addresses.check_url(url)
        except RefusedAddress as error:
            raise RefusedAddress(str(error), field=field) from error

    def _note(self, session: Session, watch: Watch, event: str, actor: str) -> None:
        self._recorder.custody(
            session,
            workspace_id=watch.workspace_id,
            subject_id=watch.id,
            event=event,
            actor=actor,
        )


def _find(session: Session, workspace_id: str, watch_id: str) -> Watch:
    watch = watches.watch(session, workspace_id, watch_id)
    if watch is None:
        raise erasures.absent(session, workspace_id, watch_id, f"there is no watch {watch_id}")
    return watch


def view_of(session: Session, watch: Watch, now: datetime) -> WatchView:
    """A watch as its owner sees it now."""
    return views_of(session, [watch], now)[0]


def views_of(session: Session, found: Sequence[Watch], now: datetime) -> list[WatchView]:
    """Several watches at once, in the same order."""
    captures: dict[str, list[tuple[str, str]]] = {}
    for watch_id, capture_id, grade in watches.captures_of(session, [w.id for w in found]):
        captures.setdefault(watch_id, []).append((capture_id, grade))
    hosts = walls.hosts_of(session, [watch.wall_id for watch in found])
    return [
        _one_view(watch, captures.get(watch.id, []), hosts[watch.wall_id], now=now)
        for watch in found
    ]


def _one_view(
    watch: Watch, captures: Sequence[tuple[str, str]], host: Host, *, now: datetime
) -> WatchView:
    """The grade is the best that any capture has."""
    grades = {grade for _, grade in captures}
    ranking = (Grade.USER_AND_WITNESS, Grade.USER_ONLY)
    stopped = watch.closed_at is None and host.not_before is not None and host.not_before > now
    return WatchView(
        watch=watch,
        verdict=Verdict.model_validate(watch.verdict) if watch.verdict else judge([]),
        grade=next((grade for grade in ranking if grade in grades), Grade.WITNESS_ONLY),
        capture_ids=tuple(capture_id for capture_id, _ in captures),
        waits_until=host.not_before if stopped else None,
        waits_for=host.reason if stopped else None,
    )


def _with_files(session: Session, rows: Sequence[ObservationRow]) -> list[SeenLook]:
    found: dict[str, list[StoredFile]] = {}
    owners = {owner for row in rows for owner in (row.id, row.visit_id) if owner}
    for file in files.files_of_all(session, sorted(owners)):
        found.setdefault(file.owner_id, []).append(file)
    return [
        SeenLook(row, (*found.get(row.id, ()), *found.get(row.visit_id or "", ()))) for row in rows
    ]
