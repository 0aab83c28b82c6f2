"""`mask`: committing to the pixels of a 1440x6000 screenshot, against hashing its pixels at once.

The commitment is the list of 8,460 salted tiles of 32x32 pixels (`TILES.sha256`), made from the
decoded picture, as at intake; what a mask hides later needs no further work. Baseline: one SHA-256
over the same pixels, by which nothing could be hidden.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator

from PIL import Image

from archiver.evidence.picture_tiles import SEED_BYTES, tile_list
from bench.report import Figure

WIDTH, HEIGHT = 1440, 6000
ROUNDS = 7


def run() -> Iterator[Figure]:
    """Yields the best and the median of the rounds."""
    picture = Image.effect_noise((WIDTH, HEIGHT), 60).convert("RGB")
    seed = os.urandom(SEED_BYTES)
    values = timed(lambda: tile_list(picture, seed))
    plain = timed(lambda: hashlib.sha256(picture.tobytes()).digest())
    yield Figure("mask", "commitment of 1440x6000, best", values[0], "s", plain[0])
    middle = ROUNDS // 2
    yield Figure("mask", "commitment of 1440x6000, median", values[middle], "s", plain[middle])


def timed(work: Callable[[], object]) -> list[float]:
    """Seconds of each round, sorted."""
    found = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return sorted(found)
