"""Proves a picture that its owner kept against a bundle: the original of a masked one."""

from pathlib import Path
from typing import BinaryIO

from archiver.domain.errors import ProofInvalid
from archiver.evidence import layout
from archiver.evidence.bundle_zip import ZipReader, open_zip
from archiver.evidence.kept_original import FOLDER, original_list, shown_as_sent
from archiver.evidence.picture_tiles import LIST_NAME
from archiver.evidence.report import ProvenOriginal


def prove_original(bundle: Path | BinaryIO, original: bytes, subject: str) -> ProvenOriginal:
    """Finds the list of tiles in a bundle, already verified, that these pixels and this salt make.

    A picture that was masked before it was sent is compared with what was sent, tile by tile.

    Raises:
        ProofInvalid: no picture with its salt inside; no list in the bundle is made of it; or the
            masked picture shows something else. `subject` names the file.
    """
    listed = original_list(original, subject)
    with open_zip(bundle) as reader:
        for name in sorted(reader.names):
            if name.endswith(f"/{LIST_NAME}") and reader.read(name) == listed:
                return _proven(reader, name, original, subject)
    raise ProofInvalid(subject, "no picture of this bundle has these pixels and this salt")


def _proven(reader: ZipReader, name: str, original: bytes, subject: str) -> ProvenOriginal:
    folder = name.removesuffix(f"/{LIST_NAME}")
    tiles = reader.read(name).count(b"\n")
    masked = f"{folder.replace(FOLDER, '', 1)}/original.png"
    if f"/{FOLDER}" in folder and masked in reader.names:
        hidden = shown_as_sent(original, reader.read(masked), subject)
    else:
        hidden = tiles - sum(other.startswith(f"{folder}/tiles/") for other in reader.names)
    return ProvenOriginal(
        file=subject, folder=folder.removeprefix(layout.DATA), tiles=tiles, hidden=hidden
    )
