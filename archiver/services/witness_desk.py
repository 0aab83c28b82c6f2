"""The desk of a witness: rules on checkpoints, remembers what it cosigned, reports what it refused.

For each log one file holds the checkpoint cosigned last, with the cosignature. It moves by
compare-and-swap, and is on the disk before the cosignature leaves the house.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver.domain.errors import LogRewound, ProofInvalid, Unavailable
from archiver.domain.instant import Clock, render
from archiver.evidence import checkpoint as checkpoints
from archiver.evidence import cosignature, signed_note, witness
from archiver.evidence.checkpoint import VerifiedCheckpoint, VerifierKey
from archiver.evidence.cosignature import CosigningKey, WitnessKey
from archiver.evidence.head_file import HeadFile
from archiver.evidence.witness import Decision, Ruling, Submission, Suspicion
from archiver.services.witness_reports import Report, Reports

MAX_TRIES = 5
SHOWN = 20
"""Cases on the page for people; all are in the folder."""
HEADINGS = {
    Suspicion.FORK: "FORK: two signed roots for one size. The log told two histories.",
    Suspicion.REWIND: (
        "SMALLER: an old checkpoint was sent again, or the log went back. Ask its operator."
    ),
    Suspicion.UNPROVEN: (
        "UNPROVEN: no proof leads from the tree known here to this one. A wrong proof, or a log"
        " that told two histories. Ask its operator."
    ),
}


@dataclass(frozen=True)
class Answer:
    """The ruling, and the cosignature line when there is one."""

    decision: Decision
    line: str = ""


class WitnessDesk:
    """Watches the logs whose keys it is given; their origin is the key's name."""

    def __init__(
        self, folder: Path, key: CosigningKey, logs: Sequence[VerifierKey], clock: Clock
    ) -> None:
        self._key = key
        self._clock = clock
        self._folder = folder / "logs"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._logs: dict[str, list[VerifierKey]] = {}
        for log in logs:
            self._logs.setdefault(log.name, []).append(log)
        self._reports = Reports(folder / "reports")

    @property
    def public_key(self) -> WitnessKey:
        """The key that verifies this witness's cosignatures."""
        return self._key.public

    def add_checkpoint(self, body: bytes) -> Answer:
        """Rules on a request (c2sp.org/tlog-witness, `add-checkpoint`).

        Raises:
            LogRewound: what is remembered of the log is broken.
            Unavailable: other requests for the same log were always faster.
        """
        try:
            submission = witness.parse_request(body)
        except ProofInvalid as error:
            return Answer(Decision(Ruling.MALFORMED, str(error)))
        for _ in range(MAX_TRIES):
            answer = self._rule(submission)
            if answer is not None:
                return answer
        raise Unavailable("too many requests for this log at once: send it again")

    def overview(self) -> str:
        """What is watched, and every case that was refused, as text."""
        lines = [f"Witness {self._key.name}", f"Verifier key {self.public_key.vkey}", ""]
        for origin, keys in sorted(self._logs.items()):
            lines += [*self._about(origin, keys), ""]
        cases = self.cases()
        lines.append(f"Refused although the log had signed it: {len(cases) or 'nothing'}")
        for case in cases[:SHOWN]:
            lines += ["", *_about_case(case)]
        if len(cases) > SHOWN:
            lines += ["", f"and {len(cases) - SHOWN} older ones in {self._reports.folder}"]
        return "\n".join(lines) + "\n"

    def cases(self) -> list[Report]:
        """Every case that was refused although the log had signed it, the newest first."""
        return self._reports.all()

    def _rule(self, submission: Submission) -> Answer | None:
        """The answer; None when what is remembered moved meanwhile."""
        origin = submission.checkpoint.origin
        keys = self._logs.get(origin, [])
        head = self._head(origin, keys)
        known = head.read() if keys else None
        decision = witness.decide(submission, keys=keys, known=known)
        if decision.suspicion is not None and known is not None:
            self._reports.add(
                decision.suspicion, decision.reason, known.note, submission, self._clock()
            )
        if decision.ruling is not Ruling.COSIGN or decision.checkpoint is None:
            return Answer(decision)
        line = self._key.cosign(decision.checkpoint.text, self._clock())
        if known is None or decision.checkpoint.size > known.size:
            try:
                note = _only_by(keys, submission) + line
                head.advance(note, submission.proof, expected_size=decision.known_size)
            except LogRewound:
                if head.read() == known:
                    raise
                return None
        return Answer(decision, line)

    def _head(self, origin: str, keys: Sequence[VerifierKey]) -> HeadFile:
        name = hashlib.sha256(origin.encode()).hexdigest()
        return HeadFile(self._folder / f"{name}.note", keys)

    def _about(self, origin: str, keys: Sequence[VerifierKey]) -> list[str]:
        known = self._head(origin, keys).read()
        lines = [f"Log {origin}", *(f"  key     {key.vkey}" for key in keys)]
        if known is None:
            return [*lines, "  no checkpoint cosigned yet"]
        at = self._cosigned_at(known)
        return [
            *lines,
            f"  leaves  {known.size}",
            f"  root    {base64.b64encode(known.root).decode()}",
            f"  seen    {at}",
        ]

    def _cosigned_at(self, known: VerifiedCheckpoint) -> str:
        found = cosignature.verify(checkpoints.parse(known.note), [self.public_key])
        return render(found[0].at) if found else "with another key"


def _only_by(keys: Sequence[VerifierKey], submission: Submission) -> str:
    """The note with the log's own signature lines: others may be added by anybody, and are not
    verified here."""
    known = {(key.name, key.key_id) for key in keys}
    lines = [
        signed_note.render_line(each.name, each.key_id, each.value)
        for each in submission.checkpoint.signatures
        if (each.name, each.key_id) in known
    ]
    return f"{submission.checkpoint.text}\n{''.join(lines)}"


def _about_case(case: Report) -> list[str]:
    return [
        HEADINGS[case.kind],
        f"  log       {case.origin}",
        f"  at        {render(case.at)}",
        f"  reason    {case.reason}",
        f"  evidence  {case.file}",
        "  known:",
        *(f"    {line}" for line in case.known.splitlines()),
        "  submitted:",
        *(f"    {line}" for line in case.submitted.splitlines()),
    ]
