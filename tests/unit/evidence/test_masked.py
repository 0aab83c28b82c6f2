"""Masked records: what is shown, what is never shown, and lies of the operator himself."""

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from archiver.domain.errors import InvalidInput, ProofInvalid
from archiver.domain.mask import MaskPlan
from archiver.evidence.bundle import BundleEntry, BundleInput, write_bundle
from archiver.evidence.export_record import export_source
from archiver.evidence.masked import MaskedEntry, mask_entry
from archiver.evidence.picture import open_picture
from archiver.evidence.salted import split_picture
from archiver.evidence.statement import Statement, capture_statement, plan
from tests.unit.evidence.house import (
    House,
    capture_source,
    observation,
    open_house,
    picture,
    record,
)
from tests.unit.evidence.stories import Told, exported, masked_story, visit_files
from tests.unit.evidence.tamper_exports import plain_png


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(tmp_path / "authority", others=6)


@pytest.fixture
def capture() -> Statement:
    return capture_statement(capture_source(), os.urandom)


def masked(statement: Statement, **chosen: object) -> MaskedEntry:
    return mask_entry(statement, MaskPlan.model_validate(chosen), 6, os.urandom)


def test_nothing_is_shown_but_what_was_chosen(capture: Statement) -> None:
    """The picture is 70 x 40: three tiles by two. The box touches the first column alone."""
    made = masked(capture, pictures={"6/screenshot": [(0, 0, 32, 40)]}, show=["6/fields/text.json"])
    assert set(made.statement.files) == {
        "meta.json", "fields/text.json", "screenshot/TILES.sha256"
    }  # fmt: skip
    assert set(made.tiles) == {
        f"screenshot/tiles/{row:04d}-{column:04d}.ppm" for row in (0, 1) for column in (1, 2)
    }
    assert set(made.flattened) == {"screenshot/masked.png"}
    assert made.statement.text == capture.text


@pytest.mark.parametrize(
    ("box", "hidden"),
    [
        ((31, 0, 33, 1), {(0, 0), (0, 1)}),  # one pixel on either side of an edge
        ((32, 32, 33, 33), {(1, 1)}),  # one pixel hides its whole tile
        ((64, 0, 900, 900), {(0, 2), (1, 2)}),  # beyond the picture's edges
    ],
)
def test_a_hidden_box_hides_every_tile_it_touches(
    capture: Statement, box: tuple[int, ...], hidden: set[tuple[int, int]]
) -> None:
    made = masked(capture, pictures={"6/screenshot": [box]})
    everywhere = {(row, column) for row in (0, 1) for column in (0, 1, 2)}
    shown = {
        (int(name[-13:-9]), int(name[-8:-4])) for name in made.tiles
    }  # fmt: skip
    assert shown == everywhere - hidden
    flat = open_picture(made.flattened["screenshot/masked.png"])
    whole = open_picture(split_picture(capture.files["screenshot/original.png"])[0])
    for row, column in everywhere:
        area = (column * 32, row * 32, min(column * 32 + 32, 70), min(row * 32 + 32, 40))
        grey = Image.new("RGB", (area[2] - area[0], area[3] - area[1]), (128, 128, 128))
        expected = grey if (row, column) in hidden else whole.crop(area)
        assert flat.crop(area).tobytes() == expected.tobytes()


def test_the_masked_picture_has_nothing_in_it_but_pixels_and_a_fresh_salt() -> None:
    buffer = io.BytesIO()
    source = Image.open(io.BytesIO(picture(70, 40)))
    source.save(buffer, "PNG", exif=b"Exif\0\0Jean was here", dpi=(300, 300))
    whole = record("visit", {"id": "vis_0"}, [replace(visit_files()[0], data=buffer.getvalue())])
    first, second = (masked(whole, pictures={"6/page": []}).flattened for _ in range(2))
    (png,) = first.values()
    assert b"Jean" not in png
    assert b"eXIf" not in png
    seed = split_picture(whole.files["page/original.png"])[1]
    assert split_picture(png)[1] != seed
    assert first != second


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"show": ["6/fields/seen.json"]}, "can be shown"),  # other people's posts
        ({"show": ["6/fields/price.json"]}, "can be shown"),
        ({"pictures": {"6/context_screenshot": []}}, "no picture"),
        ({"pictures": {"6/screenshot": [(40, 0, 10, 64)]}}, "covers none"),  # sides swapped
        ({"pictures": {"6/screenshot": [(5, 5, 5, 5)]}}, "covers none"),
        ({"pictures": {"6/screenshot": [(70, 0, 90, 9)]}}, "covers none"),  # beside the picture
    ],
)
def test_a_plan_that_does_not_fit_is_refused(
    capture: Statement, chosen: dict[str, object], told: str
) -> None:
    """Other pixels than the owner meant would be shown otherwise."""
    with pytest.raises(InvalidInput, match=told):
        masked(capture, **chosen)


def test_a_look_never_shows_what_was_seen_around(house: House) -> None:
    look = record("observation", observation(1) | {"siblings": [{"author": "Marie"}]})
    assert "fields/siblings.json" in look.files
    for name in ("siblings", "seen"):
        with pytest.raises(InvalidInput, match="can be shown"):
            masked(look, show=[f"6/fields/{name}.json"])


# --- what is written is checked once more, file by file ------------------------------------------


