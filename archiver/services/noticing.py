"""What people tell of a watched post: looks from the contributor's own browser, and notices."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from archiver.domain.errors import InvalidInput
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.instant import Clock
from archiver.domain.look import Look
from archiver.domain.observation import (
    BY_THE_AUTHOR,
    OF_THE_SITE,
    Notice,
    Observation,
    VantageClass,
)
from archiver.services.concluding import Concluding
from archiver.services.watching import SeenLook
from archiver.store.database import Database
from archiver.store.repository import erasures, observations, watches
from archiver.store.repository.files import files_of_all
from archiver.store.tables import NoticeRow, StoredFile

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far a contributor's clock may be ahead of ours."""


class Noticing:
    """Takes observations of the `author` vantage, and notices."""

    def __init__(self, *, database: Database, concluding: Concluding, clock: Clock) -> None:
        self._database = database
        self._concluding = concluding
        self._clock = clock

    def observe(
        self,
        workspace_id: str,
        watch_id: str,
        observation: Observation,
        *,
        key: str | None = None,
    ) -> SeenLook:
        """Records a look by the contributor's own browser; the same `key` again changes nothing.

        Raises:
            NotFound: no such watch in this workspace.
            IdempotencyConflict: the key came before with another look.
            InvalidInput: it claims to be the public's view, which only the checker takes, or to
                be of the future.
        """
        if observation.vantage.class_ is not VantageClass.AUTHOR:
            raise InvalidInput(
                "only looks from the contributor's own browser are taken here: vantage.class must"
                " be 'author'",
                field="vantage.class",
            )
        self._check(workspace_id, watch_id, observation.at)
        return SeenLook(self._concluding.add_look(watch_id, Look(observation), key=key), ())

    def notice(
        self,
        workspace_id: str,
        watch_id: str,
        notice: Notice,
        *,
        picture: EvidenceFile | None = None,
        key: str | None = None,
    ) -> NoticeRow:
        """Records what the author told or was told, with a picture of it; the same `key` again
        changes nothing.

        Raises:
            NotFound: no such watch in this workspace.
            IdempotencyConflict: the key came before with another notice.
            InvalidInput: it claims to be of the future, is one that only the checker records,
                takes back what was not told before, or its picture cannot be decoded.
        """
        if notice.notice in OF_THE_SITE:
            raise InvalidInput("only the checker itself records this notice", field="notice")
        self._check(workspace_id, watch_id, notice.at)
        if notice.retracts is not None:
            self._require_told(workspace_id, watch_id, notice, notice.retracts)
        files = [] if picture is None else [picture]
        return self._concluding.add_notice(watch_id, notice, files, key=key)

    def pictures(self, rows: Sequence[NoticeRow]) -> dict[str, list[StoredFile]]:
        """The files of these notices, by the notice's id."""
        found: dict[str, list[StoredFile]] = {row.id: [] for row in rows}
        with self._database.reading() as session:
            for file in files_of_all(session, list(found)):
                found[file.owner_id].append(file)
        return found

    def notices(self, workspace_id: str, watch_id: str) -> list[NoticeRow]:
        """All notices of a watch, oldest first.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.reading() as session:
            if watches.watch(session, workspace_id, watch_id) is None:
                raise erasures.absent(
                    session, workspace_id, watch_id, f"there is no watch {watch_id}"
                )
            return list(observations.notices_of(session, watch_id))

    def _require_told(
        self, workspace_id: str, watch_id: str, retraction: Notice, told_at: datetime
    ) -> None:
        told = [
            row.at
            for row in self.notices(workspace_id, watch_id)
            if row.body["notice"] in BY_THE_AUTHOR
        ]
        if told_at not in told:
            raise InvalidInput(
                f"nothing that could be taken back was told at {told_at.isoformat()}",
                field="retracts",
            )
        if retraction.at < told_at:
            raise InvalidInput("this is before what it takes back", field="at")

    def _check(self, workspace_id: str, watch_id: str, at: datetime) -> None:
        with self._database.reading() as session:
            if watches.watch(session, workspace_id, watch_id) is None:
                raise erasures.absent(
                    session, workspace_id, watch_id, f"there is no watch {watch_id}"
                )
        if at > self._clock() + CLOCK_TOLERANCE:
            raise InvalidInput("this moment is in the future: check the clock", field="at")
