"""A blog with twelve comments, made as an adapter knows it; `/other` is a page that none knows, and
`/changed` the blog after a redesign."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.real_pages.site_styles import html, pages, renamed

BLOG = next(page for page in pages() if page.name == "wordpress")
PLAIN = "<!doctype html><title>Other</title><p>Nothing here.</p>"


class Handler(BaseHTTPRequestHandler):
    """Answers every path."""

    def do_GET(self) -> None:
        body = {"/other": PLAIN, "/changed": renamed(BLOG)}.get(self.path) or html(BLOG)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def serve() -> Iterator[str]:
    """Its origin, on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
