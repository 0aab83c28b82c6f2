"""The files of a statement, as recipes that take a salt."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from archiver.domain.errors import InvalidPicture
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence import picture_tiles
from archiver.evidence.picture import MAX_PIXELS, open_picture, picture_format
from archiver.evidence.salted import (
    SALT_BYTES,
    salted_html,
    salted_json,
    salted_picture,
    salted_wacz,
    salted_zip,
)

PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
WACZ_TYPE = "application/wacz"
Files = Iterable[tuple[str, bytes]]


@dataclass(frozen=True)
class Part:
    """One salted file (or a picture with its list of tiles). `path` is the key of its salt."""

    path: str
    make: Callable[[bytes], Files]
    salt_bytes: int = SALT_BYTES


def json_part(path: str, value: Mapping[str, Any]) -> Part:
    """Canonical JSON with the salt inside."""
    return Part(path, lambda salt: [(path, salted_json(value, salt))])


def field_part(name: str, value: Any) -> Part:
    """One withholdable value: `fields/NAME.json` with name, salt and value."""
    return json_part(f"fields/{name}.json", {"name": name, "value": value})


def page_part(path: str, page: bytes) -> Part:
    """An HTML page with the salt in a last comment."""
    return Part(path, lambda salt: [(path, salted_html(page, salt))])


def wacz_part(path: str, data: bytes) -> Part:
    """A recording of pages (WACZ) with the salt in the comment at its end."""
    return Part(path, lambda salt: [(path, salted_wacz(data, salt))])


def picture_part(folder: str, data: bytes, max_pixels: int = MAX_PIXELS) -> Part:
    """A picture as `FOLDER/original.EXT` and the list of its tiles as `FOLDER/TILES.sha256`."""
    path = f"{folder}/original.{picture_format(data) or 'png'}"
    make = partial(_picture, folder, path, data, max_pixels)
    return Part(path, make, picture_tiles.SEED_BYTES)


def other_part(folder: str, file: EvidenceFile, max_pixels: int = MAX_PIXELS) -> Part:
    """A file of any type: still pictures as above, anything else in a stored ZIP with its salt.
    What somebody posted may call itself a picture and move, or be broken: it is kept as it is."""
    if file.media_type.partition(";")[0].strip().lower() in PICTURE_TYPES and _is_still(
        file.data, max_pixels
    ):
        return picture_part(f"{folder}/{file.name}", file.data, max_pixels)
    path = f"{folder}/{file.name}.zip"
    return Part(path, lambda salt: [(path, salted_zip(file.name, file.data, salt))])


def _is_still(data: bytes, max_pixels: int) -> bool:
    try:
        open_picture(data, max_pixels)
    except InvalidPicture:
        return False
    return True


def _picture(folder: str, path: str, data: bytes, max_pixels: int, seed: bytes) -> Files:
    picture = open_picture(data, max_pixels)
    yield f"{folder}/{picture_tiles.LIST_NAME}", picture_tiles.tile_list(picture, seed)
    yield path, salted_picture(data, seed)
