"""Checks a bundle from beginning to end, offline.

`verify.sh` inside each bundle does the same with stock tools; this is the convenient form.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from archiver.domain.errors import NotABundle, ProofInvalid
from archiver.evidence import bag, layout
from archiver.evidence.bundle_text import readme, script
from archiver.evidence.bundle_zip import ZipReader, open_zip
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.cosignature import WitnessKey
from archiver.evidence.entry_check import CheckedEntry, EntryCheck
from archiver.evidence.export_check import ExportCheck, masked_pictures
from archiver.evidence.links_check import Said, check_links, last_export
from archiver.evidence.record_parts import RECORD
from archiver.evidence.records_check import (
    LOOK,
    Records,
    check_main_look,
    check_record,
    last_verdict,
    observation_lines,
)
from archiver.evidence.report import Check, ExportFound, Report, Stamp, TimeGrade
from archiver.evidence.statement_text import parse_statement
from archiver.evidence.times import gap
from archiver.evidence.trust import Trust, gather_trust

_BEST_FIRST = (TimeGrade.INDEPENDENT, TimeGrade.UNCONFIRMED, TimeGrade.LOCAL)


def verify_bundle(
    source: Path | BinaryIO,
    trust_roots: Sequence[bytes] | None = None,
    log_keys: Sequence[VerifierKey] | None = None,
    witness_keys: Sequence[WitnessKey] | None = None,
) -> Report:
    """Checks every file, proof and time stamp of a bundle.

    `trust_roots` (PEM), `log_keys` and `witness_keys` are what the verifier obtained elsewhere;
    without them those in the bundle are taken, and the report says so. With `trust_roots`, at least
    one time stamp of the main record must lead to one of them; with `witness_keys`, at least one of
    them must have cosigned its checkpoint. The rules, in order: docs/bundle.md.

    Raises:
        NotABundle: not a ZIP file, or not one of ours.
        ProofInvalid: names the first file or proof that fails.
    """
    return _verify(source, Report(), trust_roots, log_keys, witness_keys)


def inspect_bundle(
    source: Path | BinaryIO,
    trust_roots: Sequence[bytes] | None = None,
    log_keys: Sequence[VerifierKey] | None = None,
    witness_keys: Sequence[WitnessKey] | None = None,
) -> Report:
    """As `verify_bundle`, but a failure is told in the report (`valid`, `first_failure`).

    Raises:
        NotABundle: not a ZIP file, or not one of ours.
    """
    report = Report()
    try:
        return _verify(source, report, trust_roots, log_keys, witness_keys)
    except ProofInvalid as error:
        report.first_failure = str(error)
        return report


def _verify(
    source: Path | BinaryIO,
    report: Report,
    trust_roots: Sequence[bytes] | None,
    log_keys: Sequence[VerifierKey] | None,
    witness_keys: Sequence[WitnessKey] | None,
) -> Report:
    with open_zip(source) as reader:
        if bag.BAGIT not in reader.names or layout.DATA + layout.STATEMENT not in reader.names:
            raise NotABundle("a ZIP file, but not a bundle of Rature")
        bag.check_bag(reader.names, reader.read)
        report.held(bag.MANIFEST, f"{len(reader.names)} files arrived whole")
        trust = gather_trust(set(reader.names), reader.read, trust_roots, log_keys, witness_keys)
        _note_trust(report, trust)
        entries = _check_entries(reader, trust, report)
        said = _check_records(reader, entries)
        report.erased = sorted(check_links(said, entries[0].inclusion.index))
        made = _check_export(reader, entries, said, report)
        _check_top(reader, said, report)
        _check_nothing_else(reader.names, entries, made)
        _check_one_tree(entries)
        _compare_texts(reader, report)
        main = said[entries[0].inclusion.index]
        waited = gap(main.value, (stamp.at for stamp in entries[0].stamps))
        report.unstamped_seconds = waited.seconds if waited else None
    _summarize(report, trust, entries)
    return report


def _note_trust(report: Report, trust: Trust) -> None:
    report.roots_from_bundle_only = trust.own_roots is None
    report.log_key_from_bundle_only = not trust.own_log_keys
    report.witness_keys_from_bundle_only = trust.own_witnesses is None
    report.log_key = trust.log_keys[0].vkey if trust.log_keys else None


def _check_entries(reader: ZipReader, trust: Trust, report: Report) -> list[CheckedEntry]:
    """The main statement, then the records' by leaf index."""
    listed = parse_statement(reader.read(layout.DATA + layout.STATEMENT), layout.STATEMENT)
    report.kind = LOOK if RECORD in listed else "capture"
    main = EntryCheck(reader, layout.DATA, report.kind, trust, report).run()
    entries = [main]
    for folder in _record_folders(reader.names):
        index, kind = _index_and_kind(folder)
        entry = EntryCheck(reader, folder, kind, trust, report).run()
        if index != entry.inclusion.index:
            raise ProofInvalid(
                folder.removeprefix(layout.DATA), f"its leaf index is {entry.inclusion.index}"
            )
        entries.append(entry)
    indexes = [entry.inclusion.index for entry in entries]
    if len(set(indexes)) != len(indexes):
        raise ProofInvalid(layout.RECORDS, "two statements claim the same place in the log")
    return entries


