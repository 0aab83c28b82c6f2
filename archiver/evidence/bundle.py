"""Writes bundles: one ZIP that is a BagIt bag, opened and verified again right after writing."""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from archiver.domain.errors import InvalidInput, NotYet
from archiver.domain.mask import MaskPlan
from archiver.evidence import bag, bundle_text, layout, tlog_proof
from archiver.evidence.bundle_zip import write_entries
from archiver.evidence.capture_parts import CONTRIBUTOR_MANIFEST
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.cosignature import WitnessKey
from archiver.evidence.export_record import EXPORT
from archiver.evidence.masked import check_allow_list
from archiver.evidence.once import sync_directory
from archiver.evidence.record_parts import RECORD
from archiver.evidence.records_check import LOOK, Records, last_verdict, observation_lines
from archiver.evidence.report import Report
from archiver.evidence.statement import Statement
from archiver.evidence.statement_text import parse_statement
from archiver.evidence.verification import verify_bundle

Files = Iterator[tuple[str, bytes]]
"""Path and bytes of one file after the other."""


@dataclass(frozen=True)
class BundleEntry:
    """One statement with its proofs.

    `proof` is the receipt (tlog-proof text, with the witnesses' cosignatures), `tokens` the RFC
    3161 responses over the statement's text, `checkpoint_tokens` those over the signed text of the
    receipt's checkpoint; there is at least one of either. `ots` is the OpenTimestamps proof over
    the statement's text. `tiles` are the visible parts of masked pictures by path, for instance
    `screenshot/tiles/0001-0002.ppm`.
    """

    kind: str
    statement: Statement
    proof: str
    tokens: Sequence[bytes] = ()
    checkpoint_tokens: Sequence[bytes] = ()
    tiles: Mapping[str, bytes] = field(default_factory=dict)
    ots: bytes | None = None


@dataclass(frozen=True)
class BundleInput:
    """The records about one post. `roots` and `intermediates` are PEM.

    `main` is a capture; where nobody captured the post, it is the observation that `main_look`
    names. `records` are all others, further captures of the post and earlier exports (without
    their files) among them; an iterator gives each when its turn comes, so that only one is held.
    `export` is the record of this very export, `export_files` its files by their path below
    `data/`. With a `plan` the bundle is masked: only what the plan shows may be in it.
    """

    main: BundleEntry
    log_key: VerifierKey
    roots: Sequence[bytes]
    made_at: datetime
    records: Iterable[BundleEntry] = ()
    intermediates: Sequence[bytes] = ()
    source: str = ""
    export: BundleEntry | None = None
    export_files: Mapping[str, bytes] = field(default_factory=dict)
    witness_keys: Sequence[WitnessKey] = ()
    plan: MaskPlan | None = None


def write_bundle(target: Path | BinaryIO, bundle: BundleInput) -> Report:
    """Writes the bundle and verifies what was written; the file only appears under its name when
    it verified. A target that is an open file must be readable and seekable.

    Raises:
        NotYet: a statement has no time stamp yet.
        InvalidInput: a masked bundle would disclose what it hides.
        ProofInvalid: the bundle does not verify (a stored file or proof is broken).
    """
    if not isinstance(target, Path):
        write_entries(target, _all_files(bundle))
        target.seek(0)
        return verify_bundle(target, log_keys=[bundle.log_key])
    aside = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with aside.open("xb") as stream:
            write_entries(stream, _all_files(bundle))
            stream.flush()
            os.fsync(stream.fileno())
        report = verify_bundle(aside, log_keys=[bundle.log_key])
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    sync_directory(target.parent)
    return report


def bundle_files(bundle: BundleInput) -> dict[str, bytes]:
    """Every file of the bag by its path in the ZIP. Raises as `write_bundle` does."""
    return dict(_all_files(bundle))


