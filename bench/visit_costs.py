"""The further figures of `visit`: many posts for one visit, plain requests, memory."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from statistics import median

from archiver.checker.look import Checker, open_checker
from archiver.domain.look import DIRECTLY, Look, Way
from archiver.domain.observation import Observation, Sighting
from archiver.domain.post import Target
from bench.changedetection import named
from bench.processes import cpu_seconds, resident
from bench.report import Figure
from bench.visit_rival import check_cpu
from bench.visit_wall import author, make_options, now, text, wall

POSTS = 100
ROUNDS = 5
MANY = 20
"""Plain looks measured together: one alone is shorter than the clock's tick."""
EARLY, VISITS = 50, 300
"""Visits before memory is first taken, and by the end."""
PLAIN = Way(plain=True)


class Watched:
    """The first posts of a wall with what was seen of them; time passes only when told."""

    def __init__(self, checker: Checker, url: str, posts: int) -> None:
        self._checker = checker
        self._url = url
        self._targets = [
            Target(url=url, text=text(n), author=author(n), post_id=f"comment-{n + 1}")
            for n in range(posts)
        ]
        self._histories: list[list[Observation]] = [[] for _ in self._targets]

    async def look(self, *, by: str = "browser", way: Way = DIRECTLY, keep: bool = False) -> None:
        """One visit for all; insists that every post was seen, and how."""
        looks: list[Look] = await self._checker.visit(
            self._url, self._targets, self._histories, way
        )
        for look, history in zip(looks, self._histories, strict=True):
            seen = look.observation
            if seen.sighting is not Sighting.PRESENT or seen.via != by:
                raise RuntimeError(f"not seen by {by}: {seen.detail}")
            if keep:
                history.append(seen)


class Hours:
    """A clock that goes on by itself, from a moment that is put forward by hours."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """The moment now, with the hours ahead."""
        return now() + self.ahead


def run() -> Iterator[Figure]:
    """Yields the figures in their order."""
    many, one = asyncio.run(_many_posts())
    yield Figure("visit", f"{POSTS} posts of one wall, CPU", many, "s", one)
    plain, browser = asyncio.run(_plain_looks())
    yield Figure("visit", "look by a plain request, CPU", plain, "s", browser)
    visits = int(os.environ.get("RATURE_BENCH_VISITS") or VISITS)
    late, early = asyncio.run(_memory(max(visits, EARLY + 1)))
    yield Figure("visit", f"memory after {visits} visits", late, "MiB", early)
    if rival := named():
        for posts in (20, POSTS):
            with wall(posts) as url:
                ours = asyncio.run(_one_visit(url, posts))
                theirs = check_cpu(rival, url, posts)
            yield Figure(
                "visit", f"{posts} posts, beside changedetection.io, CPU", ours, "s", theirs
            )


async def _many_posts() -> tuple[float, float]:
    with wall(POSTS) as url:
        async with open_checker(make_options()) as checker:
            all_posts, first = Watched(checker, url, POSTS), Watched(checker, url, 1)
            for watched in (all_posts, first):
                await watched.look(keep=True)
            taken = [(await _cpu(all_posts.look), await _cpu(first.look)) for _ in range(ROUNDS)]
    return median(many for many, _ in taken), median(one for _, one in taken)


async def _one_visit(url: str, posts: int) -> float:
    async with open_checker(make_options()) as checker:
        watched = Watched(checker, url, posts)
        await watched.look(keep=True)
        return median([await _cpu(watched.look) for _ in range(ROUNDS)])


async def _plain_looks() -> tuple[float, float]:
    hours = Hours()
    with wall(20) as url:
        async with open_checker(make_options(hours)) as checker:
            watched = Watched(checker, url, 1)
            for _ in range(2):
                await watched.look(keep=True)
                hours.ahead += timedelta(hours=5)

            async def plain() -> None:
                for _ in range(MANY):
                    await watched.look(by="http", way=PLAIN)

            await plain()
            taken = [(await _cpu(plain) / MANY, await _cpu(watched.look)) for _ in range(ROUNDS)]
    return median(one for one, _ in taken), median(one for _, one in taken)


async def _memory(visits: int) -> tuple[float, float]:
    early = 0.0
    with wall(20) as url:
        async with open_checker(make_options()) as checker:
            watched = Watched(checker, url, 20)
            await watched.look(keep=True)
            for number in range(visits):
                await watched.look()
                if number + 1 == EARLY:
                    early = resident()
            return resident(), early


async def _cpu(work: Callable[[], Awaitable[None]]) -> float:
    """Processor seconds that it takes."""
    before = cpu_seconds()
    await work()
    return cpu_seconds() - before
