"""Which pictures an exhibit prints, and what is printed beside them.

Of a masked bundle all that are shown, as they are shown. Of another all that contributors made, and
of the looks those that matter: the first that saw the post, the last that saw it before it went,
the first that missed it, and the newest. The others are in the bundle.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from archiver.domain.instant import parse
from archiver.evidence.exhibit.facts import PictureFacts, PictureRole
from archiver.evidence.picture_tiles import LIST_NAME
from archiver.evidence.records_check import SEEN
from archiver.evidence.statement_text import parse_statement
from archiver.services.exhibit_said import Said
from archiver.services.export_entries import Entries
from archiver.services.export_files import ShownPicture

ROLES: Mapping[str, PictureRole] = {
    "screenshot": "post",
    "context_screenshot": "context",
    "post": "post_in_look",
}
"""By folder; all others are pictures of a page."""


def masked_pictures(said: Sequence[Said], shown: Sequence[ShownPicture]) -> list[PictureFacts]:
    """The pictures of a masked bundle."""
    by_leaf = {record.leaf: record for record in said}
    return [
        _facts(by_leaf[picture.entry.leaf_index], picture.folder, picture.png, hidden=picture)
        for picture in shown
    ]


def chosen_pictures(said: Sequence[Said], entries: Entries) -> list[PictureFacts]:
    """The pictures of a bundle that is not masked."""
    found = []
    for record in said:
        if record.entry.kind == "capture" or record.leaf in _telling(said):
            for folder in _folders(record):
                data = entries.picture(record.entry, folder)
                found.append(_facts(record, folder, data))
    return found


def _telling(said: Sequence[Said]) -> set[int]:
    """The leaves of the looks that matter, and of the visits that they were taken in."""
    looks = [record for record in said if record.entry.kind == "observation"]
    valid = [record for record in looks if record.content.get("sighting") is not None]
    seen = [record for record in valid if record.content["sighting"] in SEEN]
    chosen = [*seen[:1], *looks[-1:]]
    for before, after in pairwise(valid):
        if before in seen and after not in seen:
            chosen += [before, after]
    leaves = {record.leaf for record in chosen}
    return leaves | {int(record.content["visit"]) for record in chosen
                     if record.content.get("visit") is not None}  # fmt: skip


def _folders(record: Said) -> list[str]:
    """The pictures that are not attachments, the post's before the page's."""
    listed = parse_statement(record.entry.statement)
    folders = [path.removesuffix(f"/{LIST_NAME}") for path in listed if path.endswith(LIST_NAME)]
    single = [folder for folder in folders if "/" not in folder]
    return sorted(single, key=lambda folder: (folder not in {"screenshot", "post"}, folder))


def _facts(
    record: Said, folder: str, data: bytes, hidden: ShownPicture | None = None
) -> PictureFacts:
    path = f"{folder}/{LIST_NAME}"
    captured = record.content.get("captured", {}).get("finished_at")
    return PictureFacts(
        role=ROLES.get(folder, "page"),
        data=data,
        leaf=record.leaf,
        owner=record.entry.subject_id,
        at=parse(captured) if captured else record.at,
        address=record.address(),
        path=path,
        sha256=parse_statement(record.entry.statement)[path],
        masked=hidden is not None,
        hidden_tiles=hidden.hidden_tiles if hidden else 0,
        tiles=hidden.tiles if hidden else 0,
    )
