"""A simulated wall: one site on an ephemeral port, whose situation a test changes between looks."""

import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self
from urllib.parse import parse_qs, urlsplit

from tests.walls import sim_markup as markup
from tests.walls.sim_obstacles import CONSENT, FIXED, HOSTILE, LOGIN_FORM
from tests.walls.sim_posts import SimPost, make_posts

Markup = Literal["blog", "soup", "client"]
Answer = tuple[int, str, str]

HTML = "text/html; charset=utf-8"

NOTHING: Answer = (404, HTML, markup.page("<p>Nothing here.</p>"))
SITE: dict[str, Answer] = {
    "/": (200, HTML, markup.page("<p>Shoes since 1902.</p>")),
    "/login": (200, HTML, markup.page(LOGIN_FORM)),
}


class SimulatedWall:
    """`url` is the wall's address. Change `posts`, `situation` and `newest_first` between looks.

    Situations: `live`, those of `sim_obstacles.FIXED`, `login_redirect`, `consent_over`,
    `login_after_two`, `short` (three posts only, with status 200), `gone` (404, the site lives),
    `site_gone` (404 everywhere), `redirect_home`, `drop` (the connection is cut),
    `calls_limited` (the page is served, its own requests get 429), `hostile` (its script forges
    what a reader in the page's own world would see).
    """

    def __init__(self, kind: Markup) -> None:
        self.kind = kind
        self.posts = make_posts()
        self.situation = "live"
        self.newest_first = False
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/wall"

    def post(self, number: int) -> SimPost:
        """The post of that number."""
        return next(post for post in self.posts if post.number == number)

    def remove(self, number: int) -> None:
        """What a moderator does."""
        self.posts = [post for post in self.posts if post.number != number]

    def in_order(self) -> Sequence[SimPost]:
        """The posts as the wall lists them."""
        return self.posts[::-1] if self.newest_first else self.posts

    def answer(self, target: str) -> Answer | None:
        """Status, media type and body; None cuts the connection."""
        self.asked.append(target)
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.situation == "drop":
            return None
        if self.situation == "site_gone":
            return NOTHING
        if parts.path == "/api/posts":
            return self._calls(int(query.get("from", "0")))
        if parts.path == "/wall":
            return self._wall(int(query.get("page", "1")))
        return SITE.get(parts.path) or self._own_page(parts.path)

    def _wall(self, number: int) -> Answer:
        if self.situation in FIXED:
            status, body = FIXED[self.situation]
            return status, HTML, body
        if self.situation == "gone":
            return NOTHING
        body = self._list(number)
        if self.situation == "consent_over":
            body = body.replace("<footer>Acme, 12", f"{CONSENT}<footer>Acme, 12")
        if self.situation == "hostile":
            body = body.replace("<header>", f"{HOSTILE}<header>")
        if self.situation == "login_after_two":
            body = body.replace("<footer>Acme, 12", f"{LOGIN_FORM}<footer>Acme, 12")
        return 200, HTML, body

    def _shown(self) -> Sequence[SimPost]:
        few = {"short": 3, "login_after_two": 2}.get(self.situation)
        return self.in_order()[:few]

    def _list(self, number: int) -> str:
        if self.kind == "blog":
            return markup.blog(self._shown(), number)
        return markup.soup(self._shown()) if self.kind == "soup" else markup.client()

    def _calls(self, start: int) -> Answer:
        if self.situation == "calls_limited":
            return 429, "application/json", "{}"
        return 200, "application/json", markup.client_json(self._shown(), start)

    def _own_page(self, path: str) -> Answer:
        number = path.removeprefix("/p/")
        found = [post for post in self.posts if str(post.number) == number]
        if not found:
            return NOTHING
        return 200, HTML, markup.single(found[0])


def _handler(wall: SimulatedWall) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            redirect = {"login_redirect": "/login?next=/wall", "redirect_home": "/"}
            path = self.path.partition("?")[0]
            if path == "/wall" and wall.situation in redirect:
                self.send_response(302)
                self.send_header("Location", redirect[wall.situation])
                self.end_headers()
                return
            answer = wall.answer(self.path)
            if answer is None:
                self.close_connection = True
                return
            self._send(*answer)

        def _send(self, status: int, media_type: str, body: str) -> None:
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
            """Nothing is printed: `SimulatedWall.asked` keeps what was asked."""

    return Handler
