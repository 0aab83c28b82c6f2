"""Bundles: written, opened and verified again; whole and masked; by both verifiers."""

import dataclasses
import io
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archiver.domain.digest import sha256_hex
from archiver.domain.errors import InvalidInput, NotABundle, NotYet, ProofInvalid
from archiver.evidence import bundle_text
from archiver.evidence.bundle import BundleInput, bundle_files, write_bundle
from archiver.evidence.report import TimeGrade
from archiver.evidence.statement import Statement, capture_statement
from archiver.evidence.statement_text import render_statement
from archiver.evidence.verification import inspect_bundle, verify_bundle
from tests.unit.evidence.house import (
    LOG_KEY,
    House,
    capture_source,
    full_story,
    masked_bundle,
    observation,
    open_house,
    payload_of,
    record,
    two_captures,
    witness_story,
)
from tests.unit.evidence.verifiers import ours, pack, stock


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(tmp_path / "authority")


def test_a_whole_story_is_written_and_verifies(house: House, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    report = write_bundle(path, full_story(house))
    assert (report.valid, report.withheld, report.leaf_index, report.tree_size) == (
        True, [], 300, 305,
    )  # fmt: skip
    assert len(report.times) == 10
    assert (ours(path), stock(path)) == (None, None)
    assert [item.name for item in tmp_path.iterdir() if item.name.startswith(".")] == []


def test_the_bag_holds_what_the_readme_says(house: House) -> None:
    names = set(bundle_files(full_story(house)))
    expected = {
        "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt",
        "data/STATEMENT.sha256", "data/STATEMENT.tsa1.tsr", "data/STATEMENT.checkpoint.tsa1.tsr",
        "data/STATEMENT.tlog-proof", "data/meta.json", "data/screenshot/original.png",
        "data/screenshot/TILES.sha256", "data/snapshot.html", "data/observations.jsonl",
        "data/verdict.json", "data/README.txt", "data/verify.sh", "data/keys/log.vkey",
        "data/keys/log.pem", "data/keys/roots.pem", "data/records/301-observation/record.json",
        "data/records/303-notice/STATEMENT.tlog-proof", "data/records/304-verdict/record.json",
    }  # fmt: skip
    assert expected - names == set()


def test_a_masked_bundle_verifies_and_discloses_nothing(house: House, tmp_path: Path) -> None:
    path = tmp_path / "masked.zip"
    report = write_bundle(path, masked_bundle(house))
    assert set(report.withheld) == {
        "contributor/manifest.json", "fields/author.json", "screenshot/original.png",
        "snapshot.html",
    }  # fmt: skip
    assert (ours(path), stock(path)) == (None, None)
    with zipfile.ZipFile(path) as archive:
        assert b"Jean" not in b"".join(archive.read(name) for name in archive.namelist())
        tiles = [name for name in archive.namelist() if "/tiles/" in name]
    assert len(tiles) == 4


def test_a_masked_bundle_with_the_signed_manifest_is_not_written(house: House) -> None:
    """It repeats every field and names files by plain hashes."""
    whole = capture_statement(capture_source(), os.urandom)
    entry = house.entry("capture", whole.without("fields/author.json"), house.log(whole))
    with pytest.raises(InvalidInput, match=r"contributor/manifest\.json would disclose"):
        write_bundle(io.BytesIO(), house.bundle(entry))


def test_a_bundle_is_around_a_capture_or_a_look(house: House) -> None:
    verdict = record("verdict", {"state": "visible", "basis": []})
    entry = house.entry("verdict", verdict, house.log(verdict))
    with pytest.raises(InvalidInput, match="around a capture or a look"):
        write_bundle(io.BytesIO(), house.bundle(entry))


@pytest.mark.parametrize("kind", ["capture", "observation"])
def test_the_file_that_says_what_it_is_is_never_masked(house: House, kind: str) -> None:
    whole = capture_statement(capture_source(), os.urandom)
    if kind == "observation":
        whole = record("observation", observation(1))
    masked = whole.without("meta.json", "record.json")
    with pytest.raises(InvalidInput, match=f"a {kind} needs its"):
        write_bundle(io.BytesIO(), house.bundle(house.entry(kind, masked, house.log(whole))))


@pytest.mark.parametrize(
    ("story", "kind", "leaf"),
    [
        (full_story, "capture", 300),
        (two_captures, "capture", 300),
        (witness_story, "observation", 301),
    ],
)
def test_the_report_says_what_the_bundle_is_around(
    house: House, story: Callable[[House], BundleInput], kind: str, leaf: int
) -> None:
    report = write_bundle(io.BytesIO(), story(house))
    assert (report.valid, report.kind, report.leaf_index) == (True, kind, leaf)


def test_a_look_as_main_record_is_among_the_observations(house: House) -> None:
    files = payload_of(witness_story(house))
    lines = files["observations.jsonl"].splitlines()
    assert lines.index(files["record.json"]) == 1
    assert len(lines) == 4
    assert "records/301-observation/record.json" not in files


def swap_tiles(files: dict[str, bytes]) -> None:
    first, second = sorted(name for name in files if "/tiles/" in name)[:2]
    files[first], files[second] = files[second], files[first]


def paint_tile(files: dict[str, bytes]) -> None:
    name = min(name for name in files if "/tiles/" in name)
    files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])


