"""Recordings of pages: what a foreign reader and a foreign validator make of them."""

import gzip
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from archiver.domain.errors import InvalidInput, ProofInvalid, WaczInvalid
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.recording import Exchange, Recording
from archiver.evidence import wacz
from archiver.evidence.cdxj import body_as_query, url_key
from archiver.evidence.salted import salted_wacz, split_wacz
from archiver.evidence.statement import RecordSource, record_statement
from archiver.evidence.wacz import open_wacz, write_wacz

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


def validated(data: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the validator of the format's authors says."""
    path = folder / "page.wacz"
    path.write_bytes(data)
    tool = str(Path(sys.executable).parent / "wacz")
    return ran(tool, "validate", "-f", str(path))


def test_a_foreign_validator_accepts_it_with_and_without_salt(tmp_path: Path) -> None:
    for data in (made(), salted_wacz(made(), SALT), made(Recording((exchange(status=404),)))):
        said = validated(data, tmp_path)
        assert (said.returncode, "Validation succeeded" in said.stdout) == (0, True), said.stdout


def test_a_foreign_validator_refuses_it_when_one_byte_changes(tmp_path: Path) -> None:
    data = bytearray(made())
    data[data.index(entries(made())[wacz.DATA]) + 40] ^= 1
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive, pytest.raises(zipfile.BadZipFile):
        archive.read(wacz.DATA)  # its checksum; the attacker sets it right:
    files = entries(made())
    files[wacz.DATA] = files[wacz.DATA][:-1] + b"\x07"
    rewritten = wacz._zipped(files)
    assert validated(rewritten, tmp_path).returncode == 1
    with pytest.raises(WaczInvalid, match=r"data\.warc\.gz is not what"):
        open_wacz(rewritten)


def test_every_page_is_found_with_the_time_of_its_answer() -> None:
    lines = [json.loads(line) for line in entries(made())[wacz.PAGES].splitlines()]
    assert lines[0] == {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    dates = {
        (of("WARC-Target-URI"), of("WARC-Date"))
        for of in (record.rec_headers.get_header for record, _ in answers(made()))
    }
    pages = [(line["url"], line["ts"]) for line in lines[1:]]
    assert pages == [
        (WALL, "2026-03-02T08:00:01.123Z"),
        ("https://wall.example/shoes?page=2", "2026-03-02T08:00:05.123Z"),
    ]  # the redirect to the wall is no page
    assert set(pages) <= dates
    assert open_wacz(made()).pages == pages


def test_a_page_whose_time_is_not_that_of_its_answer_is_counted_as_missing() -> None:
    files = entries(made())
    files[wacz.PAGES] = files[wacz.PAGES].replace(b"08:00:05.123", b"08:00:05.124")
    package = json.loads(files[wacz.PACKAGE])
    package["resources"][0] = wacz._resource(wacz.PAGES, files[wacz.PAGES])
    files[wacz.PACKAGE] = wacz._json(package)
    files[wacz.DIGEST] = wacz._json({"path": wacz.PACKAGE, "hash": wacz._hash(files[wacz.PACKAGE])})
    assert len(open_wacz(wacz._zipped(files)).pages) == 1


def test_a_lost_page_is_an_error_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = wacz._page_lines
    monkeypatch.setattr(wacz, "_page_lines", lambda pages: lines(pages[:1]))
    with pytest.raises(WaczInvalid, match="1 of 2 pages"):
        made()


def test_the_form_is_the_one_that_players_read_in_parts() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        found = {entry.filename: entry.compress_type for entry in archive.infolist()}
    names = (wacz.PAGES, wacz.INDEX, wacz.DATA, wacz.PACKAGE, wacz.DIGEST)
    assert found == dict.fromkeys(names, zipfile.ZIP_STORED)
    package = json.loads(entries(made())[wacz.PACKAGE])
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert (package["mainPageUrl"], package["mainPageDate"]) == (WALL, "2026-03-02T08:00:01.123Z")


def test_the_index_leads_to_each_answer() -> None:
    files = entries(made())
    lines = gzip.decompress(files[wacz.INDEX]).decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 5
    for line in lines:
        key, stamp, text = line.split(" ", 2)
        fields = json.loads(text)
        start, length = int(fields["offset"]), int(fields["length"])
        member = gzip.decompress(files[wacz.DATA][start : start + length]).decode("latin-1")
        assert f"WARC-Target-URI: {fields['url']}\r\n" in member
        assert f"HTTP/1.1 {fields['status']} " in member
        assert (stamp[:8], key.split(",")[0]) == ("20260302", "example")


def test_nothing_that_proves_who_somebody_is_is_in_it() -> None:
    parts = [made(), *entries(made()).values()]
    parts += [gzip.decompress(part) for part in parts if part[:2] == b"\x1f\x8b"]
    for _, body in records(made()):
        parts.append(body)
    assert len(parts) > 8
    for part in parts:
        assert b"SECRET" not in part
        assert not re.search(rb"(?im)^(set-)?cookie2?:|authorization:", part)


def test_what_holds_a_secret_header_is_refused_when_it_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leaking = exchange(document=True)
    object.__setattr__(leaking, "headers", (("SET-cookie", "s=1"),))
    with pytest.raises(WaczInvalid, match="proves who somebody is"):
        made(Recording((leaking,)))


def test_the_same_recording_gives_the_same_bytes() -> None:
    assert made() == made()
    assert made() != write_wacz(visit(), AT + timedelta(seconds=1), "Rature 0.1.0")


def test_decoded_bodies_have_true_headers_and_keep_the_original_ones() -> None:
    script = next((r, body) for r, body in answers(made()) if "list.js" in str(r.rec_headers))
    assert script[1] == b"let posts = [];" * 100
    head = http(script[0])
    assert head["x-orig-content-encoding"] == "br"
    assert head["x-orig-content-length"] == "31"
    assert head["content-length"] == "1500"
    assert "content-encoding" not in head


HOSTILE = [
    # (header's name, value, value as written; None: the header is left out)
    ("X-Split", "a\r\nSet-Cookie: s=1", "a Set-Cookie: s=1"),
    ("X-Null", "a\x00b", "a b"),
    ("X-Latin", "h\xe9", "h%C3%A9"),
    ("X-Snow", "\u2603", "%E2%98%83"),
    ("X-Empty", "", ""),
    ("bad name", "1", None),
    ("", "1", None),
    ("X:Y", "1", None),
    ("X-Lines\r\nSet-Cookie", "1", None),
]


@pytest.mark.parametrize(("name", "value", "written"), HOSTILE)
def test_a_header_cannot_begin_another_one(
    name: str, value: str, written: str | None, tmp_path: Path
) -> None:
    data = one(headers=((name, value),), reason=value, request_headers=((name, value),))
    ((record, body),) = answers(data)
    assert body == HTML
    assert http(record).get(name.lower()) == written
    names = {name for name, _ in record.http_headers.headers}
    assert names <= {name, "Content-Length"}


BODIES = [
    # (what is special, the exchange's fields, WARC-Truncated)
    ("part of a file", {"status": 206, "headers": (("Content-Range", "bytes 0-9/99"),)}, None),
    ("nothing", {"status": 204, "body": b""}, None),
    ("not changed", {"status": 304, "body": b"", "headers": (("ETag", '"1"'),)}, None),
    ("an error of the server", {"status": 503, "body": b"later"}, None),
    ("not HTTP's usual range", {"status": 999, "body": b"no"}, None),
    ("every byte", {"body": bytes(range(256)) * 9}, None),
    ("more than is kept", {"body": b"x" * 1_000_000, "cut": "length"}, "length"),
    ("not to be had", {"body": b"", "cut": "unspecified"}, "unspecified"),
    ("broken off", {"body": b"", "cut": "disconnect", "failure": "net::ERR_FAILED"}, "disconnect"),
    ("another word", {"cut": "no\r\nroom"}, "unspecified"),
    ("no type", {"headers": ()}, None),
    ("no address to speak of", {"url": "https://wall.example"}, None),
    ("an address of any letters", {"url": "https://wall.example/\u2603 \r\nX: y"}, None),
    ("a headless answer", {"method": "HEAD", "body": b""}, None),
]


@pytest.mark.parametrize(("what", "fields", "cut"), BODIES)
def test_bodies_of_every_kind_are_kept_as_they_are(
    what: str, fields: dict[str, Any], cut: str | None
) -> None:
    data = one(**fields)
    ((record, body),) = answers(data)
    assert body == fields.get("body", HTML), what
    assert record.rec_headers.get_header("WARC-Truncated") == cut
    assert http(record)["content-length"] == str(len(body))
    assert len(open_wacz(data).pages) == 1
    assert record.rec_headers.get_header("WARC-Target-URI").isascii()


def test_a_request_without_an_answer_says_why() -> None:
    told = [
        (record.rec_type, body)
        for record, body in records(made())
        if record.rec_headers.get_header("WARC-Target-URI") == "https://pictures.example/a.png"
    ]
    assert told == [("metadata", b"failure: net::ERR_NAME_NOT_RESOLVED\r\n"), ("request", b"")]


def test_each_answer_has_its_request() -> None:
    asked = {
        record.rec_headers.get_header("WARC-Concurrent-To"): (record.http_headers, body)
        for record, body in records(made())
        if record.rec_type == "request"
    }
    assert len(asked) == 6
    for record, _ in answers(made()):
        assert record.rec_headers.get_header("WARC-Record-ID") in asked
    post = next(item for item in asked.values() if item[0].protocol == "POST")
    assert post[0].statusline == "/api HTTP/1.1"
    assert post[1] == b'{"query": {"from": [20, 40]}}'


ADDRESSES = [
    "https://www.wall.example/Shoes/?b=2&a=1",
    "http://wall.example:8080/",
    "https://wall.example:443/a//b/",
    "https://wall.example/a?q=%E2%98%83&Q=1",
    "https://wall.example/a?b=1&b.2_=2",
    "http://127.0.0.1:43949/api/posts?from=0",
]


def test_keys_of_addresses_are_those_of_a_foreign_indexer() -> None:
    ask = "import sys; from surt import surt; print(*map(surt, sys.argv[1:]), sep='\\n')"
    said = ran(sys.executable, "-c", ask, *ADDRESSES)
    assert [url_key(url) for url in ADDRESSES] == said.stdout.split()


def test_the_whole_index_is_that_of_a_foreign_indexer(tmp_path: Path) -> None:
    path = tmp_path / "data.warc.gz"
    path.write_bytes(entries(made())[wacz.DATA])
    tool = str(Path(sys.executable).parent / "cdxj-indexer")
    asked = ran(tool, "-p", "-s", str(path))
    theirs = [line.split(" ", 2) for line in asked.stdout.splitlines()]
    ours = [
        line.split(" ", 2)
        for line in gzip.decompress(entries(made())[wacz.INDEX]).decode().splitlines()
    ]
    assert [line[:2] for line in ours] == [line[:2] for line in theirs]
    assert [json.loads(line[2]) for line in ours] == [json.loads(line[2]) for line in theirs]


QUERIES = [
    ("application/x-www-form-urlencoded", b"a=1+2&b=%C3%A9", "a=1 2&b=\xe9"),
    ("application/json; charset=utf-8", b'{"a": {"b": [1, 2]}, "c": null}', "b=1&b.2_=2&c=None"),
    ("text/plain", b"not json", "__wb_post_data=bm90IGpzb24="),
    ("application/json", b"\xff", "__wb_post_data=/w=="),
    ("application/json", b"[" * 100_000, "__wb_post_data=" + "W1tb" * 1500),
    ("application/octet-stream", b"\x00\x01", "__wb_post_data=AAE="),
    ("", b"", ""),
]


@pytest.mark.parametrize(("kind", "body", "query"), QUERIES)
def test_a_body_becomes_a_query(kind: str, body: bytes, query: str) -> None:
    assert body_as_query(kind, body) == query[:4096]


# --- the salt


def test_the_salt_can_be_taken_out_again() -> None:
    salted = salted_wacz(made(), SALT)
    assert split_wacz(salted) == (made(), SALT)
    with zipfile.ZipFile(io.BytesIO(salted)) as archive:
        assert archive.comment == b"rature-salt " + SALT.hex().encode()
    assert open_wacz(salted) == open_wacz(made())


def test_a_recording_stands_in_its_statement_under_its_name() -> None:
    file = EvidenceFile("page.wacz", "application/wacz", made())
    source = RecordSource("visit", {"id": "vis_1", "url": WALL, "final_url": None}, [file])
    statement = record_statement(source, os.urandom)
    assert set(statement.files) == {"record.json", "fields/url.json", "page.wacz"}
    assert split_wacz(statement.files["page.wacz"])[0] == made()
    assert WALL.encode() not in statement.files["record.json"]


@pytest.mark.parametrize("data", [b"", b"PK", b"x" * 40, salted_wacz(made(), SALT)])
def test_only_a_zip_without_a_comment_takes_a_salt(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        salted_wacz(data, SALT)


Alter = Callable[[bytes], bytes]
UNSALTED: list[tuple[str, Alter]] = [
    ("none", lambda data: made()),
    ("empty", lambda data: b""),
    ("short", lambda data: data[:-1]),
    ("upper case", lambda data: data[:-4] + data[-4:].upper().replace(b"E", b"G")),
    ("a byte behind it", lambda data: data + b"0"),
    ("another length", lambda data: data[:-46] + b"\x2d\x00" + data[-44:]),
    ("a byte before it", lambda data: data[:-46] + b"\x00" + data[-46:]),
]


@pytest.mark.parametrize(("what", "alter"), UNSALTED)
def test_a_salt_is_only_found_where_it_belongs(what: str, alter: Alter) -> None:
    with pytest.raises(ProofInvalid):
        split_wacz(alter(salted_wacz(made(), SALT)))


# --- broken ones


BROKEN: list[tuple[str, Callable[[dict[str, bytes]], dict[str, bytes]]]] = [
    ("no list of pages", lambda files: {n: d for n, d in files.items() if n != wacz.PAGES}),
    ("a file too many", lambda files: {**files, "more.txt": b"1"}),
    ("another digest", lambda files: {**files, wacz.DIGEST: b'{"path":"x","hash":"y"}'}),
    ("no package", lambda files: {**files, wacz.PACKAGE: b"[]"}),
    ("another index", lambda files: {**files, wacz.INDEX: gzip.compress(b"")}),
]


@pytest.mark.parametrize(("what", "alter"), BROKEN)
def test_what_does_not_hold_together_is_refused(
    what: str, alter: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> None:
    with pytest.raises(WaczInvalid):
        open_wacz(wacz._zipped(alter(entries(made()))))


def test_what_is_no_zip_is_refused() -> None:
    with pytest.raises(WaczInvalid):
        open_wacz(b"PK but no ZIP")


def test_what_was_left_out_is_told() -> None:
    data = made(replace(visit(), left_out=7))
    first = next(body for record, body in records(data) if record.rec_type == "warcinfo")
    assert b"exchanges-left-out: 7" in first
    assert b"browser: Chromium 156.0.1" in first
    assert b"set-cookie" in first
