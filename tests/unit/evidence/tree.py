"""A log in memory, which may also lie."""

from archiver.evidence import checkpoint, tiles, witness
from archiver.evidence.checkpoint import LogKey, VerifiedCheckpoint
from archiver.evidence.merkle import leaf_hash

LOG = LogKey(b"\x07" * 32, "log.example/rature")


class Tree:
    """The honest log of so many leaves, or with `rewritten` one that lied from that leaf on."""

    def __init__(self, size: int, *, rewritten: int | None = None) -> None:
        leaves = [leaf_hash(b"%d" % number) for number in range(size)]
        if rewritten is not None:
            leaves[rewritten:] = [leaf_hash(b"lie %d" % n) for n in range(rewritten, size)]
        self.size, self.root, self._kept = tiles.append(0, leaves, self.read)

    def read(self, level: int, index: int, width: int) -> bytes:
        return self._kept[level, index][: width * 32]

    def note(self, key: LogKey = LOG) -> str:
        return checkpoint.sign_checkpoint(key, self.size, self.root)

    def proof(self, old: int) -> list[bytes]:
        return tiles.consistency_proof(old, self.size, self.read) if old else []

    def known(self) -> VerifiedCheckpoint:
        """Its checkpoint, verified: what a witness remembers."""
        return checkpoint.verify(checkpoint.parse(self.note()), [LOG.public])

    def request(self, old: int, key: LogKey = LOG) -> bytes:
        """The body of `add-checkpoint`, honest about `old`."""
        return witness.write_request(old, self.proof(old), self.note(key))
