"""What one look brought home: the observation and the evidence for it."""

from dataclasses import dataclass

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.observation import Observation


@dataclass(frozen=True)
class Look:
    """One look at one post. `files` are shared between the looks of the same visit."""

    observation: Observation
    files: tuple[EvidenceFile, ...] = ()
