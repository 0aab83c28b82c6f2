import asyncio
from base64 import b64encode
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from archiver.checker.gate import AddressPolicy
from archiver.checker.proxy import CheckingProxy
from archiver.checker.proxy_connection import Timeouts, Visit
from archiver.domain.errors import Unavailable
from tests.unit.gate.conftest import FakeResolver, plain, serve

LOOPBACK = AddressPolicy({"127.0.0.1"})


class Browser:
    """Speaks to the proxy as a browser would: one connection, raw bytes."""

    def __init__(self, proxy: CheckingProxy, visit: Visit | None) -> None:
        self._port = int(proxy.url.rpartition(":")[2])
        secret = f"{visit.username}:{visit.password}" if visit else ""
        self._secret = b64encode(secret.encode()).decode() if visit else None

    async def connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)

    def head(self, method: str, target: str, *headers: str) -> bytes:
        lines = [f"{method} {target} HTTP/1.1", "Host: whatever.example", *headers]
        if self._secret:
            lines.append(f"Proxy-Authorization: Basic {self._secret}")
        return "\r\n".join([*lines, "", ""]).encode()

    async def ask(self, method: str, target: str, *headers: str, body: bytes = b"") -> bytes:
        await self.connect()
        self.writer.write(self.head(method, target, "Connection: close", *headers) + body)
        answer = await asyncio.wait_for(self.reader.read(), 5)
        self.writer.close()
        return answer

    async def tunnel(self, target: str) -> bytes:
        await self.connect()
        self.writer.write(self.head("CONNECT", target))
        return await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)


async def test_a_plain_request_passes_with_its_body_and_without_proxy_headers() -> None:
    async with serve(plain(b"the wall", "X-Wall: yes")) as wall, CheckingProxy(LOOPBACK) as proxy:
        with proxy.visit() as visit:
            answer = await Browser(proxy, visit).ask(
                "POST",
                f"http://127.0.0.1:{wall.port}/a?b=c",
                "Content-Length: 5",
                "Accept-Language: fr",
                body=b"hello",
            )
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"the wall")
    assert b"x-wall: yes" in answer.lower()
    head = wall.heads[0].lower()
    assert head.startswith(b"post /a?b=c http/1.1\r\n")
    assert f"host: 127.0.0.1:{wall.port}".encode() in head
    assert b"accept-language: fr" in head
    assert b"proxy-authorization" not in head
    assert wall.bodies == [b"hello"]
    assert (visit.refused.total(), visit.unreachable.total()) == (0, 0)


async def test_a_tunnel_passes_bytes_both_ways() -> None:
    async with serve(plain(b"inside")) as wall, CheckingProxy(LOOPBACK) as proxy:
        with proxy.visit() as visit:
            browser = Browser(proxy, visit)
            assert b" 200 " in await browser.tunnel(f"127.0.0.1:{wall.port}")
            browser.writer.write(b"GET /x HTTP/1.1\r\nHost: wall\r\n\r\n")
            assert (await asyncio.wait_for(browser.reader.read(), 5)).endswith(b"inside")
            browser.writer.close()
    assert wall.heads[0].startswith(b"GET /x")


async def test_two_plain_requests_share_a_connection_and_each_is_checked() -> None:
    async with serve(plain(b"one")) as wall, CheckingProxy(LOOPBACK) as proxy:
        with proxy.visit() as visit:
            browser = Browser(proxy, visit)
            await browser.connect()
            browser.writer.write(browser.head("GET", f"http://127.0.0.1:{wall.port}/"))
            await asyncio.wait_for(browser.reader.readuntil(b"one"), 5)
            browser.writer.write(browser.head("GET", "http://169.254.169.254/"))
            second = await asyncio.wait_for(browser.reader.readuntil(b"\r\n\r\n"), 5)
            browser.writer.close()
    assert second.startswith(b"HTTP/1.1 403")
    assert len(wall.heads) == 1


REFUSED = [
    # (method, target, why)
    ("GET", "http://169.254.169.254/latest/meta-data/", "metadata"),
    ("GET", "http://[64:ff9b::a9fe:a9fe]/", "metadata through NAT64"),
    ("GET", "http://127.0.0.2/", "loopback that is not on the list"),
    ("GET", "http://user@127.0.0.1/", "user name"),
    ("GET", "ftp://127.0.0.1/", "not http"),
    ("GET", "https://127.0.0.1/", "https without a tunnel"),
    ("GET", "/etc/passwd", "no absolute form"),
    ("CONNECT", "169.254.169.254:443", "metadata through a tunnel"),
    ("CONNECT", "[::1]:443", "IPv6 loopback through a tunnel"),
    ("CONNECT", "0x7f.1:443", "hexadecimal loopback"),
    ("CONNECT", "127.0.0.1", "no port"),
    ("CONNECT", "127.0.0.1:99999", "no such port"),
    ("CONNECT", "example.com:443/@127.0.0.1:80", "more than an authority"),
    ("CONNECT", "user@127.0.0.1:443", "user name"),
]


