"""Writes bundles: one ZIP that is a BagIt bag, opened and verified again right after writing."""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from archiver.domain.errors import InvalidInput, NotYet
from archiver.evidence import bag, bundle_text, layout, tlog_proof
from archiver.evidence.bundle_zip import write_zip
from archiver.evidence.capture_parts import CONTRIBUTOR_MANIFEST
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.once import sync_directory
from archiver.evidence.records_check import LOOK, last_verdict, observation_lines
from archiver.evidence.report import Report
from archiver.evidence.statement import Statement
from archiver.evidence.statement_text import parse_statement
from archiver.evidence.verification import verify_bundle


@dataclass(frozen=True)
class BundleEntry:
    """One statement with its proofs.

    `proof` is the receipt (tlog-proof text), `tokens` the RFC 3161 responses over the statement's
    text, `checkpoint_tokens` those over the signed text of the receipt's checkpoint; there is at
    least one of either. `tiles` are the visible parts of masked pictures by path, for instance
    `screenshot/tiles/0001-0002.ppm`.
    """

    kind: str
    statement: Statement
    proof: str
    tokens: Sequence[bytes] = ()
    checkpoint_tokens: Sequence[bytes] = ()
    tiles: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class BundleInput:
    """The records about one post. `roots` and `intermediates` are PEM.

    `main` is a capture; where nobody captured the post, it is the observation that `main_look`
    names. `records` are all others, further captures of the post among them.
    """

    main: BundleEntry
    log_key: VerifierKey
    roots: Sequence[bytes]
    made_at: datetime
    records: Sequence[BundleEntry] = ()
    intermediates: Sequence[bytes] = ()
    source: str = ""


def write_bundle(target: Path | BinaryIO, bundle: BundleInput) -> Report:
    """Writes the bundle and verifies what was written; the file only appears under its name when
    it verified. A target that is an open file must be readable and seekable.

    Raises:
        NotYet: a statement has no time stamp yet.
        InvalidInput: a masked bundle would disclose the plain hashes of what it hides.
        ProofInvalid: the bundle does not verify (a stored file or proof is broken).
    """
    files = bundle_files(bundle)
    if not isinstance(target, Path):
        write_zip(target, files)
        target.seek(0)
        return verify_bundle(target, log_keys=[bundle.log_key])
    aside = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with aside.open("xb") as stream:
            write_zip(stream, files)
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
    if bundle.main.kind not in ("capture", LOOK):
        raise InvalidInput("a bundle is around a capture or a look", field="main")
    payload = _envelope(bundle) | _entry_files("", bundle.main)
    for entry in bundle.records:
        index = tlog_proof.parse(entry.proof).index
        payload |= _entry_files(layout.record_folder(index, entry.kind), entry)
    in_bag = {layout.DATA + path: data for path, data in payload.items()}
    return in_bag | bag.tag_files(in_bag, bundle.source, bundle.made_at)


def _envelope(bundle: BundleInput) -> dict[str, bytes]:
    """The files that belong to no statement."""
    records = {
        tlog_proof.parse(entry.proof).index: (entry.kind, _content(entry))
        for entry in (bundle.main, *bundle.records)
    }
    files = {
        layout.README: bundle_text.readme(),
        layout.SCRIPT: bundle_text.script(),
        layout.LOG_VKEY: f"{bundle.log_key.vkey}\n".encode(),
        layout.LOG_PEM: bundle.log_key.pem,
        layout.ROOTS: b"".join(bundle.roots),
        layout.OBSERVATIONS: observation_lines(records),
    }
    if bundle.intermediates:
        files[layout.INTERMEDIATES] = b"".join(bundle.intermediates)
    verdict = last_verdict(records)
    return files if verdict is None else files | {layout.VERDICT: verdict}


def _content(entry: BundleEntry) -> bytes:
    name = layout.content_file(entry.kind)
    try:
        return entry.statement.files[name]
    except KeyError:
        raise InvalidInput(f"a {entry.kind} needs its {name}", field="records") from None


def _entry_files(folder: str, entry: BundleEntry) -> dict[str, bytes]:
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
    return {folder + path: data for path, data in files.items()}


def _check_discloses_nothing(statement: Statement) -> None:
    """The contributor's manifest repeats every field and names files by plain hashes: where
    anything is withheld, it is withheld too."""
    withheld = parse_statement(statement.text).keys() - statement.files.keys()
    if withheld and CONTRIBUTOR_MANIFEST in statement.files:
        raise InvalidInput(
            f"{CONTRIBUTOR_MANIFEST} would disclose what is masked: leave it out", field="main"
        )
