"""Erasure: takes a watched post, or one capture, away for good, and logs that it was done.

Rows, salts and the log's new leaf are one transaction. The blobs go right after it: which ones is
noted in that transaction, so that a crash only delays them. What stays are statements of salted
hashes, from which nothing can be guessed, so every proof of everything else still verifies.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlmodel import Session

from archiver.domain.errors import Conflict, NotFound, RatureError
from archiver.domain.instant import Clock, render
from archiver.services.custody import Recorder
from archiver.services.erasure_scope import (
    Neighbours,
    mentions_of,
    search,
    search_pages,
    search_posts,
)
from archiver.services.mentions import Mentions
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import (
    captures,
    erasing,
    erasures,
    log,
    wall_posts,
    walls,
    watches,
)
from archiver.store.tables import Capture, Watch
from archiver.store.tables_evidence import ErasureRow

logger = structlog.get_logger("erasure")
PAGE = re.compile(r"page[0-9]*[./]")
"""Files of a page, and the paths of their salts; the post's own picture is `post.`."""
SWEEP = 20
"""Blobs deleted while everybody else has to wait."""
LARGE = 100_000_000
"""Bytes of a database that is freed of what was erased later, when nobody waits for an answer."""
TRIES = 5


class ErasureReason(StrEnum):
    """Why something was erased."""

    REQUEST = "request"
    RETENTION = "retention"
    OTHER = "other"


@dataclass(frozen=True)
class Outlook:
    """What erasing a watched post would take: its own records, the pages that show it, and the
    posts watched beside it whose looks lose these pages or their lists of neighbours."""

    captures: int
    looks: int
    visits: int
    other_watches: int


@dataclass(frozen=True)
class ErasureFacts:
    """An erasure. `leaves` were emptied, of `partial` some files went. `repeated`: it had been
    erased before."""

    id: str
    at: datetime
    reason: str
    watch_id: str
    leaves: list[int]
    partial: list[int]
    leaf_index: int
    repeated: bool


@dataclass
class _Work:
    """One erasure while its transaction is under way."""

    subject: str
    watch: Watch
    subjects: set[str]
    touched: set[str]
    partial: set[int]


