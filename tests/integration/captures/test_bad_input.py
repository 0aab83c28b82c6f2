"""Each bad input gets a clear problem, and nothing of it is stored."""

import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import select

from archiver.domain.digest import canonical_json
from archiver.services.access import Scope
from archiver.store.tables import Capture, LogEntry, StoredFile, Watch
from archiver.wiring import House, build_house
from tests.integration.captures.sample import CAPTURES, Part, Sample, manifest, parts, picture
from tests.integration.client import TestClient, client_for, token_headers

MIB = 1024 * 1024


def assert_nothing_stored(house: House) -> None:
    with house.database.reading() as session:
        for table in (Capture, LogEntry, StoredFile, Watch):
            assert session.exec(select(table)).first() is None, table
    blobs = house.settings.data / "blobs"
    assert [path for path in blobs.rglob("*") if path.is_file()] == []


def assert_problem(answer: Any, status: int, kind: str, says: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"].endswith(kind), body
    assert says in answer.text, body


def png_header(width: int, height: int) -> bytes:
    """A PNG of that size which holds no pixels: a decompression bomb announces itself so."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def with_shot(data: bytes, media_type: str = "image/png") -> Sample:
    return Sample(files=[Part("screenshot", "post.png", media_type, data)])


def with_text(change: Callable[[bytes], bytes]) -> Sample:
    return Sample(text=change(canonical_json(manifest(parts()))))


def with_post(**post: Any) -> Sample:
    return Sample(changes={"post": {"text": "Un mot de plus", **post}})


def with_page(**page: Any) -> Sample:
    return Sample(changes={"page": page})


def without_part() -> Sample:
    return Sample(files=parts()[:1], text=canonical_json(manifest(parts())))


def with_surplus_part() -> Sample:
    extra = Part("attachment", "extra.txt", "text/plain", b"not announced")
    return Sample(files=[*parts(), extra], text=canonical_json(manifest(parts())))


def with_other_bytes() -> Sample:
    shot, page = parts()
    other = Part(page.role, page.name, page.media_type, page.data.replace(b"trou", b"neuv"))
    return Sample(files=[shot, other], text=canonical_json(manifest([shot, page])))


def with_other_role() -> Sample:
    shot, page = parts()
    sent = Part("attachment", page.name, page.media_type, page.data)
    return Sample(files=[shot, sent], text=canonical_json(manifest([shot, page])))


# what is wrong, status, problem type, a word of the explanation
BAD: list[tuple[str, Callable[[], Sample], int, str, str]] = [
    # the manifest as text
    ("not JSON", lambda: Sample(text=b"{"), 422, "invalid-manifest", "not JSON"),
    ("empty", lambda: Sample(text=b""), 422, "invalid-manifest", "not JSON"),
    ("no object", lambda: Sample(text=b"[]"), 422, "invalid-manifest", "manifest"),
    ("not UTF-8", lambda: with_text(lambda t: t + b"\xff"), 422, "invalid-manifest", "UTF-8"),
    (
        "NaN",
        lambda: with_text(lambda t: t.replace(b'"status":200', b'"status":NaN')),
        422,
        "invalid-manifest",
        "NaN",
    ),
    (
        "a key twice",
        lambda: with_text(lambda t: t.replace(b'"version":1', b'"version":1,"version":1')),
        422,
        "invalid-manifest",
        "twice",
    ),
    (
        "NUL character",
        lambda: with_text(lambda t: t.replace(b"Le client", b"Le\\u0000client")),
        422,
        "invalid-manifest",
        "NUL",
    ),
    (
        "half a character",
        lambda: with_text(lambda t: t.replace(b"Le client", b"Le\\ud800client")),
        422,
        "invalid-manifest",
        "manifest",
    ),
    ("very deep", lambda: Sample(text=b"[" * 100_000), 422, "invalid-manifest", "not JSON"),
    # the manifest's fields
    (
        "unknown field",
        lambda: Sample(changes={"colour": "red"}),
        422,
        "invalid-manifest",
        "colour",
    ),
    (
        "naive time",
        lambda: Sample(changes={"started_at": "2026-11-21T20:15:00"}),
        422,
        "invalid-manifest",
        "started_at",
    ),
    (
        "time as a number",
        lambda: Sample(changes={"started_at": 1700000000}),
        422,
        "invalid-manifest",
        "started_at",
    ),
    (
        "number as a text",
        lambda: Sample(changes={"version": "1"}),
        422,
        "invalid-manifest",
        "version",
    ),
    (
        "ends before it starts",
        lambda: Sample(changes={"finished_at": "2026-11-21T20:14:59Z"}),
        422,
        "invalid-manifest",
        "before",
    ),
    ("one character", lambda: with_post(text=" x "), 422, "invalid-manifest", "one character"),
    ("empty text", lambda: with_post(text=""), 422, "invalid-manifest", "empty"),
    ("white space", lambda: with_post(text=" \n\t "), 422, "invalid-manifest", "empty"),
    # addresses that are never opened
    (
        "file address",
        lambda: with_page(url="file:///etc/passwd"),
        422,
        "refused-address",
        "page.url",
    ),
    ("script", lambda: with_page(url="javascript:alert(1)"), 422, "refused-address", "page.url"),
    ("loopback", lambda: with_page(url="http://127.0.0.1/x"), 422, "refused-address", "page.url"),
    (
        "metadata",
        lambda: with_page(url="http://169.254.169.254/latest/"),
        422,
        "refused-address",
        "page.url",
    ),
    (
        "final address",
        lambda: with_page(url="https://wall.example/", final_url="http://[::1]/"),
        422,
        "refused-address",
        "page.final_url",
    ),
    (
        "permalink",
        lambda: with_post(permalink="javascript:void(0)"),
        422,
        "refused-address",
        "post.permalink",
    ),
    # the files
    ("missing part", without_part, 422, "invalid-input", "page.html, which was not sent"),
    ("surplus part", with_surplus_part, 422, "invalid-input", "extra.txt is not in the manifest"),
    ("hash mismatch", with_other_bytes, 422, "hash-mismatch", "page.html"),
    ("another role", with_other_role, 422, "invalid-input", "the manifest says snapshot"),
    (
        "unknown part",
        lambda: Sample(files=[*parts(), Part("photo", "x.png", "image/png", b"")]),
        422,
        "invalid-input",
        "there is no part photo",
    ),
    (
        "no screenshot",
        lambda: Sample(files=parts()[1:]),
        422,
        "invalid-input",
        "a COMPLETE capture has a screenshot",
    ),
    (
        "path in a name",
        lambda: Sample(files=[Part("screenshot", "../post.png", "image/png", picture())]),
        422,
        "invalid-manifest",
        "files.0.name",
    ),
    ("no picture", lambda: with_shot(b"this is text"), 422, "invalid-picture", "not a PNG"),
    (
        "HTML as a picture",
        lambda: with_shot(b"<html>", "text/html"),
        422,
        "invalid-picture",
        "post.png",
    ),
    ("cut short", lambda: with_shot(picture()[:-60]), 422, "invalid-picture", "broken"),
    (
        "decompression bomb",
        lambda: with_shot(png_header(60_000, 60_000)),
        422,
        "invalid-picture",
        "pixels",
    ),
    ("50 MB picture", lambda: with_shot(bytes(50 * MIB)), 413, "too-large", "screenshot"),
    (
        "snapshot that is not text",
        lambda: Sample(
            files=[parts()[0], Part("snapshot", "p.html", "text/html", b"\xff\xfe\x00")]
        ),
        422,
        "invalid-input",
        "UTF-8",
    ),
    (
        "two files of one name",
        lambda: Sample(files=[*parts(), Part("attachment", "post.png", "image/png", picture())]),
        422,
        "invalid-manifest",
        "same name",
    ),
    ("unknown case", lambda: Sample(changes={"case_id": "cas_0"}), 404, "not-found", "cas_0"),
    # the key
    ("key too long", lambda: Sample(key="k" * 201), 422, "invalid-input", "Idempotency-Key"),
    ("key with spaces", lambda: Sample(key="a b"), 422, "invalid-input", "Idempotency-Key"),
    ("key missing", lambda: Sample(key=None), 400, "invalid-input", "dempotency"),
]


@pytest.mark.parametrize("bad", [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_capture_is_refused_with_its_reason(
    client: TestClient, house: House, bad: tuple[Callable[[], Sample], int, str, str]
) -> None:
    make, status, kind, says = bad
    answer = client.post(CAPTURES, **make().request())
    assert_problem(answer, status, kind, says)
    if kind == "not-found":
        return  # a case is looked up in the transaction: its blobs are orphans, as after a crash
    assert_nothing_stored(house)


def test_capture_needs_a_token_of_the_right_scope(client: TestClient, house: House) -> None:
    request = Sample().request()
    request["headers"] |= {"Authorization": "Bearer rat_nobody"}
    assert_problem(client.post(CAPTURES, **request), 401, "unauthenticated", "token")
    request["headers"] |= token_headers(house, Scope.READ)
    assert_problem(client.post(CAPTURES, **request), 403, "forbidden", "capture")
    assert_nothing_stored(house)


def test_body_that_is_no_form_is_named(client: TestClient, house: House) -> None:
    headers = {"Idempotency-Key": "k"}
    answer = client.post(CAPTURES, json={"page": 1}, headers=headers)
    assert_problem(answer, 415, "about:blank", "multipart/form-data")
    headers["Content-Type"] = "multipart/form-data; boundary=x"
    answer = client.post(CAPTURES, content=b"--x\r\nrubbish", headers=headers)
    assert answer.status_code in {400, 422}
    many = [("attachment", (f"{n}.txt", b"x", "text/plain")) for n in range(60)]
    answer = client.post(CAPTURES, files=many, headers={"Idempotency-Key": "k"})
    assert_problem(answer, 400, "about:blank", "Too many files")
    assert_nothing_stored(house)


def test_bytes_that_are_no_text_are_not_taken_for_another_alphabet(
    client: TestClient, house: House
) -> None:
    latin = with_text(lambda text: text.replace("Après".encode(), "Après".encode("latin-1")))
    answer = client.post(CAPTURES, **latin.request())
    assert_problem(answer, 422, "invalid-manifest", "UTF-8")
    assert_nothing_stored(house)


def test_huge_manifest_is_too_large(client: TestClient, house: House) -> None:
    answer = client.post(CAPTURES, **Sample(text=b" " * (MIB + 1)).request())
    assert_problem(answer, 413, "too-large", "manifest")
    assert_nothing_stored(house)


def test_signature_must_be_over_these_very_bytes(client: TestClient, house: House) -> None:
    key = Ed25519PrivateKey.generate()
    wrong, spaced, unknown = Sample(), Sample(), Sample()
    wrong.sign(key, over=b"{}")
    spaced.text = spaced.manifest_text().replace(b'"version":1', b'"version": 1')
    spaced.sign(key)
    unknown.signature = '{"algorithm":"none","public_key":"","value":""}'
    for sample, kind, says in (
        (wrong, "invalid-signature", "not that of these manifest bytes"),
        (spaced, "invalid-manifest", "RFC 8785"),
        (unknown, "invalid-signature", "Ed25519"),
    ):
        answer = client.post(CAPTURES, **sample.request())
        assert_problem(answer, 422, kind, says)
    assert_nothing_stored(house)


def test_private_host_is_taken_when_it_is_allowed(client: TestClient, house: House) -> None:
    allowed = house.settings.model_copy(update={"allow_private_hosts": ["127.0.0.1"]})
    with (
        build_house(allowed) as other,
        client_for(other, headers=token_headers(other)) as friendly,
    ):
        answer = friendly.post(CAPTURES, **with_page(url="http://127.0.0.1:8080/").request())
    assert answer.status_code == 201