def with_file(entry: BundleEntry, name: str, data: bytes = b"x") -> BundleEntry:
    files = {**entry.statement.files, name: data}
    return replace(entry, statement=Statement(entry.statement.text, files))


def story(house: House) -> BundleInput:
    bundle = masked_story(house)
    return replace(bundle, records=list(bundle.records))


@pytest.mark.parametrize(
    "name",
    [
        "screenshot/original.png", "snapshot.html", "contributor/manifest.json",
        "fields/author.json", "attachments/receipt.pdf.zip", "context_screenshot/TILES.sha256",
        "page.wacz", "fields/seen.json", "notes.txt", "screenshot/thumbnail.png",
    ],
)  # fmt: skip
def test_a_masked_bundle_with_more_than_was_chosen_is_not_written(house: House, name: str) -> None:
    bundle = story(house)
    with pytest.raises(InvalidInput, match=f"must not contain {name}|{name} would disclose"):
        write_bundle(io.BytesIO(), replace(bundle, main=with_file(bundle.main, name)))


def test_a_hidden_tile_is_not_written(house: House) -> None:
    bundle = story(house)
    tiles = {**bundle.main.tiles, "screenshot/tiles/0001-0000.ppm": b"P6"}
    with pytest.raises(InvalidInput, match=r"must not contain screenshot/tiles/0001-0000\.ppm"):
        write_bundle(io.BytesIO(), replace(bundle, main=replace(bundle.main, tiles=tiles)))


def test_a_record_among_the_others_is_held_to_it_too(house: House) -> None:
    bundle = story(house)
    visit, *others = bundle.records
    more = with_file(visit, "page.html")
    with pytest.raises(InvalidInput, match=r"must not contain records/7-visit/page\.html"):
        write_bundle(io.BytesIO(), replace(bundle, records=[more, *others]))


def test_a_file_that_no_export_has_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"an export has no file page\.html"):
        plan(export_source({"kind": "export"}, {"page.html": b""}), os.urandom)
    with pytest.raises(InvalidInput, match="carries no salt"):
        plan(export_source({"kind": "export"}, {"page/masked.png": picture()}), os.urandom)


# --- the operator himself logs what is not so ----------------------------------------------------


def forged(house: House, says: dict[str, object]) -> BundleInput:
    """A masked bundle of one capture whose export says this."""
    told = Told(house)
    main = told.log("capture", capture_statement(capture_source(), os.urandom))
    mask = MaskPlan(pictures={f"{main}/screenshot": [(0, 0, 32, 40)]})
    bundle = exported(told, main, mask=mask, says=says)
    assert bundle
    return bundle


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"main": 7}, "the bundle was around record 7"),
        ({"records": [3]}, "record 3 was in the bundle and is not here"),
        ({"records": [2, 1]}, "not sorted"),
        ({"records": "all"}, "no list of records"),
        ({"records": [True]}, "no list of records"),
        ({"tiles": {}}, "its tiles are not those of its masked pictures"),
        ({"tiles": {"screenshot": "0" * 64}}, "other tiles are there"),
        ({"tiles": []}, "its tiles are not"),
    ],
)
def test_an_export_that_does_not_fit_its_bundle_is_refused(
    house: House, changes: dict[str, object], told: str
) -> None:
    with pytest.raises(ProofInvalid, match=told):
        write_bundle(io.BytesIO(), forged(house, changes))


def other_pixels(png: bytes) -> bytes:
    flat = open_picture(png)
    flat.putpixel((40, 5), (1, 2, 3))
    return plain_png(flat)


def other_size(png: bytes) -> bytes:
    return plain_png(open_picture(png).crop((0, 0, 64, 40)))


def with_metadata(png: bytes) -> bytes:
    chunk = b"\x00\x00\x00\x04tEXta\x00bc" + (0).to_bytes(4, "big")
    return png[:33] + chunk + png[33:]


def grayscale(png: bytes) -> bytes:
    return plain_png(open_picture(png).convert("L"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (other_pixels, "other pixels than its tiles"),
        (other_size, "another size"),
        (with_metadata, "not a plain PNG"),
        (grayscale, "not a plain PNG"),
        (lambda png: png + b"behind", "does not end where it says"),
    ],
)
def test_a_masked_picture_is_what_its_tiles_make(
    house: House, change: Callable[[bytes], bytes], told: str
) -> None:
    told_house = Told(house)
    main = told_house.log("capture", capture_statement(capture_source(), os.urandom))
    mask = MaskPlan(pictures={f"{main}/screenshot": [(0, 0, 32, 40)]})
    bundle = exported(told_house, main, mask=mask, alter=change)
    assert bundle
    with pytest.raises(ProofInvalid, match=told):
        write_bundle(io.BytesIO(), bundle)


def test_an_erasure_must_speak_of_the_past(house: House) -> None:
    told = Told(house)
    main = told.log("capture", capture_statement(capture_source(), os.urandom))
    for leaves, wrong in (([main], "here, was erased"), ([99], "logged before"), ([], "before")):
        told.kept = {main: told.kept[main]}
        told.record("erasure", {"id": "era_0", "leaves": leaves})
        bundle = exported(told, main)
        assert bundle
        with pytest.raises(ProofInvalid, match=wrong):
            write_bundle(io.BytesIO(), bundle)


def test_files_without_an_export_are_refused(house: House) -> None:
    bundle = replace(story(house), export=None)
    with pytest.raises(InvalidInput, match="belong to no export"):
        write_bundle(io.BytesIO(), bundle)
