"""`log`: a log of 1,000,000 leaves in the real store (SQLite), against a plain list of hashes.

Measured: leaves sealed a second (statements hashed again, tiles, checkpoint, head file, commit),
leaves appended one by one, inclusion and consistency proofs in trees of 1,000 to 1,000,000 leaves,
proofs verified a second, and the peak of memory. Baseline: all leaf hashes in a list, and the whole
tree hashed anew with `hashlib` for each root or proof; for verification the bare hashes of a path;
for single appends, the same rows inserted without a log.
"""

import hashlib
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import insert, update

from archiver.config import Settings
from archiver.evidence import tiles
from archiver.evidence.merkle import leaf_hash, verify_inclusion
from archiver.services.sealing import BATCH
from archiver.store.repository import log
from archiver.store.tables import LogEntry, LogHead
from archiver.wiring import House, build_house
from bench.report import Figure

LEAVES = 1_000_000
SIZES = (1_000, 10_000, 100_000, 1_000_000)
SINGLE = 5_000
A_TRANSACTION = 50
PROOFS = 400
VERIFIED = 20_000
SEED = 6962
MEDIAN, RARE = 0.5, 0.99


@dataclass(frozen=True)
class _Naive:
    """Seconds to hash the leaves, and to hash a whole tree, by its size."""

    leaves: float
    tree: dict[int, float]


def run() -> Iterator[Figure]:
    """Yields the figures; memory is read before the baseline fills it."""
    with tempfile.TemporaryDirectory(prefix="rature-bench-") as scratch:
        settings = Settings(data=Path(scratch) / "data", embedded_worker=False)
        with build_house(settings) as house:
            sealed = seal_all(house)
            single = append_single(house)
            proofs = {size: time_proofs(house, size) for size in SIZES}
            verified = verify_rate(house)
            memory = peak_memory()
            plain = insert_plainly(house)
    naive = measure_naive()
    yield Figure(
        "log", "leaves sealed", sealed, "1/s", LEAVES / (naive.leaves + naive.tree[LEAVES])
    )
    yield Figure("log", "leaves appended one by one", single, "1/s", plain)
    for size, (inclusion, consistency) in proofs.items():
        for kind, times in (("inclusion", inclusion), ("consistency", consistency)):
            for name, share in (("p50", MEDIAN), ("p99", RARE)):
                value = 1000 * times[int(share * len(times))]
                figure = f"{kind} proof {name}, {size} leaves"
                yield Figure("log", figure, value, "ms", 1000 * naive.tree[size])
    yield Figure("log", "inclusion proofs verified", verified, "1/s", bare_path_rate())
    yield Figure("log", "peak memory", memory, "MB", peak_memory())


def statement(number: int) -> bytes:
    """Bytes as those of a record's statement."""
    return b"%064x  record.json\n" % number


def seal_all(house: House) -> float:
    """Leaves sealed a second; their rows are put in before the clock runs."""
    spent = 0.0
    for start in range(0, LEAVES, BATCH):
        _put_in(house, start, min(start + BATCH, LEAVES))
        begun = time.perf_counter()
        house.sealing.seal()
        spent += time.perf_counter() - begun
    return LEAVES / spent


def append_single(house: House) -> float:
    """Leaves a second through the path that every record takes, some in each transaction."""
    begun = time.perf_counter()
    for start in range(LEAVES, LEAVES + SINGLE, A_TRANSACTION):
        with house.database.transaction() as session:
            for number in range(start, start + A_TRANSACTION):
                entry = statement(number)
                log.append(
                    session,
                    kind="custody",
                    subject_id=f"evt_{number}",
                    statement=entry,
                    leaf_hash=leaf_hash(entry),
                    at=house.clock(),
                )
        house.sealing.seal()
    return SINGLE / (time.perf_counter() - begun)


def insert_plainly(house: House) -> float:
    """The same rows, in as many transactions, with nothing around them."""
    begun = time.perf_counter()
    for start in range(2 * LEAVES, 2 * LEAVES + SINGLE, A_TRANSACTION):
        with house.database.transaction() as session:
            rows = [_row(house, number) for number in range(start, start + A_TRANSACTION)]
            session.connection().execute(insert(LogEntry), rows)
    return SINGLE / (time.perf_counter() - begun)


def time_proofs(house: House, size: int) -> tuple[list[float], list[float]]:
    """Seconds of proofs for random places, sorted: inclusion, consistency. Each is made as for a
    request: in a view of its own, with no tile at hand."""
    places = random.Random(SEED)

    def timed(make: Callable[[tiles.ReadTile], object]) -> float:
        begun = time.perf_counter()
        with house.database.reading() as session:
            make(log.tile_reader(session))
        return time.perf_counter() - begun

    inclusion, consistency = [], []
    for _ in range(PROOFS):
        index, old = places.randrange(size), places.randrange(1, size)
        inclusion.append(timed(partial(tiles.inclusion_proof, index, size)))
        consistency.append(timed(partial(tiles.consistency_proof, old, size)))
    return sorted(inclusion), sorted(consistency)


def verify_rate(house: House) -> float:
    """Inclusion proofs in the largest tree that are verified a second, by one thread."""
    places = random.Random(SEED)
    with house.database.reading() as session:
        read = log.tile_reader(session)
        root = tiles.tree_root(LEAVES, read)
        proofs = [
            (index, leaf_hash(statement(index)), tiles.inclusion_proof(index, LEAVES, read))
            for index in (places.randrange(LEAVES) for _ in range(PROOFS))
        ]
    begun = time.perf_counter()
    for number in range(VERIFIED):
        index, leaf, proof = proofs[number % len(proofs)]
        verify_inclusion(index=index, size=LEAVES, leaf=leaf, root=root, proof=proof)
    return VERIFIED / (time.perf_counter() - begun)


def bare_path_rate() -> float:
    """Paths a second when nothing but their hashes is computed."""
    levels, node = (LEAVES - 1).bit_length(), b"\x01" + bytes(64)
    begun = time.perf_counter()
    for _ in range(VERIFIED * levels):
        hashlib.sha256(node).digest()
    return VERIFIED / (time.perf_counter() - begun)


def measure_naive() -> _Naive:
    """The list of all leaf hashes, and whole trees over its beginnings."""
    sha256 = hashlib.sha256
    begun = time.perf_counter()
    hashes = [sha256(b"\x00" + statement(number)).digest() for number in range(LEAVES)]
    leaves = time.perf_counter() - begun
    trees = {}
    for size in SIZES:
        begun = time.perf_counter()
        row = hashes[:size]
        while len(row) > 1:
            odd = [row[-1]] if len(row) % 2 else []
            pairs = zip(row[::2], row[1::2], strict=False)
            row = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
        trees[size] = time.perf_counter() - begun
    return _Naive(leaves, trees)


def peak_memory() -> float:
    """The most that this process ever held, in MB (10**6 bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _put_in(house: House, start: int, end: int) -> None:
    with house.database.transaction() as session:
        if start == 0:
            session.add(LogHead(id=1, next_index=0, sealed_size=0))
            session.flush()
        rows = [_row(house, number) for number in range(start, end)]
        session.connection().execute(insert(LogEntry), rows)
        session.connection().execute(update(LogHead).values(next_index=end))


def _row(house: House, number: int) -> dict[str, object]:
    entry = statement(number)
    return {
        "leaf_index": number,
        "kind": "custody",
        "subject_id": f"evt_{number}",
        "statement": entry,
        "leaf_hash": leaf_hash(entry),
        "created_at": house.clock(),
        "salts": {},
    }
