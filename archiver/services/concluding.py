"""Evidence first, then the conclusion: records a look or a notice and judges all of them anew.

A look's files are blobs before its row is written. Row, leaf, verdict and schedule are one
transaction, in which the watch's row is locked: verdicts of one watch are drawn one by one. The
visit that the look was made in has its leaf before the look's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from archiver.checker.rules import judge
from archiver.domain.capture import Grade
from archiver.domain.errors import IdempotencyConflict, NotFound
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.ids import id_of_key
from archiver.domain.instant import Clock
from archiver.domain.look import Look
from archiver.domain.observation import (
    Notice,
    Observation,
    Sighting,
    Validity,
    VantageClass,
)
from archiver.domain.verdict import Policy, Verdict
from archiver.services.custody import Prepared, Recorder
from archiver.services.planning import Planning
from archiver.services.site_notices import due_notice, heed_canary
from archiver.services.visits import VisitEntry, add_file
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import files as stored_files
from archiver.store.repository import health, observations, watches
from archiver.store.tables import NoticeRow, ObservationRow, VerdictRow, Watch

AT_ONCE = timedelta(minutes=15)
"""How long a second witness's failure waits for another path to take its place."""
SEEN = frozenset({Sighting.PRESENT, Sighting.MOVED, Sighting.COLLAPSED})
"""What makes the checker a second witness of the captured post."""


@dataclass(frozen=True)
class _Record:
    """A look or notice as the rules take it, with its place in the log."""

    leaf_index: int
    body: Observation | Notice


