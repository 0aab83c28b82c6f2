# ruff: noqa: E501 - lines of HTML are kept whole
"""A wall of comments on a port of its own: a site that knows nothing of the extension."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.e2e.extension import wall_situations

COMPLAINT = (
    "J'ai acheté ces chaussures en juillet ; huit mois plus tard les deux semelles sont trouées."
)
STYLE = """
  body { margin: 0; font: 16px/24px 'DejaVu Sans', sans-serif; background: #eef; }
  main { width: 720px; padding-left: 100px; }
  h1 { margin: 0; height: 40px; overflow: hidden; } form { height: 60px; overflow: hidden; }
  .bar { position: sticky; top: 0; height: 60px; background: #224; color: #fff; z-index: 5; }
  .cookie { position: fixed; bottom: 0; left: 0; right: 0; height: 40px; background: #fc0; z-index: 6; }
  .comment { background: #fff; padding: 16px; margin: 16px 0; border: 1px solid #99b; height: 160px; box-sizing: border-box; }
  .comment p { margin: 8px 0; }
"""


def stripes(count: int) -> str:
    """Lines of 50 pixels whose colours all differ, so that no two parts of the picture are alike."""
    return "".join(
        f'<div style="height:50px;background:rgb({(n * 37) % 256},{(n * 91) % 256},{(n * 53) % 256})">line {n}</div>'
        for n in range(count)
    )


def comment(number: int, author: str, text: str, extra: str = "", style: str = "") -> str:
    return (
        f'<li class="comment" id="comment-{number}" style="{style}"><a class="author" href="/u/{number}">{author}</a> '
        f'<a href="/wall#comment-{number}"><time datetime="2026-03-0{number % 9 + 1}T20:15:00Z">{number} mars 2026 à 20:15</time></a>'
        f"<p>{text}</p>{extra}</li>"
    )


def wall(target: str, *, fixed: str = "", script: str = "") -> str:
    """Eight comments with `target` in their middle."""
    others = [
        comment(n, f"Client {n}", f"Commentaire numéro {n} sur la boutique, livré en {n} jours.")
        for n in range(1, 9)
    ]
    listed = "".join([*others[:4], target, *others[4:]])
    return (
        f"<!doctype html><html lang=fr><meta charset=utf-8><title>Le mur</title><style>{STYLE}</style>{fixed}"
        f"<main><h1>Le mur de la marque</h1><form><input name=q value=typed-secret><input type=hidden name=csrf value=csrf-secret>"
        f"<textarea>draft-secret</textarea></form><ol style='list-style:none;padding:0'>{listed}</ol></main>{script}</html>"
    )


BARS = '<div class="bar">Menu</div><div class="cookie">Cookies ?</div>'
TALL = "height:auto"
PAGES = {
    "/wall": wall(
        comment(42, "Jean Dupont", COMPLAINT), script="<script>window.secret='page-script'</script>"
    ),
    "/tall": wall(comment(42, "Jean Dupont", COMPLAINT, stripes(48), TALL)),
    "/tall-bars": wall(comment(42, "Jean Dupont", COMPLAINT, stripes(48), TALL), fixed=BARS),
    "/scroller": "<!doctype html><meta charset=utf-8><style>body{margin:0}</style><title>Box</title>"
    f'<div style="height:400px;overflow:auto;margin:40px">{wall(comment(42, "Jean Dupont", COMPLAINT, stripes(24), TALL))}</div>',
    "/picture": wall(
        '<li class="comment" id="comment-42"><a class=author href=/u/42>Jean</a><svg role="img" aria-label="La semelle trouée" width=99 height=99><rect width=99 height=99 fill=red></rect></svg></li>'
    ),
    "/white": wall(
        '<li class="comment" id="comment-42" style="border:0;color:#fff">Une phrase écrite en blanc sur blanc.</li>'
    ),
    # its policy allows no styles at all, and so none of the extension's if it could reach them
    "/strict": wall(comment(42, "Jean Dupont", COMPLAINT)),
    # nothing but the browser keeps its scripts from anything
    "/bare": wall(comment(42, "Jean Dupont", COMPLAINT)),
}


USUAL = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
POLICIES = {"/bare": "", "/strict": "default-src 'none'", "/pictures-free": wall_situations.FREE}
OPEN = wall_situations.POLICY


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path.startswith("/img/"):
            self._send_picture(path.removeprefix("/img/"), query)
            return
        other = f"http://other.localhost:{self.server.server_address[1]}"
        body = PAGES.get(path) or wall_situations.situations(other).get(path)
        self.send_response(200 if body else 404)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("set-cookie", "session=cookie-secret")
        if policy := POLICIES.get(path, USUAL if path in PAGES else OPEN):
            self.send_header("content-security-policy", policy)
        self.end_headers()
        self.wfile.write((body or "not found").encode())

    def _send_picture(self, name: str, query: str) -> None:
        if query == "late":
            time.sleep(0.2)
        data = wall_situations.PICTURES[name]
        self.send_response(200)
        self.send_header("content-type", "image/png")
        self.send_header("content-length", str(len(data)))
        self.send_header("cache-control", "max-age=600")
        if query == "cors":
            self.send_header("access-control-allow-origin", "*")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


@contextmanager
def serve() -> Iterator[str]:
    """The wall's origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