@pytest.mark.parametrize(("method", "target", "why"), REFUSED, ids=[row[2] for row in REFUSED])
async def test_refused_addresses_get_403_and_are_counted(
    method: str, target: str, why: str
) -> None:
    async with CheckingProxy(LOOPBACK) as proxy:
        with proxy.visit() as visit:
            answer = await Browser(proxy, visit).ask(method, target)
    assert answer.startswith(b"HTTP/1.1 403")
    assert b"x-rature-refused: " in answer.lower()
    assert visit.refused.total() == 1
    assert visit.unreachable.total() == 0


@pytest.mark.parametrize("method", ["GET", "CONNECT"])
async def test_a_name_with_one_private_address_is_refused(
    method: str, resolver: Callable[..., FakeResolver]
) -> None:
    async with serve(plain(b"secret")) as victim:
        target = f"wall.example:{victim.port}"
        url = target if method == "CONNECT" else f"http://{target}/"
        names = resolver(["8.8.8.8", "127.0.0.1"])
        async with CheckingProxy(AddressPolicy(), resolver=names) as proxy:
            with proxy.visit() as visit:
                answer = await Browser(proxy, visit).ask(method, url)
    assert answer.startswith(b"HTTP/1.1 403")
    assert victim.heads == []
    assert visit.refused == {target: 1}


async def test_the_connection_goes_to_the_address_that_was_checked(
    resolver: Callable[..., FakeResolver],
) -> None:
    # DNS rebinding: a second look-up would lead to the victim.
    async with AsyncExitStack() as stack:
        victim = await stack.enter_async_context(serve(plain(b"secret")))
        wall = await stack.enter_async_context(
            serve(plain(b"wall"), address="127.0.0.2", port=victim.port)
        )
        names = resolver(["127.0.0.2"], ["127.0.0.1"])
        policy = AddressPolicy({"127.0.0.2"})
        proxy = await stack.enter_async_context(CheckingProxy(policy, resolver=names))
        with proxy.visit() as visit:
            answer = await Browser(proxy, visit).ask("GET", f"http://wall.example:{wall.port}/")
    assert answer.endswith(b"wall")
    assert (len(names.asked), victim.heads) == (1, [])


async def test_the_next_address_is_tried_when_one_does_not_answer(
    resolver: Callable[..., FakeResolver],
) -> None:
    async with serve(plain(b"wall")) as wall:
        names = resolver(["127.0.0.3", "127.0.0.1"])
        policy = AddressPolicy({"wall.example"})
        async with CheckingProxy(policy, resolver=names) as proxy:
            with proxy.visit() as visit:
                answer = await Browser(proxy, visit).ask("GET", f"http://wall.example:{wall.port}/")
    assert answer.endswith(b"wall")


@pytest.mark.parametrize("known", [False, True], ids=["wrong password", "no password"])
async def test_other_local_processes_cannot_use_the_proxy(known: bool) -> None:
    stranger = None if known else Visit("visit-0", "guess", 1000)
    async with serve(plain(b"secret")) as wall, CheckingProxy(LOOPBACK) as proxy:
        answer = await Browser(proxy, stranger).ask("GET", f"http://127.0.0.1:{wall.port}/")
        tunnel = await Browser(proxy, stranger).ask("CONNECT", f"127.0.0.1:{wall.port}")
    assert answer.startswith(b"HTTP/1.1 407")
    assert b"proxy-authenticate: basic" in answer.lower()
    assert tunnel.startswith(b"HTTP/1.1 407")
    assert wall.heads == []


async def test_a_visits_password_ends_with_the_visit() -> None:
    async with CheckingProxy(LOOPBACK) as proxy:
        with proxy.visit() as visit:
            pass
        answer = await Browser(proxy, visit).ask("GET", "http://127.0.0.1:9/")
    assert answer.startswith(b"HTTP/1.1 407")


