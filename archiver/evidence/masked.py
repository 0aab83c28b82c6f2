"""Masked records: an allow-list. What the owner did not choose to show is left out.

Of a picture the tiles that no box touches are shown, and a picture made of them in which the hidden
ones are grey; of the fields those that were named. Originals, page sources, recordings, attachments
and the contributor's own manifest never go along: they hold what the boxes hide.
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image

from archiver.domain.errors import InvalidInput
from archiver.domain.mask import MaskPlan
from archiver.evidence import layout, picture_tiles
from archiver.evidence.export_record import MASKED_NAME
from archiver.evidence.kept_original import FOLDER
from archiver.evidence.picture import open_picture
from archiver.evidence.salted import SEED_BYTES, salted_picture, split_picture
from archiver.evidence.statement import Statement
from archiver.evidence.statement_text import LINE

GREY = (128, 128, 128)
NEVER_SHOWN = frozenset({"seen", "siblings", "skeleton"})
"""Fields with other people's posts in them: no masked bundle has them."""
ORIGINALS = ("original.png", "original.jpg", "original.webp")
KEPT_LIST = re.compile(rf"{FOLDER}[a-z_]+/{picture_tiles.LIST_NAME}")
Box = tuple[int, int, int, int]
Random = Callable[[int], bytes]


@dataclass(frozen=True)
class MaskedEntry:
    """What of a record is disclosed. `statement` has only the files that are; `tiles` and
    `flattened` (PNG) are by path within the record, `shown` says for each picture folder which
    tiles are there (see `shown_digest`)."""

    statement: Statement
    tiles: dict[str, bytes] = field(default_factory=dict)
    flattened: dict[str, bytes] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)


def mask_entry(statement: Statement, plan: MaskPlan, leaf: int, random: Random) -> MaskedEntry:
    """Reduces the record with that leaf index, all of its files at hand, to what the plan shows.

    Raises:
        InvalidInput: the plan names a picture or field that the record has not, a field that is
            never shown, or a box that covers nothing.
    """
    kept = {name: data for name, data in statement.files.items() if is_always_shown(name)}
    for path in _of_leaf(plan.show, leaf):
        if path not in statement.files or _field_name(path) in NEVER_SHOWN:
            raise InvalidInput(f"record {leaf} has no {path} that can be shown", field="show")
        kept[path] = statement.files[path]
    tiles: dict[str, bytes] = {}
    flattened: dict[str, bytes] = {}
    shown: dict[str, str] = {}
    for folder in _of_leaf(plan.pictures, leaf):
        listed = kept[f"{folder}/{picture_tiles.LIST_NAME}"] = _list(statement, folder, leaf)
        visible, png = _mask_picture(statement, folder, plan.pictures[f"{leaf}/{folder}"], random)
        tiles |= {f"{folder}/{name}": data for name, data in visible.items()}
        flattened[f"{folder}/{MASKED_NAME}"] = png
        shown[folder] = shown_digest(listed, visible)
    return MaskedEntry(Statement(statement.text, kept), tiles, flattened, shown)


def is_always_shown(path: str) -> bool:
    """Content files, and what commits to originals that their owner kept: salted hashes alone."""
    return path in layout.CONTENT_FILES or KEPT_LIST.fullmatch(path) is not None


