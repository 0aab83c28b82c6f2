"""Recordings of visits, and how a foreign reader takes them apart."""

import io
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from archiver.domain.recording import Exchange, Recording
from archiver.evidence import wacz
from archiver.evidence.wacz import write_wacz

AT = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
SALT = bytes(range(16))
WALL = "https://wall.example/shoes?b=2&a=1"
HTML = b"<!doctype html><p>Both soles have holes.</p>" * 20


def exchange(url: str = WALL, **changes: Any) -> Exchange:
    usual: dict[str, Any] = {
        "at": AT,
        "method": "GET",
        "url": url,
        "request_headers": (("Host", "wall.example"), ("Cookie", "session=SECRET-ONE")),
        "status": 200,
        "reason": "OK",
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "s=SECRET-TWO")),
        "body": HTML,
    }
    return Exchange(**{**usual, **changes})


def visit() -> Recording:
    """A redirect to the wall, its script, a picture that fails, a POST, and a second page."""
    later = [AT + timedelta(seconds=second) for second in range(10)]
    moved = (("Location", "/shoes?b=2&a=1"), ("set-cookie2", "SECRET-THREE"))
    return Recording(
        (
            exchange("https://wall.example/", status=302, headers=moved, body=b"", document=True),
            exchange(at=later[1], document=True),
            exchange(
                "https://wall.example/list.js",
                at=later[2],
                headers=(
                    ("content-type", "text/javascript"),
                    ("Content-Encoding", "br"),
                    ("Content-Length", "31"),
                ),
                body=b"let posts = [];" * 100,
            ),
            exchange(
                "https://wall.example/api",
                at=later[3],
                method="POST",
                request_headers=(
                    ("Content-Type", "application/json"),
                    ("Authorization", "Bearer SECRET-FOUR"),
                    ("PROXY-AUTHORIZATION", "Basic SECRET-FIVE"),
                ),
                request_body=b'{"query": {"from": [20, 40]}}',
                headers=(("Content-Type", "application/json"),),
                body=b'{"posts": []}',
            ),
            exchange(
                "https://pictures.example/a.png",
                at=later[4],
                status=None,
                headers=(),
                body=b"",
                failure="net::ERR_NAME_NOT_RESOLVED",
            ),
            exchange("https://wall.example/shoes?page=2#post-9", at=later[5], document=True),
        ),
        browser="156.0.1",
    )


def made(recording: Recording | None = None) -> bytes:
    return write_wacz(recording or visit(), AT, "Rature 0.1.0")


def one(**changes: Any) -> bytes:
    """A recording of a single page."""
    return made(Recording((exchange(document=True, **changes),)))


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def records(data: bytes) -> Iterator[tuple[Any, bytes]]:
    """Every record as the foreign reader gives it, with its body; digests checked."""
    warc = io.BytesIO(entries(data)[wacz.DATA])
    for record in ArchiveIterator(warc, check_digests="raise"):
        yield record, record.raw_stream.read()


def answers(data: bytes) -> list[tuple[Any, bytes]]:
    return [(record, body) for record, body in records(data) if record.rec_type == "response"]


def http(record: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in record.http_headers.headers}


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
