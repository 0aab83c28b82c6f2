"""The commitment to a picture that stays with its owner: masked in the browser, before it was sent.

What is sent is the masked picture, the list of the salted hashes of all tiles of the original
(`TILES.sha256`), and the salts of the tiles that are shown. The list is in the capture's statement,
so that the owner can prove later, with the original and its salt, what the masks hide. Pure.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PIL import Image

from archiver.domain.errors import InvalidInput, InvalidPicture, ProofInvalid
from archiver.evidence import picture_tiles
from archiver.evidence.parts import Files, Part, json_part
from archiver.evidence.picture import open_picture
from archiver.evidence.salted import split_picture
from archiver.evidence.statement_text import parse_statement

FOLDER = "kept/"
"""Above the picture's own: `kept/screenshot/TILES.sha256`."""
SALTS_NAME = "salts.json"
GREY = b"\x80"
_SALT_LINE = re.compile(r"([0-9a-f]{32})  (tiles/[0-9]{4}-[0-9]{4}\.ppm)\n")


@dataclass(frozen=True)
class Commitment:
    """The two files as they were sent; `picture` is the role of the masked one."""

    picture: str
    tiles: bytes
    salts: bytes

    def parts(self) -> list[Part]:
        """What stands for it in the statement. The list is made of salted hashes and carries no
        salt of its own; the salts of the shown tiles can be withheld like a field."""
        folder = f"{FOLDER}{self.picture}"
        path = f"{folder}/{picture_tiles.LIST_NAME}"
        named = {name: salt for salt, name in _SALT_LINE.findall(self.salts.decode("ascii"))}
        return [
            Part(path, partial(_as_sent, path, self.tiles)),
            json_part(f"{folder}/{SALTS_NAME}", {"picture": self.picture, "salts": named}),
        ]


def _as_sent(path: str, data: bytes, _salt: bytes) -> Files:
    return [(path, data)]


def check_commitment(commitment: Commitment, picture: Image.Image, hidden: int) -> None:
    """Checks what was sent of a masked picture (RGB): every shown tile is the one that is listed,
    every other one is grey.

    Raises:
        InvalidInput: the list or the salts do not fit the picture; a hidden tile shows something.
    """
    listed = _listed(commitment)
    salts = _salts(commitment)
    count = 0
    for name, data in picture_tiles.tiles(picture, bytes(picture_tiles.SEED_BYTES)):
        count += 1
        form = picture_tiles.TILE_FORM.match(data)
        if form is None or name not in listed:
            raise _refused(commitment, f"{name} is not in the list of tiles")
        if name in salts:
            salted = data[: form.start(1)] + salts.pop(name).encode() + data[form.end(1) :]
            if hashlib.sha256(salted).hexdigest() != listed[name]:
                raise _refused(commitment, f"{name} is shown, and is not the tile in the list")
        elif data[form.end() :].strip(GREY):
            raise _refused(commitment, f"{name} has no salt, and is not grey")
        else:
            hidden -= 1
    if count != len(listed) or salts or hidden:
        raise _refused(commitment, "the tiles are not those of a picture of this size")


def _listed(commitment: Commitment) -> Mapping[str, str]:
    try:
        return parse_statement(commitment.tiles)
    except ProofInvalid as error:
        raise _refused(commitment, f"the list of tiles: {error.reason}") from error


def _salts(commitment: Commitment) -> dict[str, str]:
    try:
        lines = commitment.salts.decode("ascii").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise _refused(commitment, "the salts are not in the form of sha256sum") from error
    found = [_SALT_LINE.fullmatch(line) for line in lines]
    named = {match[2]: match[1] for match in found if match}
    if len(named) != len(lines):
        raise _refused(commitment, "the salts are not in the form of sha256sum")
    return named


def _refused(commitment: Commitment, reason: str) -> InvalidInput:
    return InvalidInput(f"the masked {commitment.picture}: {reason}", field="masks")


def original_list(original: bytes, subject: str) -> bytes:
    """The list of tiles that a picture with its salt inside leads to.

    Raises:
        ProofInvalid: `subject` is no such picture.
    """
    try:
        picture, seed = split_picture(original)
        return picture_tiles.tile_list(open_picture(picture), seed)
    except InvalidPicture as error:
        raise ProofInvalid(subject, str(error)) from error
    except ProofInvalid as error:
        raise ProofInvalid(subject, error.reason) from error


def shown_as_sent(original: bytes, masked: bytes, subject: str) -> int:
    """How many tiles of the original the masked picture hides (both with their salts inside).

    Raises:
        ProofInvalid: the masked picture shows something that the original does not.
    """
    own, sent = (open_picture(split_picture(data)[0]) for data in (original, masked))
    if own.size != sent.size:
        raise ProofInvalid(subject, "the masked picture has another size")
    hidden = 0
    seed = bytes(picture_tiles.SEED_BYTES)
    pairs = zip(picture_tiles.tiles(own, seed), picture_tiles.tiles(sent, seed), strict=True)
    for (name, data), (_, other) in pairs:
        if data == other:
            continue
        form = picture_tiles.TILE_FORM.match(other)
        if form is None or other[form.end() :].strip(GREY):
            raise ProofInvalid(subject, f"the masked picture shows another {name}")
        hidden += 1
    return hidden
