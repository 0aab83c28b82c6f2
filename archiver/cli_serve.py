"""`rature serve`: checks everything, says what to do next, then serves until it is told to stop."""

import argparse
import signal
import socket
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.importer import import_from_string

import archiver
from archiver.cli_access import sign_in_link
from archiver.cli_output import say
from archiver.config import Settings, load_settings
from archiver.data_folder import FolderLock, prepare
from archiver.domain.errors import SettingsError
from archiver.logs import configure_logs
from archiver.readiness import find_browser
from archiver.wiring import VERSION, House, build_house

HOST = "127.0.0.1"
PORT = 8787
HIGHEST_PORT = 65535
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on
EXTENSION = Path(archiver.__file__).parent.parent / "extension"
SECONDS_TO_FINISH = 10


def add_commands(commands: Any) -> None:
    """Adds the command to the parser."""
    serve = commands.add_parser("serve", help="run the service")
    serve.add_argument("--host", default=HOST, help=f"address to listen on ({HOST})")
    serve.add_argument("--port", type=port_number, default=PORT, help=f"port to listen on ({PORT})")
    serve.set_defaults(run=run_serve)


def port_number(text: str) -> int:
    """A port: 0 (any that is free) to 65535."""
    port = int(text)
    if not 0 <= port <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port (0 to {HIGHEST_PORT})")
    return port


def run_serve(arguments: argparse.Namespace) -> int:
    """Serves; 0 after an orderly stop."""
    settings = with_address(load_settings(), arguments.host, arguments.port)
    configure_logs()
    prepare(settings.data)
    find_browser(settings)
    with ExitStack() as held:
        if settings.on_sqlite:
            held.enter_context(FolderLock(settings.data))
        listener = held.enter_context(closing(listen(arguments.host, arguments.port)))
        house = build_house(settings)
        say(greeting(house))
        return run_server(import_from_string("api.app:create_app")(house), listener)


def with_address(settings: Settings, host: str, port: int) -> Settings:
    """The settings, with the public address that follows from host and port unless one is set."""
    if "public_url" in settings.model_fields_set:
        return settings
    name = HOST if host in EVERYWHERE else host
    shown = f"[{name}]" if ":" in name else name
    return settings.model_copy(update={"public_url": f"http://{shown}:{port}"})


def listen(host: str, port: int) -> socket.socket:
    """Takes the port, so that nobody else can between the check and the start.

    Raises:
        SettingsError: it is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host} port {port} ({error.strerror}):"
            " stop what uses it, or choose another with --port"
        ) from error


def greeting(house: House) -> str:
    """What a person reads at the start: where to go, and what is not as it should be."""
    lines = [
        f"Rature {VERSION} keeps its data in {house.settings.data.resolve()}",
        "",
        f"  Address    {house.settings.public_url}",
        f"  Sign in    {sign_in_link(house)}",
        "             (works once, within 15 minutes; `rature signin` prints another)",
        "  Extension  open chrome://extensions, switch on developer mode, choose",
        f'             "Load unpacked" and this folder: {EXTENSION}',
        "",
    ]
    lines += [f"  Note: {warning}" for warning in house.warnings()]
    return "\n".join([*lines, "  Stop with Ctrl+C."])


def run_server(application: Any, listener: socket.socket) -> int:
    """Serves an ASGI application until a signal comes; 0 after an orderly stop."""
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            access_log=False,
            log_config=None,
            lifespan="on",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
            ws="none",
        )
    )
    # The server stops in order at these signals and then raises them once more for us.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    server.run(sockets=[listener])
    return 0 if server.started else 1
