"""One alteration each, by a forger who makes the bag's manifests fit: both verifiers refuse."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.domain.digest import canonical_json
from archiver.domain.errors import EvidenceError
from archiver.evidence import checkpoint
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.picture import open_picture
from archiver.evidence.picture_tiles import tile_list
from archiver.evidence.salted import salted_picture
from archiver.evidence.statement_text import parse_statement
from archiver.evidence.verification import verify_bundle
from tests.unit.evidence.alterations import (
    Files,
    add,
    both,
    copy,
    drop_line,
    flip,
    move,
    refit,
    remove,
    replace,
    reverse_lines,
)
from tests.unit.evidence.house import NOON, full_story, open_house, payload_of, picture
from tests.unit.evidence.verifiers import ours, pack, pack_stream, stock

LOOK, LATER, NOTICE, VERDICT = (
    "records/7-observation/", "records/8-observation/", "records/9-notice/",
    "records/10-verdict/",
)  # fmt: skip


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The payload of a sound bundle."""
    return payload_of(full_story(open_house(tmp_path_factory.mktemp("house"), others=6)))


def test_the_sound_bundle_is_accepted(payload: Files, tmp_path: Path) -> None:
    bundle = pack(tmp_path / "b.zip", payload)
    assert (ours(bundle), stock(bundle)) == (None, None)


def another_picture(files: Files) -> None:
    """A picture with a list of tiles that fits it."""
    other, seed = picture(), b"\x05" * 32
    files["screenshot/original.png"] = salted_picture(other, seed)
    files["screenshot/TILES.sha256"] = tile_list(open_picture(other), seed)


def change_record(folder: str, old: str, new: str) -> Callable[[Files], None]:
    """Changes a record and its line at the top."""
    return both(
        replace(f"{folder}record.json", old, new),
        lambda files: files.update(
            {"observations.jsonl": files["observations.jsonl"].replace(old.encode(), new.encode())}
        ),
    )


def smaller_basis(files: Files) -> None:
    """The verdict no longer says that it was drawn from the dropped look."""
    for name in (f"{VERDICT}record.json", "verdict.json"):
        value = json.loads(files[name])
        value["basis"] = value["basis"][1:]
        files[name] = canonical_json(value)


FORGER = LogKey(b"\x66" * 32, "log.example/rature")


def other_log_key(files: Files) -> None:
    files["keys/log.vkey"] = f"{FORGER.public.vkey}\n".encode()
    files["keys/log.pem"] = FORGER.public.pem


def resign(files: Files) -> None:
    """Another root, signed by the forger's key under the log's name."""
    head, _, note = files["STATEMENT.tlog-proof"].decode().partition("\n\n")
    size = checkpoint.parse(note).size
    forged = checkpoint.sign_checkpoint(FORGER, size, b"\x01" * 32)
    files["STATEMENT.tlog-proof"] = f"{head}\n\n{forged}".encode()


