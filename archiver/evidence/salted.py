"""Files that carry a salt of their own, so that their SHA-256 tells nothing of what they hold.

Every form can be undone: the bytes that were uploaded are inside, unchanged.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from archiver.domain.digest import canonical_json
from archiver.domain.errors import InvalidInput, InvalidPicture, ProofInvalid
from archiver.evidence.picture import picture_format

SALT_BYTES = 16
KEYWORD = b"rature-salt"
SALT_ENTRY = "SALT"
SEED_BYTES = 32
_PNG_HEAD = 8
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ZIP_END = 22
_COMMENT = re.compile(KEYWORD + rb" ([0-9a-f]{32})")
_SEED = re.compile(KEYWORD + rb"\x00([0-9a-f]{64})")


def salted_json(value: Mapping[str, Any], salt: bytes) -> bytes:
    """Canonical JSON of the object with one more key, `salt` (hex).

    Raises:
        InvalidInput: the object has a `salt` already, or something JSON cannot carry exactly.
    """
    if "salt" in value:
        raise InvalidInput("a record cannot have a key named salt", field="salt")
    try:
        return canonical_json({**value, "salt": salt.hex()})
    except ValueError as error:
        raise InvalidInput(f"not exact as JSON: {error}") from error


def salted_html(page: bytes, salt: bytes) -> bytes:
    """The page with a last comment that carries the salt."""
    return page + b"\n<!-- rature-salt " + salt.hex().encode() + b" -->\n"


def salted_zip(name: str, data: bytes, salt: bytes) -> bytes:
    """A stored (not compressed) ZIP of the file under its name and of the salt (hex) as `SALT`."""
    if name == SALT_ENTRY:
        raise InvalidInput(f"a file cannot be named {SALT_ENTRY}", field="name")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for entry, content in ((SALT_ENTRY, salt.hex().encode()), (name, data)):
            archive.writestr(zipfile.ZipInfo(entry, _EPOCH), content)
    return buffer.getvalue()


def salted_wacz(data: bytes, salt: bytes) -> bytes:
    """The WACZ with the salt in the comment at its end (`rature-salt HEX`), where readers of ZIP
    files pass over it (APPNOTE 4.3.16). Nothing else changes.

    Raises:
        InvalidInput: not a ZIP that ends without a comment.
    """
    if data[-_ZIP_END : -_ZIP_END + 4] != b"PK\x05\x06" or data[-2:] != b"\x00\x00":
        raise InvalidInput("a WACZ is a ZIP without a comment at its end", field="files")
    comment = _zip_comment(salt)
    return data[:-2] + struct.pack("<H", len(comment)) + comment


def split_wacz(data: bytes) -> tuple[bytes, bytes]:
    """Undoes `salted_wacz`: the WACZ as it was recorded, and its salt.

    Raises:
        ProofInvalid: there is no salt where it belongs.
    """
    length = len(_zip_comment(bytes(SALT_BYTES)))
    found = _COMMENT.fullmatch(data[-length:])
    head = data[: -length - 2]
    if not found or head[2 - _ZIP_END :][:4] != b"PK\x05\x06":
        raise ProofInvalid("page.wacz", "it carries no salt")
    salt = bytes.fromhex(found[1].decode())
    original = head + b"\x00\x00"
    if salted_wacz(original, salt) != data:
        raise ProofInvalid("page.wacz", "its salt is not where it belongs")
    return original, salt


def _zip_comment(salt: bytes) -> bytes:
    return KEYWORD + b" " + salt.hex().encode()


def salted_picture(data: bytes, seed: bytes) -> bytes:
    """The picture as it is, with the salt in a chunk that decoders pass over (PNG: `tEXt` before
    IEND; JPEG: a comment segment after the APPn segments; WebP: a last RIFF chunk).

    Raises:
        InvalidPicture: another format, or its structure is broken.
    """
    kind = picture_format(data)
    if kind == "webp":
        body = _webp_body(data) + _salt_chunk(kind, seed)
        return b"RIFF" + struct.pack("<I", len(body)) + body
    at = _place(kind, data)
    return data[:at] + _salt_chunk(kind, seed) + data[at:]


def split_picture(data: bytes) -> tuple[bytes, bytes]:
    """Undoes `salted_picture`: the picture as it was uploaded, and its salt.

    Raises:
        ProofInvalid: there is no salt where it belongs.
        InvalidPicture: another format, or its structure is broken.
    """
    kind = picture_format(data)
    length = len(_salt_chunk(kind, bytes(SEED_BYTES)))
    if kind == "webp":
        start = len(data) - length
        body = data[8:start]
        original = b"RIFF" + struct.pack("<I", len(body)) + body
    else:
        start = _place(kind, data) - (length if kind == "png" else 0)
        original = data[:start] + data[start + length :]
    found = _SEED.search(data[max(start, 0) : start + length])
    if start < 0 or not found:
        raise ProofInvalid("picture", "it carries no salt")
    seed = bytes.fromhex(found[1].decode())
    if salted_picture(original, seed) != data:
        raise ProofInvalid("picture", "its salt is not where it belongs")
    return original, seed


def _salt_chunk(kind: str | None, seed: bytes) -> bytes:
    text = KEYWORD + b"\x00" + seed.hex().encode()
    if kind == "png":
        chunk = b"tEXt" + text
        return struct.pack(">I", len(text)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    if kind == "jpg":
        return b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text
    return b"rtSL" + struct.pack("<I", len(text)) + text


def _place(kind: str | None, data: bytes) -> int:
    """Where the salt's chunk goes in."""
    if kind == "png":
        return _png_end(data)
    if kind == "jpg":
        return _jpeg_after_app(data)
    raise InvalidPicture("not a PNG, JPEG or WebP picture")


def _webp_body(data: bytes) -> bytes:
    if len(data) % 2 or int.from_bytes(data[4:8], "little") != len(data) - 8:
        raise InvalidPicture("the WebP does not end where it says")
    return data[8:]


def _png_end(data: bytes) -> int:
    """Where the IEND chunk starts."""
    at = _PNG_HEAD
    while at + 8 <= len(data):
        if data[at + 4 : at + 8] == b"IEND":
            return at
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    raise InvalidPicture("the PNG has no end: it was cut short")


def _jpeg_after_app(data: bytes) -> int:
    """Where the first segment after the leading APPn segments starts."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and 0xE0 <= data[at + 1] <= 0xEF:  # noqa: PLR2004 - JPEG markers
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    if at + 2 > len(data) or data[at] != 0xFF:  # noqa: PLR2004 - JPEG marker
        raise InvalidPicture("the JPEG is broken: a segment does not end where it says")
    return at
