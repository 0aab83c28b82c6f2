"""A capture as an extension would send it, and ways to change it."""

import base64
import hashlib
import io
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from archiver.domain.digest import canonical_json

CAPTURES = "/api/v1/captures"
WALL = "https://wall.example/shoes"
SNAPSHOT = "<!doctype html><title>Chaussures</title><p>Les semelles sont trouées.</p>".encode()
TEXT = "Après huit mois, les deux semelles sont trouées."
FilePart = tuple[str, tuple[str, bytes, str]]


def picture(width: int = 200, height: int = 120, *, shade: int = 0) -> bytes:
    """A PNG with a gradient, so that its tiles differ."""
    image = Image.new("RGB", (width, height))
    image.putdata([(x % 256, y % 256, shade) for y in range(height) for x in range(width)])
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True)
class Part:
    """One uploaded file: the multipart part's name, then the file's."""

    role: str
    name: str
    media_type: str
    data: bytes

    def entry(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "media_type": self.media_type,
            "size": len(self.data),
            "sha256": hashlib.sha256(self.data).hexdigest(),
            "role": self.role,
        }


def parts() -> list[Part]:
    return [
        Part("screenshot", "post.png", "image/png", picture()),
        Part("snapshot", "page.html", "text/html; charset=utf-8", SNAPSHOT),
    ]


def manifest(files: list[Part], **changes: Any) -> dict[str, Any]:
    """A whole manifest; `changes` replace its top-level keys."""
    return {
        "version": 1,
        "page": {"url": WALL, "status": 200, "title": "Chaussures"},
        "post": {"text": TEXT, "author": "Le client", "shown_time": "hier, 20:15"},
        "files": [part.entry() for part in files],
        "started_at": "2026-11-21T20:15:00Z",
        "finished_at": "2026-11-21T20:15:02Z",
        "environment": {"browser": "Chromium 156", "viewport_width": 1280},
        **changes,
    }


@dataclass
class Sample:
    """A request in the making: change what is to be wrong, then send it."""

    files: list[Part] = field(default_factory=parts)
    changes: Mapping[str, Any] = field(default_factory=dict)
    text: bytes | None = None
    key: str | None = "11111111-2222-4333-8444-555555555555"
    signature: str | None = None

    def manifest_text(self) -> bytes:
        if self.text is not None:
            return self.text
        return canonical_json(manifest(self.files, **self.changes))

    def sign(self, key: Ed25519PrivateKey, over: bytes | None = None) -> None:
        value = key.sign(self.manifest_text() if over is None else over)
        public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
        self.signature = canonical_json(
            {
                "algorithm": "Ed25519",
                "public_key": public,
                "value": base64.b64encode(value).decode(),
            }
        ).decode()

    def request(self) -> dict[str, Any]:
        """Keyword arguments of an httpx-like `post`."""
        files: list[FilePart] = [
            (part.role, (part.name, part.data, part.media_type)) for part in self.files
        ]
        data = {"manifest": self.manifest_text()}
        if self.signature is not None:
            data["signature"] = self.signature.encode()
        headers = {} if self.key is None else {"Idempotency-Key": self.key}
        return {"data": data, "files": files, "headers": headers}


def send(client: httpx.Client, sample: Sample, status: int = 201) -> dict[str, Any]:
    answer = client.post(CAPTURES, **sample.request())
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def receipt_of(
    client: httpx.Client, capture: dict[str, Any], *, seconds: float = 5
) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while True:
        answer = client.get(capture["receipt"])
        if answer.status_code == 200:
            body: dict[str, Any] = answer.json()
            return body
        assert answer.status_code == 202
        assert answer.json() == {"status": "sealing"}
        assert answer.headers["Retry-After"] == "1"
        assert time.monotonic() < deadline, "not sealed in time"
        time.sleep(0.02)
