"""What a forger may do to bundles that an export closes: whole, of a watched post, masked."""

import io
import os

from PIL import Image

from archiver.evidence.picture import open_picture
from archiver.evidence.picture_tiles import SEED_BYTES, tiles
from archiver.evidence.salted import salted_picture, split_picture
from tests.unit.evidence.alterations import (
    Alter,
    Files,
    add,
    both,
    change_json,
    copy,
    drop_line,
    flip,
    move,
    put,
    refit,
    relist,
    remove,
    replace,
    swap,
)


def top_line(number: int, old: str, new: str) -> Alter:
    """Changes a line of the observations at the top."""

    def alter(files: Files) -> None:
        lines = files["observations.jsonl"].splitlines(keepends=True)
        assert old.encode() in lines[number]
        lines[number] = lines[number].replace(old.encode(), new.encode())
        files["observations.jsonl"] = b"".join(lines)

    return alter


def tiles_of(files: Files) -> list[tuple[str, bytes]]:
    """All tiles of the capture's picture."""
    original, seed = split_picture(files["screenshot/original.png"])
    return list(tiles(open_picture(original), seed))


def painted(masked: bytes, place: tuple[int, int]) -> bytes:
    """The picture with one other pixel, as well made as before."""
    picture = open_picture(masked)
    red, green, blue = picture.getpixel(place)  # type: ignore[misc]
    picture.putpixel(place, (red ^ 1, green, blue))
    return plain_png(picture)


def plain_png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return salted_picture(buffer.getvalue(), os.urandom(SEED_BYTES))


def refit_export(folder: str, path: str, files: Files) -> None:
    """Makes the export's statement fit a file that stands elsewhere."""
    made = {
        folder + path: files[path],
        f"{folder}STATEMENT.sha256": files[f"{folder}STATEMENT.sha256"],
    }
    refit(folder, path, files[path])(made)
    files[f"{folder}STATEMENT.sha256"] = made[f"{folder}STATEMENT.sha256"]


def unlist_export(folder: str, path: str, files: Files) -> None:
    lines = files[f"{folder}STATEMENT.sha256"].splitlines(keepends=True)
    kept = [line for line in lines if not line.endswith(f"  {path}\n".encode())]
    assert len(kept) == len(lines) - 1
    files[f"{folder}STATEMENT.sha256"] = b"".join(kept)


def refit_tile(files: Files, name: str) -> None:
    made = {
        f"screenshot/{name}": files[f"screenshot/{name}"],
        "screenshot/STATEMENT.sha256": files["screenshot/TILES.sha256"],
    }
    refit("screenshot/", name, files[f"screenshot/{name}"])(made)
    files["screenshot/TILES.sha256"] = made["screenshot/STATEMENT.sha256"]


CAPTURE: dict[str, Alter] = {
    # 6 capture, 7 custody, 8 export
    "the record of custody is dropped": remove("records/7-custody/"),
    "the export is dropped, the exhibit stays": remove("records/8-export/"),
    "the export and the exhibit are dropped": remove("records/8-export/", "report.pdf"),
    "the export, the exhibit and custody are dropped": remove(
        "records/8-export/", "report.pdf", "records/7-custody/"
    ),
    "the exhibit is dropped": remove("report.pdf"),
    "another exhibit": put("report.pdf", b"%PDF-1.7\nall is well\n%%EOF\n"),
    "the exhibit and the export's statement": both(
        flip("report.pdf", 30),
        lambda files: refit_export("records/8-export/", "report.pdf", files),
    ),
    "the exhibit stands in the export's folder": move("report.pdf", "records/8-export/report.pdf"),
    "the exhibit stands there too": copy("report.pdf", "records/8-export/report.pdf"),
    "a second exhibit": copy("report.pdf", "report2.pdf"),
    "a masked picture that no export made": copy(
        "screenshot/original.png", "screenshot/masked.png"
    ),
    "a tile of a picture that is not masked": lambda files: files.update(
        {f"screenshot/{name}": data for name, data in list(tiles_of(files))[:1]}
    ),
}

