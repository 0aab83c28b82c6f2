"""`rature worker`: visits walls beside the service, on this machine or another."""

import argparse
import asyncio
import signal
from typing import Any

from archiver.cli_output import say
from archiver.config import load_settings
from archiver.domain.errors import SettingsError
from archiver.logs import configure_logs
from archiver.readiness import find_browser
from archiver.wiring import House, build_house


def add_commands(commands: Any) -> None:
    """Adds the command to the parser."""
    worker = commands.add_parser("worker", help="visit walls beside the service (PostgreSQL)")
    worker.set_defaults(run=run_worker)


def run_worker(_arguments: argparse.Namespace) -> int:
    """Works until it is told to stop; 0 then.

    Raises:
        SettingsError: on SQLite, where the service alone makes the visits.
    """
    settings = load_settings()
    if settings.on_sqlite:
        raise SettingsError(
            "SQLite serves one process, and `rature serve` makes the visits itself."
            " Several workers need PostgreSQL: set RATURE_DATABASE_URL=postgresql+psycopg://..."
        )
    configure_logs()
    find_browser(settings)
    with build_house(settings) as house:
        say("This worker visits walls as they fall due. Stop with Ctrl+C.")
        asyncio.run(work(house))
    return 0


async def work(house: House) -> None:
    """Visits, seals and stamps until a signal comes, or until one of them fails for good.

    Raises:
        RatureError: what it failed by.
    """
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    loops = [
        house.worker.run,
        house.upkeep.run,
        house.keeping.sealing_loop,
        house.keeping.stamping_loop,
    ]
    if house.settings.witnesses:
        loops.append(house.keeping.witnessing_loop)
    if house.settings.ots_calendars:
        loops.append(house.calendars.loop)
    tasks = [asyncio.create_task(run()) for run in loops]
    signalled = asyncio.create_task(stopped.wait())
    done, _ = await asyncio.wait([*tasks, signalled], return_when=asyncio.FIRST_COMPLETED)
    for task in (*tasks, signalled):
        task.cancel()
    await asyncio.gather(*tasks, signalled, return_exceptions=True)
    for task in done:
        task.result()
