"""Sealing: covers every new leaf by a signed checkpoint, and never signs a second history.

What is signed follows from the leaves alone, so of several processes that try, one wins the
compare-and-swap of the sealed size and the others have nothing left to do. Before each signature:

- the last tiles of the tree are recomputed from the statements, byte for byte;
- the kept tiles must lead to the root signed last;
- the tree that the head file knows must be a part of the new one.

The head file is moved before the commit: it may know a tree that the database does not show yet
(after a crash just there), never the other way round.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from archiver.domain.errors import LogRewound, NotYet, ProofInvalid, Unavailable
from archiver.domain.instant import Clock, render
from archiver.evidence import checkpoint as notes
from archiver.evidence import tiles
from archiver.evidence.anti_rewind import check_progress
from archiver.evidence.head_file import HeadFile
from archiver.evidence.merkle import HASH_BYTES, leaf_hash
from archiver.store.database import Database
from archiver.store.repository import log, stamps, witnesses
from archiver.store.tables import CheckpointRow

BATCH = 4096
"""Leaves sealed at once, so that memory stays bounded after a long pause."""
CLOCK_STEP = timedelta(seconds=5)
"""A clock that is set back by less was corrected; by more, it is not believed."""


@dataclass(frozen=True)
class Proof:
    """That a leaf is in the log: its index, its path, and the checkpoint that covers it."""

    leaf_index: int
    path: list[bytes]
    note: str
    """With the lines of the witnesses that cosigned it so far."""


@dataclass(frozen=True)
class _Edge:
    """The tree to be signed: the sealed size it grows from, its root, the tiles that change, and
    the proof that it appends to the tree of `known_size` leaves in the head file."""

    before: int
    size: int
    root: bytes
    changed: tiles.Tiles
    known_size: int
    proof: list[bytes]


class Sealing:
    """Signs the log. `authorities` are asked for a stamp of each checkpoint; `check_witnesses`
    raises LogRewound when one knows another history. `accept_clock` takes the present time though
    a checkpoint bears a later one."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        key: notes.LogKey,
        head_file: HeadFile,
        authorities: tuple[str, ...],
        check_witnesses: Callable[[], None] = lambda: None,
        accept_clock: bool = False,
    ) -> None:
        self._database = database
        self._clock = clock
        self._key = key
        self._head_file = head_file
        self._authorities = authorities
        self._check_witnesses = check_witnesses
        self._accept_clock = accept_clock

    @property
    def public_key(self) -> notes.VerifierKey:
        """The key that verifies this log's checkpoints."""
        return self._key.public

    def size(self) -> int:
        """How many leaves there are, sealed or not."""
        with self._database.reading() as session:
            return log.head(session).size

    def unsealed(self) -> int:
        """How many leaves wait for their checkpoint."""
        with self._database.reading() as session:
            head = log.head(session)
        return head.size - head.sealed_size

    def seal(self) -> int | None:
        """Seals what is not sealed yet: the new size; None when there was nothing. When another
        process was first, its size: it need not have known of all that waits.

        Raises:
            LogRewound: the head file, a witness or the last checkpoint knows another history.
            ProofInvalid: a stored tile or leaf is not what was signed.
            Unavailable: the clock went back.
        """
        self._check_witnesses()
        with self._database.reading() as session:
            head = log.head(session)
            if head.size == head.sealed_size:
                self._check_not_behind(head.size)
                return None
            edge = self._edge(session, head)
        with self._database.transaction() as session:
            if not log.move_sealed_size(session, edge.before, edge.size):
                return log.head(session).sealed_size
            self._sign(session, edge)
        return edge.size

    def adopt(self) -> None:
        """Turns to the present authorities for what those of earlier settings never stamped, and
        looks again at answers whose root was not known."""
        with self._database.transaction() as session:
            now = self._clock()
            stamps.adopt(session, self._authorities, now)
            stamps.recheck_held(session, now)

    def prove(self, leaf_index: int) -> Proof:
        """The inclusion proof against the first checkpoint that covers the leaf.

        Raises:
            NotYet: the leaf is not sealed.
        """
        with self._database.reading() as session:
            row = log.checkpoint_covering(session, leaf_index)
            if row is None:
                raise NotYet("the record waits for its checkpoint")
            return self.prove_against(session, row, leaf_index)

    def prove_against(self, session: Session, checkpoint: CheckpointRow, leaf_index: int) -> Proof:
        """The inclusion proof against this checkpoint, which covers the leaf."""
        path = tiles.inclusion_proof(leaf_index, checkpoint.size, log.tile_reader(session))
        return Proof(leaf_index, path, witnesses.cosigned(session, checkpoint))

    def _edge(self, session: Session, head: log.Head) -> _Edge:
        known = self._head_file.read()
        known_size = known.size if known else 0
        size = min(head.size, head.sealed_size + BATCH)
        fresh = _checked_leaf_hashes(session, head.sealed_size, size)
        read = log.tile_reader(session)
        root = self._last_root(session, head.sealed_size)
        size, new_root, changed = tiles.append(head.sealed_size, fresh, read, root=root)

        def read_new(level: int, index: int, width: int) -> bytes:
            kept = changed.get((level, index))
            return read(level, index, width) if kept is None else kept[: width * HASH_BYTES]

        proof = (
            tiles.consistency_proof(known_size, size, read_new) if 0 < known_size <= size else []
        )
        return _Edge(head.sealed_size, size, new_root, changed, known_size, proof)

    def _sign(self, session: Session, edge: _Edge) -> None:
        now = self._clock()
        at = self._after_the_last(session, edge.before, now)
        note = notes.sign_checkpoint(self._key, edge.size, edge.root)
        for (level, index), data in edge.changed.items():
            log.put_tile(session, level, index, data)
        log.add_checkpoint(session, edge.size, note, at)
        stamps.wish(session, "checkpoint", edge.size, self._authorities, now)
        session.flush()
        self._head_file.advance(note, edge.proof, expected_size=edge.known_size)

    def _after_the_last(self, session: Session, sealed_size: int, now: datetime) -> datetime:
        """The time of a new checkpoint: the present, and always later than the last one's.

        Raises:
            Unavailable: the clock went back by more than a correction.
        """
        last = log.checkpoint_of(session, sealed_size)
        if last is None or last.created_at < now or self._accept_clock:
            return now
        if last.created_at - now > CLOCK_STEP:
            raise Unavailable(
                f"the clock went back: it is {render(now)}, but a checkpoint was signed at"
                f" {render(last.created_at)}. Set the clock right; if it was wrong then, start once"
                " with RATURE_ACCEPT_CLOCK=true"
            )
        return last.created_at + timedelta(microseconds=1)

    def _last_root(self, session: Session, sealed_size: int) -> bytes | None:
        """The root signed last; checks that this key signed it. Asks by size, because another
        process may have sealed more since the size was read."""
        if sealed_size == 0:
            return None
        row = log.checkpoint_of(session, sealed_size)
        if row is None:
            raise LogRewound(f"there is no checkpoint of the sealed size {sealed_size}")
        try:
            return notes.verify(notes.parse(row.note), [self._key.public]).root
        except ProofInvalid as error:
            raise LogRewound(
                f"{error}; this machine's log key did not sign the last checkpoint:"
                " copy keys/log.key from the machine that did"
            ) from error

    def _check_not_behind(self, size: int) -> None:
        known = self._head_file.read()
        if known is not None and known.size > size:
            check_progress(
                old_size=known.size, old_root=known.root, new_size=size, new_root=b"", proof=[]
            )


def _checked_leaf_hashes(session: Session, start: int, end: int) -> list[bytes]:
    """The hashes of the leaves `start` to `end`, recomputed from their statements.

    The leaves that share the first changed tile are recomputed too and compared with its bytes.

    Raises:
        ProofInvalid: a stored hash or the tile's bytes are not those of the statements.
    """
    index = start // tiles.WIDTH
    first = index * tiles.WIDTH
    hashes: list[bytes] = []
    for leaf in log.leaves(session, first, end):
        if leaf.index != first + len(hashes) or leaf_hash(leaf.statement) != leaf.leaf_hash:
            raise ProofInvalid(f"leaf {leaf.index}", "the stored hash is not its statement's")
        hashes.append(leaf.leaf_hash)
    if len(hashes) != end - first:
        raise ProofInvalid(f"leaf {first + len(hashes)}", "it is missing")
    if start > first:
        kept = log.tile_reader(session)(0, index, start - first)
        if kept != b"".join(hashes[: start - first]):
            raise ProofInvalid(f"tile/0/{index}", "its bytes are not the hashes of the leaves")
    return hashes[start - first :]
