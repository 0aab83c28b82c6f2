"""Visits on their way into the log: one leaf with the pages that all looks of the visit name.

The pages are hashed once, however many posts were looked for on them. The leaf is taken in the
transaction of the first look that names it: no visit is ever kept that no look rests on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlmodel import Session

from archiver.domain.errors import WaczInvalid
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.instant import render
from archiver.domain.look import Look, Visited
from archiver.evidence.parts import WACZ_TYPE
from archiver.evidence.wacz import write_wacz
from archiver.services.custody import Prepared, Recorder
from archiver.services.wall_posts import WallAdditions, WallPosts
from archiver.store.blobs import Blobs
from archiver.store.repository import files, visits
from archiver.store.tables import Watch

logger = structlog.get_logger("visits")


@dataclass
class VisitEntry:
    """A visit whose files are blobs and hashed. `leaf_index` is None until a look placed it.
    `added`: what it adds to the record of the wall's posts, kept by `posts` at the same time."""

    id: str
    visited: Visited
    prepared: Prepared
    files: Sequence[tuple[EvidenceFile, str]]
    posts: WallPosts
    added: WallAdditions | None
    leaf_index: int | None = None

    def place(self, session: Session, watch: Watch, recorder: Recorder) -> int:
        """Takes the visit's leaf in the transaction of its first look: its index. The caller sets
        `leaf_index` when that transaction is committed."""
        for file, digest in self.files:
            add_file(session, self.id, file, digest)
        if self.added is not None:
            self.posts.keep(session, watch.workspace_id, self.added)
        index, _ = recorder.append(session, self.id, self.prepared)
        visits.add(
            session,
            self.id,
            workspace_id=watch.workspace_id,
            wall_id=watch.wall_id,
            at=self.visited.at,
            leaf_index=index,
        )
        return index


class Visits:
    """Makes entries of visits. `software` names this program in the recordings."""

    def __init__(
        self, *, blobs: Blobs, recorder: Recorder, posts: WallPosts, software: str
    ) -> None:
        self._blobs = blobs
        self._recorder = recorder
        self._posts = posts
        self._software = software

    def entry(self, looks: Sequence[Look], wall_id: str) -> VisitEntry | None:
        """The visit of these looks, ready to be placed; None when nothing was opened. When its
        recording does not hold together, the record says so in `detail`, and the rest is kept.

        Raises:
            InvalidPicture: a picture of a page that cannot be decoded.
        """
        visited = next((look.visit for look in looks if look.visit is not None), None)
        if visited is None:
            return None
        identifier = self._recorder.new_id("vis")
        record = {**_record_of(visited), "id": identifier, "wall_id": wall_id}
        brought = list(visited.files)
        try:
            brought += self._wacz_of(visited)
        except WaczInvalid as fault:
            logger.error("recording_not_kept", visit=identifier, error=str(fault))
            record["detail"] = "The recording of the pages does not hold together: it was not kept."
        kept = [(file, self._blobs.put(file.data)) for file in brought]
        prepared = self._recorder.prepare("visit", record, brought)
        added = self._posts.work_out(visited, looks, wall_id)
        return VisitEntry(identifier, visited, prepared, kept, self._posts, added)

    def _wacz_of(self, visited: Visited) -> list[EvidenceFile]:
        if visited.recording is None or not visited.recording.exchanges:
            return []
        data = write_wacz(visited.recording, visited.at, self._software)
        return [EvidenceFile("page.wacz", WACZ_TYPE, data)]


def _record_of(visited: Visited) -> dict[str, Any]:
    return {
        "kind": "visit",
        "at": render(visited.at),
        "url": visited.url,
        "final_url": visited.final_url,
        "status": visited.status,
        "vantage": visited.vantage,
    }


def add_file(session: Session, owner_id: str, file: EvidenceFile, sha256: str) -> None:
    """Notes a file of a look or a visit. Its role: `snapshot`, `recording`, `page` or `post`."""
    files.add_file(
        session,
        owner_id,
        role=_role_of(file),
        name=file.name,
        media_type=file.media_type,
        size=len(file.data),
        sha256=sha256,
    )


def _role_of(file: EvidenceFile) -> str:
    if file.media_type.startswith("text/html"):
        return "snapshot"
    if file.media_type == WACZ_TYPE:
        return "recording"
    return file.name.partition(".")[0].rstrip("0123456789")
