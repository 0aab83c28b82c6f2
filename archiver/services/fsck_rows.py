"""Checks rows and blobs from the other side: nothing without a leaf, nothing without an owner."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice

from archiver.domain.errors import EvidenceError, NotFound
from archiver.domain.instant import Clock
from archiver.services.fsck_faults import Fault, Position, Step
from archiver.store.blobs import Blobs, Listed
from archiver.store.database import Database
from archiver.store.repository import fsck

BATCH = 500
BLOBS = 200
YOUNG = timedelta(days=1)
"""A file that nobody refers to may belong to a capture that is being received."""


class Rows:
    """Rows whose leaf is missing or another's, and files whose record has no leaf."""

    name = "rows"

    def __init__(self, database: Database) -> None:
        self._database = database

    def total(self) -> int:
        """All rows that have a leaf."""
        with self._database.reading() as session:
            return sum(fsck.count(session, table) for table in fsck.RECORD_TABLES.values())

    def step(self, position: Position) -> Step:
        """The next rows of a kind; the files after the last kind."""
        kinds = list(fsck.RECORD_TABLES)
        at = position.get("kind", 0)
        if at == len(kinds):
            return self._files(position)
        with self._database.reading() as session:
            rows = fsck.rows_from(session, kinds[at], position.get("after", ""), BATCH)
            subjects = fsck.subjects_at(session, [row.leaf_index for row in rows])
        faults = [
            Fault("row", f"{kinds[at]} {row.id}", f"leaf {row.leaf_index} is not its own")
            for row in rows
            if subjects.get(row.leaf_index) != row.id
        ]
        following = {"kind": at, "after": rows[-1].id} if rows else {"kind": at + 1}
        return Step(following, len(rows), faults)

    def _files(self, position: Position) -> Step:
        with self._database.reading() as session:
            rows = fsck.files_from(session, position.get("file", 0), BATCH)
            known = fsck.with_leaf(session, {row.owner_id for row in rows})
        faults = [
            Fault("row", f"file {row.name} of {row.owner_id}", "its record is not in the log")
            for row in rows
            if row.owner_id not in known
        ]
        kinds = len(fsck.RECORD_TABLES)
        return Step({"kind": kinds, "file": rows[-1].id} if rows else None, 0, faults)


class Store:
    """Blobs that nobody refers to. Those with an owner were hashed with its leaf. With `remove`
    they are taken away instead of being named, unless their bytes changed."""

    name = "blobs"

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        clock: Clock,
        remove: Callable[[str], None] | None,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._remove = remove

    def total(self) -> None:
        """A store is only known by going through it."""
        return

    def step(self, position: Position) -> Step:
        """The next blobs; first of all, what broken-off writes left behind is swept."""
        before = self._clock() - YOUNG
        if not position:
            self._blobs.sweep(before)
        found = list(islice(self._blobs.listing(position.get("after", "")), BLOBS))
        with self._database.reading() as session:
            known = fsck.referred(session, [item.sha256 for item in found if item.sha256])
        faults = [
            fault
            for item in found
            if item.sha256 not in known and (fault := self._orphan(item, before))
        ]
        return Step({"after": found[-1].key} if found else None, len(found), faults)

    def _orphan(self, item: Listed, before: datetime) -> Fault | None:
        if item.sha256 is None:
            return Fault("orphan", f"{item.key} in the blob store", "no blob has such a name")
        if item.modified_at >= before:
            return None
        try:
            self._blobs.get(item.sha256)
        except NotFound:
            return None
        except EvidenceError:
            return Fault("blob", f"blob {item.sha256}", "its bytes changed; nobody refers to it")
        if self._remove is not None:
            self._remove(item.sha256)
            return None
        return Fault(
            "orphan",
            f"blob {item.sha256}",
            "nobody refers to it; `rature fsck --sweep` removes such blobs",
        )
