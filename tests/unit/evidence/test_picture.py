"""Pictures that strangers send, their salts and their tiles."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image, ImageFile

from archiver.domain.errors import InvalidPicture, ProofInvalid
from archiver.evidence import picture_tiles
from archiver.evidence.picture import open_picture
from archiver.evidence.salted import salted_picture, split_picture
from tests.unit.evidence.house import picture

SEED = bytes(range(32))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 50,000 x 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "not a PNG"),  # nothing
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG"),  # active content
        (encoded(Image.new("RGB", (4, 4)), "GIF"), "not a PNG"),  # a format that is not kept
        (encoded(Image.new("RGB", (4, 4)), "BMP"), "not a PNG"),  # the same
        (picture()[:-40], "broken or cut short"),  # truncated
        (picture(kind="JPEG")[:-300], "broken or cut short"),  # truncated
        (picture(kind="WEBP")[:-300], "broken or cut short"),  # truncated
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "broken or cut short"),  # a signature alone
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "broken or cut short"),  # the same
        (b"RIFF\x20\x00\x00\x00WEBP" + b"\x00" * 24, "broken or cut short"),  # the same
        (bomb(), "2500000000|50000 x 50000"),  # a decompression bomb
        (animated("PNG"), "animated"),  # two frames: which one is the evidence?
        (animated("WEBP"), "animated"),
        (encoded(Image.new("I;16", (4, 4)), "PNG"), "8 bits"),  # would be clipped
    ],
)
def test_pictures_that_are_refused(data: bytes, told: str) -> None:
    with pytest.raises(InvalidPicture, match=told):
        open_picture(data)


def test_a_library_that_lets_cut_pictures_through_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """WeasyPrint turns a global of Pillow on, for the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = picture(64, 64)
    with pytest.raises(InvalidPicture, match="cut short"):
        open_picture(whole[: len(whole) // 2])
    assert open_picture(whole).size == (64, 64)


def test_the_limit_on_pixels_is_a_parameter() -> None:
    assert open_picture(picture(10, 10), 100).size == (10, 10)
    with pytest.raises(InvalidPicture, match="10 x 11 pixels"):
        open_picture(picture(10, 11), 100)


def test_transparent_parts_stand_on_white() -> None:
    image = Image.new("RGBA", (1, 1), (255, 0, 0, 0))
    assert open_picture(encoded(image, "PNG")).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_kept_mode_becomes_rgb(mode: str) -> None:
    data = encoded(Image.new(mode, (3, 2)), "PNG")
    assert (open_picture(data).mode, open_picture(data).size) == ("RGB", (3, 2))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_salt_changes_no_pixel_and_can_be_taken_out(kind: str) -> None:
    data = picture(kind=kind)
    salted = salted_picture(data, SEED)
    assert salted != data
    assert open_picture(salted).tobytes() == open_picture(data).tobytes()
    assert split_picture(salted) == (data, SEED)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_second_salt_is_the_one_that_counts(kind: str) -> None:
    once = salted_picture(picture(kind=kind), b"\x01" * 32)
    assert split_picture(salted_picture(once, SEED)) == (once, SEED)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_without_a_salt_is_told(kind: str) -> None:
    with pytest.raises(ProofInvalid, match="salt"):
        split_picture(picture(kind=kind))


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a",  # another format
        picture()[:-20],  # a PNG without its end
        picture(kind="WEBP") + b"xx",  # a WebP with something behind it
        b"\xff\xd8\xff\xe0\xff\xff",  # a JPEG segment longer than the file
    ],
)
def test_no_salt_is_put_into_what_is_broken(data: bytes) -> None:
    with pytest.raises(InvalidPicture):
        salted_picture(data, SEED)


def test_tiles_are_the_pixels_of_their_place() -> None:
    """70 x 40: three columns (the last of 6 pixels), two rows (the last of 8)."""
    image = open_picture(picture(70, 40))
    made = dict(picture_tiles.tiles(image, SEED))
    assert list(made) == [
        "tiles/0000-0000.ppm", "tiles/0000-0001.ppm", "tiles/0000-0002.ppm",
        "tiles/0001-0000.ppm", "tiles/0001-0001.ppm", "tiles/0001-0002.ppm",
    ]  # fmt: skip
    for name, data in made.items():
        row, column = int(name[6:10]), int(name[11:15])
        box = (column * 32, row * 32, min(70, column * 32 + 32), min(40, row * 32 + 32))
        tile = Image.open(io.BytesIO(data))
        assert (tile.format, tile.tobytes()) == ("PPM", image.crop(box).tobytes())
        picture_tiles.check_tile(name, data)


def test_the_list_names_every_tile_by_its_hash() -> None:
    image = open_picture(picture(70, 40))
    lines = picture_tiles.tile_list(image, SEED).decode().splitlines()
    made = picture_tiles.tiles(image, SEED)
    assert lines == [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in made]


def test_tiles_of_equal_pixels_have_other_hashes() -> None:
    """Without a salt each, a blank tile would tell where the text under a mask is."""
    image = Image.new("RGB", (64, 64), "white")
    lines = picture_tiles.tile_list(image, SEED).decode().splitlines()
    assert len({line[:64] for line in lines}) == 4


def test_masks_hide_every_tile_that_they_touch() -> None:
    image = Image.new("RGB", (96, 64))
    visible = picture_tiles.visible_tiles(image, SEED, [(31, 0, 33, 1), (95, 63, 200, 200)])
    assert sorted(visible) == ["tiles/0000-0002.ppm", "tiles/0001-0000.ppm", "tiles/0001-0001.ppm"]


GOOD_TILE = next(iter(dict(picture_tiles.tiles(Image.new("RGB", (2, 2)), SEED)).values()))


@pytest.mark.parametrize(
    "data",
    [
        GOOD_TILE + b"x",  # something behind the pixels
        GOOD_TILE[:-1],  # pixels missing
        GOOD_TILE.replace(b"# rature-salt", b"# other-salt"),  # no salt
        GOOD_TILE.replace(b"2 2\n", b"2 40\n"),  # taller than a tile
        b"P6\n2 2\n255\n" + b"\x00" * 12,  # a PPM without a salt
    ],
)
def test_a_tile_of_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(ProofInvalid, match="tile"):
        picture_tiles.check_tile("tiles/0000-0000.ppm", data)
