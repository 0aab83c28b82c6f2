"""Original pictures as the page reads them: the same pixels as the service's, or none."""

import io
import os
import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archiver.domain.capture import FileEntry, Manifest
from archiver.domain.digest import sha256_hex
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence.picture import open_picture
from archiver.evidence.picture_tiles import tile_list
from archiver.evidence.salted import split_picture
from archiver.evidence.statement import CaptureFile, Statement, capture_statement
from archiver.evidence.statement_text import parse_statement, render_statement
from tests.unit.browser.page_verifier import Job, check_all, told
from tests.unit.evidence.house import capture_source, open_house, payload_of
from tests.unit.evidence.verifiers import ours, pack

SIZE = (70, 40)
LIST, ORIGINAL = "screenshot/TILES.sha256", "screenshot/original.png"


def pixels(mode: str) -> Image.Image:
    """Noise below, a gradient above: every filter of PNG rows is worth using somewhere."""
    noise = Image.frombytes("RGBA", SIZE, os.urandom(SIZE[0] * SIZE[1] * 4))
    slope = Image.linear_gradient("L").resize(SIZE).convert("RGBA")
    slope.paste(noise.crop((0, 20, *SIZE)), (0, 20))
    return slope.convert(mode)


def png(mode: str, **options: Any) -> bytes:
    return saved(pixels(mode), "PNG", **options)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


COMPARED = {
    "RGB": png("RGB"),
    "RGB, one row packed like the other": png("RGB", compress_level=0),
    "RGB, one colour transparent": png("RGB", transparency=(0, 0, 0)),
    "RGB with alpha": png("RGBA"),
    "grey": png("L"),
    "grey, one shade transparent": png("L", transparency=7),
    "grey with alpha": png("LA"),
    "256 colours": png("P"),
    "256 colours, some transparent": png("P", transparency=bytes(range(256))),
}
NOT_COMPARED = {
    "two colours": png("1"),
    "JPEG": saved(pixels("RGB"), "JPEG"),
    "WebP": saved(pixels("RGB"), "WEBP"),
}
TYPES = {"JPEG": "jpeg", "WebP": "webp"}


def statement(name: str, data: bytes) -> Statement:
    file = EvidenceFile("post", f"image/{TYPES.get(name, 'png')}", data)
    entry = FileEntry(
        name=file.name, media_type=file.media_type, size=len(data), sha256=sha256_hex(data)
    )
    source = capture_source()
    manifest = Manifest.model_validate({**source.manifest.model_dump(), "files": [entry]})
    files = [CaptureFile("screenshot", file)]
    return capture_statement(capture_source(manifest=manifest, files=files), os.urandom)


def with_list(made: Statement, tiles: bytes) -> Statement:
    """The statement that somebody logs who lists other tiles than those of the picture."""
    digests = parse_statement(made.text) | {LIST: sha256_hex(tiles)}
    return Statement(render_statement(digests), {**made.files, LIST: tiles})


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("pictures")
    house = open_house(folder / "authority", others=2)
    made: dict[str, Path] = {}

    def add(name: str, one: Statement) -> None:
        bundle = house.bundle(house.entry("capture", one, house.log(one)))
        made[name] = pack(folder / f"{len(made)}.zip", payload_of(bundle))

    for name, data in (COMPARED | NOT_COMPARED).items():
        add(name, statement(name, data))
    for name, data in COMPARED.items():
        sound = statement(name, data)
        original, seed = split_picture(sound.files[ORIGINAL])
        picture = open_picture(original)
        place = random.randrange(SIZE[0]), random.randrange(SIZE[1])
        red, *others = picture.getpixel(place)  # type: ignore[misc]
        picture.putpixel(place, (red ^ 1, *others))
        add(f"{name}, another pixel", with_list(sound, tile_list(picture, seed)))
    results = check_all([Job(path) for path in made.values()])
    return dict(zip(made, zip(made.values(), results, strict=True), strict=True))


@pytest.mark.parametrize("name", COMPARED)
def test_the_pixels_are_those_of_the_service(
    answers: dict[str, tuple[Path, dict[str, Any]]], name: str
) -> None:
    path, result = answers[name]
    assert (ours(path), told(result), result["not_compared"]) == (None, None, [])
    path, result = answers[f"{name}, another pixel"]
    refused = f"{LIST}: not the list of the original picture's tiles"
    assert (ours(path), told(result)) == (refused, refused)


@pytest.mark.parametrize("name", NOT_COMPARED)
def test_what_a_browser_cannot_decode_exactly_is_said_to_be_not_compared(
    answers: dict[str, tuple[Path, dict[str, Any]]], name: str
) -> None:
    path, result = answers[name]
    assert (ours(path), told(result), result["not_compared"]) == (None, None, [LIST])
