"""A wall of comments on loopback for the benchmarks of visits, and how the checker looks at it."""

import html
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from archiver.checker.chromium import find_chromium
from archiver.checker.gate import AddressPolicy
from archiver.checker.options import CheckerOptions

VIEWPORT = (1280, 900)
WORDS = (
    "After eight months both soles have holes and nobody answers my letters. I sent the receipt,"
    " the pictures and the form that was asked for; then I was sent on to somebody else."
)


def now() -> datetime:
    """The system's clock."""
    return datetime.now(UTC)


def make_options(clock: Callable[[], datetime] = now) -> CheckerOptions:
    """A checker that may open loopback."""
    executable = find_chromium(os.environ.get("RATURE_CHROMIUM"))
    return CheckerOptions(
        policy=AddressPolicy(allow_private=frozenset({"127.0.0.1"})),
        clock=clock,
        executable=str(executable) if executable else None,
        viewport=VIEWPORT,
    )


def text(number: int) -> str:
    """A post's words; no two posts have the same."""
    return f"Complaint number {number + 1}. {WORDS}"


def author(number: int) -> str:
    """A post's author."""
    return f"Customer {chr(ord('A') + number % 26)}{number // 26 or ''}."


def page(posts: int) -> bytes:
    """The wall: comments as many sites mark them up."""
    items = "".join(
        f'<article class="comment" id="comment-{n + 1}"><header><b class="author">{author(n)}</b>'
        f' <time datetime="2026-03-{n % 28 + 1:02}T09:00:00Z">{n % 28 + 1} March</time></header>'
        f"<p>{html.escape(text(n))}</p></article>"
        for n in range(posts)
    )
    style = "body{font:16px sans-serif;max-width:40em;margin:auto}article{padding:1em}"
    return (
        f'<!doctype html><html lang="en"><title>A wall</title><style>{style}</style>'
        f"<h1>What our customers say</h1><section>{items}</section><footer>Acme</footer></html>"
    ).encode()


@contextmanager
def wall(posts: int) -> Iterator[str]:
    """Serves a wall on loopback and gives its address."""
    body = page(posts)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/wall"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
