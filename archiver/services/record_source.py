"""From a leaf's rows back to the source of its statement, whatever kind of record it is."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from archiver.domain.capture import Manifest
from archiver.domain.errors import EvidenceError
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence.capture_parts import CaptureFile
from archiver.evidence.export_record import EXPORT, export_source
from archiver.evidence.picture import MAX_PIXELS
from archiver.evidence.statement import RecordSource, Source
from archiver.services.capture_source import capture_source
from archiver.store.tables import Capture, LogEntry, StoredFile

FileWithRow = tuple[StoredFile, EvidenceFile]


def source_of(
    entry: LogEntry, captures: Mapping[str, Capture], files: Sequence[FileWithRow]
) -> Source:
    """The source of a leaf that was not erased; `files` in the order in which they were stored.

    Raises:
        EvidenceError: the leaf was erased, or its capture's row is gone.
    """
    kept = kept_record(entry)
    if entry.kind == EXPORT:
        return export_source(kept, {})  # its files went with the bundle
    if entry.kind != "capture":
        return RecordSource(entry.kind, kept, [file for _, file in files])
    capture = captures.get(entry.subject_id)
    if capture is None:
        raise EvidenceError(f"the capture of leaf {entry.leaf_index} is gone")
    return capture_source(
        meta=kept,
        manifest=Manifest.model_validate_json(capture.manifest, strict=True),
        manifest_text=capture.manifest,
        files=[
            CaptureFile(row.role, file)  # type: ignore[arg-type] # checked at intake
            for row, file in files
        ],
        signature=capture.signature or None,
        max_pixels=MAX_PIXELS,
    )


def kept_record(entry: LogEntry) -> dict[str, Any]:
    """The JSON that rebuilds a leaf's record.

    Raises:
        EvidenceError: the leaf was erased.
    """
    if entry.record is None:
        raise EvidenceError(f"leaf {entry.leaf_index} was erased")
    record: dict[str, Any] = json.loads(entry.record)
    return record
