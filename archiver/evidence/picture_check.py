"""Checks the pictures of one record: tiles against the list, the list against the original."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archiver.domain.errors import InvalidPicture, ProofInvalid
from archiver.evidence import layout
from archiver.evidence.bundle_zip import ZipReader
from archiver.evidence.picture import open_picture
from archiver.evidence.picture_tiles import FOLDER, LIST_NAME, check_tile, tile_list
from archiver.evidence.report import Report
from archiver.evidence.salted import split_picture
from archiver.evidence.statement_text import parse_statement

ORIGINAL = re.compile(r"(.+)/original\.(?:png|jpg|webp)")


@dataclass(frozen=True)
class Picture:
    """A picture of a checked record: its tiles by the hash that is listed, and those that are
    there. `folder` is its path below `data/`."""

    folder: str
    listed: Mapping[str, str]
    present: frozenset[str]


class PictureCheck:
    """The check of the picture in one folder (a path in the ZIP with its final slash)."""

    def __init__(self, reader: ZipReader, folder: str, report: Report) -> None:
        self._reader = reader
        self._folder = folder
        self._report = report
        self._list = self._name(LIST_NAME)

    def run(self, originals: Iterable[str]) -> Picture:
        """Compares the tiles that are there with their list, and the list with the originals (names
        in the folder, as its statement lists them) that are there.

        A list that nothing is compared with is not an error: the whole picture is masked.

        Raises:
            ProofInvalid: names the first file that fails.
        """
        data = self._reader.read(self._folder + LIST_NAME)
        listed = parse_statement(data, self._list)
        for name in originals:
            if self._folder + name in self._reader.names:
                self._check_original(name, data)
        for name in listed:
            if not name.startswith(f"{FOLDER}/"):
                raise ProofInvalid(self._list, f"{name} is no tile")
        tiles = [name for name in listed if self._folder + name in self._reader.names]
        for name in tiles:
            self._check_tile(name, listed[name])
        if tiles:
            self._report.held(
                self._list, f"{len(tiles)} of {len(listed)} tiles are visible and match"
            )
        return Picture(self._name("").removesuffix("/"), listed, frozenset(tiles))

    def _check_original(self, name: str, tiles: bytes) -> None:
        try:
            original, seed = split_picture(self._reader.read(self._folder + name))
            computed = tile_list(open_picture(original), seed)
        except InvalidPicture as error:
            raise ProofInvalid(self._name(name), str(error)) from error
        except ProofInvalid as error:
            raise ProofInvalid(self._name(name), error.reason) from error
        if computed != tiles:
            raise ProofInvalid(self._list, "not the list of the original picture's tiles")
        self._report.held(self._list, "it lists the pixels of the original picture")

    def _check_tile(self, name: str, digest: str) -> None:
        data = self._reader.read(self._folder + name)
        if hashlib.sha256(data).hexdigest() != digest:
            raise ProofInvalid(self._name(name), f"not the tile in {LIST_NAME}")
        check_tile(self._name(name), data)

    def _name(self, name: str) -> str:
        return (self._folder + name).removeprefix(layout.DATA)


def originals_in(folder: str, listed: Iterable[str]) -> list[str]:
    """The names of the originals that a statement lists in a folder (without its slash)."""
    found = (ORIGINAL.fullmatch(path) for path in listed)
    return [match[0][len(folder) + 1 :] for match in found if match and match[1] == folder]
