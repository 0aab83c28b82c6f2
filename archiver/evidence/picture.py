"""Opening pictures that strangers send, with limits.

The decoder is chosen by the first bytes and called directly: Pillow's own `open` tries every format
it knows, and its limit on pixels is a global of the process.
"""

import io
import struct
from collections.abc import Callable

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from archiver.domain.errors import InvalidPicture

MAX_PIXELS = 120_000_000
MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"})
"""Modes of 8 bits a channel; deeper ones would be clipped unnoticed."""

_DECODERS: dict[str, Callable[[io.BytesIO], Image.Image]] = {
    "png": PngImageFile,
    "jpg": JpegImageFile,
    "webp": WebPImageFile,
}
_DECODING_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    KeyError,
    IndexError,
    OverflowError,
    TypeError,
)


def picture_format(data: bytes) -> str | None:
    """`png`, `jpg` or `webp` by the first bytes; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return None


def open_picture(data: bytes, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Decodes a still PNG, JPEG or WebP to RGB; transparent parts stand on white.

    Raises:
        InvalidPicture: another format, too many pixels, animated, truncated or broken.
    """
    kind = picture_format(data)
    if kind is None:
        raise InvalidPicture("not a PNG, JPEG or WebP picture: send one of these")
    # A global of the process, which WeasyPrint turns on when it is imported.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        picture = _DECODERS[kind](io.BytesIO(data))
        width, height = picture.size
        if width * height > max_pixels:
            raise InvalidPicture(
                f"{width} x {height} pixels are more than the {max_pixels} allowed: send less"
            )
        if getattr(picture, "n_frames", 1) != 1:
            raise InvalidPicture("the picture is animated: send a still one")
        if picture.mode not in MODES:
            raise InvalidPicture(f"pictures of mode {picture.mode} are not kept: use 8 bits")
        picture.load()
        decoded = _flatten(picture)
    except _DECODING_ERRORS as error:
        raise InvalidPicture(f"the picture is broken or cut short ({error})") from error
    # Imported just now, in another thread: what was decoded may have been cut short.
    return open_picture(data, max_pixels) if ImageFile.LOAD_TRUNCATED_IMAGES else decoded


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, JPEG or WebP in pixels, from its head alone.

    Raises:
        InvalidPicture: another format, or a broken head.
    """
    kind = picture_format(data)
    if kind is None:
        raise InvalidPicture("not a PNG, JPEG or WebP picture")
    try:
        width, height = _DECODERS[kind](io.BytesIO(data)).size
    except _DECODING_ERRORS as error:
        raise InvalidPicture(f"the picture is broken or cut short ({error})") from error
    return width, height


def _flatten(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture if picture.mode == "RGB" else picture.convert("RGB")  # no needless copy
    layer = picture.convert("RGBA")
    white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, layer).convert("RGB")
