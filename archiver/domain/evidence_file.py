"""A named piece of evidence in memory."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EvidenceFile:
    """Bytes with the name and media type under which they are kept."""

    name: str
    media_type: str
    data: bytes