def _all_files(bundle: BundleInput) -> Files:
    """The payload, then the bag's own files."""
    manifest = bag.Manifest()
    for path, data in _payload(bundle):
        manifest.add(layout.DATA + path, data)
        yield layout.DATA + path, data
    yield from manifest.tag_files(bundle.source, bundle.made_at).items()


def _payload(bundle: BundleInput) -> Files:
    """Every file below `data/`, record by record; what is said of all of them comes last."""
    if bundle.main.kind not in ("capture", LOOK):
        raise InvalidInput("a bundle is around a capture or a look", field="main")
    records: dict[int, tuple[str, bytes]] = {}
    for entry in _entries(bundle):
        index = tlog_proof.parse(entry.proof).index
        folder = layout.record_folder(index, entry.kind) if records else ""
        records[index] = (entry.kind, _content(entry))
        files = _entry_files(folder, entry)
        if bundle.plan is not None:
            check_allow_list(files, bundle.plan, folder, index)
        yield from files.items()
    yield from sorted(bundle.export_files.items())
    yield from _envelope(bundle, records)


def _entries(bundle: BundleInput) -> Iterator[BundleEntry]:
    yield bundle.main
    yield from bundle.records
    if bundle.export is None:
        if bundle.export_files:
            raise InvalidInput("these files belong to no export", field="export_files")
        return
    if bundle.export.kind != EXPORT:
        raise InvalidInput("not the record of an export", field="export")
    own = {RECORD: _content(bundle.export)}
    yield replace(bundle.export, statement=Statement(bundle.export.statement.text, own))


def _envelope(bundle: BundleInput, records: Records) -> Files:
    """The files that belong to no statement."""
    yield layout.README, bundle_text.readme()
    yield layout.SCRIPT, bundle_text.script()
    yield layout.LOG_VKEY, f"{bundle.log_key.vkey}\n".encode()
    yield layout.LOG_PEM, bundle.log_key.pem
    if bundle.witness_keys:
        lines = sorted({f"{key.vkey}\n" for key in bundle.witness_keys})
        yield layout.WITNESSES, "".join(lines).encode()
    yield layout.ROOTS, b"".join(bundle.roots)
    if bundle.intermediates:
        yield layout.INTERMEDIATES, b"".join(bundle.intermediates)
    yield layout.OBSERVATIONS, observation_lines(records)
    verdict = last_verdict(records)
    if verdict is not None:
        yield layout.VERDICT, verdict


def _content(entry: BundleEntry) -> bytes:
    name = layout.content_file(entry.kind)
    try:
        return entry.statement.files[name]
    except KeyError:
        raise InvalidInput(f"a {entry.kind} needs its {name}", field="records") from None


def _entry_files(folder: str, entry: BundleEntry) -> dict[str, bytes]:
    """By path below `data/`."""
    if not entry.tokens and not entry.checkpoint_tokens:
        raise NotYet(f"no time stamp yet for {folder or 'the main record'}: try again later")
    _check_discloses_nothing(entry.statement)
    files = {**entry.statement.files, **entry.tiles}
    files[layout.STATEMENT] = entry.statement.text
    files[layout.PROOF] = entry.proof.encode()
    for number, token in enumerate(entry.tokens, start=1):
        files[layout.token_name(number)] = token
    for number, token in enumerate(entry.checkpoint_tokens, start=1):
        files[layout.checkpoint_token_name(number)] = token
    if entry.ots is not None:
        files[layout.CALENDAR] = entry.ots
    return {folder + path: data for path, data in files.items()}


def _check_discloses_nothing(statement: Statement) -> None:
    """The contributor's manifest repeats every field and names files by plain hashes: where
    anything is withheld, it is withheld too."""
    withheld = parse_statement(statement.text).keys() - statement.files.keys()
    if withheld and CONTRIBUTOR_MANIFEST in statement.files:
        raise InvalidInput(
            f"{CONTRIBUTOR_MANIFEST} would disclose what is masked: leave it out", field="main"
        )
