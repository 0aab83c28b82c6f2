"""`verify`: a one-capture bundle with a full-page picture, by `verify.sh` and by `rature verify`.

Baselines of the same run: `sha256sum` of all files in the unpacked bundle and one `openssl ts
-verify`, which is the least that anybody has to do.
"""

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from archiver.domain.capture import FileEntry, Manifest, PageEntry, PostEntry
from archiver.domain.digest import canonical_json, sha256_hex
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence import checkpoint, merkle, tiles, tlog_proof
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.bundle import BundleEntry, BundleInput, write_bundle
from archiver.evidence.capture_parts import CaptureFile, CaptureSource
from archiver.evidence.export_record import export_body, export_source
from archiver.evidence.statement import RecordSource, Source, Statement, plan, rebuild
from archiver.evidence.timestamp import make_request
from bench.report import Figure

LEAVES = 100_000
"""Of other posts in the log: paths of 17 hashes."""
PAGE = (1440, 6000)
PROOFS = 2000
ROUNDS = 3
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = checkpoint.LogKey(bytes(range(32)), "bench.example/log")


def picture() -> bytes:
    """A page as tall as many walls, PNG: stripes and noise, so that it packs as a page does."""
    noise = Image.frombytes("RGB", (PAGE[0], 64), os.urandom(PAGE[0] * 64 * 3))
    page = Image.new("RGB", PAGE, "white")
    for top in range(0, PAGE[1], 512):
        page.paste(noise, (0, top))
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()


def capture() -> CaptureSource:
    """A capture with that picture and a page's source."""
    files = [
        ("screenshot", EvidenceFile("post.png", "image/png", picture())),
        ("snapshot", EvidenceFile("page.html", "text/html", os.urandom(200_000).hex().encode())),
    ]
    manifest = Manifest(
        page=PageEntry(url="https://wall.example/shoes", status=200),
        post=PostEntry(text="Two holes in eight months", author="Jean"),
        files=[
            FileEntry(name=file.name, media_type=file.media_type, size=len(file.data),
                      sha256=sha256_hex(file.data))
            for _, file in files
        ],
        started_at=NOW,
        finished_at=NOW,
    )  # fmt: skip
    return CaptureSource(
        meta={"id": "cap_0123456789abcdef", "received_at": "2026-03-01T12:00:00Z", "exports": True},
        manifest=manifest,
        manifest_text=canonical_json(manifest.model_dump(mode="json")),
        files=[CaptureFile(role, file) for role, file in files],  # type: ignore[arg-type]
    )


class Bench:
    """A log that has lived, an authority, and the bundle of one capture."""

    def __init__(self, folder: Path) -> None:
        self._authority = LocalAuthority.open(folder / "authority", lambda: NOW, os.urandom)
        self._tiles: tiles.Tiles = {}
        leaves = [merkle.leaf_hash(b"%d" % number) for number in range(LEAVES)]
        self.size, self.root, self._tiles = tiles.append(0, leaves, self.read)

    def read(self, level: int, index: int, width: int) -> bytes:
        """The first hashes of a tile of the log."""
        return self._tiles[level, index][: width * merkle.HASH_BYTES]

    def log(self, source: Source) -> tuple[int, Statement]:
        """Appends what the source makes."""
        made = plan(source, os.urandom)
        index = self.size
        self.size, self.root, changed = tiles.append(self.size, [made.leaf], self.read)
        self._tiles |= changed
        return index, rebuild(source, made.text, made.salts)

    def stamp(self, data: bytes) -> bytes:
        """By the embedded authority."""
        return self._authority.stamp(make_request(data, os.urandom)[0])

    def write(self, path: Path) -> None:
        """The bundle of one capture, closed by its export."""
        main = self.log(capture())
        custody = self.log(RecordSource("custody", {"id": "evt_0123456789abcdef", "event": "kept"}))
        files = {"report.pdf": b"%PDF-1.7\n" + os.urandom(400_000)}
        body = export_body(
            identifier="exp_0123456789abcdef", at="2026-03-01T12:01:00Z", actor="service",
            watch_id="wat_0123456789abcdef", main=main[0], records=[custody[0]], masked=False,
            lang="en",
        )  # fmt: skip
        export = self.log(export_source(body, files))
        note = checkpoint.sign_checkpoint(KEY, self.size, self.root)
        token = self.stamp(checkpoint.parse(note).text.encode())

        def entry(kind: str, index: int, statement: Statement) -> BundleEntry:
            proof = tiles.inclusion_proof(index, self.size, self.read)
            return BundleEntry(
                kind=kind,
                statement=statement,
                proof=tlog_proof.write(index, proof, note),
                tokens=[self.stamp(statement.text)] if kind == "capture" else [],
                checkpoint_tokens=[token],
            )

        bundle = BundleInput(
            main=entry("capture", *main),
            records=[entry("custody", *custody)],
            export=entry("export", *export),
            export_files=files,
            log_key=KEY.public,
            roots=[self._authority.root_pem],
            made_at=NOW,
        )
        write_bundle(path, bundle)

    def inclusion(self) -> float:
        """Inclusion proofs verified in a second, in one process."""
        leaves = [number * (LEAVES // PROOFS) for number in range(PROOFS)]
        proofs = [tiles.inclusion_proof(index, self.size, self.read) for index in leaves]
        begun = time.perf_counter()
        for index, proof in zip(leaves, proofs, strict=True):
            merkle.verify_inclusion(
                index=index, size=self.size, leaf=merkle.leaf_hash(b"%d" % index),
                root=self.root, proof=proof,
            )  # fmt: skip
        return PROOFS / (time.perf_counter() - begun)

    def hashing(self) -> float:
        """The hashes of so many proofs alone, in a second: what bounds the figure above."""
        depth = len(tiles.inclusion_proof(0, self.size, self.read))
        left, right = bytes(32), bytes(32)
        begun = time.perf_counter()
        for _ in range(PROOFS * depth):
            left = merkle.node_hash(left, right)
        return PROOFS / (time.perf_counter() - begun)


def seconds(command: Sequence[str | Path], cwd: Path) -> float:
    """The best of a few runs; each must succeed."""
    return min(_once(lambda: _run(command, cwd)) for _ in range(ROUNDS))


def _once(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _run(command: Sequence[str | Path], cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def run() -> Iterator[Figure]:
    """Yields seconds by each verifier, and inclusion proofs a second."""
    with tempfile.TemporaryDirectory(prefix="rature-bench-") as scratch:
        folder = Path(scratch)
        made = Bench(folder)
        made.write(folder / "b.zip")
        _run(["unzip", "-q", "b.zip", "-d", "bag"], folder)
        script = folder / "bag/data/verify.sh"
        least = seconds(
            ["bash", "-c", "sha256sum -c --quiet manifest-sha256.txt && cd data && openssl ts "
             "-verify -in STATEMENT.tsa1.tsr -data STATEMENT.sha256 -CAfile keys/roots.pem"],
            folder / "bag",
        )  # fmt: skip
        yield Figure("verify", "verify.sh", seconds(["bash", script, "b.zip"], folder), "s", least)
        command: list[str | Path] = [Path(sys.executable).with_name("rature"), "verify", "b.zip"]
        yield Figure("verify", "rature verify", seconds(command, folder), "s", least)
        yield Figure("verify", "inclusion proofs", made.inclusion(), "1/s", made.hashing())
