"""Statements: what they list, what they keep to themselves, and how they are made again."""

import dataclasses
import hashlib
import io
import json
import os
import zipfile

import pytest

from archiver.domain.digest import sha256_hex
from archiver.domain.errors import InvalidInput, ProofInvalid
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence.merkle import leaf_hash
from archiver.evidence.statement import (
    CaptureFile,
    CaptureSource,
    RecordSource,
    Statement,
    capture_statement,
    plan,
    rebuild,
    record_statement,
)
from archiver.evidence.statement_text import parse_statement, render_statement
from tests.unit.evidence.house import capture_source, observation, picture


def with_attachments(*files: EvidenceFile) -> CaptureSource:
    source = capture_source()
    more = [CaptureFile("attachment", file) for file in files]
    return dataclasses.replace(source, files=[*source.files, *more])


def test_a_capture_lists_its_files_in_the_agreed_form() -> None:
    source = with_attachments(
        EvidenceFile("sole.jpg", "image/jpeg", picture(kind="JPEG")),
        EvidenceFile("letter.pdf", "application/pdf", b"%PDF"),
    )
    statement = capture_statement(source, os.urandom)
    assert list(parse_statement(statement.text)) == [
        "attachments/letter.pdf.zip",
        "attachments/sole.jpg/TILES.sha256",
        "attachments/sole.jpg/original.jpg",
        "contributor/manifest.json",
        "fields/author.json",
        "fields/environment.json",
        "fields/text.json",
        "fields/title.json",
        "fields/url.json",
        "meta.json",
        "screenshot/TILES.sha256",
        "screenshot/original.png",
        "snapshot.html",
    ]
    assert statement.leaf == leaf_hash(statement.text)


def test_every_hash_is_that_of_the_file() -> None:
    statement = capture_statement(capture_source(), os.urandom)
    hashed = {path: hashlib.sha256(data).hexdigest() for path, data in statement.files.items()}
    assert parse_statement(statement.text) == hashed


def test_what_is_never_withheld_tells_nothing_of_what_can_be() -> None:
    """No plain hash, no size, no word of the post, no address in meta.json."""
    source = capture_source()
    meta = capture_statement(source, os.urandom).files["meta.json"].decode()
    for item in source.files:
        assert sha256_hex(item.file.data) not in meta
        assert str(len(item.file.data)) not in json.dumps(json.loads(meta) | {"salt": ""})
    for secret in ("semelles", "Jean", "wall.example", "Chaussures"):
        assert secret not in meta


def test_no_plain_hash_stands_in_the_statement() -> None:
    source = with_attachments(EvidenceFile("letter.pdf", "application/pdf", b"%PDF"))
    text = capture_statement(source, os.urandom).text.decode()
    assert [i for i in source.files if sha256_hex(i.file.data) in text] == []


def test_the_same_capture_twice_gives_other_hashes() -> None:
    source = capture_source()
    first = parse_statement(plan(source, os.urandom).text)
    second = parse_statement(plan(source, os.urandom).text)
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())


def test_uploaded_bytes_are_inside_unchanged() -> None:
    letter = EvidenceFile("letter.pdf", "application/pdf", b"%PDF")
    source = with_attachments(letter)
    files = capture_statement(source, os.urandom).files
    wrapped = json.loads(files["contributor/manifest.json"])
    assert wrapped["manifest"].encode() == source.manifest_text
    assert files["snapshot.html"].startswith(source.files[1].file.data)
    with zipfile.ZipFile(io.BytesIO(files["attachments/letter.pdf.zip"])) as archive:
        assert archive.namelist() == ["SALT", "letter.pdf"]
        assert archive.read("letter.pdf") == letter.data


def test_a_planned_statement_is_rebuilt_from_originals_and_salts() -> None:
    source = capture_source()
    made = plan(source, os.urandom)
    statement = rebuild(source, made.text, made.salts)
    assert statement.text == made.text
    assert statement.files.keys() == parse_statement(made.text).keys()


def test_a_changed_original_is_found_when_the_files_are_rebuilt() -> None:
    source = capture_source()
    made = plan(source, os.urandom)
    changed = CaptureFile("snapshot", EvidenceFile("page.html", "text/html", b"<p>other</p>"))
    altered = dataclasses.replace(source, files=[source.files[0], changed])
    with pytest.raises(ProofInvalid, match=r"snapshot\.html"):
        rebuild(altered, made.text, made.salts)


