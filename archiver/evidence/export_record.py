"""The record of an export: which records a bundle holds, and the files that were made for it.

It is made for every bundle just before it is written, logged and stamped like any other record. A
record that somebody drops from the bundle is missed, because the export names them all. Its
statement lists files that stand elsewhere in the bundle (the exhibit, masked pictures) and carry
their salt already.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from archiver.domain.errors import InvalidInput, ProofInvalid
from archiver.evidence.parts import Part, json_part
from archiver.evidence.record_parts import RECORD
from archiver.evidence.salted import split_picture

EXPORT = "export"
EXHIBIT = "report.pdf"
MASKED_NAME = "masked.png"
EXPORT_FILE = re.compile(
    r"report\.pdf|c2pa/[A-Za-z0-9_-][A-Za-z0-9._-]*"
    r"|(?:records/(?:0|[1-9][0-9]{0,17})-[a-z][a-z_]{0,39}/)?"
    r"(?!records/)[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)?/masked\.png"
)
"""Paths below `data/` of the files that an export commits to."""


def export_body(
    *,
    identifier: str,
    at: str,
    actor: str,
    watch_id: str,
    main: int,
    records: Collection[int],
    masked: bool,
    lang: Literal["en", "fr"],
    tiles: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The record as JSON data. `main` is the leaf that the bundle is around, `records` are all
    others in it but this one; `tiles` is what `masked.export_files` gives."""
    return {
        "kind": EXPORT,
        "id": identifier,
        "at": at,
        "actor": actor,
        "watch_id": watch_id,
        "main": main,
        "records": sorted(records),
        "masked": masked,
        "lang": lang,
        "tiles": dict(tiles or {}),
    }


@dataclass(frozen=True)
class ExportSource:
    """The record with the files made for it, by their path below `data/` (see `EXPORT_FILE`).

    An export that is not the last one is rebuilt without files: they are left out.
    """

    record: Mapping[str, Any]
    files: Mapping[str, bytes]

    def parts(self) -> Iterator[Part]:
        """record.json with a salt, then the files as they are.

        Raises:
            InvalidInput: not the record of an export, a path that none of its files has, or a
                picture without its salt.
        """
        if self.record.get("kind", EXPORT) != EXPORT:
            raise InvalidInput("not the record of an export", field="kind")
        yield json_part(RECORD, {**self.record, "kind": EXPORT})
        for path, data in sorted(self.files.items()):
            _check_file(path, data)
            yield _as_it_is(path, data)


def export_source(record: Mapping[str, Any], files: Mapping[str, bytes]) -> ExportSource:
    """What the statement of an export is made of: the record, and its files by path."""
    return ExportSource(record, files)


def _as_it_is(path: str, data: bytes) -> Part:
    return Part(path, lambda _salt: [(path, data)], salt_bytes=0)


def _check_file(path: str, data: bytes) -> None:
    if not EXPORT_FILE.fullmatch(path):
        raise InvalidInput(f"an export has no file {path}", field="files")
    if path.endswith(f"/{MASKED_NAME}"):
        try:
            split_picture(data)
        except ProofInvalid as error:
            raise InvalidInput(f"{path}: {error}", field="files") from error
