"""Pictures as they are printed: whole, cut over as many pages as it takes to stay legible."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops

from archiver.evidence.exhibit.facts import PictureFacts
from archiver.evidence.picture import open_picture

WIDTH_MM = 179.5
HEIGHT_MM = 190.0
"""What a page has for one part, below the lines that identify it."""
MM_PER_PIXEL = 25.4 / 96
"""Small pictures are printed at this size, larger ones are scaled down to the page's width."""
SEARCH = 60
"""Rows within which a quiet place to cut is looked for."""
MOST_PARTS = 30
"""Of one picture; the rest is in the bundle, and the exhibit says so."""
JPEG_QUALITY = 92
LOSSLESS_BYTES = 700_000
"""Parts that are larger without loss (photographs) are printed as JPEG of that quality."""


@dataclass(frozen=True)
class Part:
    """One page's share of a picture, `number` from 1. `width_mm` is how wide it is printed."""

    number: int
    data: bytes
    media_type: str
    width_mm: float
    top: int
    bottom: int


@dataclass(frozen=True)
class Printed:
    """A picture in its parts. `left_out` rows of pixels at its bottom are not printed."""

    facts: PictureFacts
    width: int
    height: int
    parts: tuple[Part, ...]
    left_out: int

    @property
    def lossless(self) -> bool:
        """Whether every pixel is printed as it is in the bundle."""
        return all(part.media_type == "image/png" for part in self.parts)


def cut(facts: PictureFacts) -> Printed:
    """Cuts a picture into parts, from top to bottom, without overlap.

    Raises:
        InvalidPicture: it cannot be decoded.
    """
    picture = open_picture(facts.data)
    scale = min(MM_PER_PIXEL, WIDTH_MM / picture.width)
    rows = max(1, int(HEIGHT_MM / scale))
    parts = tuple(_parts(picture, rows, scale))
    return Printed(
        facts=facts,
        width=picture.width,
        height=picture.height,
        parts=parts,
        left_out=picture.height - parts[-1].bottom,
    )


def _parts(picture: Image.Image, rows: int, scale: float) -> Iterator[Part]:
    bottom = 0
    for number in range(1, MOST_PARTS + 1):
        top, bottom = bottom, min(bottom + rows, picture.height)
        if bottom < picture.height:
            bottom = _quiet_row(picture, max(top + rows // 2, bottom - SEARCH), bottom)
        crop = picture.crop((0, top, picture.width, bottom))
        media_type, data = _encoded(crop)
        yield Part(number, data, media_type, picture.width * scale, top, bottom)
        if bottom >= picture.height:
            return


def _quiet_row(picture: Image.Image, first: int, last: int) -> int:
    """Where to cut: the row with the fewest changes from pixel to pixel, so that a line of text
    stays whole; the lowest of several."""
    band = picture.crop((0, first, picture.width, last)).convert("L")
    changes = ImageChops.difference(band, ImageChops.offset(band, 1, 0))
    means = list(changes.resize((1, band.height), Image.Resampling.BOX).tobytes())
    return first + max(row for row, mean in enumerate(means) if mean == min(means)) + 1


def _encoded(part: Image.Image) -> tuple[str, bytes]:
    buffer = io.BytesIO()
    part.save(buffer, "PNG", compress_level=6)
    if buffer.tell() <= LOSSLESS_BYTES:
        return "image/png", buffer.getvalue()
    buffer = io.BytesIO()
    part.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return "image/jpeg", buffer.getvalue()
