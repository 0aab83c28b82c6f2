"""Who looks at a wall: a checker at each vantage, under a clock that is set."""

from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Generic, TypeVar

from archiver.checker.gate import AddressPolicy
from archiver.checker.look import open_checker
from archiver.checker.options import CheckerOptions
from archiver.checker.rules import judge
from archiver.domain.observation import Observation
from archiver.domain.post import Target
from archiver.domain.verdict import Verdict
from tests.walls.story import Looker, SetClock

Key = TypeVar("Key", bound=Hashable)
AGENTS = {
    "public": None,
    "second": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) SecondPath Firefox/140.0",
    "author": "Mozilla/5.0 (X11; Linux x86_64) AuthorPath Safari/537.36",
}
"""By the agent the wall tells its visitors apart. The author's looks are the extension's."""


@asynccontextmanager
async def open_lookers(executable: Path | None) -> AsyncIterator[Mapping[str, Looker]]:
    """One looker for each vantage. Their browsers start when they are first needed."""
    async with AsyncExitStack() as stack:
        lookers: dict[str, Looker] = {}
        for vantage, agent in AGENTS.items():
            clock = SetClock()
            options = CheckerOptions(
                policy=AddressPolicy(frozenset({"127.0.0.1"})),
                clock=clock,
                executable=str(executable) if executable else None,
                user_agent=agent,
                vantage_id=vantage,
                locale="fr-FR" if vantage == "second" else "en-US",
                patience=1.5,
                record_bytes=0,
            )
            checker = await stack.enter_async_context(open_checker(options))
            lookers[vantage] = Looker(checker, clock)
        yield lookers


class Watchers(Generic[Key]):
    """Looks at several posts of one page in one visit, an hour after the last one."""

    def __init__(self, looker: Looker, url: str, targets: Mapping[Key, Target]) -> None:
        self.looker = looker
        self.url = url
        self.targets = dict(targets)
        self.histories: dict[Key, list[Observation]] = {key: [] for key in targets}

    async def look(self) -> dict[Key, Observation]:
        """One more look at each; it joins the histories."""
        self.looker.clock.now += timedelta(hours=1)
        targets, histories = list(self.targets.values()), list(self.histories.values())
        looks = await self.looker.checker.visit(self.url, targets, histories)
        seen = {key: look.observation for key, look in zip(self.targets, looks, strict=True)}
        for key, observation in seen.items():
            self.histories[key].append(observation)
        return seen

    async def says(self) -> dict[Key, str | None]:
        """What one more look says of each: its sighting, or `!` and why there is none."""
        looks = await self.look()
        return {key: one.sighting or f"!{one.reason}" for key, one in looks.items()}

    def verdict(self, key: Key) -> Verdict:
        """What follows from the looks so far."""
        return judge(self.histories[key])
