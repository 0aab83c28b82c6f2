"""A small real HTTP service with the parts that the extension calls; it checks what it is sent."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.schemas_watches import NewNotice, NewObservation
from archiver.domain.capture import Manifest
from archiver.domain.digest import canonical_json, sha256_hex

CODE = "BCDF-GHJK"


@dataclass
class Upload:
    """A capture as it arrived."""

    key: str
    manifest: Manifest
    raw: bytes
    files: dict[str, bytes]


@dataclass
class Service:
    """What the stub does and what it was told. Tests set and read these."""

    product: str = "rature"
    api: int = 1
    clock_offset: timedelta = timedelta()
    interval: int = 1
    expires_in: int = 600
    decision: str = "authorization_pending"
    slow_downs: int = 0
    token: str = "token-1"
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    seal_after: int = 1
    slow_s: float = 0
    watches: list[dict[str, Any]] = field(default_factory=list)
    look: dict[str, Any] | None = None

    public_key: str | None = None
    client_name: str | None = None
    uploads: dict[str, Upload] = field(default_factory=dict)
    posts: list[str] = field(default_factory=list)
    receipts_asked: dict[str, int] = field(default_factory=dict)
    polls: int = 0
    headers_seen: list[dict[str, str]] = field(default_factory=list)
    told: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    tellings: list[str] = field(default_factory=list)

    def hear(self, path: str, key: str | None, body: bytes) -> tuple[int, dict[str, Any]]:
        """A notice, an own look, or the wish for a look, as the API takes them."""
        self.tellings.append(path)
        # An own look follows each capture, when the browser has the time: it is never refused.
        if self.refusals and path != "/api/v1/observations":
            return self.refusals.pop(0)
        if path.endswith("/checks"):
            return 200, {"watch": {"id": path.split("/")[-2]}, "observation": self.look}
        assert key is not None
        sent: dict[str, Any] = json.loads(body)
        (NewNotice if path.endswith("/notices") else NewObservation).model_validate(sent)
        known = self.told.setdefault(key, (path, sent))
        assert known == (path, sent)
        return 201, {"id": f"not_{key}", "observation": {"id": f"obs_{key}"}}

    def looks(self) -> list[dict[str, Any]]:
        """The own looks that came, in their order."""
        return [sent for path, sent in self.told.values() if path == "/api/v1/observations"]

    def notices(self) -> list[tuple[str, str, str]]:
        """The notices that came, in their order: watch, kind, text."""
        told = [(path, sent) for path, sent in self.told.values() if path.endswith("/notices")]
        return [(path.split("/")[-2], sent["notice"], sent.get("text", "")) for path, sent in told]

    def token_answer(self) -> tuple[int, dict[str, Any]]:
        self.polls += 1
        if self.slow_downs:
            self.slow_downs -= 1
            return 400, {"error": "slow_down"}
        if self.decision == "approved":
            return 200, {
                "access_token": self.token,
                "token_type": "Bearer",
                "scope": "capture read",
                "expires_in": 31536000,
            }
        return 400, {"error": self.decision}

    def take(
        self, key: str, parts: dict[str, list[tuple[str, bytes]]]
    ) -> tuple[int, dict[str, Any]]:
        self.posts.append(key)
        time.sleep(self.slow_s)  # a slow line: the answer is late
        if self.refusals:
            status, problem = self.refusals.pop(0)
            return status, problem
        raw = parts["manifest"][0][1]
        manifest = verify(raw, parts, self.public_key)
        self.uploads.setdefault(
            key,
            Upload(
                key,
                manifest,
                raw,
                {name: data for entries in parts.values() for name, data in entries},
            ),
        )
        place = list(self.uploads).index(key)
        return 201, {
            "id": f"cap_{place:016x}",
            "manifest_sha256": sha256_hex(raw),
            "leaf_index": place,
            "grade": "user-only",
            "watch_id": f"wat_{place:016x}",
            "receipt": f"/api/v1/captures/cap_{place:016x}/receipt",
        }


def verify(
    raw: bytes, parts: dict[str, list[tuple[str, bytes]]], public_key: str | None
) -> Manifest:
    """Canonical form, signature of the exact bytes by the paired key, every file's hash."""
    assert canonical_json(json.loads(raw)) == raw
    signature = json.loads(parts["signature"][0][1])
    assert signature["algorithm"] == "Ed25519"
    assert signature["public_key"] == public_key
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature["public_key"]))
    key.verify(base64.b64decode(signature["value"]), raw)
    manifest = Manifest.model_validate_json(raw)
    for entry in manifest.files:
        assert entry.role is not None
        data = dict(parts[entry.role])[entry.name]
        assert (len(data), sha256_hex(data)) == (entry.size, entry.sha256)
    sent = sum(
        len(entries) for name, entries in parts.items() if name not in ("manifest", "signature")
    )
    assert sent == len(manifest.files)
    return manifest


