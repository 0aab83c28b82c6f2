"""How the records of a bundle are proven, for its exhibit."""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from archiver.domain.errors import TimestampInvalid
from archiver.evidence import checkpoint as notes
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.exhibit.facts import (
    CheckpointFacts,
    ProofFacts,
    RecordFacts,
    RootFacts,
    StampFacts,
)
from archiver.evidence.statement_text import parse_statement
from archiver.evidence.timestamp import verify_response
from archiver.services.exhibit_said import Said
from archiver.services.export_material import Material
from archiver.services.trust import LOCAL, Trust
from archiver.store.tables import Stamp


def proof_facts(
    material: Material, said: Sequence[Said], key: VerifierKey, trust: Trust
) -> ProofFacts:
    """Log, checkpoint, receipts and time stamps."""
    receipt = material.proofs.receipts[material.main]
    parsed = notes.parse(receipt.note)
    stamps, roots = _stamps(material, said, trust)
    der = load_pem_public_key(key.pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    witnesses = [line.name for line in parsed.signatures if line.name != parsed.origin]
    return ProofFacts(
        main=material.main,
        log_key=key.vkey,
        log_key_sha256=hashlib.sha256(der).hexdigest(),
        checkpoint=CheckpointFacts(
            origin=parsed.origin,
            size=parsed.size,
            root=base64.b64encode(parsed.root).decode(),
            witnesses=tuple(witnesses),
        ),
        records=tuple(_record(material, record) for record in said),
        stamps=tuple(stamps),
        roots=tuple(roots.values()),
        wacz=any("page.wacz" in parse_statement(record.entry.statement) for record in said),
    )


def _record(material: Material, record: Said) -> RecordFacts:
    stamps = material.proofs.stamps_over(record.leaf)
    moments = [row.gen_time for row in stamps if row.gen_time is not None]
    return RecordFacts(
        leaf=record.leaf,
        kind=record.entry.kind,
        statement_sha256=hashlib.sha256(record.entry.statement).hexdigest(),
        recorded_at=record.entry.created_at,
        stamped_at=min(moments, default=None),
    )


def _stamps(
    material: Material, said: Sequence[Said], trust: Trust
) -> tuple[list[StampFacts], dict[str, RootFacts]]:
    """The tokens of captures and of the main record; the others have their checkpoint's."""
    found: list[StampFacts] = []
    roots: dict[str, RootFacts] = {}
    for record in said:
        if record.entry.kind != "capture" and record.leaf != material.main:
            continue
        for row in material.proofs.stamps_over(record.leaf):
            try:
                found.append(_stamp(material, record, row, trust, roots))
            except TimestampInvalid:
                continue  # under roots that are no longer configured: the token is in the bundle
    return found, roots


def _stamp(
    material: Material, record: Said, row: Stamp, trust: Trust, roots: dict[str, RootFacts]
) -> StampFacts:
    own = row.subject_kind == "leaf"
    note = material.proofs.receipts[record.leaf].note
    data = record.entry.statement if own else notes.parse(note).text.encode()
    anchors, intermediates = trust.anchors(row.authority, row.response or b"")
    verified = verify_response(row.response or b"", data, anchors, intermediates=intermediates)
    root = verified.root
    fingerprint = hashlib.sha256(root.public_bytes(Encoding.DER)).hexdigest()
    roots[fingerprint] = RootFacts(
        root.subject.rfc4514_string(), fingerprint, root.not_valid_after_utc
    )
    return StampFacts(
        over="statement" if own else "checkpoint",
        leaf=record.leaf,
        at=verified.gen_time,
        authority=row.authority,
        signer=verified.authority,
        policy=verified.policy,
        serial=str(verified.serial),
        embedded=row.authority == LOCAL,
        qualified=trust.is_qualified(row.authority) or None,
    )
