"""Puts the watching side together: conclusions, visits, watches, notices, the worker."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from archiver.checker.gate import AddressPolicy
from archiver.checker.options import CheckerOptions
from archiver.checker.second_look import Paths
from archiver.config import Settings
from archiver.domain.instant import Clock
from archiver.services.bell import Bell
from archiver.services.budgets import Budgets
from archiver.services.canaries import Canaries
from archiver.services.casework import Casework
from archiver.services.checking import Checking, Looker
from archiver.services.concluding import Concluding
from archiver.services.custody import Recorder
from archiver.services.noticing import Noticing
from archiver.services.planning import Planning
from archiver.services.visits import Visits
from archiver.services.wall_posts import WallPosts
from archiver.services.watching import Watching
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.worker import Worker


@dataclass(frozen=True)
class WatchSide:
    """What watches posts. `worker` runs in one process at least."""

    concluding: Concluding
    checking: Checking
    planning: Planning
    budgets: Budgets
    canaries: Canaries
    watching: Watching
    noticing: Noticing
    casework: Casework
    wall_posts: WallPosts
    worker: Worker


def build_watch_side(
    settings: Settings,
    *,
    software: str,
    database: Database,
    blobs: Blobs,
    recorder: Recorder,
    clock: Clock,
    random: Callable[[int], bytes],
    addresses: AddressPolicy,
    wake: Bell,
    checker_options: CheckerOptions,
    looker: Looker | None,
) -> WatchSide:
    """Wires it. `looker` replaces the real checker and its browser."""
    planning = Planning(database=database, clock=clock, random=random, policy=settings.policy)
    budgets = Budgets(
        database=database, recorder=recorder, clock=clock, a_day=settings.visits_per_day
    )
    wall_posts = WallPosts(database=database, random=random)
    concluding = Concluding(
        database=database,
        blobs=blobs,
        recorder=recorder,
        planning=planning,
        clock=clock,
        policy=settings.policy,
    )
    checking = Checking(
        database=database,
        concluding=concluding,
        visits=Visits(blobs=blobs, recorder=recorder, posts=wall_posts, software=software),
        budgets=budgets,
        clock=clock,
        random=random,
        host_pause=settings.host_pause,
        paths=Paths(tuple(path.id for path in checker_options.paths), settings.proxy_look_every),
        policy=settings.policy,
        plain_looks=settings.plain_looks,
    )

    def open_looker() -> AbstractAsyncContextManager[Looker]:
        if looker is not None:
            return nullcontext(looker)
        # A process without worker need not load the browser's driver.
        from archiver.checker.look import open_checker  # noqa: PLC0415

        return open_checker(checker_options)

    watching = Watching(
        database=database,
        recorder=recorder,
        clock=clock,
        addresses=addresses,
        wake=wake.ring,
        policy=settings.policy,
    )
    return WatchSide(
        concluding=concluding,
        checking=checking,
        planning=planning,
        budgets=budgets,
        watching=watching,
        canaries=Canaries(database=database, watching=watching, concluding=concluding, clock=clock),
        noticing=Noticing(database=database, concluding=concluding, clock=clock),
        wall_posts=wall_posts,
        casework=Casework(database=database, recorder=recorder, clock=clock),
        worker=Worker(checking, open_looker, wake=wake, concurrent=settings.concurrent_visits),
    )
