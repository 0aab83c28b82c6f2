"""`ingest`: acknowledged captures a second, against plain sha256 + write + fsync of the same bytes.

Eight clients send captures with one picture of 1 MiB each to a real service process (uvicorn,
SQLite, blobs on the same disk). Baseline: eight threads hash and write the same pictures and fsync
each file and its folder; nothing is decoded, signed, logged or answered there.
"""

import hashlib
import io
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from PIL import Image

from bench.report import Figure
from bench.start import free_port

CLIENTS = 8
CAPTURES = 160
WARM_UP = 8
SIDE = 590
"""Pixels: an uncompressible RGB picture of this side has 1 MiB."""
DEADLINE = 60.0
IEND = 12


def run() -> Iterator[Figure]:
    """Yields captures a second with the baseline's files a second."""
    pictures = numbered_pictures(CAPTURES + WARM_UP)
    with tempfile.TemporaryDirectory(prefix="rature-bench-") as scratch:
        folder = Path(scratch)
        with service(folder) as (url, token):
            send = sender(url, token)
            rate(send, pictures[:WARM_UP])
            value = rate(send, pictures[WARM_UP:])
        plain = folder / "plain"
        plain.mkdir()
        baseline = rate(lambda data: write_plainly(plain, data), pictures[WARM_UP:])
    yield Figure("ingest", "acknowledged captures", value, "1/s", baseline)


def numbered_pictures(count: int, side: int = SIDE) -> list[bytes]:
    """Uncompressible PNGs (of 1 MiB, unless they are to be smaller) that differ in a text chunk: a
    blob that is there already costs nothing."""
    image = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    data = buffer.getvalue()
    return [data[:-IEND] + _text_chunk(f"n\x00{n}".encode()) + data[-IEND:] for n in range(count)]


def rate(work: Callable[[bytes], None], pictures: list[bytes]) -> float:
    """Pictures a second with all clients at once."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        begun = time.perf_counter()
        list(clients.map(work, pictures))
        return len(pictures) / (time.perf_counter() - begun)


def sender(url: str, token: str) -> Callable[[bytes], None]:
    """Sends one capture and insists on its acknowledgement."""
    client = httpx.Client(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
        limits=httpx.Limits(max_keepalive_connections=CLIENTS),
    )

    def send(picture: bytes) -> None:
        digest = hashlib.sha256(picture).hexdigest()
        answer = client.post(
            "/api/v1/captures",
            headers={"Idempotency-Key": digest},
            data={"manifest": json.dumps(manifest_of(picture, digest))},
            files={"screenshot": ("post.png", picture, "image/png")},
        )
        if answer.status_code != 201:
            raise RuntimeError(f"{answer.status_code}: {answer.text}")

    return send


def write_plainly(folder: Path, data: bytes) -> None:
    """The least that keeps bytes under their hash."""
    descriptor = os.open(
        folder / hashlib.sha256(data).hexdigest(), os.O_WRONLY | os.O_CREAT | os.O_EXCL
    )
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def service(folder: Path) -> Iterator[tuple[str, str]]:
    """A service process with its data below the folder: its address and a token."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    rature = Path(sys.executable).with_name("rature")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RATURE_")},
        "RATURE_DATA": str(folder / "data"),
        "RATURE_PUBLIC_URL": url,
        "RATURE_EMBEDDED_WORKER": "false",
        "RATURE_LIMITS__REQUESTS_PER_MINUTE": "1000000",
    }
    with (folder / "service.log").open("wb") as log:
        process = subprocess.Popen(
            [rature, "serve", "--port", str(port)],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_until_ready(url, process, folder / "service.log")
            made = subprocess.run(
                [rature, "token", "make", "--name", "bench", "--scope", "capture"],
                env=environment,
                cwd=folder,
                check=True,
                capture_output=True,
                text=True,
            )
            yield url, made.stdout.strip()
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/healthz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"the service did not start:\n{log.read_text()}")


def manifest_of(picture: bytes, digest: str) -> dict[str, object]:
    """A manifest that names the picture."""
    return {
        "page": {"url": f"https://wall.example/{digest[:2]}", "status": 200},
        "post": {"text": f"Post {digest}", "author": "Bench"},
        "files": [
            {
                "name": "post.png",
                "media_type": "image/png",
                "size": len(picture),
                "sha256": digest,
                "role": "screenshot",
            }
        ],
        "started_at": "2026-11-21T20:15:00Z",
        "finished_at": "2026-11-21T20:15:01Z",
    }


def _text_chunk(data: bytes) -> bytes:
    chunk = b"tEXt" + data
    return struct.pack(">I", len(data)) + chunk + struct.pack(">I", zlib.crc32(chunk))
