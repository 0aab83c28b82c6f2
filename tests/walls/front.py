"""A reverse proxy in front of a wall, with obstacles that are put up and taken away at run time."""

import contextlib
import gzip
import http.client
import threading
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from tests.servers.local import LocalServer, http_server
from tests.walls import front_pages as pages
from tests.walls.shorten import shorten

Mode = Literal[
    "pass",
    "login_redirect",
    "login_in_place",
    "captcha",
    "captcha_hold",
    "rate_limited",
    "geo",
    "server_error",
    "consent",
    "slow",
    "drop",
    "stale",
    "stale_passable",
    "short",
]
FIXED = {
    "login_in_place": pages.LOGIN,
    "captcha": pages.CAPTCHA,
    "captcha_hold": pages.CAPTCHA_HOLD,
    "geo": pages.GEO,
    "server_error": pages.SERVER_ERROR,
    "consent": pages.CONSENT_WALL,
}
# Hop-by-hop (RFC 9110, 7.6.1) and what this proxy says anew.
NOT_FORWARDED = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
    "te",
    "content-length",
    "content-encoding",
    "accept-encoding",
    "host",
    "date",
    "server",
}
# A cache that is keyed by these alone cannot be passed by an invented parameter.
KEY_PARAMETERS = {"p", "page_id", "cpage"}


@dataclass(frozen=True)
class Seen:
    """One request as it reached the front."""

    method: str
    path: str
    headers: Message


@dataclass(frozen=True)
class Answer:
    """One answer, decoded, ready to be sent on or kept."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def is_page(self) -> bool:
        return any(k.lower() == "content-type" and "html" in v for k, v in self.headers)


class Front(LocalServer):
    """Answers on `url` for the wall at `upstream` (an origin such as http://127.0.0.1:4711).

    `mode` may be assigned at any time and rules every following request:

    - pass: the wall itself, its own address replaced by the front's everywhere;
    - login_redirect, login_in_place: 302 to /login, or the login form with 200 at the same address;
    - captcha, captcha_hold: two vendors' challenge pages, status 200;
    - rate_limited: 429 with Retry-After `retry_after`; geo: 451; server_error: 500;
    - consent: a full-page consent interstitial, status 200;
    - slow: `slow_seconds` of silence first; drop: the connection is closed without an answer;
    - stale: the copy kept from the last `pass`, with `Age: stale_age`, whatever is asked;
      stale_passable: the same, but `Cache-Control: no-cache` or an unknown parameter passes it;
    - short: only the first `short_keep` comments of each page, nothing says so.

    /login always shows the login page. `seen` lists the requests.
    """

    def __init__(self, upstream: str) -> None:
        self.mode: Mode = "pass"
        self.retry_after = 120
        self.slow_seconds = 60.0
        self.stale_age = 86_400
        self.short_keep = 2
        self.seen: list[Seen] = []
        self._upstream = urlsplit(upstream)
        self._kept: dict[str, Answer] = {}
        self._closing = threading.Event()
        super().__init__(http_server(self._handler()))
        self.url = self.origin

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        super().__exit__(kind, error, trace)

    def address(self, wall_address: str) -> str:
        """Give the front's address of a page of the wall."""
        return wall_address.replace(self._walls_origin, self.url, 1)

    def answer(self, request: Seen, body: bytes | None) -> Answer | None:
        """Give the answer to one request under the present mode; None closes the connection."""
        self.seen.append(request)
        mode = self.mode
        if page := self._obstacle(mode, request):
            return Answer(page.status, tuple(page.headers.items()), page.body.encode())
        if mode == "slow":
            self._closing.wait(self.slow_seconds)
        if mode == "drop" or self._closing.is_set():
            return None
        if mode in {"stale", "stale_passable"} and (kept := self._old_copy(mode, request)):
            return kept
        return self._from_wall(mode, request, body)

    @property
    def _walls_origin(self) -> str:
        return f"{self._upstream.scheme}://{self._upstream.netloc}"

    def _obstacle(self, mode: Mode, request: Seen) -> pages.Page | None:
        if urlsplit(request.path).path == "/login":
            return pages.LOGIN
        if mode == "login_redirect":
            return pages.login_redirect(quote(request.path, safe=""))
        if mode == "rate_limited":
            return pages.rate_limited(self.retry_after)
        return FIXED.get(mode)

    def _old_copy(self, mode: Mode, request: Seen) -> Answer | None:
        exact = mode == "stale_passable"
        if exact and "no-cache" in request.headers.get("Cache-Control", ""):
            return None
        kept = self._kept.get(request.path if exact else _cache_key(request.path))
        if kept is None:
            return None
        return Answer(kept.status, (*kept.headers, ("Age", str(self.stale_age))), kept.body)

    def _from_wall(self, mode: Mode, request: Seen, body: bytes | None) -> Answer:
        try:
            answer = self._ask_wall(request, body)
        except (OSError, http.client.HTTPException):
            return Answer(502, (("Content-Type", "text/html"),), b"<h1>502 Bad Gateway</h1>")
        if mode == "short" and answer.is_page:
            cut = shorten(answer.body.decode(), self.short_keep).encode()
            return Answer(answer.status, answer.headers, cut)
        if mode == "pass" and answer.is_page and request.method == "GET":
            self._kept[request.path] = self._kept[_cache_key(request.path)] = answer
        return answer

    def _ask_wall(self, request: Seen, body: bytes | None) -> Answer:
        connection = http.client.HTTPConnection(self._upstream.netloc, timeout=30)
        try:
            headers = {
                name: value.replace(self.url, self._walls_origin)
                for name, value in request.headers.items()
                if name.lower() not in NOT_FORWARDED
            }
            connection.request(request.method, request.path, body=body, headers=headers)
            response = connection.getresponse()
            data = response.read()
            if response.getheader("Content-Encoding") == "gzip":
                data = gzip.decompress(data)
            return self._as_ours(response.status, response.getheaders(), data)
        finally:
            connection.close()

    def _as_ours(self, status: int, headers: list[tuple[str, str]], data: bytes) -> Answer:
        ours = tuple(
            (name, value.replace(self._walls_origin, self.url))
            for name, value in headers
            if name.lower() not in NOT_FORWARDED
        )
        kind = next((v for k, v in headers if k.lower() == "content-type"), "")
        if kind.startswith(("text/", "application/json", "application/javascript")):
            # Plain, as in a JSON string with escaped slashes, and percent-encoded.
            for form in (str, _escaped, _quoted):
                data = data.replace(form(self._walls_origin).encode(), form(self.url).encode())
        return Answer(status, ours, data)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        front = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 60

            def do_GET(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(size) if size else None
                answer = front.answer(Seen(self.command, self.path, self.headers), body)
                # A visitor who has left in the meantime is no fault of the test.
                with contextlib.suppress(ConnectionError):
                    self._send(answer)

            do_POST = do_HEAD = do_PUT = do_OPTIONS = do_GET  # noqa: N815 - http.server's names

            def _send(self, answer: Answer | None) -> None:
                self.close_connection = True
                if answer is None:
                    return
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                """Requests are kept in `seen`, not printed."""

        return Handler


def _cache_key(path: str) -> str:
    parts = urlsplit(path)
    known = [(k, v) for k, v in parse_qsl(parts.query) if k in KEY_PARAMETERS]
    return f"cache {parts.path}?{urlencode(known)}"


def _escaped(address: str) -> str:
    return address.replace("/", "\\/")


def _quoted(address: str) -> str:
    return quote(address, safe="")
