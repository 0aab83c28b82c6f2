"""From a capture's parts to the source of its statement: the same at intake and at export."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from archiver.domain.capture import Manifest
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence.capture_parts import CaptureFile, CaptureSource

SUFFIX = re.compile(r"\.[a-z0-9]{1,5}$")


def capture_source(
    *,
    meta: Mapping[str, Any],
    manifest: Manifest,
    manifest_text: bytes,
    files: Sequence[CaptureFile],
    signature: Mapping[str, str] | None,
    max_pixels: int,
) -> CaptureSource:
    """The source with attachments named by number.

    Statements are public in the log, and the name of somebody's letter can say who wrote it. The
    names as sent stay in the contributor's manifest.
    """
    return CaptureSource(
        meta=meta,
        manifest=manifest,
        manifest_text=manifest_text,
        files=_numbered(files),
        signature=signature,
        max_pixels=max_pixels,
    )


def _numbered(files: Sequence[CaptureFile]) -> list[CaptureFile]:
    renamed: list[CaptureFile] = []
    number = 0
    for item in files:
        if item.role == "attachment":
            number += 1
            suffix = SUFFIX.search(item.file.name)
            name = f"{number:02d}{suffix[0] if suffix else ''}"
            renamed.append(
                CaptureFile(item.role, EvidenceFile(name, item.file.media_type, item.file.data))
            )
        else:
            renamed.append(item)
    return renamed
