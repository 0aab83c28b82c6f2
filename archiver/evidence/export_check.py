"""Checks the files that were made for a bundle: exhibit and masked pictures.

The last export's statement has their hashes. A masked picture is also put together again from the
tiles that are there: it shows nothing that they do not prove, and none of them was left out.
"""

import hashlib
import struct
from collections.abc import Iterator, Mapping

from PIL import Image

from archiver.domain.errors import InvalidPicture, ProofInvalid
from archiver.evidence import layout
from archiver.evidence.bundle_zip import ZipReader
from archiver.evidence.exhibit import check_signature
from archiver.evidence.export_record import EXHIBIT, EXPORT_FILE, MASKED_NAME
from archiver.evidence.links_check import Said
from archiver.evidence.masked import assemble, shown_digest
from archiver.evidence.picture import open_picture
from archiver.evidence.picture_check import Picture
from archiver.evidence.picture_tiles import LIST_NAME, SIDE, TILE_FORM, tile_columns, tile_name
from archiver.evidence.record_parts import RECORD
from archiver.evidence.report import Check, ExhibitSigned, MaskedPicture, Report
from archiver.evidence.salted import split_picture

_CHUNKS = {b"IHDR", b"IDAT", b"tEXt", b"IEND"}
_PNG_HEAD = 8
_RGB_8 = bytes([8, 2])


class ExportCheck:
    """The check of the last export's files. `listed` are the hashes by path of its statement,
    `pictures` those of all records by folder."""

    def __init__(
        self,
        reader: ZipReader,
        listed: Mapping[str, str],
        pictures: Mapping[str, Picture],
        report: Report,
    ) -> None:
        self._reader = reader
        self._listed = {path: digest for path, digest in listed.items() if path != RECORD}
        self._pictures = pictures
        self._report = report

    def run(self, record: Said) -> set[str]:
        """Gives the paths in the ZIP that it accounts for.

        Raises:
            ProofInvalid: names the first file that fails.
        """
        for path, digest in self._listed.items():
            if not EXPORT_FILE.fullmatch(path):
                raise ProofInvalid(record.subject, f"an export has no file {path}")
            if hashlib.sha256(self._reader.read(layout.DATA + path)).hexdigest() != digest:
                raise ProofInvalid(path, "its hash is not the one in the export's statement")
            self._report.held(path, "it was made for this bundle")
        self._check_exhibit()
        self._check_shown(record)
        return {layout.DATA + path for path in self._listed}

    def _check_exhibit(self) -> None:
        """Notes who signed the exhibit. That it is the one of this bundle is proven already, and
        not every service can make a signed one: so what its signature lacks is told, no failure."""
        if EXHIBIT not in self._listed:
            return
        try:
            signed = check_signature(self._reader.read(layout.DATA + EXHIBIT))
        except ProofInvalid as error:
            detail = f"the signature inside it does not hold: {error.reason}"
            self._report.checks.append(Check(subject=EXHIBIT, outcome="differs", detail=detail))
            return
        self._report.held(EXHIBIT, "the signature and the time stamps inside it hold")
        self._report.exhibit = ExhibitSigned(
            signer=signed.signer,
            certificate_sha256=signed.certificate_sha256,
            signed_at=signed.signed_at,
            stamped_at=signed.stamped_at,
        )

    def _check_shown(self, record: Said) -> None:
        """The export says of each masked picture, and of no other, which tiles are shown."""
        shown = record.value.get("tiles", {})
        masked = {
            path.removesuffix(f"/{MASKED_NAME}")
            for path in self._listed
            if path.endswith(f"/{MASKED_NAME}")
        }
        if not isinstance(shown, dict) or shown.keys() != masked:
            raise ProofInvalid(record.subject, "its tiles are not those of its masked pictures")
        for folder, picture in self._pictures.items():
            if picture.present and folder not in shown:
                raise ProofInvalid(f"{folder}/{LIST_NAME}", "tiles of a picture that is not masked")
        for folder, digest in shown.items():
            self._check_picture(folder, digest)

    def _check_picture(self, folder: str, digest: object) -> None:
        picture = self._pictures.get(folder)
        if picture is None:
            raise ProofInvalid(f"{folder}/{LIST_NAME}", "the list of a masked picture's tiles")
        tile_list = self._reader.read(f"{layout.DATA}{folder}/{LIST_NAME}")
        if shown_digest(tile_list, picture.present) != digest:
            raise ProofInvalid(
                f"{folder}/{LIST_NAME}", "other tiles are there than the export shows"
            )
        self._compare(picture, f"{folder}/{MASKED_NAME}")

    def _compare(self, picture: Picture, path: str) -> None:
        """The masked picture has the pixels of its tiles, and nothing else in it."""
        shown = _open_plain(path, self._reader.read(layout.DATA + path))
        columns = tile_columns(shown)
        rows = -(-shown.height // SIDE)
        if picture.listed.keys() != {tile_name(n, columns) for n in range(rows * columns)}:
            raise ProofInvalid(path, "it has another size than the picture whose tiles are listed")
        tiles = {
            name: self._reader.read(f"{layout.DATA}{picture.folder}/{name}")
            for name in sorted(picture.present)
        }
        for number in range(rows * columns):
            name = tile_name(number, columns)
            if name in tiles and _tile_size(tiles[name]) != _place_size(shown, number, columns):
                raise ProofInvalid(
                    f"{picture.folder}/{name}", "a tile that does not fill its place"
                )
        if assemble(shown.size, tiles).tobytes() != shown.tobytes():
            raise ProofInvalid(path, "it shows other pixels than its tiles")
        self._report.held(path, "put together again from its tiles, it is the same")


def masked_pictures(pictures: Mapping[str, Picture]) -> list[MaskedPicture]:
    """How much of each picture with tiles is shown."""
    return [
        MaskedPicture(
            picture=folder,
            visible=len(picture.present),
            hidden=len(picture.listed) - len(picture.present),
        )
        for folder, picture in sorted(pictures.items())
        if picture.present
    ]


def _open_plain(path: str, data: bytes) -> Image.Image:
    """Decodes an RGB PNG that has nothing but pixels and a salt in it."""
    kinds = list(_chunks(path, data))
    if data[24:26] != _RGB_8 or set(kinds) != _CHUNKS or kinds.count(b"tEXt") != 1:
        raise ProofInvalid(path, "not a plain PNG: only pixels and a salt belong in it")
    try:
        return open_picture(split_picture(data)[0])
    except (InvalidPicture, ProofInvalid) as error:
        raise ProofInvalid(path, str(error)) from error


def _chunks(path: str, data: bytes) -> Iterator[bytes]:
    """The types of a PNG's chunks (PNG specification, section 5.3)."""
    at = _PNG_HEAD
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8]
        at += 12 + length
    if at != len(data):
        raise ProofInvalid(path, "the PNG does not end where it says")


def _tile_size(tile: bytes) -> tuple[int, int]:
    match = TILE_FORM.match(tile)
    return (int(match[2]), int(match[3])) if match else (0, 0)


def _place_size(picture: Image.Image, number: int, columns: int) -> tuple[int, int]:
    row, column = divmod(number, columns)
    return min(SIDE, picture.width - column * SIDE), min(SIDE, picture.height - row * SIDE)