WATCH: dict[str, Alter] = {
    # 6 capture, 7 visit with looks 8 and 9, 10 custody, 11 verdict, 12 export before, 13 visit and
    # 14 look (erased), 15 visit with looks 16 (failed) and 17, 18 look of visit 13, 19 notice,
    # 20 verdict, 21 erasure, 22 export
    "the record of custody is dropped": remove("records/10-custody/"),
    "the earlier verdict is dropped": remove("records/11-verdict/"),
    "the earlier export is dropped": remove("records/12-export/"),
    "the last verdict is dropped, the earlier one at the top": both(
        remove("records/20-verdict/"), copy("records/11-verdict/record.json", "verdict.json")
    ),
    "the export is dropped": remove("records/22-export/", "report.pdf"),
    "the export is dropped, the earlier one has the exhibit": remove("records/22-export/"),
    "both exports and the exhibit are dropped": remove(
        "records/12-export/", "records/22-export/", "report.pdf"
    ),
    "the earlier export in the place of the last": both(
        remove("records/22-export/"), move("records/12-export/", "records/22-export/")
    ),
    "the earlier export's record in the last one's": copy(
        "records/12-export/record.json", "records/22-export/record.json"
    ),
    "the export does not name a dropped record": both(
        remove("records/10-custody/"),
        change_json("records/22-export/record.json", records=[7, 8, 9, 11, 12, *range(15, 22)]),
        relist("records/22-export/", "record.json"),
    ),
    "the export is around another record": change_json("records/22-export/record.json", main=8),
    "a visit is dropped": remove("records/15-visit/"),
    "a visit is dropped, the other one in its place": both(
        remove("records/15-visit/"), move("records/7-visit/", "records/15-visit/")
    ),
    "a visit's page": replace("records/7-visit/page.html", "<html>", "<HTML>"),
    "a visit's page is another visit's": copy(
        "records/15-visit/page.html", "records/7-visit/page.html"
    ),
    "a visit's address": replace("records/7-visit/fields/url.json", "wall.", "well."),
    "a pixel of a visit's page": flip("records/7-visit/page/original.png", 120),
    "a picture of a look is that of another": both(
        swap("records/8-observation/post/original.png", "records/9-observation/post/original.png"),
        swap("records/8-observation/post/TILES.sha256", "records/9-observation/post/TILES.sha256"),
    ),
    "a look of another visit": both(
        replace("records/9-observation/record.json", '"visit":7', '"visit":15'),
        top_line(1, '"visit":7', '"visit":15'),
    ),
    "a look without its visit": both(
        replace("records/9-observation/record.json", ',"visit":7', ""),
        top_line(1, ',"visit":7', ""),
    ),
    "a look is dropped": both(remove("records/9-observation/"), drop_line("observations.jsonl", 1)),
    "a failed look is dropped": both(
        remove("records/16-observation/"), drop_line("observations.jsonl", 2)
    ),
    "a notice is dropped": both(remove("records/19-notice/"), drop_line("observations.jsonl", 5)),
    "the looks' order at the top": lambda files: put(
        "observations.jsonl", b"".join(reversed(files["observations.jsonl"].splitlines(True)))
    )(files),
    "the erasure is dropped": remove("records/21-erasure/"),
    "the erasure names another record": both(
        change_json("records/21-erasure/record.json", leaves=[13, 14, 16]),
        remove("records/16-observation/"),
        drop_line("observations.jsonl", 2),
    ),
    "the erasure names another record, and the statement fits": both(
        change_json("records/21-erasure/record.json", leaves=[13, 14, 16]),
        relist("records/21-erasure/", "record.json"),
        remove("records/16-observation/"),
        drop_line("observations.jsonl", 2),
    ),
    "an erasure is invented": both(
        move("records/10-custody/", "records/10-erasure/"),
        put("records/10-erasure/record.json", b'{"kind":"erasure","leaves":[9],"salt":"00"}'),
        relist("records/10-erasure/", "record.json"),
    ),
    "custody becomes an erasure": move("records/10-custody/", "records/10-erasure/"),
    "what custody says": replace("records/10-custody/record.json", "received", "replaced"),
    "a verdict": both(
        replace("records/20-verdict/record.json", "removed", "visible"),
        replace("verdict.json", "removed", "visible"),
    ),
    "a verdict drawn from less": both(
        change_json("records/20-verdict/record.json", basis=[8, 9]),
        change_json("verdict.json", basis=[8, 9]),
    ),
    "two records in each other's place": both(
        move("records/8-observation/", "aside/"),
        move("records/9-observation/", "records/8-observation/"),
        move("aside/", "records/9-observation/"),
    ),
    "a record in another bundle's folder": move("records/19-notice/", "records/219-notice/"),
    "a folder with a zero before its number": move(
        "records/8-observation/", "records/08-observation/"
    ),
    "a word of the post": replace("fields/text.json", "huit", "deux"),
    "the exhibit": flip("report.pdf", 40),
    "a file in a record's folder": add("records/10-custody/note.txt"),
    "a file of a record in another's folder": copy(
        "fields/text.json", "records/8-observation/fields/text.json"
    ),
}

