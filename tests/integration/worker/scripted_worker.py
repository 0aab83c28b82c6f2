"""A worker as a process of its own, whose looker never comes back or answers at once.

Arguments: data folder, database address, `hang` or `answer`.
"""

import asyncio
import sys
from pathlib import Path

from archiver.cli_worker import work
from archiver.config import Settings
from archiver.wiring import build_house, utc_now
from tests.integration.watches.model import ModelLooker
from tests.integration.worker.test_worker import EndlessLooker


def main(data: str, database_url: str, manner: str) -> None:
    looker = EndlessLooker(utc_now) if manner == "hang" else ModelLooker(utc_now)
    settings = Settings(data=Path(data), database_url=database_url, host_pause=0)
    with build_house(settings, looker=looker) as house:
        asyncio.run(work(house))


if __name__ == "__main__":
    main(*sys.argv[1:])