def read_parts(content_type: str, body: bytes) -> dict[str, list[tuple[str, bytes]]]:
    """The parts of a multipart body: name -> [(file name, bytes)]."""
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    parts: dict[str, list[tuple[str, bytes]]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        parts.setdefault(str(name), []).append((part.get_filename() or "", data))
    return parts


class Handler(BaseHTTPRequestHandler):
    """Routes by path; JSON answers."""

    service: Service

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/api/v1/about":
            now = datetime.now(UTC) + self.service.clock_offset
            self.answer(
                200,
                {
                    "product": self.service.product,
                    "version": "0.1.0",
                    "api": self.service.api,
                    "time": now.isoformat(),
                },
            )
        elif path == "/pair":
            code = parse_qs(urlsplit(self.path).query)["code"][0]
            form = "<form method=post action=/approve><button>Approve</button></form>"
            self.page(f"<h1>{code}</h1>{form}")
        elif not self.is_authorised():
            self.answer(401, {"title": "Unauthorized", "detail": "no valid token"})
        elif path == "/api/v1/watches":
            self.answer(200, self.service.watches)
        elif path.endswith("/bundle"):
            self.send(200, "application/zip", b"PK" + path.encode())
        elif path.endswith("/receipt"):
            asked = self.service.receipts_asked[path] = self.service.receipts_asked.get(path, 0) + 1
            self.answer(
                *(
                    (202, {"status": "pending"})
                    if asked <= self.service.seal_after
                    else (200, {"receipt": path})
                )
            )
        else:
            self.answer(404, {"title": "Not Found", "detail": path})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.service.headers_seen.append(
            {name.lower(): value for name, value in self.headers.items()}
        )
        if self.path == "/api/v1/device/authorize":
            asked = parse_qs(body.decode())
            self.service.public_key, self.service.client_name = (
                asked["public_key"][0],
                asked["client_name"][0],
            )
            page = f"{self.origin()}/pair"
            grant = {
                "device_code": "secret",
                "user_code": CODE,
                "verification_uri": page,
                "verification_uri_complete": f"{page}?code={CODE}",
            }
            self.answer(
                200,
                {**grant, "expires_in": self.service.expires_in, "interval": self.service.interval},
            )
        elif self.path == "/api/v1/device/token":
            self.answer(*self.service.token_answer())
        elif self.path == "/approve":
            self.service.decision = "approved"
            self.page("<h1>done</h1>")
        elif not self.is_authorised():
            self.answer(401, {"title": "Unauthorized", "detail": "no valid token"})
        elif self.path == "/api/v1/captures":
            parts = read_parts(self.headers["content-type"], body)
            self.answer(*self.service.take(self.headers["idempotency-key"], parts))
        else:
            path = urlsplit(self.path).path
            self.answer(*self.service.hear(path, self.headers["idempotency-key"], body))

    def origin(self) -> str:
        return f"http://{self.headers['host']}"

    def is_authorised(self) -> bool:
        return self.headers["authorization"] == f"Bearer {self.service.token}"

    def answer(self, status: int, value: Any) -> None:
        self.send(status, "application/json", json.dumps(value).encode())

    def page(self, body: str) -> None:
        self.send(200, "text/html; charset=utf-8", f"<!doctype html>{body}".encode())

    def send(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


class Host:
    """The stub on a port of its own, which it takes again after `stop` and `start`."""

    def __init__(self, service: Service, port: int = 0) -> None:
        self.service = service
        self._port = port
        self._server: ThreadingHTTPServer | None = None
        self.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Takes requests, if it does not yet."""
        if self._server:
            return
        handler = type("Bound", (Handler,), {"service": self.service})
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@contextmanager
def serve() -> Iterator[Host]:
    """A running stub."""
    host = Host(Service())
    try:
        yield host
    finally:
        host.stop()
