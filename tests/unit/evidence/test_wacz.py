"""Recordings of pages: what a foreign validator makes of them, and their salt."""

import gzip
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archiver.domain.errors import InvalidInput, ProofInvalid, WaczInvalid
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.recording import Recording
from archiver.evidence import wacz
from archiver.evidence.salted import salted_wacz, split_wacz
from archiver.evidence.statement import RecordSource, record_statement
from archiver.evidence.wacz import open_wacz, write_wacz
from tests.unit.evidence.recordings import (
    AT,
    SALT,
    WALL,
    answers,
    entries,
    exchange,
    made,
    ran,
    records,
    visit,
)


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
