"""Exchanges as records and index lines: what a foreign reader makes of them."""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from archiver.evidence import wacz
from archiver.evidence.cdxj import body_as_query, url_key
from archiver.evidence.wacz import open_wacz
from tests.unit.evidence.recordings import HTML, answers, entries, http, made, one, ran, records


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
