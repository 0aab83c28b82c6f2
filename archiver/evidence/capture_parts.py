"""What the statement of a capture is made of.

`meta.json` holds what is never withheld. Whatever could name a person or repeat the post stands in
a file of its own under `fields/`. The contributor's own manifest names files by their plain hashes,
so it is one file, left out as soon as anything else is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from archiver.domain.capture import Manifest
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence.kept_original import Commitment
from archiver.evidence.parts import (
    Part,
    field_part,
    json_part,
    other_part,
    page_part,
    picture_part,
)
from archiver.evidence.picture import MAX_PIXELS

Role = Literal["screenshot", "context_screenshot", "snapshot", "attachment", "commitment"]
META = "meta.json"
CONTRIBUTOR_MANIFEST = "contributor/manifest.json"
_PAGE_FIELDS = ("url", "canonical_url", "final_url", "title", "path_followed")
_PLAIN_FIELDS = ("contributor", "notes", "environment", "transformations", "thread")


@dataclass(frozen=True)
class CaptureFile:
    """An uploaded file and the part of the capture that it is."""

    role: Role
    file: EvidenceFile


@dataclass(frozen=True)
class CaptureSource:
    """A capture as it was received.

    `meta` is what the service adds (id, time of receipt): nothing in it may be a plain hash or a
    size of something that can be withheld. `manifest_text` is the exact bytes that were sent (and
    signed, when there is a `signature`).
    """

    meta: Mapping[str, Any]
    manifest: Manifest
    manifest_text: bytes
    files: Sequence[CaptureFile]
    signature: Mapping[str, str] | None = None
    max_pixels: int = field(default=MAX_PIXELS)

    def parts(self) -> Iterator[Part]:
        """meta.json, the fields, the contributor's manifest, then the files."""
        whole = self.manifest.model_dump(mode="json")
        fields = _fields(whole)
        shown = [item for item in self.files if item.role != "commitment"]
        files = [self._file_part(item) for item in shown]
        yield json_part(META, self._meta(whole, list(zip(shown, files, strict=True))))
        for name, value in fields.items():
            yield field_part(name, value)
        wrapped = {"manifest": self.manifest_text.decode("utf-8"), "signature": self.signature}
        yield json_part(CONTRIBUTOR_MANIFEST, wrapped)
        yield from files
        for commitment in self.commitments():
            yield from commitment.parts()

    def commitments(self) -> list[Commitment]:
        """Of the pictures that were masked before they were sent, in the manifest's order."""
        sent = {item.file.name: item.file.data for item in self.files}
        roles = {entry.name: entry.role for entry in self.manifest.files}
        return [
            Commitment(str(roles[mask.picture]), sent[mask.tiles], sent[mask.salts])
            for mask in self.manifest.masks
        ]

    def _meta(
        self, whole: dict[str, Any], files: Sequence[tuple[CaptureFile, Part]]
    ) -> dict[str, Any]:
        kept = {
            name: whole[name]
            for name in (
                "version", "capture_id", "case_id", "started_at", "finished_at",
                "clock_offset_ms", "completeness", "missing",
            )
        }  # fmt: skip
        kept |= {"status": whole["page"]["status"], "site": whole["post"]["site"]}
        if whole["masks"]:  # only then: the records of older captures are made again as they were
            pairs = zip(self.commitments(), whole["masks"], strict=True)
            hidden = {made.picture: mask["hidden"] for made, mask in pairs}
            kept |= {"masks": hidden, "masked_fields": whole["masked_fields"]}
        listed = [
            {"path": part.path, "role": item.role, "media_type": item.file.media_type}
            for item, part in files
        ]
        return {"kind": "capture", "captured": kept, "files": listed, **self.meta}

    def _file_part(self, item: CaptureFile) -> Part:
        if item.role == "snapshot":
            return page_part("snapshot.html", item.file.data)
        if item.role == "attachment":
            return other_part("attachments", item.file, self.max_pixels)
        return picture_part(item.role, item.file.data, self.max_pixels)


def _fields(whole: dict[str, Any]) -> dict[str, Any]:
    """The withholdable values that were given, by field name."""
    page, post = whole["page"], whole["post"]
    found = {name: page[name] for name in _PAGE_FIELDS}
    found |= {name: value for name, value in post.items() if name != "site"}
    found |= {name: whole[name] for name in _PLAIN_FIELDS}
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}