def unlist_tile(files: dict[str, bytes]) -> None:
    lines = files["screenshot/TILES.sha256"].splitlines(keepends=True)
    files["screenshot/TILES.sha256"] = b"".join(lines[:-1])


def unlist_all(files: dict[str, bytes]) -> None:
    del files["screenshot/TILES.sha256"]


@pytest.mark.parametrize("alter", [swap_tiles, paint_tile, unlist_tile, unlist_all])
def test_visible_pixels_cannot_be_altered(
    house: House, tmp_path: Path, alter: Callable[[dict[str, bytes]], None]
) -> None:
    files = {
        name.removeprefix("data/"): data
        for name, data in bundle_files(masked_bundle(house)).items()
        if name.startswith("data/")
    }
    alter(files)
    path = pack(tmp_path / "b.zip", files)
    assert (ours(path) is not None, stock(path) is not None) == (True, True)


def test_a_list_of_tiles_that_is_not_of_the_picture_is_found(house: House, tmp_path: Path) -> None:
    """The operator himself logged and stamped a list of other pixels."""
    honest = capture_statement(capture_source(), os.urandom)
    lie = capture_statement(capture_source(), os.urandom).files["screenshot/TILES.sha256"]
    files = {**honest.files, "screenshot/TILES.sha256": lie}
    from_files = {name: sha256_hex(data) for name, data in files.items()}
    forged = Statement(render_statement(from_files), files)
    bundle = house.bundle(house.entry("capture", forged, house.log(forged)))
    path = tmp_path / "b.zip"
    with pytest.raises(ProofInvalid, match=r"screenshot/TILES\.sha256: not the list"):
        write_bundle(path, bundle)
    assert not path.exists()


def test_the_same_input_gives_the_same_bytes(house: House) -> None:
    bundle = full_story(house)
    first, second = io.BytesIO(), io.BytesIO()
    write_bundle(first, bundle)
    write_bundle(second, bundle)
    assert first.getvalue() == second.getvalue()


def test_without_a_time_stamp_there_is_no_bundle_yet(house: House, tmp_path: Path) -> None:
    bundle = full_story(house)
    pending = dataclasses.replace(bundle.records[0], tokens=[], checkpoint_tokens=[])
    with pytest.raises(NotYet, match="301-observation"):
        write_bundle(tmp_path / "b.zip", dataclasses.replace(bundle, records=[pending]))


@pytest.mark.parametrize("which", ["tokens", "checkpoint_tokens"])
def test_one_of_the_two_time_stamps_is_enough(house: House, tmp_path: Path, which: str) -> None:
    bundle = full_story(house)
    without: dict[str, Any] = {which: []}
    main = dataclasses.replace(bundle.main, **without)
    path = tmp_path / "b.zip"
    write_bundle(path, dataclasses.replace(bundle, main=main))
    assert stock(path) is None


def test_a_verdict_must_say_what_it_was_drawn_from(house: House, tmp_path: Path) -> None:
    bundle = full_story(house)
    verdict = record("verdict", {"state": "visible", "rules_version": "1"})
    entry = house.entry("verdict", verdict, house.log(verdict))
    with pytest.raises(ProofInvalid, match="does not say from which records"):
        write_bundle(tmp_path / "b.zip", dataclasses.replace(bundle, records=[entry]))


def test_a_broken_proof_is_never_written(house: House, tmp_path: Path) -> None:
    bundle = full_story(house)
    main = dataclasses.replace(bundle.main, proof=bundle.records[0].proof)
    with pytest.raises(ProofInvalid):
        write_bundle(tmp_path / "b.zip", dataclasses.replace(bundle, main=main))
    assert [item.name for item in tmp_path.iterdir()] == ["authority"]


