"""A site of a few pages on loopback, made by a test: pages are texts or functions of a request."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from archiver.checker.look import Checker
from archiver.domain.observation import Observation
from archiver.domain.post import Target
from tests.servers.local import LocalServer, http_server

NAMES = ("Alice Ancel", "Bruno Brand", "Carla Cruz", "Dario Diaz", "Elif Eren", "Femi Falk")
NAMES += ("Greta Gold", "Hugo Haas", "Ines Ibanez", "Jonas Jarl", "Kira Kern", "Lars Lund")


@dataclass
class Asked:
    """One request: `query` has the last value of each name, `headers` lower-case names."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Answer:
    """What a page answers."""

    body: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


Page = str | Callable[[Asked], Answer]


class SmallSite(LocalServer):
    """Serves `pages` by path; everything else is 404. `asked` keeps the requests."""

    def __init__(self, wall: Page = "") -> None:
        self.pages: dict[str, Page] = {"/wall": wall, "/": "<p>Shoes since 1902.</p>"}
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        super().__init__(http_server(_handler(self)))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        super().__exit__(kind, error, trace)

    @property
    def url(self) -> str:
        return f"{self.origin}/wall"

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        page = self.pages.get(asked.path)
        if page is None:
            return Answer("<p>Nothing here.</p>", status=404)
        return page(asked) if callable(page) else Answer(page)

    def asked_for(self, path: str, method: str = "GET") -> list[Asked]:
        return [asked for asked in self.asked if (asked.path, asked.method) == (path, method)]


def _handler(site: SmallSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = site.answer(Asked(self.command, parts.path, query, headers))
            body = answer.body.encode()
            self.send_response(answer.status)
            told = {"Content-Type": "text/html; charset=utf-8", **answer.headers}
            for name, value in {**told, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


def words(number: int) -> str:
    """A post's words; no two posts have the same."""
    return f"Number {number}: the sole came off after {number + 2} weeks and nobody wrote back."


def author(number: int) -> str:
    return f"{NAMES[number % len(NAMES)]} {number // len(NAMES) or ''}".strip()


def item(number: int, *, text: str | None = None, after: str = "", style: str = "") -> str:
    """One comment with its author, its time and its words."""
    return (
        f"<article class='comment' id='c-{100 + number}' style='{style}'><b class='author'>"
        f"{author(number)}</b> <time datetime='2026-03-{1 + number:02}T09:00:00Z'>"
        f"{1 + number} March</time><p class='said'>{text or words(number)}</p>{after}</article>"
    )


def page(body: str, script: str = "") -> str:
    return (
        "<!doctype html><html lang='en'><title>A wall</title><body><h1>What customers say</h1>"
        f"{body}<footer>Acme</footer>{f'<script>{script}</script>' if script else ''}</body></html>"
    )


def comments(numbers: range | list[int], more: dict[int, str] | None = None) -> str:
    """A list of comments; `more` replaces the mark-up of some."""
    items = ((more or {}).get(number) or item(number) for number in numbers)
    return f"<section id='list'>{''.join(items)}</section>"


class Looker:
    """Looks at one post of a site again and again, with its history."""

    def __init__(self, checker: Checker, site: SmallSite, number: int, text: str = "") -> None:
        self.checker, self.site = checker, site
        self.target = Target(url=site.url, text=text or words(number), author=author(number))
        self.history: list[Observation] = []

    async def look(self, wall: Page | None = None) -> Observation:
        """One more look, at a wall that has changed if one is given."""
        if wall is not None:
            self.site.pages["/wall"] = wall
        found = await self.checker.visit(self.site.url, [self.target], [self.history])
        self.history.append(found[0].observation)
        return found[0].observation
