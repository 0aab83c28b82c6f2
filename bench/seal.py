"""`seal`: from a capture's acknowledgement to its receipt with token, at 50 captures a second.

Captures are handed to the intake of a house (SQLite, blobs on the same disk, embedded authority) at
50 a second, whatever happens behind; its own loop seals and stamps. HTTP is left out: it would
measure the client. A receipt counts when a checkpoint covers the leaf and its token is stored.
Baseline: the same arrivals, one by one: a signature, a token, its verification, both fsynced.
"""

import asyncio
import hashlib
import json
import os
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from archiver.config import Settings
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.checkpoint import LogKey, sign_checkpoint
from archiver.evidence.timestamp import make_request, verify_response
from archiver.services.access import OWNER, Principal, Scope
from archiver.services.submission import Submission, Upload
from archiver.wiring import House, build_house, utc_now
from bench.ingest import manifest_of, numbered_pictures, write_plainly
from bench.report import Figure

RATE = 50
SECONDS = 10
WARM_UP = 25
SIDE = 160
"""Pixels of the picture, square: the post alone, as most captures are."""
SENDERS = 4
LOOK_EVERY = 0.02
BEHIND = 500
"""Leaves: none is overtaken by so many others."""
READY = text(
    "SELECT subject FROM stamp WHERE subject_kind = 'leaf' AND subject > :after"
    " AND gen_time IS NOT NULL AND subject < (SELECT sealed_size FROM log_head)"
)
DEADLINE = 120.0


def run() -> Iterator[Figure]:
    """Yields the median and the 99th percentile, and whether the rate was kept."""
    pictures = numbered_pictures(RATE * SECONDS + WARM_UP, SIDE)
    with tempfile.TemporaryDirectory(prefix="rature-bench-") as scratch:
        folder = Path(scratch)
        with build_house(Settings(data=folder / "data", embedded_worker=False)) as house:
            values, rate = sealed(house, pictures)
        plain = one_by_one(folder, pictures[WARM_UP:])
    for name, place in (("median", 0.5), ("99th percentile", 0.99)):
        figure = f"receipt with token after the answer, {name}"
        yield Figure("seal", figure, at(values, place), "s", at(plain, place))
    yield Figure(
        "seal", "captures that were taken meanwhile, of those asked for", rate, "1/s", RATE
    )


def at(values: list[float], place: float) -> float:
    """The value below which that part of the sorted values lies."""
    return sorted(values)[min(len(values) - 1, int(place * len(values)))]


def paced(work: Callable[[int], None], count: int) -> None:
    """Starts the pieces at the rate, whether the last ones are done or not."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as senders:
        for number in range(count):
            time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
            senders.submit(work, number).add_done_callback(lambda done: done.result())


def sealed(house: House, pictures: list[bytes]) -> tuple[list[float], float]:
    """(seconds from each acknowledgement to its receipt, acknowledgements a second). The first few
    are not counted."""
    principal = house.access.authenticate(
        house.access.issue(OWNER, name="bench", scopes=[Scope.CAPTURE]).secret
    )
    answered: dict[int, float] = {}

    def send(number: int) -> None:
        leaf = keep(house, principal, pictures[number])
        answered[leaf] = time.perf_counter()

    with sealing(house):
        for number in range(WARM_UP):
            send(number)
        seen = Seen(house, len(pictures))
        warm = set(answered)
        with ThreadPoolExecutor(1) as watcher:
            watching = watcher.submit(seen.watch)
            paced(lambda number: send(WARM_UP + number), len(pictures) - WARM_UP)
            watching.result()
    counted = {leaf: moment for leaf, moment in answered.items() if leaf not in warm}
    rate = (len(counted) - 1) / (max(counted.values()) - min(counted.values()))
    return [seen.there[leaf] - moment for leaf, moment in counted.items()], rate


def keep(house: House, principal: Principal, picture: bytes) -> int:
    """One capture's leaf index."""
    digest = hashlib.sha256(picture).hexdigest()
    manifest = json.dumps(manifest_of(picture, digest)).encode()
    upload = Upload("screenshot", "post.png", picture)
    return house.intake.receive(principal, Submission(digest, manifest, (upload,))).leaf_index


@contextmanager
def sealing(house: House) -> Iterator[None]:
    """The house's own loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(house.keeping.sealing_loop())
    thread = threading.Thread(target=lambda: loop.run_until_complete(asyncio.wait([task])))
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()


class Seen:
    """When the receipt of each leaf was first there. It looks seldom and asks little: it must not
    slow down what it watches."""

    def __init__(self, house: House, captures: int) -> None:
        self.there: dict[int, float] = {}
        self._house = house
        self._captures = captures

    def watch(self) -> None:
        """Looks until all captures have theirs."""
        deadline = time.monotonic() + DEADLINE
        while len(self.there) < self._captures:
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"{len(self.there)} of {self._captures} receipts in {DEADLINE} s"
                )
            time.sleep(LOOK_EVERY)
            ready = self._ready(max(self.there, default=-1) - BEHIND)
            self.there = dict.fromkeys(ready, time.perf_counter()) | self.there

    def _ready(self, after: int) -> list[int]:
        """The leaves above this one that are sealed and have their token."""
        with self._house.database.reading() as session:
            return list(session.connection().execute(READY, {"after": after}).scalars())


def one_by_one(folder: Path, pictures: list[bytes]) -> list[float]:
    """The same arrivals without any batching: seconds from arrival to token."""
    key = LogKey(os.urandom(32), "bench.example/log")
    authority = LocalAuthority.open(folder / "authority", utc_now, os.urandom)
    waiting: queue.SimpleQueue[tuple[int, float]] = queue.SimpleQueue()
    plain = folder / "plain"
    plain.mkdir()
    found: list[float] = []

    def work() -> None:
        for _ in pictures:
            number, arrived = waiting.get()
            statement = hashlib.sha256(pictures[number]).hexdigest().encode()
            note = sign_checkpoint(key, number + 1, hashlib.sha256(statement).digest())
            request, nonce = make_request(statement, os.urandom)
            response = authority.stamp(request)
            verify_response(response, statement, [authority.root], nonce=nonce)
            write_plainly(plain, note.encode())
            write_plainly(plain, response)
            found.append(time.perf_counter() - arrived)

    worker = threading.Thread(target=work)
    worker.start()
    paced(lambda number: waiting.put((number, time.perf_counter())), len(pictures))
    worker.join()
    return found
