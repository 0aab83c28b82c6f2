"""The files that are made for one export: masked pictures, their Content Credentials, the exhibit.

They carry their salts, and the export's own record in the log commits to them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from archiver.domain.mask import MaskPlan
from archiver.evidence.c2pa_export import Credentials, EvidenceReference
from archiver.evidence.export_record import EXHIBIT, MASKED_NAME
from archiver.evidence.masked import MaskedEntry, export_files
from archiver.evidence.picture_tiles import LIST_NAME
from archiver.evidence.statement import Statement
from archiver.services.export_entries import Entries
from archiver.services.export_material import ExportOptions, Material
from archiver.store.tables import LogEntry


@dataclass(frozen=True)
class ShownPicture:
    """A picture of a masked bundle: the flattened PNG, and how many of its tiles are grey."""

    entry: LogEntry
    folder: str
    png: bytes
    hidden_tiles: int
    tiles: int


class MakesExhibit(Protocol):
    """Makes the PDF."""

    @property
    def problem(self) -> str | None:
        """Why none is made; None when one is."""
        ...

    def make(
        self,
        material: Material,
        entries: Entries,
        shown: list[ShownPicture],
        lang: Literal["en", "fr"],
    ) -> bytes:
        """The exhibit of these records. `shown`: the pictures of a masked bundle."""
        ...


@dataclass(frozen=True)
class MadeFiles:
    """Files by their path below `data/`, and the `tiles` of the export's record."""

    files: Mapping[str, bytes]
    tiles: Mapping[str, str]


def make_files(
    material: Material,
    entries: Entries,
    options: ExportOptions,
    *,
    exhibit: MakesExhibit,
    credentials: Credentials,
    log: str,
) -> MadeFiles:
    """Makes them. `log` is the log's key (vkey), named in Content Credentials.

    Raises:
        ProofInvalid: a stored file is no longer what the log says.
        Unavailable: no package for Content Credentials; no authority stamps the exhibit.
    """
    masked = _masked(material, entries) if entries.plan is not None else {}
    files, tiles = export_files(material.main, material.kinds, masked)
    shown = _shown(material, masked)
    if options.c2pa:
        files |= {_credentials_path(material, picture): _sign(credentials, picture, log)
                  for picture in shown}  # fmt: skip
    if exhibit.problem is None:  # without its library a bundle still proves all that it proves
        files[EXHIBIT] = exhibit.make(material, entries, shown, options.lang)
    return MadeFiles(files, tiles)


def _masked(material: Material, entries: Entries) -> dict[int, MaskedEntry]:
    """What is shown of each record that has a picture in the plan, without its tiles: they are
    made again when the bundle is written, so that only one record's are held."""
    plan = entries.plan or MaskPlan()
    leaves = {int(key.partition("/")[0]) for key in plan.pictures}
    found = {}
    for entry in material.entries:
        if entry.leaf_index in leaves:
            whole = entries.masked(entry, plan)
            lists = {path: data for path, data in whole.statement.files.items()
                     if path.endswith(f"/{LIST_NAME}")}  # fmt: skip
            visible = dict.fromkeys(whole.tiles, b"")
            found[entry.leaf_index] = MaskedEntry(
                Statement(whole.statement.text, lists), visible, whole.flattened, whole.shown
            )
    return found


def _shown(material: Material, masked: Mapping[int, MaskedEntry]) -> list[ShownPicture]:
    by_leaf = {entry.leaf_index: entry for entry in material.entries}
    found = []
    for leaf, what in sorted(masked.items()):
        for path, png in sorted(what.flattened.items()):
            folder = path.removesuffix(f"/{MASKED_NAME}")
            total = what.statement.files[f"{folder}/{LIST_NAME}"].count(b"\n")
            visible = sum(name.startswith(f"{folder}/") for name in what.tiles)
            found.append(ShownPicture(by_leaf[leaf], folder, png, total - visible, total))
    return found


def _credentials_path(material: Material, picture: ShownPicture) -> str:
    """`c2pa/screenshot.png`; of another record than the main one `c2pa/12-visit-page.png`."""
    leaf, kind = picture.entry.leaf_index, picture.entry.kind
    start = "" if leaf == material.main else f"{leaf}-{kind}-"
    return f"c2pa/{start}{picture.folder}.png"


def _sign(credentials: Credentials, picture: ShownPicture, log: str) -> bytes:
    reference = EvidenceReference(
        statement_sha256=hashlib.sha256(picture.entry.statement).hexdigest(),
        leaf=picture.entry.leaf_index,
        log=log,
        folder=picture.folder,
        hidden_tiles=picture.hidden_tiles,
        tiles=picture.tiles,
    )
    return credentials.sign(picture.png, reference)
