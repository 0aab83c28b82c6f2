"""A picture that was masked before it was sent, and its original that stays with its owner."""

import io
import os

import pytest
from PIL import Image

from archiver.domain.errors import InvalidInput, ProofInvalid
from archiver.evidence.kept_original import (
    Commitment,
    check_commitment,
    original_list,
    shown_as_sent,
)
from archiver.evidence.picture_tiles import tile_columns, tile_list, tile_name, tile_salt
from archiver.evidence.salted import SEED_BYTES, salted_picture

SEED = bytes(range(SEED_BYTES))
HIDDEN = (0, 5)
"""The first tile, and the narrow one at the end of the second row: 70 x 50 pixels have 3 x 2."""


def picture() -> Image.Image:
    return Image.effect_noise((70, 50), 60).convert("RGB")


def masked(original: Image.Image, hidden: tuple[int, ...] = HIDDEN) -> Image.Image:
    copy = original.copy()
    for number in hidden:
        row, column = divmod(number, tile_columns(original))
        box = (column * 32, row * 32, min(70, column * 32 + 32), min(50, row * 32 + 32))
        copy.paste((128, 128, 128), box)
    return copy


def commitment(original: Image.Image, hidden: tuple[int, ...] = HIDDEN) -> Commitment:
    shown = [number for number in range(6) if number not in hidden]
    salts = "".join(
        f"{tile_salt(SEED, number).hex()}  {tile_name(number, 3)}\n" for number in shown
    )
    return Commitment("screenshot", tile_list(original, SEED), salts.encode())


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_a_masked_picture_fits_what_it_commits_to() -> None:
    original = picture()
    check_commitment(commitment(original), masked(original), len(HIDDEN))


@pytest.mark.parametrize(
    ("shown", "said", "hidden", "told"),
    [
        # the mask was forgotten: what must be hidden is sent
        ((5,), HIDDEN, 2, "not grey"),
        # a tile whose salt is given away shows something else
        ((0, 1, 5), HIDDEN, 2, "not the tile in the list"),
        # fewer tiles are hidden than the manifest says
        (HIDDEN, HIDDEN, 3, "a picture of this size"),
    ],
)
def test_what_does_not_fit_is_refused(
    shown: tuple[int, ...], said: tuple[int, ...], hidden: int, told: str
) -> None:
    original = picture()
    with pytest.raises(InvalidInput, match=told):
        check_commitment(commitment(original, said), masked(original, shown), hidden)


@pytest.mark.parametrize(
    ("tiles", "salts"),
    [
        (b"", b""),  # no list
        (tile_list(Image.new("RGB", (70, 82)), SEED), b""),  # of a taller picture
        (tile_list(Image.new("RGB", (38, 50)), SEED), b""),  # of a narrower one
        (tile_list(Image.new("RGB", (70, 50), (128, 128, 128)), SEED), b"abc  tiles/x.ppm\n"),
        (tile_list(Image.new("RGB", (70, 50)), SEED), "é".encode()),
    ],
)
def test_lists_of_another_form_are_refused(tiles: bytes, salts: bytes) -> None:
    grey = Image.new("RGB", (70, 50), (128, 128, 128))
    with pytest.raises(InvalidInput, match="masked screenshot"):
        check_commitment(Commitment("screenshot", tiles, salts), grey, 6)


def test_the_statement_has_the_very_list_and_the_salts_of_the_shown_tiles_alone() -> None:
    made = commitment(picture())
    listed, salts = (part.make(os.urandom(part.salt_bytes)) for part in made.parts())
    assert list(listed) == [("kept/screenshot/TILES.sha256", made.tiles)]
    ((path, data),) = salts
    assert path == "kept/screenshot/salts.json"
    told = [tile_salt(SEED, number).hex().encode() in data for number in range(6)]
    assert told == [False, True, True, True, True, False]


def test_the_owner_proves_the_original_and_how_much_of_it_was_hidden() -> None:
    original = picture()
    kept = salted_picture(png(original), SEED)
    assert original_list(kept, "original.png") == commitment(original).tiles
    sent = salted_picture(png(masked(original)), os.urandom(SEED_BYTES))
    assert shown_as_sent(kept, sent, "original.png") == len(HIDDEN)


def test_a_masked_picture_that_shows_something_else_proves_nothing() -> None:
    original, other = picture(), picture()
    kept = salted_picture(png(original), SEED)
    sent = salted_picture(png(masked(other)), SEED)
    with pytest.raises(ProofInvalid, match="shows another"):
        shown_as_sent(kept, sent, "original.png")


def test_an_original_without_its_salt_is_none() -> None:
    with pytest.raises(ProofInvalid, match="no salt"):
        original_list(png(picture()), "original.png")
