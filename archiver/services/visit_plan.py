"""One visit as it is planned: which wall, by which way, for whom it is looked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from archiver.domain.look import DIRECTLY, Way
from archiver.domain.observation import Observation
from archiver.domain.post import Target
from archiver.store.repository import observations
from archiver.store.tables import Watch

History = tuple[Observation, ...]


@dataclass(frozen=True)
class Visit:
    """One visit to a wall that this process has the lease for."""

    owner: str
    wall_id: str
    host: str
    url: str
    watch_ids: tuple[str, ...]
    targets: tuple[Target, ...]
    histories: tuple[History, ...]
    way: Way = DIRECTLY

    def by_paths(
        self, histories: Sequence[History], choose: Callable[[History], str | None]
    ) -> list["Visit"]:
        """What further network paths have to look at: one visit for each path that `choose` named
        after some watch's history, with those watches. A watch without history was erased."""
        chosen = [choose(history) if history else None for history in histories]
        return [
            self._only([at for at, name in enumerate(chosen) if name == path], histories, path)
            for path in dict.fromkeys(name for name in chosen if name is not None)
        ]

    def _only(self, places: list[int], histories: Sequence[History], path: str) -> "Visit":
        return replace(
            self,
            watch_ids=tuple(self.watch_ids[at] for at in places),
            targets=tuple(self.targets[at] for at in places),
            histories=tuple(histories[at] for at in places),
            way=Way(vantage=path, missing_authors=self.way.missing_authors),
        )


def target_of(watch: Watch) -> Target:
    """What to look for."""
    return Target(
        url=watch.url,
        text=watch.text,
        author=watch.author,
        post_id=watch.post_id,
        permalink=watch.permalink,
        parent=watch.parent,
    )


def history_of(session: Session, watch_id: str) -> History:
    """All looks at a watched post, oldest first."""
    rows = observations.observations_of(session, watch_id)
    return tuple(Observation.model_validate(row.body) for row in rows)
