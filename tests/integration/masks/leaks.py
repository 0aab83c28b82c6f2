"""Looks for secrets in whatever a stranger is given, however deep it is packed."""

import base64
import binascii
import gzip
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from tests.integration.masks.forms import Needle

DEEPEST = 6
RUN = re.compile(rb"[A-Za-z0-9+/_-]{40,}={0,2}")
"""What may be base64."""
DRAWING = re.compile(r"> (?:stream|object) [0-9]+$")
"""Numbers in a PDF's objects are coordinates and widths."""
START = 8
PICTURE_HEADS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"P6")
Layer = tuple[str, bytes]


@dataclass(frozen=True)
class Likeness:
    """A picture and the part of it that must not be recognisable anywhere, at any size."""

    name: str
    picture: Image.Image
    box: tuple[int, int, int, int]

    def shows_in(self, other: Image.Image) -> bool:
        """Whether another picture of that shape shows that part: closer to it than to grey."""
        wide = other.width / other.height * self.picture.height / self.picture.width
        if not 0.95 < wide < 1.05:
            return False
        scale = other.width / self.picture.width
        left, top, right, bottom = (round(side * scale) for side in self.box)
        if right <= left or bottom <= top:
            return False
        box = (left, top, right, bottom)
        ours = self.picture.resize(other.size).crop(box).tobytes()
        theirs = other.convert("RGB").crop(box).tobytes()
        return sum(abs(a - b) for a, b in zip(ours, theirs, strict=True)) / len(ours) < 30


@dataclass
class Searcher:
    """`needles` in every form, `sizes` as numbers in texts, `likenesses` in pictures."""

    needles: list[Needle]
    sizes: dict[str, int] = field(default_factory=dict)
    likenesses: list[Likeness] = field(default_factory=list)

    def search(self, name: str, data: bytes) -> set[str]:
        """What was found, each with the place where."""
        found: set[str] = set()
        index = _Index(self.needles)
        numbers = {what: re.compile(rb"(?<![\w.+/-])%d(?![\w+/=-])" % size)
                   for what, size in self.sizes.items()}  # fmt: skip
        seen: set[bytes] = set()
        for place, layer in unpack(name, data):
            if layer in seen:
                continue
            seen.add(layer)
            told = index.found_in(layer.lower())
            if _is_text(layer):
                told |= index.found_in(b"".join(layer.lower().split()))
                if not DRAWING.search(place):
                    told |= {what for what, number in numbers.items() if number.search(layer)}
            if (picture := _opened(layer)) is not None:
                told |= {f"{like.name}: seen" for like in self.likenesses if like.shows_in(picture)}
            found |= {f"{what} in {place}" for what in told}
        return found


class _Index:
    """Finds thousands of needles in one pass, by their first bytes."""

    def __init__(self, needles: list[Needle]) -> None:
        self._by_start: dict[bytes, list[Needle]] = {}
        for what, needle in needles:
            assert len(needle) >= START, what
            lowered = needle.lower()
            self._by_start.setdefault(lowered[:START], []).append((what, lowered))

    def found_in(self, hay: bytes) -> set[str]:
        found = set()
        for at in range(len(hay) - START + 1):
            for what, needle in self._by_start.get(hay[at : at + START], ()):
                if hay.startswith(needle, at):
                    found.add(what)
        return found


def unpack(place: str, data: bytes, depth: int = 0) -> Iterator[Layer]:
    """The bytes themselves and whatever they hold, layer by layer."""
    yield place, data
    if depth == DEEPEST:
        return
    for inner, layer in _inside(data):
        yield from unpack(f"{place} > {inner}", layer, depth + 1)


def _inside(data: bytes) -> Iterator[Layer]:
    if data.startswith(b"PK\x03\x04") or zipfile.is_zipfile(io.BytesIO(data)):
        yield from _entries(data)
    elif data.startswith(b"%PDF"):
        yield from _pdf(data)
    elif data.startswith(b"\x1f\x8b"):
        yield "gzip", gzip.decompress(data)
    elif data.startswith(b"\x89PNG"):
        yield from _chunks(data)
    if (picture := _opened(data)) is not None:
        yield "pixels", picture.convert("RGB").tobytes()
        yield "EXIF", picture.getexif().tobytes()
    if _is_text(data):
        yield from _decoded(data)


def _entries(data: bytes) -> Iterator[Layer]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield "comment", archive.comment
        for item in archive.infolist():
            yield f"name of {item.filename}", item.filename.encode() + item.comment + item.extra
            yield item.filename, archive.read(item)


def _chunks(data: bytes) -> Iterator[Layer]:
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind != b"IDAT":
            yield kind.decode("latin-1"), body
        for start in (index + 1 for index, byte in enumerate(body[:200]) if byte == 0):
            try:
                yield f"{kind.decode('latin-1')}, inflated", zlib.decompress(body[start + 1 :])
            except zlib.error:
                continue
        at += 12 + length
    yield "after the end", data[at:]


def _pdf(data: bytes) -> Iterator[Layer]:
    """Text, every stream, every string, every picture, of all revisions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = PdfReader(io.BytesIO(data))
        for number, page in enumerate(reader.pages, start=1):
            yield f"text of page {number}", page.extract_text().encode()
            for picture in page.images:
                yield f"picture of page {number}", _png(picture.image)
        for index in range(1, int(str(reader.trailer["/Size"]))):
            value = reader.get_object(index)
            yield f"object {index}", "\n".join(_strings(value)).encode()
            if isinstance(value, StreamObject):
                yield f"stream {index}", value.get_data()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, DictionaryObject):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, ArrayObject):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, (str, bytes, int, float)):
        yield value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _png(picture: Image.Image | None) -> bytes:
    buffer = io.BytesIO()
    if picture is not None:
        picture.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def _decoded(text: bytes) -> Iterable[Layer]:
    """What base64 in a text holds, if that is anything that has layers itself."""
    for match in RUN.finditer(text):
        run = match[0].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        try:
            inner = base64.b64decode(run + b"=" * (-len(run) % 4))
        except binascii.Error:
            continue
        yield f"base64 at {match.start()}", inner


def _opened(data: bytes) -> Image.Image | None:
    if not data.startswith(PICTURE_HEADS):
        return None
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            return picture
    except OSError:
        return None


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in data
