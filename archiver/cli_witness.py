"""`rature witness`: cosigns the checkpoints of logs that it watches, for a newsroom or anybody who
wants to be sure that a log keeps telling the same history."""

import argparse
import os
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from uvicorn.importer import import_from_string

from archiver.cli_files import read_text
from archiver.cli_output import say
from archiver.cli_serve import EVERYWHERE, HOST, listen, port_number, run_server
from archiver.data_folder import FolderLock, prepare
from archiver.domain.errors import InvalidInput, ProofInvalid
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.cosignature import WitnessKey
from archiver.logs import configure_logs
from archiver.services.witness_desk import WitnessDesk
from archiver.services.witness_key import open_witness_key
from archiver.wiring import utc_now

PORT = 8788
DATA = Path("witness")


def add_commands(commands: Any) -> None:
    """Adds the command to the parser."""
    witness = commands.add_parser(
        "witness",
        help="cosign the checkpoints of other people's logs",
        description="Cosigns the checkpoints of the logs it watches (c2sp.org/tlog-witness), and"
        " refuses and reports a log that forks or goes back. A log's key is what its service"
        " answers at /log/vkey; get it from its operator, too.",
    )
    witness.add_argument(
        "--log",
        nargs="+",
        action="extend",
        default=[],
        metavar="VKEY",
        help="verifier key of a log to watch (name+id+base64); may be repeated",
    )
    witness.add_argument(
        "--logs", type=Path, metavar="FILE", help="more of them, one a line; # begins a comment"
    )
    witness.add_argument("--host", default=HOST, help=f"address to listen on ({HOST})")
    witness.add_argument(
        "--port", type=port_number, default=PORT, help=f"port to listen on ({PORT})"
    )
    witness.add_argument(
        "--data", type=Path, default=DATA, help=f"folder for key, memory and reports ({DATA})"
    )
    witness.add_argument(
        "--name",
        help="name in its key, for instance newsroom.example/w1; only at the first start",
    )
    witness.set_defaults(run=run_witness)


def run_witness(arguments: argparse.Namespace) -> int:
    """Witnesses; 0 after an orderly stop.

    Raises:
        InvalidInput: no log is named, or a key is not one.
        SettingsError: folder, key or port cannot be used.
    """
    logs = read_logs(arguments.log, arguments.logs)
    configure_logs()
    prepare(arguments.data, setting="--data")
    with ExitStack() as held:
        held.enter_context(FolderLock(arguments.data, "Stop that one, or name another with --data"))
        key = open_witness_key(arguments.data / "witness.key", arguments.name, os.urandom)
        listener = held.enter_context(closing(listen(arguments.host, arguments.port)))
        desk = WitnessDesk(arguments.data, key, logs, utc_now)
        desk.overview()  # a broken memory is told now, not at the first request
        port = listener.getsockname()[1]
        say(greeting(desk.public_key, logs, arguments.data, arguments.host, port))
        return run_server(import_from_string("api.witness_app:create_witness_app")(desk), listener)


def read_logs(vkeys: Sequence[str], file: Path | None) -> list[VerifierKey]:
    """The keys of the logs to watch, each once.

    Raises:
        InvalidInput: there is none, or one is no log's verifier key.
    """
    lines = list(vkeys)
    if file is not None:
        lines += [line.partition("#")[0].strip() for line in read_text(file).splitlines()]
    found: dict[VerifierKey, None] = {}
    for line in filter(None, lines):
        try:
            found[VerifierKey.from_vkey(line)] = None
        except ProofInvalid as error:
            raise InvalidInput(f"{line!r} is no log's verifier key: {error}") from error
    if not found:
        raise InvalidInput("name a log to watch: --log VKEY, or --logs FILE with one a line")
    return list(found)


def greeting(key: WitnessKey, logs: Sequence[VerifierKey], data: Path, host: str, port: int) -> str:
    """What a person reads at the start: who this witness is, and what to tell a log's operator."""
    name = HOST if host in EVERYWHERE else host
    address = f"http://{f'[{name}]' if ':' in name else name}:{port}"
    lines = [
        f"Witness {key.name} keeps its key and its memory in {data.resolve()}",
        "",
        f"  Verifier key  {key.vkey}",
        f"  Address       {address}",
        *(f"  Watches       {log.name}" for log in logs),
        "",
        "  Whoever runs the log sets (the address as it is seen from there, by https if public):",
        f"  RATURE_WITNESSES={key.vkey}@{address}",
        "",
        f"  What was refused, and the evidence: {address}/",
        "  Stop with Ctrl+C.",
    ]
    return "\n".join(lines)
