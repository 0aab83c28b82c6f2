"""The pixels of a picture as salted tiles, so that any part of it can be proven alone.

A tile is a binary PPM (P6, 8-bit RGB) of 32x32 pixels, smaller at the right and bottom edges, with
its salt in a comment line. Tile number i counts row by row from the top left. Its salt is the first
16 bytes of HMAC-SHA256(seed, "tile:i"), so that the picture's one salt gives them all, and one
tile's salt gives no other.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator

from PIL import Image

from archiver.domain.errors import ProofInvalid

SIDE = 32
SEED_BYTES = 32
SALT_BYTES = 16
LIST_NAME = "TILES.sha256"
FOLDER = "tiles"
TILE_FORM = re.compile(
    rb"P6\n# rature-salt ([0-9a-f]{32})\n([1-9][0-9]?) ([1-9][0-9]?)\n255\n", re.ASCII
)
_CHANNELS = 3


def tile_salt(seed: bytes, number: int) -> bytes:
    """The salt of tile `number`, 16 bytes."""
    return hmac.digest(seed, b"tile:%d" % number, "sha256")[:SALT_BYTES]


def tile_name(number: int, columns: int) -> str:
    """The tile's file name beside the list, for instance `tiles/0003-0012.ppm` (row, column)."""
    row, column = divmod(number, columns)
    return f"{FOLDER}/{row:04d}-{column:04d}.ppm"


def tile_columns(picture: Image.Image) -> int:
    """How many tiles stand side by side."""
    return -(-picture.width // SIDE)


def tiles(picture: Image.Image, seed: bytes) -> Iterator[tuple[str, bytes]]:
    """Every tile of an RGB picture as (name, PPM bytes), row by row."""
    columns = _columns(picture)
    number = 0
    for row in range(-(-picture.height // SIDE)):
        for width, strip in columns:
            length = SIDE * width * _CHANNELS
            pixels = strip[row * length : (row + 1) * length]
            salt = tile_salt(seed, number).hex()
            size = f"{width} {len(pixels) // (width * _CHANNELS)}"
            head = f"P6\n# rature-salt {salt}\n{size}\n255\n".encode()
            yield tile_name(number, len(columns)), b"".join((head, pixels))
            number += 1


def _columns(picture: Image.Image) -> list[tuple[int, memoryview]]:
    """(width, pixels) of each column of tiles: there a tile's pixels lie one after the other, so
    that one slice takes them, where in the whole picture each of their rows is a slice."""
    found = []
    for left in range(0, picture.width, SIDE):
        right = min(left + SIDE, picture.width)
        strip = picture.crop((left, 0, right, picture.height)).tobytes()
        found.append((right - left, memoryview(strip)))
    return found


def tile_list(picture: Image.Image, seed: bytes) -> bytes:
    """`TILES.sha256`: one sha256sum line for each tile, paths relative to the list."""
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in tiles(picture, seed)]
    return "".join(lines).encode()


def visible_tiles(
    picture: Image.Image, seed: bytes, hidden: Iterable[tuple[int, int, int, int]]
) -> dict[str, bytes]:
    """The tiles that none of the `hidden` boxes touches (left, top, right, bottom in pixels; right
    and bottom excluded), by name: what a masked bundle discloses."""
    columns, masked = tile_columns(picture), set()
    for left, top, right, bottom in hidden:
        for row in range(max(0, top) // SIDE, -(-bottom // SIDE)):
            for column in range(max(0, left) // SIDE, min(columns, -(-right // SIDE))):
                masked.add(tile_name(row * columns + column, columns))
    return {name: data for name, data in tiles(picture, seed) if name not in masked}


def check_tile(name: str, data: bytes) -> None:
    """Checks that a disclosed tile is one PPM with its salt and nothing beside it.

    Raises:
        ProofInvalid: it has another form.
    """
    match = TILE_FORM.match(data)
    if not match:
        raise ProofInvalid(name, "not a salted PPM tile")
    width, height = int(match[2]), int(match[3])
    if max(width, height) > SIDE or len(data) != match.end() + width * height * _CHANNELS:
        raise ProofInvalid(name, "a tile of a wrong size")
