import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from archiver.checker.fetch import GuardedClient
from archiver.checker.gate import AddressPolicy
from archiver.domain.errors import RefusedAddress, TooLarge, Unavailable

LOOPBACK = AddressPolicy({"127.0.0.1", "wall.example", "other.example"})


class Handler(BaseHTTPRequestHandler):
    """Paths say what to answer: /text, /to?ADDRESS (302), /again?ADDRESS (307), /big, /endless."""

    def do_GET(self) -> None:
        self._seen(b"")
        kind, _, argument = self.path.partition("?")
        if kind in ("/to", "/again"):
            self._answer(302 if kind == "/to" else 307, b"", ("Location", argument))
        elif kind == "/big":
            self._answer(200, b"x" * 100_000)
        elif kind == "/endless":
            self._drip()
        else:
            self._answer(200, b"text", ("X-Twice", "a"), ("X-Twice", "b"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._seen(body)
        kind, _, argument = self.path.partition("?")
        if kind in ("/to", "/again"):
            self._answer(302 if kind == "/to" else 307, b"", ("Location", argument))
        else:
            self._answer(200, body[::-1])

    def _seen(self, body: bytes) -> None:
        assert isinstance(self.server, Server)
        self.server.seen.append((self.command, self.path, dict(self.headers), body))

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        assert isinstance(self.server, Server)
        self.send_response(200)
        self.end_headers()
        while not self.server.stopping.wait(0.01):
            try:
                self.wfile.write(b"x")
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it overrides
        """Tests are quiet."""


class Server(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, Handler)
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.stopping = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some of these tests are about."""


@contextmanager
def serving(
    address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    server = Server((address, port))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


def names(*answers: list[str]) -> Callable[[str, int], list[str]]:
    """A resolver that gives the answers in turn, the last one for ever."""
    left = list(answers)
    return lambda host, port: left.pop(0) if len(left) > 1 else left[0]


def test_get_and_post_bring_the_answer_home() -> None:
    client = GuardedClient(LOOPBACK)
    with serving() as server:
        url = f"http://127.0.0.1:{server.port}/text"
        got = client.get(url, headers={"Accept": "text/plain"})
        posted = client.post(url, b"abc", {"Content-Type": "application/timestamp-query"})
    assert (got.status, got.body, got.url) == (200, b"text", url)
    assert got.headers["x-twice"] == "a, b"
    assert posted.body == b"cba"
    assert server.seen[0][2]["accept"] == "text/plain"
    assert server.seen[1][2]["content-type"] == "application/timestamp-query"


REFUSED = [
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://127.0.0.2/",
    "http://user@127.0.0.1/",
    "http://0x7f.1/",
]


@pytest.mark.parametrize("url", REFUSED)
def test_refused_addresses_are_not_opened_directly(url: str) -> None:
    with pytest.raises(RefusedAddress):
        GuardedClient(LOOPBACK).get(url)


@pytest.mark.parametrize("url", [*REFUSED, "//[::1]/", "http://[::1"])
@pytest.mark.parametrize("kind", ["to", "again"])
def test_nor_by_redirect(kind: str, url: str) -> None:
    with serving() as server, pytest.raises(RefusedAddress):
        GuardedClient(LOOPBACK).get(f"http://127.0.0.1:{server.port}/{kind}?{url}")


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    with serving() as victim:
        client = GuardedClient(AddressPolicy(), resolver=names(["8.8.8.8", "127.0.0.1"]))
        with pytest.raises(RefusedAddress):
            client.get(f"http://wall.test:{victim.port}/")
    assert victim.seen == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    # DNS rebinding: a second look-up would lead to the victim.
    with serving() as victim, serving("127.0.0.2", victim.port) as wall:
        client = GuardedClient(
            AddressPolicy({"127.0.0.2"}), resolver=names(["127.0.0.2"], ["127.0.0.1"])
        )
        assert client.get(f"http://wall.test:{wall.port}/text").body == b"text"
    assert (len(wall.seen), victim.seen) == (1, [])
    assert wall.seen[0][2]["host"] == f"wall.test:{wall.port}"


def test_each_redirect_is_resolved_and_checked_again() -> None:
    with serving() as victim, serving("127.0.0.2", victim.port) as wall:
        client = GuardedClient(
            AddressPolicy({"127.0.0.2"}), resolver=names(["127.0.0.2"], ["127.0.0.1"])
        )
        with pytest.raises(RefusedAddress):
            client.get(f"http://wall.test:{wall.port}/to?http://wall.test:{wall.port}/text")
    assert victim.seen == []


@pytest.mark.parametrize(
    ("kind", "method", "body"), [("to", "GET", b""), ("again", "POST", b"abc")]
)
def test_redirects_change_the_method_as_browsers_do(kind: str, method: str, body: bytes) -> None:
    with serving() as server:
        GuardedClient(LOOPBACK).post(f"http://127.0.0.1:{server.port}/{kind}?/text", b"abc")
    assert (server.seen[1][0], server.seen[1][3]) == (method, body)


@pytest.mark.parametrize(("host", "kept"), [("wall.example", True), ("other.example", False)])
def test_secrets_stay_with_the_origin_they_were_meant_for(host: str, kept: bool) -> None:
    with serving() as server:
        client = GuardedClient(LOOPBACK, resolver=names(["127.0.0.1"]))
        start = f"http://wall.example:{server.port}/to?http://{host}:{server.port}/text"
        client.get(start, headers={"Authorization": "Bearer x", "Cookie": "a=b", "X-Other": "y"})
    sent = server.seen[1][2]
    assert ("authorization" in sent, "cookie" in sent, "x-other" in sent) == (kept, kept, True)


def test_a_redirect_loop_ends() -> None:
    with serving() as server, pytest.raises(Unavailable, match="redirects"):
        GuardedClient(LOOPBACK).get(f"http://127.0.0.1:{server.port}/to?" + "/to?" * 10)


def test_a_body_over_the_limit_is_not_kept() -> None:
    client = GuardedClient(LOOPBACK)
    with serving() as server:
        url = f"http://127.0.0.1:{server.port}/big"
        with pytest.raises(TooLarge, match="50000"):
            client.get(url, max_bytes=50_000)
        assert len(client.get(url, max_bytes=100_000).body) == 100_000


def test_a_server_that_drips_for_ever_is_given_up_at_the_deadline() -> None:
    # Each byte arrives in time; only a limit for the whole request ends this.
    with serving() as server, pytest.raises(Unavailable):
        GuardedClient(LOOPBACK).get(f"http://127.0.0.1:{server.port}/endless", timeout=0.2)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with serving() as server:
        pass
    with pytest.raises(Unavailable):
        GuardedClient(LOOPBACK).get(f"http://127.0.0.1:{server.port}/")


def test_a_name_that_does_not_resolve_is_unavailable() -> None:
    def no_such_name(host: str, port: int) -> list[str]:
        raise OSError("name or service not known")

    with pytest.raises(Unavailable, match=r"wall\.test"):
        GuardedClient(AddressPolicy(), resolver=no_such_name).get("http://wall.test/")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for wall.example, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wall.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("wall.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "wall.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


TLS_CASES = [
    # (host, trusted, answers)
    ("wall.example", True, True),  # the certificate is for this name, though the address is pinned
    ("other.example", True, False),  # the same address under another name
    ("127.0.0.1", True, False),  # the address itself is not in the certificate
    ("wall.example", False, False),  # not signed by a known root
]


@pytest.mark.parametrize(("host", "trusted", "answers"), TLS_CASES)
def test_tls_verifies_the_name_that_was_asked_for(
    host: str, trusted: bool, answers: bool, certificate: Path
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    client = GuardedClient(
        LOOPBACK, ca_file=certificate if trusted else None, resolver=names(["127.0.0.1"])
    )
    with serving(tls=tls) as server:
        url = f"https://{host}:{server.port}/text"
        if answers:
            assert client.get(url).body == b"text"
        else:
            with pytest.raises(Unavailable):
                client.get(url)
            assert server.seen == []
