"""The parsers of what keeps an archive in order: erase, check, back up, restore.

What they run is loaded when it is asked for.
"""

from pathlib import Path
from typing import Any

from archiver.cli_tools import later

REASONS = ("request", "retention", "other")


def add_commands(commands: Any) -> None:
    """Adds the commands to the parser."""
    _add_erase(commands)
    _add_fsck(commands)
    _add_backup(commands)
    _add_restore(commands)


def _add_erase(commands: Any) -> None:
    erase = commands.add_parser(
        "erase",
        help="erase a watched post or a capture for good",
        description="Erases a watched post with everything about it, or one capture, for good. The"
        " log keeps that it was done, and every proof of everything else still verifies.",
    )
    erase.add_argument("id", metavar="WATCH_OR_CAPTURE", help="wat_... or cap_...")
    erase.add_argument(
        "--reason", choices=REASONS, required=True, help="why; it becomes part of the log"
    )
    erase.add_argument("--yes", action="store_true", help="do not ask whether it is meant")
    erase.set_defaults(run=later("archiver.cli_erase", "run_erase"))
    erasures = commands.add_parser(
        "erasures",
        help="list what was erased: what a restored backup must erase again",
        description="Prints one erasure a line as JSON. Keep the list apart from the backups, and"
        " give it to `rature restore --erasures`.",
    )
    erasures.set_defaults(run=later("archiver.cli_erase", "run_erasures"))


def _add_fsck(commands: Any) -> None:
    fsck = commands.add_parser(
        "fsck",
        help="check everything that is kept",
        description="Hashes every blob, makes every statement again, checks every proof, rebuilds"
        " the tree, and names what is missing or left over. The service may run meanwhile. A check"
        " that is broken off goes on from there. Exit status: 0 clean, 1 faults.",
    )
    fsck.add_argument("--anew", action="store_true", help="begin at the beginning")
    fsck.add_argument(
        "--sweep", action="store_true", help="remove blobs that nobody refers to for a day or more"
    )
    fsck.add_argument("--json", action="store_true", help="JSON on one line, for programs")
    fsck.set_defaults(run=later("archiver.cli_fsck", "run_fsck"))


def _add_backup(commands: Any) -> None:
    backup = commands.add_parser(
        "backup",
        help="back up a running service into one file",
        description="Writes database, blobs, private keys and the list of erasures into one TAR"
        " file that only its owner can read. Whoever has it can sign as this log: keep it as you"
        " keep a key. For the embedded database and blob folder; PostgreSQL and S3 have their own"
        " tools.",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="must not be there yet")
    backup.set_defaults(run=later("archiver.cli_backup", "run_backup"))


def _add_restore(commands: Any) -> None:
    restore = commands.add_parser(
        "restore",
        help="restore a backup into an empty folder",
        description="Restores a backup, checks the hash of everything in it, and erases again what"
        " was erased after it was taken. Its log may have signed more since, and must not sign a"
        " second history: until you say how it goes on (here, or later by `rature resume`), the"
        " restored service takes captures and seals nothing.",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="a folder that is empty or new"
    )
    restore.add_argument(
        "--erasures",
        type=Path,
        metavar="LIST",
        help="what `rature erasures` printed last: it is erased again before anything starts",
    )
    _add_ways(restore, required=False)
    restore.set_defaults(run=later("archiver.cli_restore", "run_restore"))
    resume = commands.add_parser(
        "resume",
        help="let the log of a restored backup go on",
        description="Says how the log of a restored backup goes on. The service must be stopped.",
    )
    _add_ways(resume, required=True)
    resume.set_defaults(run=later("archiver.cli_restore", "run_resume"))


def _add_ways(parser: Any, *, required: bool) -> None:
    way = parser.add_mutually_exclusive_group(required=required)
    way.add_argument(
        "--head",
        type=Path,
        metavar="CHECKPOINT",
        help="the newest checkpoint that can be found: head/checkpoint of the lost data folder, or"
        " what a witness or a receipt has. The log goes on if the backup has all of it",
    )
    way.add_argument(
        "--nothing-signed-since",
        action="store_true",
        help="go on, on your word that the log signed nothing after the backup",
    )
    way.add_argument(
        "--new-log",
        action="store_true",
        help="begin a new log, under a new name and key, with the same records; the former"
        " checkpoints and their time stamps are kept in a file beside it",
    )
