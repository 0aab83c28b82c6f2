"""The log's hashes as C2SP tlog-tiles (height 8), and proofs made from them.

Pure functions over `read_tile(level, index, width)`, which gives the first `width` hashes of a tile
(`width * 32` bytes). A tile only grows, so a wider tile that is kept serves narrower reads by its
first bytes. Each call reads a number of tiles that grows with the logarithm of the tree.
Source: c2sp.org/tlog-tiles, RFC 6962 section 2.1.
"""

import hashlib
from collections.abc import Callable, Sequence

from archiver.domain.errors import ProofInvalid
from archiver.evidence.merkle import EMPTY_ROOT, HASH_BYTES, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
ReadTile = Callable[[int, int, int], bytes]
"""(level, index, width) -> `width * 32` bytes."""
Tiles = dict[tuple[int, int], bytes]
"""(level, index) -> the tile's bytes, full or partial."""


def tile_path(level: int, index: int, width: int) -> str:
    """The tile's address under the log's prefix, for instance `tile/0/x001/067.p/5`."""
    name = f"{index % 1000:03d}"
    while index >= 1000:  # noqa: PLR2004 - three digits a path element
        index //= 1000
        name = f"x{index % 1000:03d}/{name}"
    return f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}")


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes that tile has in a tree of `size` leaves (0 when there is none)."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH))


def append(
    size: int, leaf_hashes: Sequence[bytes], read_tile: ReadTile, *, root: bytes | None = None
) -> tuple[int, bytes, Tiles]:
    """Appends leaves to a tree of `size`: the new size, the new root, and every changed tile.

    With `root`, the kept tiles are first proven to lead to it, so that a flipped bit on the disk
    is never signed.

    Raises:
        ProofInvalid: the tiles do not lead to `root`, or one is not of its width.
    """
    if root is not None and tree_root(size, read_tile) != root:
        raise ProofInvalid("tiles", f"the tiles of size {size} do not lead to the signed root")
    changed: Tiles = {}
    level, start, hashes = 0, size, list(leaf_hashes)
    while hashes:
        hashes = _extend_level(level, start, hashes, read_tile, changed)
        level, start = level + 1, start >> HEIGHT
    new_size = size + len(leaf_hashes)

    def read(level: int, index: int, width: int) -> bytes:
        kept = changed.get((level, index))
        return read_tile(level, index, width) if kept is None else kept[: width * HASH_BYTES]

    return new_size, tree_root(new_size, read), changed


def tree_root(size: int, read_tile: ReadTile) -> bytes:
    """The Merkle tree hash of the first `size` leaves."""
    return _Nodes(size, read_tile).span(0, size) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read_tile: ReadTile) -> list[bytes]:
    """The path of the leaf in the tree of `size` leaves, from its sibling up (RFC 6962, 2.1.1).

    Raises:
        ValueError: the index is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"index {index} is not in a tree of {size} leaves")
    nodes, low, high, path = _Nodes(size, read_tile), 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(nodes.span(middle, high))
            high = middle
        else:
            path.append(nodes.span(low, middle))
            low = middle
    return path[::-1]


def consistency_proof(old_size: int, new_size: int, read_tile: ReadTile) -> list[bytes]:
    """The proof that the tree of `new_size` appends to that of `old_size` (RFC 6962, 2.1.2).

    Raises:
        ValueError: not 0 < old_size <= new_size.
    """
    if not 0 < old_size <= new_size:
        raise ValueError(f"there is no proof from size {old_size} to size {new_size}")
    nodes, low, high, path = _Nodes(new_size, read_tile), 0, new_size, []
    while old_size != high:
        middle = low + _split(high - low)
        if old_size <= middle:
            path.append(nodes.span(middle, high))
            high = middle
        else:
            path.append(nodes.span(low, middle))
            low = middle
    if low:  # otherwise the old tree is itself a node, and its root is known to whoever asks
        path.append(nodes.span(low, high))
    return path[::-1]


def _extend_level(
    level: int, start: int, hashes: Sequence[bytes], read_tile: ReadTile, changed: Tiles
) -> list[bytes]:
    """Adds hashes to one level; gives the hashes of the tiles that became full."""
    index, width = divmod(start, WIDTH)
    old = _read(read_tile, level, index, width) if width else b""
    data = old + b"".join(hashes)
    full = []
    for offset in range(0, len(data), WIDTH * HASH_BYTES):
        tile = data[offset : offset + WIDTH * HASH_BYTES]
        changed[level, index] = tile
        index += 1
        if len(tile) == WIDTH * HASH_BYTES:
            full.append(_fold(tile))
    return full


class _Nodes:
    """Hashes of subtrees of one tree, from its tiles; each tile is read once."""

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        self._size = size
        self._read_tile = read_tile
        self._seen: Tiles = {}

    def span(self, low: int, high: int) -> bytes:
        """MTH(D[low:high]) for a span that occurs in the tree (low is aligned to its size)."""
        count = high - low
        if count & (count - 1) == 0:
            return self._node(count.bit_length() - 1, low)
        middle = low + _split(count)
        return node_hash(self.span(low, middle), self.span(middle, high))

    def _node(self, height: int, low: int) -> bytes:
        """The complete subtree of 2**height leaves that starts at leaf `low`."""
        level, inner = divmod(height, HEIGHT)
        index, first = divmod(low >> (HEIGHT * level), WIDTH)
        tile = self._tile(level, index)
        return _fold(tile[first * HASH_BYTES : (first + (1 << inner)) * HASH_BYTES])

    def _tile(self, level: int, index: int) -> bytes:
        if (level, index) not in self._seen:
            width = tile_width(level, index, self._size)
            self._seen[level, index] = _read(self._read_tile, level, index, width)
        return self._seen[level, index]


def _read(read_tile: ReadTile, level: int, index: int, width: int) -> bytes:
    data = read_tile(level, index, width)
    if len(data) != width * HASH_BYTES:
        path = tile_path(level, index, width)
        raise ProofInvalid(path, f"{len(data)} bytes instead of {width * HASH_BYTES}")
    return data


def _fold(hashes: bytes) -> bytes:
    """Hashes 2**n concatenated hashes pairwise up to one. Proofs spend their time here, so it
    works on the bytes as they are."""
    while len(hashes) > HASH_BYTES:
        pairs = range(0, len(hashes), 2 * HASH_BYTES)
        hashes = b"".join(
            [hashlib.sha256(b"\x01" + hashes[at : at + 2 * HASH_BYTES]).digest() for at in pairs]
        )
    return hashes


def _split(count: int) -> int:
    """The largest power of two below `count` (which is at least 2)."""
    return 1 << ((count - 1).bit_length() - 1)
