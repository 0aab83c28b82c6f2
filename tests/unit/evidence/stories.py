"""Good bundles of every form, as the service makes them: with exports, visits, erasures, masks.

The older forms, without an export, are in `house`.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.mask import MaskPlan
from archiver.evidence import checkpoint, ots, tiles, tlog_proof
from archiver.evidence.bundle import BundleEntry, BundleInput
from archiver.evidence.cosignature import CosigningKey
from archiver.evidence.export_record import export_body, export_source
from archiver.evidence.masked import MaskedEntry, export_files, mask_entry
from archiver.evidence.ots_format import BITCOIN, Attestation, number
from archiver.evidence.statement import Statement, capture_statement, plan, rebuild
from tests.unit.evidence.house import (
    LOG_KEY,
    NOON,
    House,
    capture_source,
    failed_look,
    observation,
    open_house,
    picture,
    record,
)

WITNESS = CosigningKey(b"\x17" * 32, "newsroom.example/witness")
PDF = b"%PDF-1.7\n(rature-salt 00112233445566778899aabbccddeeff)\n%%EOF\n"
BLOCK = 870_123


@dataclass
class Told:
    """What was logged so far, by leaf; None: erased since."""

    house: House
    kept: dict[int, tuple[str, Statement | None]] = field(default_factory=dict)

    def log(self, kind: str, statement: Statement) -> int:
        index = self.house.log(statement)
        self.kept[index] = (kind, statement)
        return index

    def record(self, kind: str, value: dict[str, Any], *files: EvidenceFile) -> int:
        return self.log(kind, record(kind, value, files))

    def here(self) -> dict[int, tuple[str, Statement]]:
        return {index: (kind, made) for index, (kind, made) in self.kept.items() if made}


def calendar_proof(statement: Statement) -> bytes:
    """Leads to a block by two branches: one a promise only."""
    digest = hashlib.sha256(statement.text).digest()
    _, [(first, end), _] = ots.aggregate([digest, hashlib.sha256(b"another").digest()])
    end.attestations.add(ots.pending_attestation("https://calendar.example"))
    end.attestations.add(Attestation(BITCOIN, number(BLOCK)))
    return ots.write(first)


def entries(told: Told) -> dict[int, BundleEntry]:
    """Every record against the log as it is now; its checkpoint is cosigned and stamped once."""
    house = told.house
    note = checkpoint.sign_checkpoint(LOG_KEY, house.size, house.root)
    text = checkpoint.parse(note).text
    stamp = house.stamp(text.encode())
    note += WITNESS.cosign(text, NOON)
    made = {}
    for index, (kind, statement) in told.here().items():
        path = tiles.inclusion_proof(index, house.size, house.read_tile)
        captured = kind == "capture"
        made[index] = BundleEntry(
            kind=kind,
            statement=statement,
            proof=tlog_proof.write(index, path, note),
            checkpoint_tokens=[stamp],
            tokens=[house.stamp(statement.text)] if captured else [],
            ots=calendar_proof(statement) if captured else None,
        )
    return made


def exported(
    told: Told,
    main: int,
    *,
    mask: MaskPlan | None = None,
    more: dict[str, bytes] | None = None,
    last: bool = True,
    alter: Callable[[bytes], bytes] = bytes,
    says: Mapping[str, Any] | None = None,
) -> BundleInput | None:
    """Logs the export of everything told so far and gives its bundle (unless an export follows:
    then it leaves its record without files behind). `alter` is done to its masked pictures,
    `says` goes into its record."""
    here = told.here()
    masked: dict[int, MaskedEntry] = {}
    files, shown = {"report.pdf": PDF} | (more or {}), {}
    if mask is not None:
        masked = {i: mask_entry(made, mask, i, os.urandom) for i, (_, made) in here.items()}
        pictures, shown = export_files(main, {i: kind for i, (kind, _) in here.items()}, masked)
        files |= {path: alter(png) for path, png in pictures.items()}
    body = export_body(
        identifier="exp_0123456789abcdef", at="2026-03-01T12:30:00Z", actor="tok_0123456789abcdef",
        watch_id="wat_0123456789abcdef", main=main, records=here.keys() - {main},
        masked=mask is not None, lang="en", tiles=shown,
    ) | dict(says or {})  # fmt: skip
    source = export_source(body, files)
    made = plan(source, os.urandom)
    if not last:
        told.log("export", rebuild(export_source(body, {}), made.text, made.salts))
        return None
    own = told.log("export", rebuild(source, made.text, made.salts))
    proven = entries(told)
    for index, entry in masked.items():
        proven[index] = replace(proven[index], statement=entry.statement, tiles=entry.tiles)
    export = proven.pop(own)
    first = proven.pop(main)
    return replace(
        told.house.bundle(first, list(proven.values())),
        export=export, export_files=files, witness_keys=[WITNESS.public], plan=mask,
    )  # fmt: skip


def look_files() -> list[EvidenceFile]:
    return [EvidenceFile("post.png", "image/png", picture(40, 20))]


def visit_files() -> list[EvidenceFile]:
    return [
        EvidenceFile("page.png", "image/png", picture(66, 70)),
        EvidenceFile("page.html", "text/html", b"<html>"),
    ]


def visited(told: Told, looks: Sequence[dict[str, Any]], *files: EvidenceFile) -> list[int]:
    """A visit with its looks, each with a picture of the post; their leaves."""
    visit = told.record(
        "visit",
        {"id": "vis_0123456789abcdef", "at": looks[0]["at"], "wall_id": "wal_0123456789abcdef",
         "url": "https://wall.example/shoes", "status": 200},
        *(files or visit_files()),
    )  # fmt: skip
    return [told.record("observation", look | {"visit": visit}, *look_files()) for look in looks]


def captured() -> Statement:
    meta = {"id": "cap_0123456789abcdef", "received_at": "2026-03-01T12:00:01Z", "exports": True}
    return capture_statement(capture_source(meta=meta), os.urandom)


def custody(told: Told, event: str) -> int:
    return told.record("custody", {"id": "evt_0123456789abcdef", "event": event, "actor": "x"})


def capture_story(house: House) -> BundleInput:
    """A capture with its record of custody, exported."""
    told = Told(house)
    main = told.log("capture", captured())
    custody(told, "received")
    bundle = exported(told, main)
    assert bundle
    return bundle


def watch_story(house: House) -> BundleInput:
    """A capture, visits with their looks, one visit and one look erased since, a notice, two
    verdicts, an export before."""
    told = Told(house)
    main = told.log("capture", captured())
    seen = visited(told, [observation(1), observation(2)])
    custody(told, "received")
    first = told.record("verdict", {"state": "visible", "rules_version": "1", "basis": seen})
    exported(told, main, last=False)
    gone = visited(told, [observation(5, "absent")])
    absent = visited(told, [failed_look(6), observation(9, "absent")])
    kept = told.record("observation", observation(11, "absent") | {"visit": gone[0] - 1})
    notice = told.record("notice", {"at": "2026-03-01T12:08:00Z", "notice": "other", "text": "t"})
    basis = [*seen, *gone, *absent, kept, notice]
    told.record("verdict", {"state": "removed", "rules_version": "1", "basis": basis})
    emptied = [gone[0] - 1, gone[0]]
    for leaf in emptied:
        told.kept[leaf] = (told.kept[leaf][0], None)
    told.record(
        "erasure",
        {"id": "era_0123456789abcdef", "at": "2026-03-01T12:20:00Z", "actor": "x",
         "reason": "request", "watch_id": "wat_0123456789abcdef", "leaves": emptied},
    )  # fmt: skip
    assert first in told.kept
    bundle = exported(told, main)
    assert bundle
    return bundle


def masked_story(house: House) -> BundleInput:
    """The same masked: half of the capture's picture and a corner of a visit's are shown, and the
    text; the author is not."""
    told = Told(house)
    main = told.log("capture", captured())
    [look] = visited(told, [observation(1)])
    told.record("verdict", {"state": "visible", "rules_version": "1", "basis": [look]})
    mask = MaskPlan(
        pictures={f"{main}/screenshot": [(0, 0, 32, 40)], f"{look - 1}/page": [(0, 33, 66, 70)]},
        show=[f"{main}/fields/text.json"],
    )
    bundle = exported(told, main, mask=mask, more={"c2pa/screenshot.png": picture(5, 5)})
    assert bundle
    return bundle


def witness_export(house: House) -> BundleInput:
    """Nobody captured the post: the export is around a look."""
    told = Told(house)
    visited(told, [failed_look(1)])
    [main] = visited(told, [observation(2)])
    bundle = exported(told, main)
    assert bundle
    return bundle


STORIES = {
    "capture": capture_story,
    "watch": watch_story,
    "masked": masked_story,
    "witness": witness_export,
}

__all__ = ["STORIES", "Told", "entries", "exported", "open_house"]
