"""Another network path: what is checked, what is passed on, and what is never said."""

from collections.abc import Callable

import pytest

from archiver.checker.gate import AddressPolicy
from archiver.checker.proxy import CheckingProxy
from archiver.checker.upstream import parse_upstream
from archiver.config import load_settings
from archiver.domain.errors import SettingsError
from tests.servers.upstream import UpstreamProxy
from tests.unit.gate.conftest import FakeResolver, plain, serve
from tests.unit.gate.test_proxy import Browser

KINDS = ("http", "socks5")
SECRET = "somebody:p%C3%A4ss"
LOOPBACK = AddressPolicy({"127.0.0.1"})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("secret", [None, "somebody:pass-word"])
async def test_the_checked_address_is_passed_on_and_the_host_stays(
    kind: str, secret: str | None, resolver: Callable[..., FakeResolver]
) -> None:
    names = resolver(["127.0.0.1"])
    with UpstreamProxy(kind, secret) as upstream:
        async with (
            serve(plain(b"the wall")) as wall,
            CheckingProxy(LOOPBACK, resolver=names) as proxy,
        ):
            with proxy.visit(upstream=parse_upstream(upstream.url)) as visit:
                address = f"http://wall.example:{wall.port}/a"
                answer = await Browser(proxy, visit).ask("GET", address)
    assert answer.endswith(b"the wall")
    assert upstream.asked == [("127.0.0.1", wall.port)]  # a number, never the name
    assert f"host: wall.example:{wall.port}".encode() in wall.heads[0].lower()
    assert visit.unreachable.total() == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_a_tunnel_passes_through_the_upstream(
    kind: str, resolver: Callable[..., FakeResolver]
) -> None:
    with UpstreamProxy(kind) as upstream:
        async with (
            serve(plain(b"inside")) as wall,
            CheckingProxy(LOOPBACK, resolver=resolver(["127.0.0.1"])) as proxy,
        ):
            with proxy.visit(upstream=parse_upstream(upstream.url)) as visit:
                browser = Browser(proxy, visit)
                assert b" 200 " in await browser.tunnel(f"wall.example:{wall.port}")
                browser.writer.write(b"GET / HTTP/1.1\r\nHost: wall.example\r\n\r\n")
                await browser.writer.drain()
                assert (await browser.reader.read(200)).endswith(b"inside")
                browser.writer.close()
    assert upstream.asked == [("127.0.0.1", wall.port)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://wall.example/"])
async def test_refused_addresses_never_reach_the_upstream(
    kind: str, target: str, resolver: Callable[..., FakeResolver]
) -> None:
    names = resolver(["192.168.7.7"])
    with UpstreamProxy(kind) as upstream:
        async with CheckingProxy(AddressPolicy(), resolver=names) as proxy:
            with proxy.visit(upstream=parse_upstream(upstream.url)) as visit:
                answer = await Browser(proxy, visit).ask("GET", target)
    assert answer.startswith(b"HTTP/1.1 403")
    assert upstream.asked == []
    assert visit.refused.total() == 1


FAILURES = ["wrong secret", "no way there", "not running"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("failure", FAILURES)
async def test_a_path_that_fails_is_unreachable_and_names_nothing(
    kind: str, failure: str, resolver: Callable[..., FakeResolver]
) -> None:
    with UpstreamProxy(kind, "somebody:right") as upstream:
        url = upstream.url
        port = int(url.rpartition(":")[2])
        if failure == "wrong secret":
            url = url.replace("right", "wr0ng")
        elif failure == "not running":
            url = url.replace(str(port), "1")
        async with CheckingProxy(LOOPBACK, resolver=resolver(["127.0.0.1"])) as proxy:
            with proxy.visit(upstream=parse_upstream(url)) as visit:
                answer = await Browser(proxy, visit).ask("GET", "http://wall.example:9/")
    assert answer.startswith(b"HTTP/1.1 502")
    assert b"x-rature-unreachable" in answer.lower()
    for secret in (b"somebody", b"right", b"wr0ng", str(port).encode()):
        assert secret not in answer
    assert visit.unreachable == {"wall.example:9": 1}


@pytest.mark.parametrize(
    ("url", "host", "port", "login"),
    [
        ("http://proxy.example", "proxy.example", 80, (None, None)),
        ("https://proxy.example:8443", "proxy.example", 8443, (None, None)),
        ("socks5://[2001:db8::1]", "2001:db8::1", 1080, (None, None)),
        (f"socks5h://{SECRET}@10.0.0.1:9050", "10.0.0.1", 9050, ("somebody", "päss")),
    ],
)
def test_upstreams_are_understood(
    url: str, host: str, port: int, login: tuple[str | None, str | None]
) -> None:
    found = parse_upstream(url)
    assert (found.host, found.port, (found.username, found.password)) == (host, port, login)
    assert host not in repr(found)
    assert "ss" not in repr(found).replace("socks5", "").replace("class", "")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://me:hush@proxy.example",
        "me:hush@proxy.example",
        "http://me:hush@:80/",
        "http://me:hush@a:b",
    ],
)
def test_what_is_no_upstream_is_told_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError) as told:
        parse_upstream(url)
    assert "hush" not in str(told.value)
    with pytest.raises(SettingsError) as setting:
        load_settings(proxy_urls=f"http://good.example, {url}")
    assert "RATURE_PROXY_URLS: Value error, number 2" in str(setting.value)
    assert "hush" not in str(setting.value)


def test_settings_do_not_show_the_paths() -> None:
    settings = load_settings(proxy_urls="socks5://me:hush@proxy.example")
    assert settings.proxy_urls == ["socks5://me:hush@proxy.example"]
    assert "hush" not in repr(settings)
