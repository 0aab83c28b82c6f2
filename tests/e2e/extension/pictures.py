"""Comparing pictures pixel by pixel."""

import io

from PIL import Image, ImageChops


def open_picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def differing_box(one: bytes, other: bytes) -> tuple[int, int, int, int] | None:
    """The smallest box that holds every differing pixel; None when the pictures are equal."""
    first, second = open_picture(one), open_picture(other)
    assert first.size == second.size
    return ImageChops.difference(first, second).getbbox()


def cropped(png: bytes, width: int, height: int) -> bytes:
    """The top left part of a picture, as PNG."""
    out = io.BytesIO()
    open_picture(png).crop((0, 0, width, height)).save(out, "PNG")
    return out.getvalue()


def contains_colour(png: bytes, colour: tuple[int, int, int]) -> bool:
    picture = open_picture(png)
    colours = picture.getcolors(picture.width * picture.height) or []
    return any(each == colour for _, each in colours)


def bordered(picture: Image.Image, colour: tuple[int, int, int] = (0x99, 0x99, 0xBB)) -> bool:
    """Whether a border of one colour is on all four sides, at most one pixel from the edge. The
    corners, where two of its sides meet, are left out."""
    for turn in (0, 90, 180, 270):
        turned = picture.rotate(turn, expand=True)
        lines = [turned.crop((9, row, turned.width - 9, row + 1)).getcolors() for row in (0, 1)]
        if not any(line == [(turned.width - 18, colour)] for line in lines):
            return False
    return True