LEFT, PAGE = "screenshot/tiles/0000-0001.ppm", "records/7-visit/page/tiles/0000-0001.ppm"
OWN, VISIT = "screenshot/masked.png", "records/7-visit/page/masked.png"
EXPORT = "records/10-export/"
MASKED: dict[str, Alter] = {
    # 6 capture (70 x 40, tiles of the first column hidden), 7 visit (66 x 70, first row shown),
    # 8 look, 9 verdict, 10 export
    "a pixel of a tile": flip(LEFT),
    "the salt of a tile": replace(LEFT, "rature-salt ", "rature-salt f"),
    "the size of a tile": replace(LEFT, "32 32", "16 64"),
    "two tiles in each other's place": swap(LEFT, "screenshot/tiles/0000-0002.ppm"),
    "a tile of another picture": copy(PAGE, LEFT),
    "a visible tile is left out": remove(LEFT),
    "all visible tiles of a picture are left out": remove("records/7-visit/page/tiles/"),
    "a visible tile is left out, and its line": both(
        remove(LEFT), drop_line("screenshot/TILES.sha256", 1)
    ),
    "a tile for a hidden place": copy(LEFT, "screenshot/tiles/0000-0000.ppm"),
    "a tile for a hidden place, and its line": both(
        copy(LEFT, "screenshot/tiles/0000-0000.ppm"),
        lambda files: refit_tile(files, "tiles/0000-0000.ppm"),
    ),
    "a tile that no list names": copy(LEFT, "screenshot/tiles/0009-0009.ppm"),
    "a tile by another name": move(LEFT, "screenshot/tiles/0000-0001.pnm"),
    "the list of tiles": flip("screenshot/TILES.sha256", 0),
    "the list of another picture's tiles": copy(
        "records/7-visit/page/TILES.sha256", "screenshot/TILES.sha256"
    ),
    "no list of tiles": remove("screenshot/TILES.sha256"),
    "the masked picture's salt": replace(OWN, "rature-salt\0", "rature-salt\1"),
    "a pixel of the masked picture": put(OWN, lambda files: painted(files[OWN], (40, 3))),
    "a pixel that is hidden in the masked picture": put(
        OWN, lambda files: painted(files[OWN], (3, 3))
    ),
    "the masked picture of another": copy(VISIT, OWN),
    "the masked picture is left out": remove(OWN),
    "the masked picture and its tiles are left out": both(
        remove(OWN), remove("screenshot/tiles/")
    ),
    "a pixel of the masked picture, and the export's statement": both(
        put(OWN, lambda files: painted(files[OWN], (40, 3))),
        lambda files: refit_export(EXPORT, OWN, files),
    ),
    "the masked picture is in no statement": both(
        remove(OWN), lambda files: unlist_export(EXPORT, OWN, files)
    ),
    "the export says that other tiles are shown": both(
        remove(LEFT),
        change_json(f"{EXPORT}record.json", tiles={}),
        relist(EXPORT, "record.json"),
    ),
    "the export is not masked": change_json(f"{EXPORT}record.json", masked=False),
    "a field that is shown": replace("fields/text.json", "huit", "neuf"),
    "a guess at a field that is hidden": add(
        "fields/author.json", b'{"name":"author","salt":"00","value":"Jean"}'
    ),
    "a guess at the whole picture": lambda files: add(
        "screenshot/original.png", files[OWN]
    )(files),
    "the content credentials": flip("c2pa/screenshot.png", 60),
    "no content credentials": remove("c2pa/screenshot.png"),
    "more content credentials": copy("c2pa/screenshot.png", "c2pa/page.png"),
    "the export and all that was made for it are dropped": remove(
        EXPORT, OWN, VISIT, "report.pdf", "c2pa/"
    ),
    "the exhibit": flip("report.pdf", 40),
}  # fmt: skip