class Erasure:
    """Erases. Every method takes the workspace and touches nothing of another one."""

    def __init__(
        self, *, database: Database, blobs: Blobs, recorder: Recorder, clock: Clock
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._recorder = recorder
        self._clock = clock

    def outlook(self, workspace_id: str, watch_id: str) -> Outlook:
        """What erasing this post would take; nothing is changed.

        Raises:
            NotFound: no such watch in this workspace; `Erased` when it is gone already.
        """
        with self._database.reading() as session:
            watch = _watch(session, workspace_id, watch_id)
            found = self._searched(session, watch)
            looks = erasing.looks_of_visits(session, found.visits)
            others = {owner for _, owner in looks} | {*found.looks.values()}
            others |= {*found.pages.values()}
            return Outlook(
                captures=len(erasing.captures_to_erase(session, watch_id)),
                looks=erasing.count_looks(session, watch_id),
                visits=len(found.visits) + len(found.pages),
                other_watches=len(others - {watch_id}),
            )

    def watch(
        self, workspace_id: str, watch_id: str, *, reason: ErasureReason, actor: str
    ) -> ErasureFacts:
        """Erases a watched post: captures, looks, notices, verdicts, custody, exports, masks, and
        the visits whose pages show it. Erasing again gives the first erasure.

        Raises:
            NotFound: no such watch in this workspace.
            Conflict: a visit to its page is under way, which would bring it back.
        """
        for _ in range(TRIES):
            with self._database.reading() as session:
                if earlier := _earlier(session, workspace_id, watch_id):
                    return earlier
                watch = _watch(session, workspace_id, watch_id)
                mentions, found = mentions_of(session, watch), self._searched(session, watch)
            with self._database.transaction() as session:
                locked = watches.locked(session, watch_id)
                if locked is None or mentions_of(session, locked) != mentions:
                    continue  # it was seen in another form meanwhile: search for that too
                self._refuse_during_visit(session, locked)
                search(session, locked, mentions, found)
                work = self._take_watch(session, locked, mentions, found)
                row = self._log(session, work, reason, actor)
            self.sweep()
            return _answer(row, repeated=False)
        raise Conflict("the post is being looked at: erase it again in a minute")

    def capture(
        self, workspace_id: str, capture_id: str, *, reason: ErasureReason, actor: str
    ) -> ErasureFacts:
        """Erases one capture; the post stays watched with all that was seen of it. Erasing again
        gives the first erasure.

        Raises:
            NotFound: no such capture in this workspace.
        """
        with self._database.transaction() as session:
            if earlier := _earlier(session, workspace_id, capture_id):
                return earlier
            capture = captures.capture(session, workspace_id, capture_id)
            watch = watches.locked(session, capture.watch_id) if capture else None
            if capture is None or watch is None:
                raise erasures.absent(
                    session, workspace_id, capture_id, f"there is no capture {capture_id}"
                )
            subjects = {capture_id} | erasing.custody_about(session, {capture_id})
            work = _Work(capture_id, watch, subjects, {watch.id}, set())
            self._take(session, work, [capture])
            row = self._log(session, work, reason, actor)
        self.sweep()
        return _answer(row, repeated=False)

    def listed(self, workspace_id: str) -> list[ErasureFacts]:
        """All erasures, oldest first."""
        with self._database.reading() as session:
            rows = erasures.listed(session, workspace_id)
            return [_answer(row, repeated=True) for row in rows]

    def everywhere(self) -> list[ErasureRow]:
        """The erasures of all workspaces, oldest first."""
        with self._database.reading() as session:
            return list(erasures.listed(session))

    def again(self, workspace_id: str, subject: str, reason: ErasureReason) -> bool:
        """Erases a watch or a capture that came back with a backup; False when it did not."""
        erase = self.watch if subject.startswith("wat_") else self.capture
        try:
            return not erase(workspace_id, subject, reason=reason, actor="operator").repeated
        except NotFound:
            return False

    def sweep(self) -> bool:
        """Deletes the blobs that erasures left behind, unless some other record has them, and
        frees the database's file, unless it is large. False when something has to wait; it is
        tried again.

        A blob is deleted by whoever holds the log's head. A capture that was sent the same bytes
        looks for them once it holds the head itself: see `Recorder`.
        """
        try:
            while self._sweep_some():
                pass
        except (RatureError, OSError) as error:
            logger.warning("erased_blobs_wait", error=str(error))
            return False
        return self._database.size() > LARGE or self.scrub()

    def scrub(self) -> bool:
        """Frees the database's file of what was erased since it was freed last. False when it has
        to wait for a reader. Everybody who writes waits meanwhile: about a second for 100 MB."""
        with self._database.reading() as session:
            newest, done = erasures.newest_at(session), log.scrubbed_at(session)
        if newest is None or (done is not None and done > newest):
            return True
        now = self._clock()
        if not self._database.forget():
            return False
        with self._database.transaction() as session:
            log.note_scrub(session, max(now, newest + timedelta(microseconds=1)))
        return True

    def _sweep_some(self) -> int:
        with self._database.reading() as session:
            doomed = erasing.doomed(session, SWEEP)
        if not doomed:
            return 0
        # On its own first: should the deletions be rolled back, their moment must stay known.
        with self._database.transaction() as session:
            log.note_deletion(session, self._clock())
        with self._database.transaction() as session:
            log.note_deletion(session, self._clock())
            for sha256 in doomed:
                if not erasing.spared(session, sha256):
                    self._blobs.delete(sha256)
                erasing.undoom(session, sha256)
        return len(doomed)

    def _searched(self, session: Session, watch: Watch) -> Neighbours:
        """Everything that shows the post, other posts' records included."""
        mentions = mentions_of(session, watch)
        found = search(session, watch, mentions, Neighbours())
        found.visits |= erasing.visits_of(session, watch.id)
        if not erasing.shares_wall(session, watch):
            found.visits |= erasing.visits_to(session, watch.wall_id)
        own = erasing.records_of_watch(session, watch.id)
        known = found.visits | found.pages.keys() | own
        pages = [
            page
            for page in erasing.snapshots_on_wall(session, watch.wall_id)
            if page[0] not in known
        ]
        for owner in search_pages(pages, self._blobs.get, mentions):
            if owner.startswith("vis_"):
                found.visits.add(owner)
            else:
                found.pages[owner] = erasing.watch_of_look(session, owner)
        return found

    def _refuse_during_visit(self, session: Session, watch: Watch) -> None:
        host = walls.hosts_of(session, [watch.wall_id])[watch.wall_id]
        if host.lease_until is not None and host.lease_until > self._clock():
            raise Conflict("a visit to this page is under way: erase the post again in a minute")

    def _take_watch(
        self, session: Session, watch: Watch, mentions: Mentions, found: Neighbours
    ) -> _Work:
        subjects = erasing.records_of_watch(session, watch.id) | found.visits
        shared = erasing.looks_of_visits(session, found.visits)
        touched = {watch.id, *(owner for _, owner in shared)}
        touched |= {*found.looks.values(), *found.pages.values()}
        work = _Work(watch.id, watch, subjects, touched, set())
        self._take_lists(session, work, mentions, found)
        wall_posts.forget(session, search_posts(session, watch, mentions))
        self._take_pages(session, work, found.pages)
        self._take(session, work, erasing.captures_to_erase(session, watch.id))
        host = walls.hosts_of(session, [watch.wall_id])[watch.wall_id].host
        erasing.remove_watch(session, watch)
        erasing.forget_host(session, host)
        return work

    def _take_lists(
        self, session: Session, work: _Work, mentions: Mentions, found: Neighbours
    ) -> None:
        """The lists of neighbours of other posts' looks lose their proof as a whole; what serves
        later looks as controls loses the erased post and its author's others alone."""
        for look_id in found.looks.keys() - work.subjects:
            index = erasing.withhold(
                session, look_id, lambda path: path == "fields/siblings.json", key="siblings"
            )
            erasing.forget_siblings(
                session,
                look_id,
                lambda post: mentions.name(post) or mentions.are(post, same_wall=True),
            )
            work.partial |= set() if index is None else {index}

    def _take_pages(self, session: Session, work: _Work, pages: Collection[str]) -> None:
        for look_id in set(pages) - work.subjects:
            index = erasing.withhold(session, look_id, lambda path: bool(PAGE.match(path)))
            work.partial |= set() if index is None else {index}
        erasing.remove_files(session, set(pages) - work.subjects, named=_is_page)

    def _take(self, session: Session, work: _Work, gone: Collection[Capture]) -> None:
        """Empties the leaves, removes the rows. Idempotency-Keys stay known, hashed."""
        workspace = work.watch.workspace_id
        keys = {erasures.key_subject(workspace, row.idempotency_key) for row in gone}
        leaves = erasing.leaves_of(session, work.subjects)
        for export in erasing.exports_naming(session, work.touched, leaves):
            if export not in work.subjects:
                index = erasing.withhold(session, export, lambda path: path != "record.json")
                erasing.remove_files(session, {export})
                work.partial |= set() if index is None else {index}
        erasing.remove_files(session, work.subjects)
        erasing.empty(session, work.subjects)
        erasing.remove_records(session, work.subjects)
        work.subjects |= keys

    def _log(self, session: Session, work: _Work, reason: ErasureReason, actor: str) -> ErasureRow:
        identifier, at = self._recorder.new_id("era"), self._clock()
        facts = {
            "reason": reason.value,
            "leaves": erasing.leaves_of(session, work.subjects),
            "partial": sorted(work.partial),
        }
        record = {
            **facts, "id": identifier, "at": render(at), "actor": actor, "watch_id": work.watch.id
        }  # fmt: skip
        log.note_deletion(session, at)
        index, _ = self._recorder.record(session, "erasure", identifier, record)
        row = ErasureRow(
            id=identifier,
            workspace_id=work.watch.workspace_id,
            watch_id=work.watch.id,
            at=at,
            body={**facts, "subject": work.subject},
            leaf_index=index,
        )
        erasures.add(session, row, work.subjects, work.touched)
        return row


def _is_page(name: str) -> bool:
    return bool(PAGE.match(name))


def _watch(session: Session, workspace_id: str, watch_id: str) -> Watch:
    watch = watches.watch(session, workspace_id, watch_id)
    if watch is None:
        raise erasures.absent(session, workspace_id, watch_id, f"there is no watch {watch_id}")
    return watch


def _earlier(session: Session, workspace_id: str, subject_id: str) -> ErasureFacts | None:
    row = erasures.of_subject(session, workspace_id, subject_id)
    return None if row is None else _answer(row, repeated=True)


def _answer(row: ErasureRow, *, repeated: bool) -> ErasureFacts:
    return ErasureFacts(
        id=row.id,
        at=row.at,
        reason=row.body["reason"],
        watch_id=row.watch_id,
        leaves=row.body["leaves"],
        partial=row.body["partial"],
        leaf_index=row.leaf_index,
        repeated=repeated,
    )