def test_a_capture_alone_has_no_verdict(house: House, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    write_bundle(path, dataclasses.replace(full_story(house), records=[]))
    with zipfile.ZipFile(path) as archive:
        assert archive.read("data/observations.jsonl") == b""
        assert "data/verdict.json" not in archive.namelist()
    assert stock(path) is None


def test_the_report_says_whose_roots_and_keys_were_used(house: House, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    write_bundle(path, full_story(house))
    alone = verify_bundle(path)
    assert (alone.roots_from_bundle_only, alone.log_key_from_bundle_only) == (True, True)
    assert {stamp.trusted for stamp in alone.times} == {False}
    brought = verify_bundle(path, [house.authority.root_pem], [LOG_KEY.public])
    assert (brought.roots_from_bundle_only, brought.log_key_from_bundle_only) == (False, False)
    assert {stamp.trusted for stamp in brought.times} == {True}


def test_the_local_authority_never_passes_for_independent(house: House, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    write_bundle(path, full_story(house))
    assert verify_bundle(path, [house.authority.root_pem]).time_grade is TimeGrade.LOCAL


def test_an_inspection_tells_what_fails(house: House, tmp_path: Path) -> None:
    files = {
        name.removeprefix("data/"): data
        for name, data in bundle_files(full_story(house)).items()
        if name.startswith("data/")
    }
    files["snapshot.html"] += b" "
    report = inspect_bundle(pack(tmp_path / "b.zip", files))
    assert not report.valid
    assert report.first_failure == "snapshot.html: its hash is not the one in the statement"
    assert [check.subject for check in report.checks] == ["manifest-sha256.txt"]


@pytest.mark.parametrize("name", ["README.txt", "verify.sh"])
def test_a_text_that_is_not_ours_is_pointed_out(house: House, tmp_path: Path, name: str) -> None:
    """It may be another version's, so it is no failure; it may be a trap, so it is told."""
    files = {
        path.removeprefix("data/"): data
        for path, data in bundle_files(full_story(house)).items()
        if path.startswith("data/")
    }
    files[name] = b"echo OK\n"
    report = inspect_bundle(pack(tmp_path / "b.zip", files))
    assert report.valid
    assert [check.subject for check in report.checks if check.outcome != "ok"] == [name]


def test_a_file_damaged_on_the_way_is_named_by_the_bag(house: House, tmp_path: Path) -> None:
    files = bundle_files(full_story(house))
    files["data/README.txt"] += b" "
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    assert "data/README.txt" in (ours(path) or "")
    assert "data/README.txt" in (stock(path) or "")


def test_the_readme_tells_in_both_languages_what_is_not_proven() -> None:
    text = bundle_text.readme().decode()
    for words in (
        "openssl ts -verify -in STATEMENT.tsa1.tsr -data STATEMENT.sha256 -CAfile ROOTS.pem",
        "openssl pkeyutl -verify -pubin -inkey LOGKEY.pem -rawin",
        "sha256sum --ignore-missing --strict -c STATEMENT.sha256",
        "It does NOT prove who removed a post",
        "Cela ne prouve PAS qui a retiré une publication",
        "NOT the time",
        "PAS l'heure",
        "where nobody captured the post, the main record is a look",
        "si personne n'a capturé la publication, le document principal est une visite",
        "openssl ts -verify -in STATEMENT.checkpoint.tsa1.tsr -data text -CAfile ROOTS.pem",
    ):
        assert words in text


# --- ZIP files that are made to harm -----------------------------------------------------------


@pytest.fixture
def sound(house: House, tmp_path: Path) -> Path:
    path = tmp_path / "b.zip"
    write_bundle(path, full_story(house))
    return path


def add_entry(name: str, mode: int = stat.S_IFREG | 0o644) -> Callable[[Path], None]:
    def alter(path: Path) -> None:
        with zipfile.ZipFile(path, "a") as archive:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, b"/etc/passwd")

    return alter


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "alter",
    [
        add_entry("data/verdict.json"),  # a name twice: readers differ in which one they see
        add_entry("../outside.txt"),  # climbs out
        add_entry("/tmp/outside.txt"),  # absolute
        add_entry("data/link", stat.S_IFLNK | 0o777),  # a link
        add_entry("data/.hidden"),  # hidden
        add_entry("data/a b"),  # a name to be quoted
        add_entry("outside.txt"),  # beside data/, unknown to the bag
        add_entry("data/folder/"),  # a folder of its own
        lambda path: path.write_bytes(path.read_bytes()[:-100]),  # cut short
    ],
)
def test_a_harmful_zip_is_refused(sound: Path, alter: Callable[[Path], object]) -> None:
    alter(sound)
    assert (ours(sound) is not None, stock(sound) is not None) == (True, True)
    assert not (sound.parent.parent / "outside.txt").exists()


@pytest.mark.parametrize("content", [b"", b"no ZIP", b"PK\x03\x04"])
def test_what_is_no_zip_is_no_bundle(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    with pytest.raises(NotABundle):
        verify_bundle(path)
    assert stock(path) is not None


def test_a_zip_of_something_else_is_no_bundle(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.txt", b"")
    with pytest.raises(NotABundle, match="not a bundle of Rature"):
        verify_bundle(path)


def test_observations_can_be_judged_as_they_stand(sound: Path) -> None:
    """Each line is the logged record, an observation with its salt beside it."""
    with zipfile.ZipFile(sound) as archive:
        lines = archive.read("data/observations.jsonl").splitlines()
        records = [
            archive.read(f"data/records/{name}/record.json")
            for name in ("301-observation", "302-observation", "303-notice")
        ]
    assert lines == records
    assert b'"at":"%s"' % str(observation(1)["at"]).encode() in lines[0]