class Concluding:
    """The only writer of observations, notices and verdicts."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        recorder: Recorder,
        planning: Planning,
        clock: Clock,
        policy: Policy,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._recorder = recorder
        self._planning = planning
        self._clock = clock
        self._policy = policy

    def add_look(
        self,
        watch_id: str,
        look: Look,
        visit: VisitEntry | None = None,
        *,
        key: str | None = None,
    ) -> ObservationRow:
        """Records a look, judges, and plans the next one. A `visit` that has no leaf so far gets it
        here, before the look's. The same `key` again gives the look that it made.

        Raises:
            NotFound: the watch is gone (erased in the meantime).
            InvalidInput: a file that cannot be part of a statement.
            IdempotencyConflict: the key made another look.
        """
        identifier = self._id("obs", watch_id, key)
        body = _json(look.observation)
        digests = [self._blobs.put(file.data) for file in look.files]
        record = _record(identifier, watch_id, body)
        visit_leaf = visit.leaf_index if visit else None
        early = visit is None or visit_leaf is not None
        prepared = self._prepare(record, look, visit_leaf) if early else None
        self._planning.prepare(watch_id)
        affected: Sequence[str] = ()
        with self._database.transaction() as session:
            watch = self._lock(session, watch_id)
            earlier = session.get(ObservationRow, identifier)
            if earlier is not None:
                _require_same(earlier.body, body)
                return earlier
            for file, digest in zip(look.files, digests, strict=True):
                add_file(session, identifier, file, digest)
            if prepared is None:
                visit_leaf = visit.place(session, watch, self._recorder) if visit else None
                prepared = self._prepare(record, look, visit_leaf)  # a crop at most: little work
            row = ObservationRow(
                id=identifier,
                watch_id=watch_id,
                at=look.observation.at,
                body=body,
                created_at=self._clock(),
                visit_id=visit.id if visit else None,
                leaf_index=self._recorder.append(session, identifier, prepared)[0],
            )
            session.add(row)
            self._note_witness(session, watch, row, look.observation)
            self._count(session, watch, look.observation)
            canary = heed_canary(session, watch, look.observation)
            if canary is not None:
                affected = health.vouched_for(session, canary)
            self._hear_of_site(session, watch)
            records = self._conclude(session, watch)
            self._planning.plan_next(session, watch, look, [record.body for record in records])
        if visit is not None:
            visit.leaf_index = visit_leaf
        self.refresh(affected)
        return row

    def refresh(self, watch_ids: Sequence[str]) -> None:
        """Carries what is known of their site to these watches, and judges. One that is missed
        (a crash in between) hears of it at its next look."""
        for watch_id in watch_ids:
            with self._database.transaction() as session:
                watch = watches.locked(session, watch_id)
                if watch is not None and self._hear_of_site(session, watch):
                    self._conclude(session, watch)

    def _hear_of_site(self, session: Session, watch: Watch) -> bool:
        notice = due_notice(session, watch, self._clock())
        if notice is not None:
            self._add_notice(session, watch, notice)
        return notice is not None

    def _count(self, session: Session, watch: Watch, seen: Observation) -> None:
        if seen.vantage.class_ is VantageClass.PUBLIC:
            site = health.site_of(session, watch.wall_id)
            outcome = str(seen.sighting or seen.reason)
            health.count_look(session, watch.workspace_id, site, seen.at, outcome)

    def _prepare(self, record: dict[str, Any], look: Look, visit_leaf: int | None) -> Prepared:
        named = {} if visit_leaf is None else {"visit": visit_leaf}
        return self._recorder.prepare("observation", {**record, **named}, look.files)

    def add_notice(
        self,
        watch_id: str,
        notice: Notice,
        files: Sequence[EvidenceFile] = (),
        *,
        key: str | None = None,
    ) -> NoticeRow:
        """Records a notice with the files that show it, and judges. The same `key` again gives the
        notice that it made.

        Raises:
            NotFound: the watch is gone.
            InvalidInput: a file that cannot be part of a statement.
            IdempotencyConflict: the key made another notice.
        """
        identifier, body = self._id("not", watch_id, key), _json(notice)
        prepared = self._recorder.prepare("notice", _record(identifier, watch_id, body), files)
        digests = [self._blobs.put(file.data) for file in files]
        with self._database.transaction() as session:
            watch = self._lock(session, watch_id)
            earlier = session.get(NoticeRow, identifier)
            if earlier is not None:
                # without a moment of its own, a repeated notice is of another one
                kept = [file.sha256 for file in stored_files.files_of(session, identifier)]
                before = _json(Notice.model_validate(earlier.body))
                _require_same({**before, "at": kept}, {**body, "at": digests})
                return earlier
            for file, digest in zip(files, digests, strict=True):
                add_file(session, identifier, file, digest)
            row = self._keep_notice(session, watch, notice, identifier, prepared)
            self._conclude(session, watch)
        return row

    def _id(self, prefix: str, watch_id: str, key: str | None) -> str:
        return self._recorder.new_id(prefix) if key is None else id_of_key(prefix, watch_id, key)

    def _add_notice(self, session: Session, watch: Watch, notice: Notice) -> NoticeRow:
        identifier = self._recorder.new_id("not")
        record = _record(identifier, watch.id, _json(notice))
        prepared = self._recorder.prepare("notice", record)
        return self._keep_notice(session, watch, notice, identifier, prepared)

    def _keep_notice(
        self, session: Session, watch: Watch, notice: Notice, identifier: str, prepared: Prepared
    ) -> NoticeRow:
        row = NoticeRow(
            id=identifier,
            watch_id=watch.id,
            at=notice.at,
            body=_json(notice),
            created_at=self._clock(),
            leaf_index=self._recorder.append(session, identifier, prepared)[0],
        )
        session.add(row)
        return row

    def _lock(self, session: Session, watch_id: str) -> Watch:
        watch = watches.locked(session, watch_id)
        if watch is None:
            raise NotFound(f"there is no watch {watch_id}")
        return watch

    def _note_witness(
        self, session: Session, watch: Watch, row: ObservationRow, seen: Observation
    ) -> None:
        """The checker's first look after a capture is its second witness, whatever it says. When
        it failed, the look that another network path takes in its place is one too."""
        if seen.vantage.class_ is not VantageClass.PUBLIC:
            return
        for capture in watches.captures_with_grade(session, watch.id, Grade.USER_ONLY):
            first = observations.public_after(session, watch.id, capture.leaf_index)
            if first is None or not (first.id == row.id or _stands_in(first, row)):
                continue
            if seen.sighting in SEEN:
                capture.grade = Grade.USER_AND_WITNESS
            said = seen.sighting or seen.reason
            self._recorder.custody(
                session,
                workspace_id=watch.workspace_id,
                subject_id=capture.id,
                event="second_witness",
                actor="service",
                detail=f"{row.id}: {said}; grade {capture.grade}",
            )

    def _conclude(self, session: Session, watch: Watch) -> list[_Record]:
        records = _records_of(session, watch.id)
        verdict = judge([record.body for record in records], self._policy)
        body = _json(verdict)
        latest = observations.latest_verdict(session, watch.id)
        if latest is None or latest.body != body:
            self._add_verdict(session, watch, body, sorted(r.leaf_index for r in records))
        watch.verdict = body
        session.add(watch)
        return records

    def _add_verdict(
        self, session: Session, watch: Watch, body: dict[str, Any], basis: list[int]
    ) -> None:
        """`basis` names the leaves that it was drawn from, so that none can be left out later."""
        identifier, at = self._recorder.new_id("rec"), self._clock()
        record = {**body, "id": identifier, "watch_id": watch.id, "basis": basis}
        index, _ = self._recorder.record(session, "verdict", identifier, record)
        session.add(
            VerdictRow(
                id=identifier,
                watch_id=watch.id,
                at=at,
                body=body,
                leaf_index=index,
            )
        )


def _record(identifier: str, watch_id: str, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "id": identifier, "watch_id": watch_id}


def _require_same(earlier: dict[str, Any], now: dict[str, Any]) -> None:
    if earlier != now:
        raise IdempotencyConflict(
            "this Idempotency-Key came before with other content: use a new key"
        )


def _stands_in(first: ObservationRow, row: ObservationRow) -> bool:
    """Whether a look by another path was taken at once because the first one was invalid."""
    failed = first.body["validity"] == Validity.INVALID
    elsewhere = first.body["vantage"]["id"] != row.body["vantage"]["id"]
    return failed and elsewhere and row.created_at - first.created_at <= AT_ONCE


def _records_of(session: Session, watch_id: str) -> list[_Record]:
    """All looks and notices of a watch, oldest first: what the verdict is drawn from."""
    found: list[tuple[datetime, _Record]] = [
        (row.at, _Record(row.leaf_index, Observation.model_validate(row.body)))
        for row in observations.observations_of(session, watch_id)
    ]
    found += [
        (row.at, _Record(row.leaf_index, Notice.model_validate(row.body)))
        for row in observations.notices_of(session, watch_id)
    ]
    found.sort(key=lambda item: (item[0], item[1].leaf_index))
    return [record for _at, record in found]


def _json(record: Observation | Notice | Verdict) -> dict[str, Any]:
    return record.model_dump(mode="json", by_alias=True)