def export_files(
    main: int, kinds: Mapping[int, str], masked: Mapping[int, MaskedEntry]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The masked pictures of a bundle by their path below `data/`, and the `tiles` of its export
    record. `kinds` and `masked` are by leaf index."""
    files: dict[str, bytes] = {}
    tiles: dict[str, str] = {}
    for leaf, entry in sorted(masked.items()):
        folder = "" if leaf == main else layout.record_folder(leaf, kinds[leaf])
        files |= {folder + path: data for path, data in entry.flattened.items()}
        tiles |= {folder + path: digest for path, digest in entry.shown.items()}
    return files, tiles


def shown_digest(tile_list: bytes, names: Iterable[str]) -> str:
    """SHA-256 (hex) of those lines of a TILES.sha256 whose tiles are shown: it says which ones
    are, so that none can be left out or put in later."""
    shown = set(names)
    lines = [line for line in tile_list.decode("ascii").splitlines(keepends=True)
             if (match := LINE.fullmatch(line)) and match[2] in shown]  # fmt: skip
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def assemble(size: tuple[int, int], tiles: Mapping[str, bytes]) -> Image.Image:
    """The picture of that size (width, height) that the tiles (PPM by name, already checked) make
    on grey."""
    canvas = Image.new("RGB", size, GREY)
    for name, data in tiles.items():
        row, column = (int(part) for part in name[-len("0000-0000.ppm") : -len(".ppm")].split("-"))
        with Image.open(io.BytesIO(data), formats=["PPM"]) as tile:
            canvas.paste(tile, (column * picture_tiles.SIDE, row * picture_tiles.SIDE))
    return canvas


def check_allow_list(paths: Iterable[str], plan: MaskPlan, folder: str, leaf: int) -> None:
    """Checks the final list of one record's files (paths below `data/`; `folder` is the record's,
    `""` for the main one) against the plan.

    Raises:
        InvalidInput: a file that nobody chose to show.
    """
    for path in paths:
        if not path.startswith(folder) or not _may_show(path[len(folder) :], plan, leaf):
            raise InvalidInput(f"a masked bundle must not contain {path}", field="records")


_TILE = re.compile(
    rf"(?P<folder>.+)/{picture_tiles.FOLDER}/(?P<row>[0-9]+)-(?P<column>[0-9]+)\.ppm"
)


def _may_show(inside: str, plan: MaskPlan, leaf: int) -> bool:
    if is_always_shown(inside) or layout.PROVING.fullmatch(inside):
        return True
    if inside.startswith("fields/"):
        return f"{leaf}/{inside}" in plan.show and _field_name(inside) not in NEVER_SHOWN
    if tile := _TILE.fullmatch(inside):
        boxes = plan.pictures.get(f"{leaf}/{tile['folder']}")
        return boxes is not None and not _covered(int(tile["row"]), int(tile["column"]), boxes)
    place, _, name = inside.rpartition("/")
    return name == picture_tiles.LIST_NAME and f"{leaf}/{place}" in plan.pictures


def _covered(row: int, column: int, boxes: Sequence[Box]) -> bool:
    side = picture_tiles.SIDE
    return any(
        left // side <= column < -(-right // side) and top // side <= row < -(-bottom // side)
        for left, top, right, bottom in boxes
    )


def _of_leaf(keys: Iterable[str], leaf: int) -> list[str]:
    """The keys of that record, without its number."""
    start = f"{leaf}/"
    return sorted(key[len(start) :] for key in keys if key.startswith(start))


def _field_name(path: str) -> str:
    return path.removeprefix("fields/").removesuffix(".json")


def _list(statement: Statement, folder: str, leaf: int) -> bytes:
    listed = statement.files.get(f"{folder}/{picture_tiles.LIST_NAME}")
    if listed is None:
        raise InvalidInput(f"record {leaf} has no picture {folder}", field="pictures")
    return listed


def _mask_picture(
    statement: Statement, folder: str, boxes: Sequence[Box], random: Random
) -> tuple[dict[str, bytes], bytes]:
    """The visible tiles by name, and the picture made of them."""
    original = next(
        (statement.files[name] for name in (f"{folder}/{own}" for own in ORIGINALS)
         if name in statement.files), None
    )  # fmt: skip
    if original is None:
        raise InvalidInput(f"the original of {folder} is not at hand", field="pictures")
    uploaded, seed = split_picture(original)
    picture = open_picture(uploaded)
    for left, top, right, bottom in boxes:
        if not (0 <= left < min(right, picture.width) and 0 <= top < min(bottom, picture.height)):
            raise InvalidInput(f"a box on {folder} covers none of its pixels", field="pictures")
    visible = picture_tiles.visible_tiles(picture, seed, boxes)
    return visible, _flatten(picture.size, visible, random)


def _flatten(size: tuple[int, int], visible: Mapping[str, bytes], random: Random) -> bytes:
    """A PNG made of the visible tiles alone, with a salt of its own and no other metadata."""
    buffer = io.BytesIO()
    assemble(size, visible).save(buffer, "PNG")
    return salted_picture(buffer.getvalue(), random(SEED_BYTES))
