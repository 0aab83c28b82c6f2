"""Who looks at a simulated wall: a checker at each vantage, under a clock that is set."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from archiver.checker.gate import AddressPolicy
from archiver.checker.look import open_checker
from archiver.checker.options import CheckerOptions
from tests.walls.story import Looker, SetClock

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