async def test_a_server_that_is_not_there_is_unreachable_not_refused() -> None:
    async with serve(b"") as gone:
        pass
    async with CheckingProxy(LOOPBACK) as proxy:
        with proxy.visit() as visit:
            answer = await Browser(proxy, visit).ask("GET", f"http://127.0.0.1:{gone.port}/")
            tunnel = await Browser(proxy, visit).ask("CONNECT", f"127.0.0.1:{gone.port}")
    assert answer.startswith(b"HTTP/1.1 502")
    assert tunnel.startswith(b"HTTP/1.1 502")
    assert b"x-rature-unreachable: " in answer.lower()
    assert visit.unreachable == {f"127.0.0.1:{gone.port}": 2}
    assert visit.refused.total() == 0


async def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    async def no_such_name(host: str, port: int) -> list[str]:
        raise OSError("name or service not known")

    async with CheckingProxy(AddressPolicy(), resolver=no_such_name) as proxy:
        with proxy.visit() as visit:
            answer = await Browser(proxy, visit).ask("CONNECT", "wall.example:443")
    assert answer.startswith(b"HTTP/1.1 502")
    assert visit.unreachable == {"wall.example:443": 1}


@pytest.mark.parametrize("junk", [b"", b"SMTP at your service\r\n\r\n"], ids=["nothing", "no HTTP"])
async def test_a_server_that_speaks_no_http_is_unreachable(junk: bytes) -> None:
    async with serve(junk) as wall, CheckingProxy(LOOPBACK) as proxy:
        with proxy.visit() as visit:
            answer = await Browser(proxy, visit).ask("GET", f"http://127.0.0.1:{wall.port}/")
    assert answer.startswith(b"HTTP/1.1 502")
    assert visit.unreachable.total() == 1


async def test_a_page_cannot_say_that_it_was_refused() -> None:
    forged = plain(b"wall", "X-Rature-Refused: no", "X-Rature-Unreachable: no")
    async with serve(forged) as wall, CheckingProxy(LOOPBACK) as proxy:
        with proxy.visit() as visit:
            answer = await Browser(proxy, visit).ask("GET", f"http://127.0.0.1:{wall.port}/")
    assert answer.endswith(b"wall")
    assert b"x-rature" not in answer.lower()


@pytest.mark.parametrize("tunnel", [False, True], ids=["plain", "tunnel"])
async def test_a_visit_receives_no_more_than_its_limit(tunnel: bool) -> None:
    async with serve(plain(b"x" * 500_000)) as wall, CheckingProxy(LOOPBACK) as proxy:
        with proxy.visit(max_bytes=100_000) as visit:
            browser = Browser(proxy, visit)
            if tunnel:
                await browser.tunnel(f"127.0.0.1:{wall.port}")
                browser.writer.write(b"GET / HTTP/1.1\r\nHost: wall\r\n\r\n")
                got = await asyncio.wait_for(browser.reader.read(), 5)
                browser.writer.close()
            else:
                got = await browser.ask("GET", f"http://127.0.0.1:{wall.port}/")
    assert visit.exhausted
    assert len(got) < 200_000


async def test_a_silent_server_is_given_up_after_the_idle_time() -> None:
    quiet = Timeouts(idle=0.05)
    async with (
        serve(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") as wall,
        CheckingProxy(LOOPBACK, timeouts=quiet) as proxy,
    ):
        with proxy.visit() as visit:
            browser = Browser(proxy, visit)
            await browser.tunnel(f"127.0.0.1:{wall.port}")
            assert await asyncio.wait_for(browser.reader.read(), 5) == b""
            browser.writer.close()


async def test_a_head_without_end_is_cut_off() -> None:
    async with CheckingProxy(LOOPBACK) as proxy:
        browser = Browser(proxy, None)
        await browser.connect()
        browser.writer.write(b"GET http://127.0.0.1/ HTTP/1.1\r\nX: " + b"x" * 300_000)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            # Either the reset or the end of the stream arrives first; both mean: cut.
            await asyncio.wait_for(browser.reader.readexactly(1), 5)
        browser.writer.close()


async def test_leaving_cuts_every_connection_and_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    async with serve(plain(b"x")) as wall:
        async with CheckingProxy(LOOPBACK) as proxy:
            with proxy.visit() as visit:
                first, second = Browser(proxy, visit), Browser(proxy, visit)
                await first.tunnel(f"127.0.0.1:{wall.port}")
                await second.connect()
            assert await asyncio.wait_for(first.reader.read(), 5) == b""
        assert await asyncio.wait_for(second.reader.read(), 5) == b""
        first.writer.close()
        second.writer.close()
    leftover = {task for task in asyncio.all_tasks() - before if "serve_one" in repr(task)}
    assert leftover == set()
    with pytest.raises(Unavailable):
        _ = proxy.url