def _record_folders(names: Iterable[str]) -> list[str]:
    """Folders that hold a record, by leaf index."""
    start = layout.DATA + layout.RECORDS
    folders = {start + name[len(start) :].partition("/")[0] + "/" for name in names
               if name.startswith(start)}  # fmt: skip
    return sorted(folders, key=lambda folder: _index_and_kind(folder)[0])


def _index_and_kind(folder: str) -> tuple[int, str]:
    match = layout.RECORD_FOLDER.fullmatch(folder.removeprefix(layout.DATA))
    if not match:
        raise ProofInvalid(folder.removeprefix(layout.DATA), "not a record's folder")
    return int(match[1]), match[2]


def _check_records(reader: ZipReader, entries: Sequence[CheckedEntry]) -> dict[int, Said]:
    """What each record says, by leaf index."""
    said: dict[int, Said] = {}
    for entry in entries:
        path = entry.folder + layout.content_file(entry.kind)
        subject, data = path.removeprefix(layout.DATA), reader.read(path)
        content = check_record(subject, entry.kind, data)
        said[entry.inclusion.index] = Said(subject, entry.kind, data, content)
    if entries[0].kind == LOOK:
        check_main_look(entries[0].inclusion.index, _records(said))
    return said


def _records(said: Mapping[int, Said]) -> Records:
    return {index: (record.kind, record.data) for index, record in said.items()}


def _check_export(
    reader: ZipReader, entries: Sequence[CheckedEntry], said: Mapping[int, Said], report: Report
) -> set[str]:
    """The files of the last export; gives their paths in the ZIP."""
    pictures = {name: item for entry in entries for name, item in entry.pictures.items()}
    report.masks = masked_pictures(pictures)
    last = last_export(said)
    if last is None:
        return set()
    record = said[last]
    listed = next(entry.digests for entry in entries if entry.inclusion.index == last)
    made = ExportCheck(reader, listed, pictures, report).run(record)
    report.export = ExportFound(
        leaf_index=last,
        at=str(record.value.get("at")),
        lang=str(record.value.get("lang")),
        masked=record.value.get("masked") is True,
        files=sorted(path.removeprefix(layout.DATA) for path in made),
    )
    return made


def _check_top(reader: ZipReader, said: Mapping[int, Said], report: Report) -> None:
    """Observations and verdict at the top are those of the records."""
    records = _records(said)
    if reader.read(layout.DATA + layout.OBSERVATIONS) != observation_lines(records):
        raise ProofInvalid(layout.OBSERVATIONS, "not the observations that were logged")
    report.held(layout.OBSERVATIONS, "it is what was logged")
    _check_verdict(reader, last_verdict(records), report)


def _check_verdict(reader: ZipReader, logged: bytes | None, report: Report) -> None:
    path = layout.DATA + layout.VERDICT
    if logged is None:
        if path in reader.names:
            raise ProofInvalid(layout.VERDICT, "a verdict that was never logged")
        return
    if reader.read(path) != logged:
        raise ProofInvalid(layout.VERDICT, "not the verdict that was logged last")
    report.held(layout.VERDICT, "it is what was logged last")


def _check_nothing_else(
    names: Iterable[str], entries: Sequence[CheckedEntry], made: Iterable[str]
) -> None:
    covered = {layout.DATA + name for name in layout.ENVELOPE}.union(
        made, *(entry.covered for entry in entries)
    )
    for name in sorted(names):
        if name.startswith(layout.DATA) and name not in covered:
            raise ProofInvalid(name.removeprefix(layout.DATA), "no statement covers this file")


def _compare_texts(reader: ZipReader, report: Report) -> None:
    """Notes a README or script that this version would not write: another version's, or a trap."""
    for path, own in ((layout.README, readme()), (layout.SCRIPT, script())):
        if layout.DATA + path in reader.names and reader.read(layout.DATA + path) != own:
            detail = "not the one that this version writes: do not follow or run it unread"
            report.checks.append(Check(subject=path, outcome="differs", detail=detail))


def _check_one_tree(entries: Sequence[CheckedEntry]) -> None:
    """Two checkpoints of one size have one root."""
    roots: dict[int, bytes] = {}
    for entry in entries:
        head = entry.inclusion.checkpoint
        if roots.setdefault(head.size, head.root) != head.root:
            raise ProofInvalid(layout.PROOF, f"the log signed two trees of {head.size} leaves")


def _summarize(report: Report, trust: Trust, entries: Sequence[CheckedEntry]) -> None:
    main = entries[0].stamps
    if trust.own_roots is not None and not any(stamp.trusted for stamp in main):
        raise ProofInvalid(layout.STATEMENT, "no time stamp leads to the trusted roots given")
    cosigned = entries[0].cosignatures
    if trust.own_witnesses is not None and not any(item.trusted for item in cosigned):
        raise ProofInvalid(layout.PROOF, "none of the witnesses given cosigned the checkpoint")
    report.valid = True
    report.times = [stamp for entry in entries for stamp in entry.stamps]
    report.time_grade = _best(main)
    report.leaf_index = entries[0].inclusion.index
    report.tree_size = max(entry.inclusion.checkpoint.size for entry in entries)
    report.cosignatures = [item for entry in entries for item in entry.cosignatures]
    report.calendars = [entry.calendar for entry in entries if entry.calendar is not None]
    report.withheld = [path for entry in entries for path in entry.withheld]


def _best(stamps: Sequence[Stamp]) -> TimeGrade:
    grades = {stamp.grade for stamp in stamps}
    return next(grade for grade in _BEST_FIRST if grade in grades)
