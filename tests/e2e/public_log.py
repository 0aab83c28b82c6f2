"""An auditor who follows the log from outside, by its public addresses alone."""

import httpx

from archiver.evidence import tiles
from archiver.evidence.checkpoint import VerifiedCheckpoint, VerifierKey, parse, verify
from archiver.evidence.merkle import leaf_hash, verify_consistency


class Auditor:
    """Keeps every checkpoint that it was shown. Handles logs of fewer than 256 entries."""

    def __init__(self, client: httpx.Client, key: str) -> None:
        self._client = client
        self._key = VerifierKey.from_vkey(key)
        self.seen: list[VerifiedCheckpoint] = []

    def look(self) -> VerifiedCheckpoint:
        """Take the newest checkpoint."""
        head = verify(parse(self._get("checkpoint").text), [self._key])
        self.seen.append(head)
        return head

    def check(self) -> list[bytes]:
        """One history: every checkpoint leads to the newest, which is over the entries shown.

        Gives the entries.
        """
        head = self.look()
        assert 0 < head.size < tiles.WIDTH
        for earlier in self.seen:
            proof = tiles.consistency_proof(earlier.size, head.size, self._tile)
            verify_consistency(
                old_size=earlier.size,
                new_size=head.size,
                old_root=earlier.root,
                new_root=head.root,
                proof=proof,
            )
        assert tiles.tree_root(head.size, self._tile) == head.root
        entries = _split(self._get(f"tile/entries/000.p/{head.size}").content)
        hashes = self._tile(0, 0, head.size)
        assert b"".join(leaf_hash(entry) for entry in entries) == hashes
        return entries

    def _tile(self, level: int, index: int, width: int) -> bytes:
        return self._get(tiles.tile_path(level, index, width)).content

    def _get(self, path: str) -> httpx.Response:
        return self._client.get(f"/log/{path}").raise_for_status()


def _split(bundle: bytes) -> list[bytes]:
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        entries.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return entries