def test_files_whose_salt_was_erased_are_left_out() -> None:
    source = capture_source()
    made = plan(source, os.urandom)
    salts = {path: salt for path, salt in made.salts.items() if not path.startswith("screenshot")}
    rebuilt = rebuild(source, made.text, salts)
    assert made.text == rebuilt.text
    missing = parse_statement(made.text).keys() - rebuilt.files.keys()
    assert missing == {"screenshot/TILES.sha256", "screenshot/original.png"}


def test_leaving_files_out_keeps_the_text() -> None:
    statement = capture_statement(capture_source(), os.urandom)
    masked = statement.without("fields/author.json", "screenshot/")
    assert masked.text == statement.text
    assert statement.files.keys() - masked.files.keys() == {
        "fields/author.json", "screenshot/TILES.sha256", "screenshot/original.png",
    }  # fmt: skip


def test_an_observation_keeps_other_peoples_words_apart() -> None:
    statement = record_statement(RecordSource("observation", observation(1)), os.urandom)
    record = json.loads(statement.files["record.json"])
    assert record.keys() == {"at", "kind", "salt", "sighting", "similarity", "validity", "vantage"}
    assert json.loads(statement.files["fields/seen.json"])["value"]["author"] == "Jean"


def test_the_files_of_a_look_take_the_same_form() -> None:
    look = [
        EvidenceFile("page.png", "image/png", picture()),
        EvidenceFile("post.png", "image/png", picture()),
        EvidenceFile("page.html", "text/html", b"<html>"),
    ]
    statement = record_statement(RecordSource("observation", observation(7), look), os.urandom)
    assert set(statement.files) >= {
        "page.html", "page/TILES.sha256", "page/original.png", "post/TILES.sha256",
        "post/original.png",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (RecordSource("verdict", {"salt": "mine"}), "salt"),  # the salt's own key
        (RecordSource("verdict", {"kind": "notice"}), "kind"),  # another kind
        (RecordSource("../x", {}), "kind"),  # a kind that would climb
        (RecordSource("verdict", {"n": float("nan")}), "JSON"),  # what JSON cannot carry
        (RecordSource("verdict", {"n": 2**60}), "JSON"),  # what JavaScript cannot read
        (
            RecordSource("observation", {}, [EvidenceFile("p.html", "text/html", b"")] * 2),
            "two files",
        ),
        (
            RecordSource("observation", {}, [EvidenceFile("a b.bin", "x/y", b"")]),
            "cannot be kept under the name",
        ),
    ],
)
def test_records_that_no_statement_can_be_made_of(source: RecordSource, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        plan(source, os.urandom)


def test_what_only_calls_itself_a_picture_is_kept_as_it_is() -> None:
    source = with_attachments(EvidenceFile("sole.png", "image/png", b"no picture"))
    made = plan(source, os.urandom)
    assert "attachments/sole.png.zip" in made.salts


LINE = "0" * 64 + "  a\n"


@pytest.mark.parametrize(
    "text",
    [
        "",  # nothing listed
        LINE.rstrip("\n"),  # the last line does not end
        LINE * 2,  # a path twice
        "0" * 64 + "  b\n" + LINE,  # unsorted
        LINE.replace("0", "A"),  # upper case
        "0" * 64 + " *a\n",  # binary mode: another text for the same set
        "0" * 64 + "  ../a\n",  # a path that climbs
        "0" * 64 + "  /a\n",  # an absolute path
        "0" * 64 + "  .a\n",  # a hidden file
        "0" * 64 + "  a//b\n",  # an empty segment
        "\\" + LINE,  # an escaped name
        "0" * 64 + "  é\n",  # not ASCII
        LINE + "\n",  # an empty line
        LINE.replace("\n", "\r\n"),  # other line ends
    ],
)
def test_a_list_has_one_form_only(text: str) -> None:
    with pytest.raises(ProofInvalid):
        parse_statement(text.encode())


def test_a_list_is_read_as_it_was_written() -> None:
    digests = {"b/c": "1" * 64, "B": "2" * 64, "a-b_c.d": "3" * 64}
    assert parse_statement(render_statement(digests)) == digests


def test_a_statement_of_other_files_is_still_one_leaf() -> None:
    assert Statement(b"x", {}).leaf == Statement(b"x", {"a": b""}).leaf
