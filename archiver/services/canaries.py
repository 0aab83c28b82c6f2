"""Canaries: posts of which a person knows whether they are there. They vouch for their site."""

from collections.abc import Sequence
from dataclasses import dataclass

from archiver.checker.health import Expected
from archiver.domain.errors import NotFound
from archiver.domain.instant import Clock
from archiver.domain.post import Target
from archiver.services.concluding import Concluding
from archiver.services.watching import Watching
from archiver.store.database import Database
from archiver.store.repository import health, watches
from archiver.store.tables import Watch
from archiver.store.tables_health import Canary


@dataclass(frozen=True)
class CanaryView:
    """A canary with the post that it is. `is_own`: of this workspace, which may remove it."""

    canary: Canary
    watch: Watch
    is_own: bool


class Canaries:
    """Sets, lists and removes them."""

    def __init__(
        self, *, database: Database, watching: Watching, concluding: Concluding, clock: Clock
    ) -> None:
        self._database = database
        self._watching = watching
        self._concluding = concluding
        self._clock = clock

    def set(
        self,
        workspace_id: str,
        target: Target,
        expected: Expected,
        *,
        actor: str,
        everybody: bool = False,
    ) -> CanaryView:
        """Makes a post a canary, or changes what is known of it. The first look is taken at once.

        Raises:
            RefusedAddress: an address that is never opened.
        """
        view, _ = self._watching.start(workspace_id, target, actor=actor)
        with self._database.transaction() as session:
            watch = watches.locked(session, view.watch.id)
            if watch is None:
                raise NotFound(f"there is no watch {view.watch.id}")
            known = health.canary(session, watch.id)
            if known is not None and known.expected == expected:
                return CanaryView(known, watch, is_own=True)
            canary = known or Canary(
                watch_id=watch.id,
                workspace_id=workspace_id,
                site=health.site_of(session, watch.wall_id),
                expected=expected,
                everybody=everybody,
                created_at=self._clock(),
            )
            canary.expected, canary.right_at, canary.wrong_at = expected, None, None
            session.add(canary)
        self._tell(canary)
        return CanaryView(canary, watch, is_own=True)

    def listed(self, workspace_id: str) -> list[CanaryView]:
        """The workspace's own, and those that vouch for everybody."""
        with self._database.reading() as session:
            found = health.canaries_for(session, workspace_id)
            return [
                CanaryView(canary, watch, is_own=canary.workspace_id == workspace_id)
                for canary, watch in found
            ]

    def remove(self, workspace_id: str, watch_id: str, *, actor: str) -> None:
        """It vouches for nothing any more, and is no longer looked at.

        Raises:
            NotFound: no such canary of this workspace.
        """
        with self._database.transaction() as session:
            canary = health.canary(session, watch_id)
            if canary is None or canary.workspace_id != workspace_id:
                raise NotFound(f"there is no canary {watch_id}")
            session.expunge(canary)
            health.remove_canary(session, watch_id)
        self._watching.stop(workspace_id, watch_id, actor=actor)
        self._tell(canary)

    def _tell(self, canary: Canary) -> None:
        with self._database.reading() as session:
            affected: Sequence[str] = health.vouched_for(session, canary)
        self._concluding.refresh(affected)
