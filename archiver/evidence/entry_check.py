"""Checks one statement of a bundle: its files, its pictures, its place in the log, its times."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from archiver.domain.errors import ProofInvalid
from archiver.evidence import layout, ots, tlog_proof
from archiver.evidence.bundle_zip import ZipReader
from archiver.evidence.capture_parts import META
from archiver.evidence.export_record import EXPORT
from archiver.evidence.merkle import leaf_hash
from archiver.evidence.picture_check import Picture, PictureCheck, originals_in
from archiver.evidence.picture_tiles import LIST_NAME
from archiver.evidence.record_parts import RECORD
from archiver.evidence.report import BitcoinBlock, CalendarProof, Cosigned, Report, Stamp
from archiver.evidence.statement_text import parse_statement
from archiver.evidence.tlog_proof import VerifiedInclusion
from archiver.evidence.trust import Trust


@dataclass
class CheckedEntry:
    """What held for one statement. `digests` are the hashes that it lists by path, `covered` the
    payload paths that it accounts for, `pictures` its pictures by folder below `data/`."""

    folder: str
    kind: str
    inclusion: VerifiedInclusion
    stamps: list[Stamp]
    withheld: list[str]
    digests: Mapping[str, str]
    cosignatures: list[Cosigned]
    calendar: CalendarProof | None
    pictures: dict[str, Picture] = field(default_factory=dict)
    covered: set[str] = field(default_factory=set)


class EntryCheck:
    """The check of the statement in one folder (a path under `data/` with its final slash), which
    is of a record of that kind."""

    def __init__(
        self, reader: ZipReader, folder: str, kind: str, trust: Trust, report: Report
    ) -> None:
        self._reader = reader
        self._folder = folder
        self._kind = kind
        self._trust = trust
        self._report = report
        self._covered = {layout.STATEMENT, layout.PROOF}

    def run(self) -> CheckedEntry:
        """Checks everything.

        Raises:
            ProofInvalid: names the first file that fails.
        """
        text = self._read(layout.STATEMENT)
        digests = parse_statement(text, self._name(layout.STATEMENT))
        own = {RECORD: digests[RECORD]} if self._is_export(digests) else digests
        withheld = self._check_files(own, digests)
        pictures = [
            self._check_picture(path, digests)
            for path in own
            if path.endswith(f"/{LIST_NAME}") and self._has(path)
        ]
        inclusion, cosignatures = self._check_inclusion(text)
        stamps = self._check_stamps(text, inclusion.checkpoint.text.encode())
        calendar = self._check_calendar(text)
        return CheckedEntry(
            folder=self._folder,
            kind=self._kind,
            inclusion=inclusion,
            stamps=stamps,
            withheld=withheld,
            digests=digests,
            cosignatures=cosignatures,
            calendar=calendar,
            pictures={picture.folder: picture for picture in pictures},
            covered={self._folder + path for path in self._covered},
        )

    def _is_export(self, digests: Mapping[str, str]) -> bool:
        """The other files of an export stand elsewhere."""
        return self._kind == EXPORT and RECORD in digests

    def _check_files(self, own: Mapping[str, str], digests: Mapping[str, str]) -> list[str]:
        """Compares the files that are there; gives the paths of those that are not."""
        required = layout.content_file(self._kind)
        if required not in own or not self._has(required):
            raise ProofInvalid(self._name(required), "it is missing from the statement or the bag")
        if digests.keys() >= {META, RECORD}:
            raise ProofInvalid(self._name(layout.STATEMENT), f"it lists both {META} and {RECORD}")
        present = [path for path in own if self._has(path)]
        for path in present:
            if hashlib.sha256(self._read(path)).hexdigest() != digests[path]:
                raise ProofInvalid(self._name(path), "its hash is not the one in the statement")
        self._covered.update(present)
        self._held(layout.STATEMENT, f"{len(present)} of {len(own)} files are there and match")
        return [self._name(path) for path in own if not self._has(path)]

    def _check_picture(self, path: str, digests: Mapping[str, str]) -> Picture:
        """The picture whose list of tiles has that path."""
        folder = path.removesuffix(f"/{LIST_NAME}")
        check = PictureCheck(self._reader, f"{self._folder}{folder}/", self._report)
        picture = check.run(originals_in(folder, digests))
        self._covered.update(f"{folder}/{name}" for name in picture.present)
        return picture

    def _check_inclusion(self, text: bytes) -> tuple[VerifiedInclusion, list[Cosigned]]:
        try:
            parsed = tlog_proof.parse(self._read(layout.PROOF).decode("utf-8"))
            inclusion = tlog_proof.verify(parsed, leaf_hash(text), self._trust.log_keys)
        except UnicodeDecodeError:
            raise ProofInvalid(self._name(layout.PROOF), "not text") from None
        except ProofInvalid as error:
            raise ProofInvalid(self._name(layout.PROOF), error.reason) from error
        size = inclusion.checkpoint.size
        self._held(layout.PROOF, f"leaf {inclusion.index} of {size} in the signed log")
        cosigned = self._trust.check_cosignatures(self._name(layout.PROOF), parsed.checkpoint)
        for item in cosigned:
            self._held(layout.PROOF, f"cosigned by {item.witness} at {item.at.isoformat()}")
        return inclusion, cosigned

    def _check_stamps(self, text: bytes, checkpoint: bytes) -> list[Stamp]:
        stamps = []
        for path in self._paths():
            data = (
                text if layout.TOKEN.fullmatch(path)
                else checkpoint if layout.CHECKPOINT_TOKEN.fullmatch(path)
                else None
            )  # fmt: skip
            if data is not None:
                stamps.append(self._trust.check_stamp(self._name(path), self._read(path), data))
                self._covered.add(path)
                self._held(path, f"existed by {stamps[-1].at.isoformat()}")
        if not stamps:
            raise ProofInvalid(self._name(layout.STATEMENT), "it has no time stamp")
        return stamps

    def _check_calendar(self, text: bytes) -> CalendarProof | None:
        if not self._has(layout.CALENDAR):
            return None
        subject = self._name(layout.CALENDAR)
        try:
            found = ots.verify(self._read(layout.CALENDAR), text)
        except ProofInvalid as error:
            raise ProofInvalid(subject, error.reason) from error
        self._covered.add(layout.CALENDAR)
        self._held(layout.CALENDAR, "an OpenTimestamps proof over the statement")
        return CalendarProof(
            subject=subject,
            blocks=[BitcoinBlock(height=b.height, merkle_root=b.merkle_root) for b in found.blocks],
            promised_by=sorted({item.uri for item in found.pending}),
        )

    def _paths(self) -> list[str]:
        """Files that stand directly in the folder."""
        start = len(self._folder)
        inside = (name[start:] for name in self._reader.names if name.startswith(self._folder))
        return sorted(path for path in inside if "/" not in path)

    def _has(self, path: str) -> bool:
        return self._folder + path in self._reader.names

    def _read(self, path: str) -> bytes:
        return self._reader.read(self._folder + path)

    def _name(self, path: str) -> str:
        return (self._folder + path).removeprefix(layout.DATA)

    def _held(self, path: str, detail: str) -> None:
        self._report.held(self._name(path), detail)
