"""A simulated wall: one site on an ephemeral port, whose situation a test changes between looks."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from typing import Literal
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from PIL import Image

from tests.servers.local import LocalServer, http_server
from tests.walls import sim_markup as markup
from tests.walls.sim_client import client, client_json
from tests.walls.sim_forum import forum, showpost
from tests.walls.sim_obstacles import CONSENT, FIXED, HOSTILE, LOGIN_FORM, late
from tests.walls.sim_posts import SimPost, make_posts

Markup = Literal["blog", "soup", "forum", "client"]
KINDS: tuple[Markup, ...] = ("blog", "soup", "forum", "client")
WITH_OWN_PAGES: tuple[Markup, ...] = ("soup", "forum", "client")
HTML = "text/html; charset=utf-8"
OwnPages = Literal["served", "redirected", "soft", "home", "none", "failing"]
VIEWERS = {"SecondPath": "second", "AuthorPath": "author"}
"""Who asks, by a word in the user agent; everybody else is `public`."""
SESSION = "wall_session=author"
"""The cookie of the author who came by `/signin`; pages then show a way to log out."""


@dataclass(frozen=True)
class Asked:
    """A request as the wall sees it."""

    path: str
    query: Mapping[str, str]
    viewer: str = "public"
    fresh: bool = False
    signed_in: bool = False


@dataclass(frozen=True)
class Answer:
    """A response of the wall."""

    status: int
    body: str | bytes
    media_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_HERE = markup.page("<p>Sorry, whatever stood at this address cannot be shown.</p>")
NOTHING = Answer(404, markup.page("<p>Nothing here.</p>"))
SITE: dict[str, Answer] = {
    "/": Answer(200, markup.page("<p>Shoes since 1902.</p>")),
    "/shop": Answer(200, markup.page("<p>Shoes, by number.</p>")),
    "/login": Answer(200, markup.page(LOGIN_FORM)),
    "/signin": Answer(200, markup.page("<p>Welcome.</p>"), headers={"Set-Cookie": SESSION}),
    "/logout": Answer(
        200, markup.page("<p>Bye.</p>"), headers={"Set-Cookie": "wall_session=; Max-Age=0"}
    ),
}


def _redirect(status: int, where: str) -> Answer:
    return Answer(status, "", headers={"Location": where})


OWN_PAGES = {
    "redirected": _redirect(302, "/wall"),
    "none": NOTHING,
    "failing": Answer(502, markup.page("<p>...</p>")),
}
NOT_FOUND = {"soft": Answer(200, NOT_HERE), "home": _redirect(302, "/")}


class SimulatedWall(LocalServer):
    """`url` is the wall's address. Change its attributes between looks.

    Situations: `live`, those of `sim_obstacles.FIXED`, `login_redirect`, `consent_over`,
    `login_after_two`, `short` (three posts only, with status 200), `gone` (`gone_status`, the site
    lives), `site_gone` (404 everywhere), `redirect_home`, `drop` (the connection is cut),
    `calls_limited` (the page is served, its own requests get 429), `hostile` (its script forges
    what a reader in the page's own world would see), `late` (a script shows the list after a
    while). `situations` overrides it for a viewer (`public`, `second`, `author`).

    `own_pages`: `served`, `redirected` (every one to the wall), `soft` or `home` (what is not there
    is told with status 200, or leads to the front page), `none` (404 for all), `failing` (502).
    `front_lists`, `people_list`: the front page shows some posts, people's pages theirs, those of
    the site's `other_walls` too.
    `moved_to` answers the wall's address with 301. `in_script` are posts that stand in the page's
    code only, `unlisted` those that are served at their own address alone; `listed` tells which of
    the others the wall shows. `stale` keeps an old copy: `passable` or `stuck`. `id_step` adds so
    much to all ids at each load.
    """

    def __init__(self, kind: Markup, seed: int | None = None) -> None:
        self.kind: Markup = kind
        self.posts = make_posts(seed=seed)
        self.situation = "live"
        self.situations: dict[str, str] = {}
        self.newest_first = False
        self.shuffled: list[int] = []
        self.asked: list[str] = []
        self.gone_status = 404
        self.gone_people: set[str] = set()
        self.former_people = {post.slug for post in self.posts}
        self.own_pages: OwnPages = "served"
        self.front_lists = self.people_list = False
        self.moved_to: str | None = None
        self.in_script: list[SimPost] = []
        self.unlisted: list[SimPost] = []
        self.other_walls: list[SimPost] = []
        self.listed: Callable[[SimPost], bool] = lambda post: True
        self.adverts = False
        self.stale: Literal["passable", "stuck"] | None = None
        self.id_step = 0
        self.unmount = self.endless = False
        self._copies: dict[str, Answer] = {}
        self._loads = 0
        super().__init__(http_server(_handler(self)))

    @property
    def url(self) -> str:
        """The wall's address."""
        return f"{self.origin}/wall"

    def own_page(self, number: int) -> str:
        """The address of a post's own page, where posts have any."""
        path = f"/showpost?p={number}" if self.kind == "forum" else f"/p/{number}"
        return f"{self.origin}{path}"

    def post(self, number: int) -> SimPost:
        """The post of that number, be it an answer to another."""
        everything = [*self.posts, *(reply for post in self.posts for reply in post.replies)]
        return next(post for post in everything if post.number == number)

    def remove(self, *numbers: int) -> None:
        """What a moderator does; answers go with what they answer."""
        self.posts = [post for post in self.posts if post.number not in numbers]
        for post in self.posts:
            post.replies = [reply for reply in post.replies if reply.number not in numbers]

    def in_order(self) -> Sequence[SimPost]:
        """The posts as the wall lists them."""
        if self.shuffled:
            return sorted(self.posts, key=lambda post: self.shuffled.index(post.number))
        return self.posts[::-1] if self.newest_first else self.posts

    def answer(self, asked: Asked) -> Answer | None:
        """None cuts the connection."""
        situation = self.situations.get(asked.viewer, self.situation)
        if situation == "drop":
            return None
        if situation == "site_gone":
            return NOTHING
        if asked.path == "/api/posts":
            return self._copy(asked, self._calls(asked, situation))
        if asked.path in ("/wall", self.moved_to):
            return self._copy(asked, self._wall(asked, situation))
        if asked.path == "/" and self.front_lists:
            return Answer(200, self._some(self._shown(asked, "live")[-5:]))
        return SITE.get(asked.path) or self._others(asked)

    def _copy(self, asked: Asked, now: Answer) -> Answer:
        """What a cache on the way makes of an answer."""
        key = f"{asked.path}?{sorted(asked.query.items())}"
        if self.stale is None:
            self._copies[key] = now
            return now
        if self.stale == "passable" and asked.fresh:
            return now
        return replace(self._copies.get(key, now), headers={"Age": "9000"})

    def _wall(self, asked: Asked, situation: str) -> Answer:
        redirects = {"login_redirect": "/login?next=/wall", "redirect_home": "/"}
        if situation in redirects:
            return _redirect(302, redirects[situation])
        if self.moved_to and asked.path == "/wall":
            query = urlencode(asked.query)
            return _redirect(301, f"{self.moved_to}?{query}" if query else self.moved_to)
        if situation in FIXED:
            return Answer(*FIXED[situation])
        if situation == "gone":
            return replace(NOTHING, status=self.gone_status)
        self._loads += 1
        body = self._list(asked, situation)
        if self.moved_to:
            body = body.replace("'/wall", f"'{self.moved_to}")
        before = {"consent_over": CONSENT, "login_after_two": LOGIN_FORM}.get(situation)
        if before:
            body = body.replace("<footer>Acme, 12", f"{before}<footer>Acme, 12")
        if asked.signed_in:
            body = body.replace("<header>", "<header><a href='/logout'>Log out</a>")
        if situation == "hostile":
            body = body.replace("<header>", f"{HOSTILE}<header>")
        if situation == "late" and self.kind != "client":
            body = late(body)
        return Answer(200, body)

    def _shown(self, asked: Asked, situation: str) -> list[SimPost]:
        few = {"short": 3, "login_after_two": 2}.get(situation)
        shown = [p for p in self.in_order() if p.only_for is None or asked.viewer in p.only_for]
        if self.id_step:
            step = self.id_step * self._loads
            shown = [replace(post, number=post.number + step) for post in shown]
        return shown[:few]

    def _list(self, asked: Asked, situation: str) -> str:
        posts = [post for post in self._shown(asked, situation) if self.listed(post)]
        code = "".join(f"<script type='text/plain'>{p.text}</script>" for p in self.in_script)
        extra = code + (markup.advert(self._loads) if self.adverts else "")
        if self.kind == "blog":
            return markup.blog(posts, int(asked.query.get("page", "1")), extra)
        if self.kind == "forum":
            return forum(posts, int(asked.query.get("start", "0")), extra)
        if self.kind == "soup":
            return markup.soup(posts, extra)
        return client(unmount=self.unmount, endless=self.endless, extra=extra)

    def _calls(self, asked: Asked, situation: str) -> Answer:
        if situation == "calls_limited":
            return Answer(429, "{}", "application/json")
        start = int(asked.query.get("from", "0"))
        shown = [post for post in self._shown(asked, situation) if self.listed(post)]
        body = client_json(shown, start)
        return Answer(200, body, "application/json")

    def _others(self, asked: Asked) -> Answer:
        path = asked.path
        if path.startswith("/pic/"):
            return Answer(200, _picture(path), "image/png")
        if path.startswith("/people/"):
            return self._person(unquote(path.removeprefix("/people/")), asked)
        number = asked.query.get("p", "") if path == "/showpost" else path.removeprefix("/p/")
        if self.own_pages in OWN_PAGES:
            return OWN_PAGES[self.own_pages]
        shown = self._shown(asked, "live")
        shown = [*shown, *self.unlisted, *(reply for post in shown for reply in post.replies)]
        shown += self.other_walls
        found = [p for p in shown if str(p.number) == number]
        if not found or (found[0].stone is not None and not found[0].withheld):
            return NOT_FOUND.get(self.own_pages, replace(NOTHING, status=self.gone_status))
        if found[0].withheld:
            return Answer(451, markup.page("<p>...</p>"))
        return Answer(200, self._single(found[0]))

    def _single(self, post: SimPost) -> str:
        if self.kind == "forum":
            return showpost(post)
        return markup.article(post) if self.kind == "client" else markup.single(post)

    def _some(self, posts: Sequence[SimPost]) -> str:
        return forum(posts, 0) if self.kind == "forum" else markup.articles(posts)

    def _person(self, slug: str, asked: Asked) -> Answer:
        everywhere = [*self._shown(asked, "live"), *self.other_walls]
        shown = [post for post in everywhere if post.slug == slug]
        everybody = {post.slug for post in self.posts} | self.former_people
        if slug in self.gone_people or slug not in everybody:
            return NOT_FOUND.get(self.own_pages, NOTHING)
        return Answer(200, self._some(shown) if self.people_list else markup.person(slug))


def _picture(path: str) -> bytes:
    """A picture that looks the same whatever its version, in other bytes."""
    version = int(path.rpartition("-")[2].partition(".")[0])
    shade = Image.linear_gradient("L").resize((96, 96))
    file = io.BytesIO()
    shade.save(file, "PNG", compress_level=version % 10)
    return file.getvalue()


def _asked(target: str, headers: Mapping[str, str]) -> Asked:
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    agent = headers.get("user-agent", "")
    signed_in = SESSION in headers.get("cookie", "")
    told = next((name for word, name in VIEWERS.items() if word in agent), "public")
    fresh = "no-cache" in headers.get("cache-control", "")
    viewer = "author" if signed_in else told
    return Asked(parts.path, query, viewer, fresh, signed_in)


def _handler(wall: SimulatedWall) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wall.asked.append(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = wall.answer(_asked(self.path, headers))
            if answer is None:
                self.close_connection = True
                return
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
            """Nothing is printed: `SimulatedWall.asked` keeps what was asked."""

    return Handler
