"""`rature backup`."""

import argparse
from datetime import datetime
from pathlib import Path

from archiver.cli_output import explain, say
from archiver.config import load_settings
from archiver.domain.errors import SettingsError
from archiver.services.backup import FOREIGN, Backup
from archiver.store.blobs import FolderBlobs
from archiver.wiring import VERSION, House, build_house


def run_backup(arguments: argparse.Namespace) -> int:
    """Backs up beside the running service; prints the file's path. 1 when blobs are missing.

    Raises:
        SettingsError: database or blobs are elsewhere and have their own tools.
    """
    with build_house(load_settings()) as house:
        if not house.settings.on_sqlite or not isinstance(house.blobs, FolderBlobs):
            raise SettingsError(FOREIGN)
        made = _backup(house).make(_target(arguments.file, house.clock()), explain)
    explain(
        f"{made.blobs} blobs, {made.size} bytes; the manifest's SHA-256 is {made.sha256}.\n"
        "The private keys are in it: whoever has this file can sign as this log. It is readable by"
        " its owner only; keep it as you keep a key.\n"
        "Keep `rature erasures` of later days apart from it: what was erased after a backup must be"
        " erased again when it is restored."
    )
    for sha256 in made.missing:
        explain(f"MISSING: blob {sha256}; see `rature fsck`")
    say(str(made.path))
    return 1 if made.missing else 0


def _backup(house: House) -> Backup:
    return Backup(
        database=house.database,
        blobs=house.blobs,
        data=house.settings.data,
        clock=house.clock,
        log_name=house.sealing.public_key.name,
        product=f"rature {VERSION}",
    )


def _target(path: Path, now: datetime) -> Path:
    """The file; in a folder it gets a name by the moment."""
    return path / f"rature-{now:%Y%m%dT%H%M%SZ}.tar" if path.is_dir() else path
