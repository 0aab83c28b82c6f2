"""What a witness refused although the log had signed it: kept with both signed notes.

One JSON file a case, never changed; the same case is kept once. Fields: `at`, `kind`, `origin`,
`reason`, `old_size`, `known` and `submitted` (whole signed notes), `proof` (base64).
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from archiver.domain.errors import EvidenceError
from archiver.domain.instant import parse, render
from archiver.evidence.once import create_once
from archiver.evidence.witness import Submission, Suspicion

logger = structlog.get_logger("witness")
MAX_OF_A_KIND = 200
"""For each log; beyond that only log lines. The log's key-holder alone can make new ones, but
anybody can send a log's old checkpoints again."""
ID_CHARACTERS = 16


@dataclass(frozen=True)
class Report:
    """One refused checkpoint: the notes that were known and submitted. `file` holds them too."""

    at: datetime
    kind: Suspicion
    origin: str
    reason: str
    known: str
    submitted: str
    file: Path


class Reports:
    """A folder with one folder for each log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self, kind: Suspicion, reason: str, known: str, submission: Submission, at: datetime
    ) -> bool:
        """Keeps a case and logs it; False when it is known already, or there are too many."""
        claim = submission.checkpoint
        folder = self.folder / _short(claim.origin)
        path = folder / f"{kind}-{_short(claim.text)}.json"
        if path.exists():
            return False
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = {
            "at": render(at),
            "kind": kind,
            "origin": claim.origin,
            "reason": reason,
            "old_size": submission.old_size,
            "known": known,
            "submitted": claim.note,
            "proof": [base64.b64encode(item).decode() for item in submission.proof],
        }
        full = len(list(folder.glob(f"{kind}-*.json"))) >= MAX_OF_A_KIND
        new = not full and create_once(path, json.dumps(content, indent=2).encode())
        if new or full:
            logger.error("checkpoint_refused", **content, file=None if full else str(path))
        return new

    def all(self) -> list[Report]:
        """Every case, the newest first.

        Raises:
            EvidenceError: a file is broken.
        """
        found = [_read(path) for path in self.folder.glob("*/*.json")]
        return sorted(found, key=lambda report: report.at, reverse=True)


def _read(path: Path) -> Report:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Report(
            at=parse(content["at"]),
            kind=Suspicion(content["kind"]),
            origin=content["origin"],
            reason=content["reason"],
            known=content["known"],
            submitted=content["submitted"],
            file=path,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvidenceError(f"the report {path} is broken: {error}") from error


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:ID_CHARACTERS]
