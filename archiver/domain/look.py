"""What one look brought home: the observation and the evidence for it."""

from dataclasses import dataclass

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.observation import Observation


@dataclass(frozen=True)
class Look:
    """One look at one post. `files` are shared between the looks of the same visit.

    `retry_after`: seconds that the server asked to be left alone for (`Retry-After`), if it did.
    """

    observation: Observation
    files: tuple[EvidenceFile, ...] = ()
    retry_after: float | None = None
