"""A capture as an extension sends it after its owner masked a part of its picture."""

import io
from typing import Any

from PIL import Image

from archiver.evidence.picture_tiles import tile_columns, tile_list, tile_name, tile_salt
from archiver.evidence.salted import salted_picture
from tests.integration.captures.sample import Part, Sample, picture

SEED = bytes(range(32))
HIDDEN = (0, 1, 9)
"""Of the 7 x 4 tiles of 200 x 120 pixels."""


def original() -> bytes:
    """The picture with its salt inside, as its owner exports it."""
    return salted_picture(picture(), SEED)


def masked(hidden: tuple[int, ...] = HIDDEN) -> bytes:
    with Image.open(io.BytesIO(picture())) as opened:
        image = opened.convert("RGB")
    columns = tile_columns(image)
    for number in hidden:
        row, column = divmod(number, columns)
        image.paste((128, 128, 128), (column * 32, row * 32, column * 32 + 32, row * 32 + 32))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def masked_sample(shown: bytes | None = None, **changes: Any) -> Sample:
    with Image.open(io.BytesIO(picture())) as image:
        tiles = tile_list(image.convert("RGB"), SEED)
        count, columns = tiles.count(b"\n"), tile_columns(image)
    salts = "".join(
        f"{tile_salt(SEED, number).hex()}  {tile_name(number, columns)}\n"
        for number in range(count)
        if number not in HIDDEN
    )
    files = [
        Part("screenshot", "screenshot.png", "image/png", masked() if shown is None else shown),
        Part("commitment", "screenshot.tiles", "text/plain", tiles),
        Part("commitment", "screenshot.salts", "text/plain", salts.encode()),
    ]
    mask = {
        "picture": "screenshot.png",
        "tiles": "screenshot.tiles",
        "salts": "screenshot.salts",
        "hidden": len(HIDDEN),
    }
    given = {
        "masks": [mask],
        "masked_fields": ["author"],
        "completeness": "PARTIAL",
        "missing": ["snapshot:masked"],
        "thread": [{"relation": "reply", "text": "Nous regrettons.", "author": "La Marque"}],
    }
    return Sample(files=files, changes=given | changes)
