"""No authority reachable: the capture is taken, marked pending, and stamped when one answers."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from archiver.config import Settings
from archiver.domain.instant import parse
from archiver.evidence.authority import LocalAuthority
from archiver.wiring import build_house, utc_now
from tests.integration.captures.sample import Sample, receipt_of, send
from tests.integration.client import client_for, token_headers
from tests.servers.process import free_port


@contextmanager
def serving(authority: LocalAuthority, port: int) -> Iterator[None]:
    """The authority behind HTTP, as RFC 3161 section 3.4 has it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(authority.stamp(body))

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_capture_is_pending_until_an_authority_answers(tmp_path: Path) -> None:
    port = free_port()
    authority = LocalAuthority.open(tmp_path / "authority", utc_now, bytes)
    root = tmp_path / "root.pem"
    root.write_bytes(authority.root_pem)
    settings = Settings(
        data=tmp_path / "data",
        tsa_urls=[f"http://127.0.0.1:{port}/tsa"],
        tsa_roots=[str(root)],
        tsa_qualified=[f"http://127.0.0.1:{port}/tsa"],
        allow_private_hosts=["127.0.0.1"],
        embedded_worker=False,
    )
    with (
        build_house(settings) as house,
        client_for(house, headers=token_headers(house)) as client,
    ):
        capture = send(client, Sample())
        receipt = receipt_of(client, capture)
        assert (receipt["time"], receipt["tokens"]) == ("pending", [])
        assert (receipt["first_stamped_at"], receipt["gap_seconds"]) == (None, None)
        [awaited] = receipt["awaited"]
        assert (awaited["authority"], awaited["held"]) == (settings.tsa_urls[0], False)
        shown = client.get(f"/api/v1/captures/{capture['id']}").json()
        assert (shown["time"], shown["created_at"]) == ("pending", receipt["recorded_at"])
        # a bundle without any time stamp would prove no time: it is not made yet
        early = client.get(f"/api/v1/captures/{capture['id']}/bundle")
        assert early.status_code == 202
        with serving(authority, port):
            deadline = time.monotonic() + 60
            while receipt["time"] == "pending":
                assert time.monotonic() < deadline
                time.sleep(0.1)
                receipt = receipt_of(client, capture)
        [token] = receipt["tokens"]
        assert token["authority"] == settings.tsa_urls[0]
        assert receipt["independent_time"] is True
        assert receipt["authority_certificates"] == root.read_text()
        # the gap in which only this service's word stood for its age
        assert receipt["first_stamped_at"] == token["gen_time"]
        gap = parse(token["gen_time"]) - parse(receipt["recorded_at"])
        assert receipt["gap_seconds"] == max(0.0, gap.total_seconds())
        assert receipt["awaited"] == []
        said = {name: token[name] for name in ("accuracy", "embedded", "qualified_by_settings")}
        assert said == {"accuracy": 1.0, "embedded": False, "qualified_by_settings": True}
        assert token["qualified_by_token"] is False
