"""A small service in memory: a log, an authority, and bundles made with them."""

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from archiver.domain.capture import FileEntry, Manifest, PageEntry, PostEntry
from archiver.domain.digest import canonical_json, sha256_hex
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence import checkpoint, tiles, tlog_proof
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.bundle import BundleEntry, BundleInput, bundle_files
from archiver.evidence.merkle import EMPTY_ROOT
from archiver.evidence.picture import open_picture
from archiver.evidence.picture_tiles import visible_tiles
from archiver.evidence.salted import split_picture
from archiver.evidence.statement import (
    CaptureFile,
    CaptureSource,
    RecordSource,
    Statement,
    capture_statement,
    record_statement,
)
from archiver.evidence.timestamp import make_request

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LOG_KEY = checkpoint.LogKey(bytes(range(32)), "log.example/rature")


def picture(width: int = 70, height: int = 40, kind: str = "PNG", **options: Any) -> bytes:
    image = Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def capture_source(**changes: Any) -> CaptureSource:
    files = {
        "screenshot": EvidenceFile("post.png", "image/png", picture()),
        "snapshot": EvidenceFile("page.html", "text/html", b"<p>Deux semelles trou\xc3\xa9es</p>"),
    }
    manifest = Manifest(
        page=PageEntry(url="https://wall.example/shoes", status=200, title="Chaussures"),
        post=PostEntry(text="Deux semelles trouées en huit mois", author="Jean"),
        files=[
            FileEntry(
                name=file.name,
                media_type=file.media_type,
                size=len(file.data),
                sha256=sha256_hex(file.data),
            )
            for file in files.values()
        ],
        started_at=NOON,
        finished_at=NOON,
    )
    source: dict[str, Any] = {
        "meta": {"id": "cap_0123456789abcdef", "received_at": "2026-03-01T12:00:01Z"},
        "manifest": manifest,
        "manifest_text": canonical_json(manifest.model_dump(mode="json")),
        "files": [CaptureFile(role, file) for role, file in files.items()],  # type: ignore[arg-type]
    }
    return CaptureSource(**(source | changes))


def observation(minute: int, sighting: str = "present") -> dict[str, Any]:
    return {
        "kind": "observation",
        "at": f"2026-03-01T12:{minute:02d}:00Z",
        "vantage": {"class": "public", "id": "default"},
        "validity": "valid",
        "sighting": sighting,
        "similarity": 0.93,
        "final_url": "https://wall.example/shoes",
        "seen": {"position": 3, "author": "Jean", "text": "Deux semelles"} if minute < 5 else None,
    }


@dataclass
class House:
    """Log and authority. `log` appends a statement and gives its leaf index."""

    authority: LocalAuthority
    size: int = 0
    root: bytes = EMPTY_ROOT
    kept: tiles.Tiles = field(default_factory=dict)

    def read_tile(self, level: int, index: int, width: int) -> bytes:
        return self.kept[level, index][: width * 32]

    def log(self, statement: Statement) -> int:
        index = self.size
        self.size, self.root, changed = tiles.append(
            self.size, [statement.leaf], self.read_tile, root=self.root
        )
        self.kept |= changed
        return index

    def stamp(self, data: bytes) -> bytes:
        return self.authority.stamp(make_request(data, os.urandom)[0])

    def entry(self, kind: str, statement: Statement, index: int, **more: Any) -> BundleEntry:
        """The entry against the log as it is now, stamped by its own token (unless `tokens` are
        given) and by its checkpoint's."""
        path = tiles.inclusion_proof(index, self.size, self.read_tile)
        note = checkpoint.sign_checkpoint(LOG_KEY, self.size, self.root)
        text = checkpoint.parse(note).text.encode()
        return BundleEntry(
            kind=kind,
            statement=statement,
            proof=tlog_proof.write(index, path, note),
            checkpoint_tokens=[self.stamp(text)],
            **{"tokens": [self.stamp(statement.text)], **more},
        )

    def bundle(self, main: BundleEntry, records: Sequence[BundleEntry] = ()) -> BundleInput:
        return BundleInput(
            main=main,
            records=records,
            log_key=LOG_KEY.public,
            roots=[self.authority.root_pem],
            made_at=NOON,
            source="http://127.0.0.1:8787",
        )


