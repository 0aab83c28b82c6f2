"""`rature restore` and `rature resume`."""

import argparse
from pathlib import Path

from archiver.cli_files import read_text
from archiver.cli_output import explain, say
from archiver.config import Settings, load_settings
from archiver.data_folder import FolderLock
from archiver.domain.errors import InvalidInput, ProofInvalid, SettingsError
from archiver.domain.instant import render
from archiver.evidence import checkpoint as notes
from archiver.services import former_log
from archiver.services.erasure_list import erase_again, read_list
from archiver.services.restore import Unpacked, is_held, release, restore
from archiver.store.repository import log
from archiver.wiring import House, build_house


def run_restore(arguments: argparse.Namespace) -> int:
    """Restores; prints the folder."""
    listed = read_text(arguments.erasures) if arguments.erasures else ""
    note = read_text(arguments.head) if arguments.head else None
    read_list(listed)  # refused before anything is unpacked

    def finish(folder: Path, unpacked: Unpacked) -> None:
        with build_house(_embedded(folder)) as house:
            again = read_list(unpacked.erasures) + read_list(listed)
            count = erase_again(house.erasure, again)
            explain(f"erased again: {count}")
            house.erasure.scrub()
            _decide(house, arguments, note)

    manifest = restore(arguments.file, arguments.data, finish)
    explain(
        f"restored: the backup of {render(manifest.made_at)}, a log of {manifest.size} leaves,"
        f" {manifest.sealed_size} of them signed. Every hash was right."
    )
    if manifest.missing:
        explain(f"{len(manifest.missing)} blobs were missing when the backup was made")
    if is_held(arguments.data):
        explain(
            "Its log is held: the service takes captures, but seals nothing, until you say how the"
            " log goes on: see `rature resume --help`"
        )
    explain(f"Check it: RATURE_DATA={arguments.data} rature fsck")
    say(str(arguments.data))
    return 0


def run_resume(arguments: argparse.Namespace) -> int:
    """Lets the log go on.

    Raises:
        InvalidInput: it is not held.
    """
    settings = load_settings()
    if not settings.on_sqlite:
        raise SettingsError(
            "with PostgreSQL, put the newest checkpoint into head/checkpoint below RATURE_DATA"
        )
    note = read_text(arguments.head) if arguments.head else None
    with FolderLock(settings.data), build_house(settings) as house:
        if not is_held(settings.data):
            raise InvalidInput(f"the log in {settings.data} is not held")
        _decide(house, arguments, note)
    return 0


def _decide(house: House, arguments: argparse.Namespace, note: str | None) -> None:
    data = house.settings.data
    if note is not None:
        _go_on_from(house, note)
    elif arguments.nothing_signed_since:
        with house.database.reading() as session:
            newest = log.latest_checkpoint(session)
        release(data, newest.note if newest else None)
        explain("the log goes on, on your word that it signed nothing after the backup")
    elif arguments.new_log:
        folder = former_log.set_aside(data, house.database, house.sealing.public_key)
        release(data, None)
        explain(
            "a new log begins at the next start, with a new name and key. Publish its key. What the"
            f" former one signed is in {folder.name}/"
        )


def _go_on_from(house: House, note: str) -> None:
    """Puts the checkpoint in place of the head file.

    Raises:
        InvalidInput: the log's key did not sign it.
    """
    try:
        known = notes.verify(notes.parse(note), [house.sealing.public_key])
    except ProofInvalid as error:
        raise InvalidInput(f"--head: no checkpoint of this log ({error})") from error
    with house.database.reading() as session:
        size = log.head(session).size
    if known.size > size:
        raise InvalidInput(
            f"--head: {known.size} leaves were signed, and this backup has {size}: the log cannot"
            " go on from it. Restore a newer backup, or begin anew with --new-log"
        )
    release(house.settings.data, note)
    explain(f"the log goes on from its checkpoint of {known.size} leaves")


def _embedded(folder: Path) -> Settings:
    return load_settings(data=folder, database_url="", blobs_url="")
