"""What the checker's browser records of a visit, on a site that answers in every way."""

import gzip
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archiver.checker.look import Checker, open_checker
from archiver.domain.look import Visited
from archiver.domain.observation import Reason, Sighting
from archiver.domain.post import Target
from archiver.domain.recording import SECRETS, Exchange
from archiver.evidence.wacz import open_wacz, write_wacz
from tests.integration.checker.conftest import Watcher, checker_options
from tests.walls.simulated import SimulatedWall

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = "After eight months both soles have holes, and nobody answers."
POSTS = "".join(
    f'<article class="comment" id="comment-{n}"><b class="author">Customer {chr(65 + n)}.</b>'
    f'<time datetime="2026-03-0{n + 1}T09:00:00Z">{n + 1} March</time><p>{words}</p></article>'
    for n, words in enumerate((TEXT, "The shoes are fine for me.", "I like the brown ones best."))
)
PAGE = f"""<!doctype html><title>Shoes</title><link rel=stylesheet href=/style.css>
<h1>What our customers say</h1><section>{POSTS}</section><img src=/missing.png>
<img src=http://refused.example.invalid/a.png><img src=/huge.bin>
<iframe src=/frame></iframe><script src=/moved.js></script>
<script>fetch("/api", {{method: "POST", headers: {{"Content-Type": "application/json",
 Authorization: "Bearer SECRET"}}, body: '{{"from": 20}}'}});
addEventListener("load", () => {{ new Image().src = "/hangs" }})</script>""".encode()
STYLE = b"article { padding: 1em }\n" * 200
HUGE = os.urandom(300_000)


class Odd(BaseHTTPRequestHandler):
    """Redirects, compresses, sets cookies, cuts off, never answers."""

    protocol_version = "HTTP/1.1"
    done = threading.Event()

    def do_GET(self) -> None:
        match self.path:
            case "/":
                self.say(302, b"", Location="/wall", Set_Cookie="visitor=SECRET")
            case "/wall":
                self.say(200, PAGE, Content_Type="text/html; charset=utf-8")
            case "/style.css":
                packed = gzip.compress(STYLE)
                self.say(200, packed, Content_Type="text/css", Content_Encoding="gzip")
            case "/moved.js":
                self.say(301, b"", Location="/list.js")
            case "/list.js":
                self.say(200, b"let shoes = 1", Content_Type="text/javascript")
            case "/frame":
                self.say(200, b"<p>An advertisement</p>", Content_Type="text/html")
            case "/huge.bin":
                self.say(200, HUGE, Content_Type="image/png")
            case "/hangs":
                self.done.wait(20)
                self.close_connection = True
            case _:
                self.say(404, b"no such thing", Content_Type="text/plain")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.say(503, b'{"wait": true}', Content_Type="application/json")

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def odd() -> Iterator[str]:
    Odd.done.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    Odd.done.set()
    server.shutdown()
    thread.join()
    server.server_close()


async def visited(checker: Checker, url: str) -> tuple[Visited, Sighting | None]:
    look = (await checker.visit(url, [Target(url=url, text=TEXT, author="Customer A.")], [[]]))[0]
    assert look.visit is not None
    return look.visit, look.observation.sighting


def recorded(visit: Visited) -> tuple[Exchange, ...]:
    return visit.recording.exchanges if visit.recording else ()


async def test_everything_that_a_page_asks_for_is_recorded(chromium: Path, odd: str) -> None:
    options = replace(checker_options(chromium), record_body_bytes=200_000)
    async with open_checker(options) as checker:
        visit, sighting = await visited(checker, odd)
    assert sighting is Sighting.PRESENT
    found = {(e.method, "/" + e.url.split("/", 3)[3]): e for e in recorded(visit)}

    home, wall = found["GET", "/"], found["GET", "/wall"]
    assert (home.status, home.body, home.cut, home.document) == (302, b"", None, True)
    assert (wall.status, wall.body, wall.cut, wall.document) == (200, PAGE, None, True)
    style = found["GET", "/style.css"]
    assert (style.body, style.document) == (STYLE, False)  # as the browser unpacked it
    assert ("gzip" in dict(named(style)).values(), style.cut) == (True, None)
    assert (found["GET", "/moved.js"].status, found["GET", "/list.js"].body) == (
        301,
        b"let shoes = 1",
    )
    frame = found["GET", "/frame"]
    assert (frame.body, frame.document) == (b"<p>An advertisement</p>", False)
    assert (found["GET", "/missing.png"].status, found["GET", "/missing.png"].body) == (
        404,
        b"no such thing",
    )
    huge = found["GET", "/huge.bin"]
    assert (huge.status, huge.body, huge.cut) == (200, b"", "length")
    api = found["POST", "/api"]
    assert (api.status, api.body, api.request_body) == (503, b'{"wait": true}', b'{"from": 20}')
    hangs = found["GET", "/hangs"]
    assert (hangs.status, bool(hangs.failure)) == (None, True)
    refused = found["GET", "/a.png"]
    assert refused.status is None
    assert "checking proxy" in str(refused.failure)  # what the proxy said is no answer of the site

    for one in recorded(visit):
        assert not {name.lower() for name, _ in one.headers + one.request_headers} & SECRETS
    times = [one.at for one in recorded(visit)]
    assert visit.at <= times[0]
    assert times == sorted(times)
    data = write_wacz(visit.recording, visit.at, "test") if visit.recording else b""
    assert [url for url, _ in open_wacz(data).pages] == [wall.url]
    assert b"SECRET" not in data


def named(one: Exchange) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in one.headers]


async def test_a_visit_is_recorded_up_to_its_limit_and_looks_are_as_without(
    chromium: Path, odd: str
) -> None:
    found = {}
    for limit in (0, 4000):
        options = replace(checker_options(chromium), record_bytes=limit)
        async with open_checker(options) as checker:
            found[limit] = await visited(checker, odd)
    assert {sighting for _, sighting in found.values()} == {Sighting.PRESENT}
    assert found[0][0].recording is None
    tight = recorded(found[4000][0])
    assert sum(len(one.body) for one in tight) <= 4000
    assert any(one.cut == "length" and one.body for one in tight)
    assert len(tight) == 11


async def test_all_pages_of_a_visit_are_recorded(checker: Checker) -> None:
    with SimulatedWall("soup") as wall:
        watcher = Watcher(checker, wall, 107)
        await watcher.look()
        wall.remove(107)
        assert (await watcher.look()).sighting is Sighting.ABSENT
        visit = watcher.looks[-1].visit
        assert visit is not None
        asked = [one.url for one in recorded(visit) if one.document]
        assert asked[0] == wall.url
        # the wall, the trio's own pages, the author's page and a neighbour's beside it
        kinds = [one.removeprefix(wall.origin).split("/")[1] for one in asked]
        assert sorted(kinds) == ["p", "p", "p", "people", "people", "wall"]
        assert all(one.cut is None for one in recorded(visit) if one.document)


async def test_a_visit_that_finds_no_page_still_says_what_it_asked_for(checker: Checker) -> None:
    with SimulatedWall("blog") as wall:
        wall.situation = "drop"
        watcher = Watcher(checker, wall, 107)
        assert (await watcher.look()).reason is Reason.NETWORK_ERROR
        visit = watcher.looks[-1].visit
        assert visit is not None
        assert [(one.url, one.status) for one in recorded(visit)][:1] == [(wall.url, None)]