def open_house(directory: Path, others: int = 300) -> House:
    house = House(LocalAuthority.open(directory, lambda: NOON, os.urandom))
    for number in range(others):  # a log that has lived
        house.log(Statement(b"other %d" % number, {}))
    return house


def record(kind: str, value: dict[str, Any], files: Sequence[EvidenceFile] = ()) -> Statement:
    return record_statement(RecordSource(kind, value, files), os.urandom)


def full_story(house: House) -> BundleInput:
    """A capture, two looks with pictures, a notice and the verdict drawn from them."""
    look = [
        EvidenceFile("page.png", "image/png", picture(33, 65)),
        EvidenceFile("page.html", "text/html", b"<html>"),
    ]
    notice = {"at": "2026-03-01T12:08:00Z", "notice": "other", "text": "on m'a écrit"}
    made = [
        ("capture", capture_statement(capture_source(), os.urandom)),
        ("observation", record("observation", observation(1), look)),
        ("observation", record("observation", observation(7, "absent"))),
        ("notice", record("notice", notice)),
    ]
    placed = [(kind, statement, house.log(statement)) for kind, statement in made]
    basis = [index for _, _, index in placed[1:]]
    verdict = record("verdict", {"state": "removed", "rules_version": "1", "basis": basis})
    placed.append(("verdict", verdict, house.log(verdict)))
    entries = [house.entry(kind, statement, index) for kind, statement, index in placed]
    return house.bundle(entries[0], entries[1:])


def failed_look(minute: int) -> dict[str, Any]:
    return observation(minute) | {
        "validity": "invalid", "reason": "login_wall", "sighting": None, "seen": None,
    }  # fmt: skip


def logged(
    house: House, made: Sequence[tuple[str, Statement]], **verdict: Any
) -> list[BundleEntry]:
    """Logs these and a verdict drawn from the looks and notices among them. As in the service, a
    capture has a time stamp of its own, all others only that of their checkpoint."""
    placed = [(kind, statement, house.log(statement)) for kind, statement in made]
    basis = [index for kind, _, index in placed if kind in ("observation", "notice")]
    drawn = record("verdict", {**verdict, "rules_version": "1", "basis": basis})
    placed.append(("verdict", drawn, house.log(drawn)))
    return [
        house.entry(kind, statement, index, **({} if kind == "capture" else {"tokens": []}))
        for kind, statement, index in placed
    ]


def witness_story(house: House) -> BundleInput:
    """Nobody captured the post: a failed look, one that saw it (the main record), one that saw it
    again, an absence, and the verdict."""
    look = [
        EvidenceFile("page.png", "image/png", picture(33, 65)),
        EvidenceFile("page.html", "text/html", b"<html>"),
    ]
    made = [
        ("observation", record("observation", failed_look(1))),
        ("observation", record("observation", observation(2), look)),
        ("observation", record("observation", observation(3))),
        ("observation", record("observation", observation(9, "absent"))),
    ]
    failed, seen, *later = logged(house, made, state="removed")
    return house.bundle(seen, [failed, *later])


def two_captures(house: House) -> BundleInput:
    """Two people captured the post; a look lies between, a verdict behind."""
    second = {"id": "cap_fedcba9876543210", "received_at": "2026-03-01T12:03:00Z"}
    made = [
        ("capture", capture_statement(capture_source(), os.urandom)),
        ("observation", record("observation", observation(2))),
        ("capture", capture_statement(capture_source(meta=second), os.urandom)),
    ]
    first, *others = logged(house, made, state="visible")
    return house.bundle(first, others)


def payload_of(bundle: BundleInput) -> dict[str, bytes]:
    """The files under `data/`, by their path there."""
    files = bundle_files(bundle)
    start = "data/"
    return {name[len(start) :]: data for name, data in files.items() if name.startswith(start)}


def masked_bundle(house: House) -> BundleInput:
    """The author's name and the left half of the picture are masked."""
    whole = capture_statement(capture_source(), os.urandom)
    index = house.log(whole)
    original, seed = split_picture(whole.files["screenshot/original.png"])
    tiles = visible_tiles(open_picture(original), seed, [(0, 0, 32, 40)])
    masked = whole.without(
        "fields/author.json", "screenshot/original.png", "contributor/", "snapshot.html"
    )
    shown = {f"screenshot/{name}": data for name, data in tiles.items()}
    return house.bundle(house.entry("capture", masked, index, tiles=shown))