ALTERATIONS: dict[str, Callable[[Files], None]] = {
    "a word of the post": replace("fields/text.json", "huit", "deux"),
    "a word of the post, and the statement": refit(
        "", "fields/text.json", b'{"name":"text","salt":"00","value":"other"}'
    ),
    "another field": replace("fields/url.json", "wall.example", "wall2.example"),
    "the moment of the capture": replace("meta.json", "12:00:00Z", "11:00:00Z"),
    "the page's source": replace("snapshot.html", "semelles", "lacets"),
    "a pixel": flip("screenshot/original.png", 120),
    "the picture's salt": replace("screenshot/original.png", "rature-salt", "rature-sold"),
    "another picture with its tiles": another_picture,
    "the list of tiles": flip("screenshot/TILES.sha256", 0),
    "the contributor's signature": replace("contributor/manifest.json", "null", '"x"'),
    "the statement's order": reverse_lines("STATEMENT.sha256"),
    "a line less in the statement": drop_line("STATEMENT.sha256", 2),
    "an empty statement": lambda files: files.update({"STATEMENT.sha256": b""}),
    "a file more in the statement": refit("", "fields/zz.json", b"{}"),
    "a file that no statement lists": add("report.txt"),
    "a hidden place for a file": add("keys/more.pem"),
    "a tile that no list names": add("screenshot/tiles/0009-0009.ppm"),
    "a record without anything": add("records/7-notice/record.json"),
    "a folder that is no record": add("records/readme/STATEMENT.sha256"),
    "meta.json is left out": remove("meta.json"),
    "a bit of the time stamp": flip("STATEMENT.tsa1.tsr"),
    "the time in the time stamp": replace("STATEMENT.tsa1.tsr", "20260301", "20250301"),
    "the time stamp of another statement": copy(
        f"{LOOK}STATEMENT.tsa1.tsr", "STATEMENT.tsa1.tsr"
    ),
    "the checkpoint's time stamp for the statement's": copy(
        "STATEMENT.checkpoint.tsa1.tsr", "STATEMENT.tsa1.tsr"
    ),
    "no time stamp": remove("STATEMENT.tsa1.tsr", "STATEMENT.checkpoint.tsa1.tsr"),
    "no time stamp of a look": remove(
        f"{LOOK}STATEMENT.tsa1.tsr", f"{LOOK}STATEMENT.checkpoint.tsa1.tsr"
    ),
    "text in place of a time stamp": lambda files: files.update({"STATEMENT.tsa1.tsr": b"ok"}),
    "a strange name for a time stamp": copy("STATEMENT.tsa1.tsr", "STATEMENT.tsa0.tsr"),
    "roots of somebody else": lambda files: files.update({"keys/roots.pem": b"none"}),
    "the place in the log": replace("STATEMENT.tlog-proof", "index 6", "index 5"),
    "the path in the log": drop_line("STATEMENT.tlog-proof", 3),
    "the size of the log": replace("STATEMENT.tlog-proof", "\n11\n", "\n12\n"),
    "the log's name": replace("STATEMENT.tlog-proof", "\nlog.example/", "\nlog2.example/"),
    "the log's signature": flip("STATEMENT.tlog-proof", -12),
    "the receipt of another record": copy(f"{LOOK}STATEMENT.tlog-proof", "STATEMENT.tlog-proof"),
    "no receipt": remove(f"{LATER}STATEMENT.tlog-proof"),
    "another log key": other_log_key,
    "the PEM of another log key": lambda files: files.update({"keys/log.pem": FORGER.public.pem}),
    "a checkpoint by a forger": resign,
    "a checkpoint by a forger and his key": both(resign, other_log_key),
    "what a look saw": change_record(LATER, '"absent"', '"present"'),
    "when a look was": change_record(LOOK, "12:01:00Z", "12:02:00Z"),
    "what a look saw, only at the top": replace("observations.jsonl", '"absent"', '"present"'),
    "a line less at the top": drop_line("observations.jsonl", 1),
    "no line at the top": lambda files: files.update({"observations.jsonl": b""}),
    "the order at the top": reverse_lines("observations.jsonl"),
    "a line more at the top": lambda files: files.update(
        {"observations.jsonl": files["observations.jsonl"] + b'{"kind":"notice"}\n'}
    ),
    "a look is dropped": both(remove(LATER), drop_line("observations.jsonl", 1)),
    "a look is dropped, and the verdict says so": both(
        remove(LOOK), drop_line("observations.jsonl", 0), smaller_basis
    ),
    "a notice is dropped": both(remove(NOTICE), drop_line("observations.jsonl", 2)),
    "the record itself is dropped": remove(f"{LOOK}record.json"),
    "the verdict at the top": replace("verdict.json", "removed", "visible"),
    "the verdict everywhere": both(
        replace("verdict.json", "removed", "visible"),
        replace(f"{VERDICT}record.json", "removed", "visible"),
    ),
    "a verdict that was never logged": remove(VERDICT),
    "no verdict at the top": remove("verdict.json"),
    "a look at another place": move(LATER, "records/5-observation/"),
    "a look becomes a notice": move(LATER, "records/8-notice/"),
    "a look twice": lambda files: files.update(
        {name.replace("8-", "08-"): data for name, data in files.items() if LATER in name}
    ),
    "a picture of a look": flip(f"{LOOK}page/original.png", 120),
    "a capture among the records": lambda files: files.update(
        {
            f"records/6-capture/{name}": files[name]
            for name in (*parse_statement(files["STATEMENT.sha256"]), "STATEMENT.sha256",
                         "STATEMENT.tlog-proof", "STATEMENT.tsa1.tsr")
        }
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_alteration_is_refused_by_both(payload: Files, tmp_path: Path, name: str) -> None:
    files = dict(payload)
    ALTERATIONS[name](files)
    assert files != payload
    bundle = pack(tmp_path / "b.zip", files)
    assert (ours(bundle) is not None, stock(bundle) is not None) == (True, True)


def test_the_first_failure_is_named(payload: Files, tmp_path: Path) -> None:
    files = dict(payload)
    ALTERATIONS["a word of the post"](files)
    told = ours(pack(tmp_path / "b.zip", files))
    assert told == "fields/text.json: its hash is not the one in the statement"


# what a flipped bit may leave as it was: texts that prove nothing, white space around PEM blocks,
# and the parts of a time-stamp response that its signature does not cover
UNPROVEN = ("README.txt", "verify.sh", ".pem", ".vkey", ".tsr")


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_is_refused(payload: Files, data: st.DataObject) -> None:
    proven = sorted(name for name in payload if payload[name] and not name.endswith(UNPROVEN))
    name = data.draw(st.sampled_from(proven))
    bit = data.draw(st.integers(0, len(payload[name]) * 8 - 1))
    flipped = bytearray(payload[name])
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(EvidenceError):
        verify_bundle(pack_stream(io.BytesIO(), payload | {name: bytes(flipped)}))


@pytest.fixture(scope="module")
def forgery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that is sound in itself, by a forger with an authority and a log of his own."""
    directory = tmp_path_factory.mktemp("forger")
    story = full_story(open_house(directory / "authority", others=6))
    return pack(directory / "b.zip", payload_of(story))


def test_a_forgery_falls_to_keys_obtained_elsewhere(forgery: Path, tmp_path: Path) -> None:
    """The log has the forger's root; the verifier brings the true authority's and log's keys."""
    assert (ours(forgery), stock(forgery)) == (None, None)
    true = LocalAuthority.open(tmp_path / "true", lambda: NOON, lambda size: b"\x01" * size)
    roots, key = tmp_path / "roots.pem", tmp_path / "key.pem"
    roots.write_bytes(true.root_pem)
    key.write_bytes(FORGER.public.pem)
    assert "trusted roots" in (ours(forgery, roots=true.root_pem) or "")
    assert "roots that you trust" in (stock(forgery, [roots]) or "")
    assert "none of the known log keys" in (ours(forgery, key=FORGER.public) or "")
    assert "did not sign" in (stock(forgery, ["", key]) or "")
