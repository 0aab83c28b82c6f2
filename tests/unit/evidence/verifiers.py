"""The two verifiers that must agree: `verify_bundle`, and `verify.sh` with stock tools."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from archiver.domain.errors import EvidenceError
from archiver.evidence import bag, bundle_text
from archiver.evidence.bundle_zip import write_zip
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.verification import verify_bundle
from tests.unit.evidence.house import NOON


def pack(path: Path, payload: dict[str, bytes]) -> Path:
    """Packs payload files (paths without `data/`) with fitting manifests, as a forger would."""
    with path.open("wb") as stream:
        pack_stream(stream, payload)
    return path


def pack_stream(stream: BinaryIO, payload: dict[str, bytes]) -> BinaryIO:
    """The same into an open file."""
    in_bag = {f"data/{name}": data for name, data in payload.items()}
    write_zip(stream, in_bag | bag.tag_files(in_bag, "", NOON))
    return stream


def ours(
    path: Path | BinaryIO, roots: bytes | None = None, key: VerifierKey | None = None
) -> str | None:
    """None when `verify_bundle` accepts it, else what it says."""
    try:
        verify_bundle(path, None if roots is None else [roots], None if key is None else [key])
    except EvidenceError as error:
        return str(error)
    return None


def stock(path: Path, arguments: Sequence[Path | str] = ()) -> str | None:
    """None when `verify.sh` accepts it, else what it says."""
    script = path.parent / "verify.sh"
    script.write_bytes(bundle_text.script())
    run = subprocess.run(
        ["bash", script, path, *arguments], capture_output=True, text=True, check=False
    )
    last = run.stdout.strip().rpartition("\n")[2]
    assert (run.returncode == 0) == (last == "OK"), run.stdout + run.stderr
    assert run.returncode == 0 or last.startswith("FAILED: "), run.stdout + run.stderr
    return None if run.returncode == 0 else last
