"""Every form in which something secret might be written down."""

import base64
import hashlib
import html
import json
import quopri
import string
from collections.abc import Iterator
from urllib.parse import quote

from PIL import Image

HASHES = ("sha256", "sha1", "md5")
Needle = tuple[str, bytes]
"""What it is, and the bytes to look for; in lower case, as the hay is."""


def of_text(name: str, secret: str) -> Iterator[Needle]:
    """A text as it is, in other encodings and escapes, and its hashes without salt."""
    data = secret.encode()
    yield f"{name}: as it is", data
    yield f"{name}: UTF-16 LE", secret.encode("utf-16-le")
    yield f"{name}: UTF-16 BE", secret.encode("utf-16-be")
    yield f"{name}: Latin-1", secret.encode("latin-1", "replace")
    yield f"{name}: quoted-printable", quopri.encodestring(data)
    yield f"{name}: UTF-32", secret.encode("utf-32-le")
    yield f"{name}: hex", data.hex().encode()
    yield f"{name}: reversed", data[::-1]
    yield from _base64(name, data)
    escaped = {
        "URL-encoded": quote(secret, safe=""),
        "URL-encoded where it must be": quote(secret, safe=string.printable),
        "URL-encoded throughout": "".join(f"%{byte:02x}" for byte in data),
        "JSON": json.dumps(secret)[1:-1],
        "JSON throughout": "".join(f"\\u{ord(c):04x}" for c in secret),
        "HTML": html.escape(secret),
        "HTML throughout": "".join(f"&#{ord(c)};" for c in secret),
        "HTML, hexadecimal": "".join(f"&#x{ord(c):x};" for c in secret),
    }
    for form, text in escaped.items():
        if text != secret:
            yield f"{name}: {form}", text.encode()
    yield from of_digests(name, data)


def _base64(name: str, data: bytes) -> Iterator[Needle]:
    """Base64 of it wherever it begins inside of something longer: three alignments."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + data)
        start = (0, 2, 3)[shift]
        whole = encoded[start : len(encoded) - (4 if encoded.endswith(b"=") else 0)]
        yield f"{name}: base64 at {shift}", whole
        url_safe = whole.translate(bytes.maketrans(b"+/", b"-_"))
        if url_safe != whole:
            yield f"{name}: base64url at {shift}", url_safe


def of_digests(name: str, data: bytes) -> Iterator[Needle]:
    """Hashes of the bytes as they are: raw, hex, base64."""
    for kind in HASHES:
        digest = hashlib.new(kind, data, usedforsecurity=False).digest()
        yield from of_bytes(f"{name}: {kind}", digest)


def of_bytes(name: str, data: bytes) -> Iterator[Needle]:
    """A few bytes that say nothing by themselves: raw, hex, base64."""
    yield f"{name}, raw", data
    yield f"{name}, hex", data.hex().encode()
    yield f"{name}, base64", base64.b64encode(data).rstrip(b"=")


def of_region(name: str, picture: Image.Image, box: tuple[int, int, int, int]) -> Iterator[Needle]:
    """Pixels of a part of a picture in several layouts, and their hashes without salt; the same
    for each tile that it touches."""
    yield from _pixels(f"{name}: region", picture.crop(box))
    left, top, right, bottom = box
    for row in range(top // 32, -(-bottom // 32)):
        for column in range(left // 32, -(-right // 32)):
            tile = picture.crop((column * 32, row * 32, column * 32 + 32, row * 32 + 32))
            plain = b"P6\n32 32\n255\n" + tile.tobytes()
            yield from _pixels(f"{name}: tile {row}-{column}", tile)
            yield from of_digests(f"{name}: tile {row}-{column} as PPM", plain)


def _pixels(name: str, part: Image.Image) -> Iterator[Needle]:
    row = part.crop((0, 0, part.width, 1))
    red, green, blue = row.split()
    yield f"{name}, RGB", row.tobytes()
    yield f"{name}, BGR", Image.merge("RGB", (blue, green, red)).tobytes()
    yield f"{name}, RGBA", row.convert("RGBA").tobytes()
    yield from of_digests(name, part.tobytes())


def of_likeness(name: str, picture: Image.Image) -> Iterator[Needle]:
    """Perceptual hashes of a picture: average, difference, and by cosine transform."""
    for kind, bits in (
        ("average", average_hash(picture)),
        ("difference", difference_hash(picture)),
        ("cosine", cosine_hash(picture)),
    ):
        assert 8 < bits.bit_count() < 56, "a hash that means nothing"
        yield from of_bytes(f"{name}: {kind} hash", bits.to_bytes(8, "big"))
        yield f"{name}: {kind} hash, decimal", str(bits).encode()


def _bits(values: list[bool]) -> int:
    return int("".join("1" if value else "0" for value in values), 2)


def _grey(picture: Image.Image, width: int, height: int) -> list[int]:
    return list(picture.convert("L").resize((width, height)).tobytes())


def average_hash(picture: Image.Image) -> int:
    grey = _grey(picture, 8, 8)
    return _bits([value > sum(grey) / 64 for value in grey])


def difference_hash(picture: Image.Image) -> int:
    grey = _grey(picture, 9, 8)
    return _bits([grey[y * 9 + x] > grey[y * 9 + x + 1] for y in range(8) for x in range(8)])


def cosine_hash(picture: Image.Image) -> int:
    """64 low frequencies of a 32x32 picture against their median."""
    from math import cos, pi  # noqa: PLC0415 - here alone

    grey = _grey(picture, 32, 32)
    wave = [[cos(pi * u * (2 * x + 1) / 64) for x in range(32)] for u in range(8)]
    rows = [[sum(grey[y * 32 + x] * wave[u][x] for x in range(32)) for u in range(8)]
            for y in range(32)]  # fmt: skip
    low = [sum(rows[y][u] * wave[v][y] for y in range(32)) for v in range(8) for u in range(8)]
    return _bits([value > sorted(low)[32] for value in low])
