"""The same forger at a bundle without a capture, and at one with two: both verifiers refuse."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.checker import rules_facts
from archiver.domain.errors import ProofInvalid
from archiver.evidence import records_check
from archiver.evidence.bundle import BundleInput, write_bundle
from archiver.evidence.statement import Statement
from archiver.evidence.statement_text import render_statement
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
)
from tests.unit.evidence.house import (
    House,
    failed_look,
    logged,
    observation,
    open_house,
    payload_of,
    record,
    two_captures,
    witness_story,
)
from tests.unit.evidence.verifiers import ours, pack, stock

Alter = Callable[[Files], None]
ENVELOPE = ("README.txt", "verify.sh", "observations.jsonl", "verdict.json", "keys/", "records/")
FAILED, AGAIN, ABSENT, VERDICT = (
    "records/6-observation/", "records/8-observation/", "records/9-observation/",
    "records/10-verdict/",
)  # fmt: skip
LOOK, SECOND = "records/7-observation/", "records/8-capture/"


@pytest.fixture(scope="module")
def payloads(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    """Sound payloads by form. The log has six other leaves before."""

    def made(form: str, story: Callable[[House], BundleInput]) -> Files:
        return payload_of(story(open_house(tmp_path_factory.mktemp(form), others=6)))

    return {"witness": made("witness", witness_story), "two": made("two", two_captures)}


@pytest.mark.parametrize("form", ["witness", "two"])
def test_the_sound_bundle_is_accepted(
    payloads: dict[str, Files], tmp_path: Path, form: str
) -> None:
    bundle = pack(tmp_path / "b.zip", payloads[form])
    assert (ours(bundle), stock(bundle)) == (None, None)


def to_records(folder: str) -> Alter:
    """The main record goes among the others."""

    def alter(files: Files) -> None:
        for name in [name for name in files if not name.startswith(ENVELOPE)]:
            files[folder + name] = files.pop(name)

    return alter


def in_its_place(folder: str, main: str) -> Alter:
    """Another record becomes the main one, and the main one (if it is to stay) one of the others;
    everything that is said at the top still fits."""
    return both(to_records(main), move(folder, ""))


def swapped_places(one: str, other: str) -> Alter:
    """Two records stand in each other's folder."""
    return both(move(one, "aside/"), move(other, one), move("aside/", other))


def renamed(files: Files) -> None:
    """The look's record is called meta.json, and the statement says so."""
    files["meta.json"] = files.pop("record.json")
    files["STATEMENT.sha256"] = render_statement(
        {
            line[66:].replace("record.json", "meta.json"): line[:64]
            for line in files["STATEMENT.sha256"].decode().splitlines()
        }
    )


WITHOUT_A_CAPTURE: dict[str, Alter] = {
    "what the main look saw": replace("record.json", '"present"', '"absent"'),
    "what the main look saw, and the line at the top": both(
        replace("record.json", '"similarity":0.93', '"similarity":1'),
        replace("observations.jsonl", '"similarity":0.93', '"similarity":1'),
    ),
    "when the main look was, and the statement": both(
        replace("record.json", "12:02:00Z", "11:02:00Z"),
        replace("observations.jsonl", "12:02:00Z", "11:02:00Z"),
        lambda files: refit("", "record.json", files["record.json"])(files),
    ),
    "a pixel of the main look": flip("page/original.png", 120),
    "the page of the main look": replace("page.html", "<html>", "<HTML>"),
    "what was read of the post": replace("fields/seen.json", "Deux semelles", "Trois"),
    "the main look is left out": remove("record.json"),
    "the main look is called a capture": renamed,
    "a meta.json beside it": add("meta.json", b'{"kind":"capture","salt":"00"}'),
    "a meta.json in the statement too": refit("", "meta.json", b'{"kind":"capture","salt":"00"}'),
    "a meta.json for the record.json": both(
        remove("record.json"), add("meta.json", b'{"kind":"capture","salt":"00"}')
    ),
    "no time stamp of the main look": remove("STATEMENT.checkpoint.tsa1.tsr"),
    "the checkpoint's time stamp for its own": copy(
        "STATEMENT.checkpoint.tsa1.tsr", "STATEMENT.tsa1.tsr"
    ),
    "no receipt of the main look": remove("STATEMENT.tlog-proof"),
    "the receipt of another look": copy(f"{AGAIN}STATEMENT.tlog-proof", "STATEMENT.tlog-proof"),
    "the main look's place in the log": replace("STATEMENT.tlog-proof", "index 7", "index 8"),
    "the main look is not among the lines": drop_line("observations.jsonl", 1),
    "the main look is dropped, another one takes its place": both(
        to_records("gone/"), remove("gone/"), move(AGAIN, ""), drop_line("observations.jsonl", 1)
    ),
    "a later look is dropped": both(remove(ABSENT), drop_line("observations.jsonl", 3)),
    "a failed look is dropped": both(remove(FAILED), drop_line("observations.jsonl", 0)),
    "a failed look in the main one's place": in_its_place(FAILED, "records/7-observation/"),
    "a later sighting in the main one's place": in_its_place(AGAIN, "records/7-observation/"),
    "an absence in the main one's place": in_its_place(ABSENT, "records/7-observation/"),
    "the verdict in the main look's place": in_its_place(VERDICT, "records/7-observation/"),
    "the main look twice": lambda files: files.update(
        {f"{LOOK}{name}": data for name, data in files.items() if not name.startswith(ENVELOPE)}
    ),
    "no main record": to_records(LOOK),
}

WITH_TWO_CAPTURES: dict[str, Alter] = {
    "a word of the second capture": replace(f"{SECOND}fields/text.json", "huit", "deux"),
    "a word of the second capture, and the statement": refit(
        SECOND, "fields/text.json", b'{"name":"text","salt":"00","value":"other"}'
    ),
    "when the second capture was received": replace(f"{SECOND}meta.json", "12:03:00Z", "12:00:00Z"),
    "a pixel of the second capture": flip(f"{SECOND}screenshot/original.png", 120),
    "the second capture has the first one's picture": both(
        copy("screenshot/original.png", f"{SECOND}screenshot/original.png"),
        copy("screenshot/TILES.sha256", f"{SECOND}screenshot/TILES.sha256"),
    ),
    "the second capture's signature": replace(f"{SECOND}contributor/manifest.json", "null", '"x"'),
    "the second capture has no meta.json": remove(f"{SECOND}meta.json"),
    "a record.json for its meta.json": move(f"{SECOND}meta.json", f"{SECOND}record.json"),
    "a record.json in its statement too": refit(
        SECOND, "record.json", b'{"kind":"capture","salt":"00"}'
    ),
    "no time stamp of the second capture": remove(
        f"{SECOND}STATEMENT.tsa1.tsr", f"{SECOND}STATEMENT.checkpoint.tsa1.tsr"
    ),
    "the first capture's time stamp for the second": copy(
        "STATEMENT.tsa1.tsr", f"{SECOND}STATEMENT.tsa1.tsr"
    ),
    "no receipt of the second capture": remove(f"{SECOND}STATEMENT.tlog-proof"),
    "the first capture's receipt for the second": copy(
        "STATEMENT.tlog-proof", f"{SECOND}STATEMENT.tlog-proof"
    ),
    "the second capture at another place": move(SECOND, "records/5-capture/"),
    "the second capture becomes a look": move(SECOND, "records/8-observation/"),
    "a look becomes a capture": move(LOOK, "records/7-capture/"),
    "the second capture is the first": lambda files: files.update(
        {f"{SECOND}{name}": files[name] for name in [*files] if not name.startswith(ENVELOPE)}
    ),
    "the captures in each other's place, their numbers kept": both(
        to_records("aside/"), move(SECOND, ""), move("aside/", SECOND)
    ),
    "a look in the main capture's place": in_its_place(LOOK, "records/6-capture/"),
    "a look for the main capture, which is dropped": both(
        to_records("gone/"), remove("gone/"), move(LOOK, "")
    ),
    "a look for both captures, in the wrong kind of file": both(
        remove(SECOND), to_records("gone/"), remove("gone/"), move(LOOK, ""),
        move("record.json", "meta.json"),
    ),
    "the second capture and the look swapped": swapped_places(LOOK, SECOND),
}  # fmt: skip

CASES = [("witness", name) for name in WITHOUT_A_CAPTURE] + [
    ("two", name) for name in WITH_TWO_CAPTURES
]


@pytest.mark.parametrize(("form", "name"), CASES)
def test_an_alteration_is_refused_by_both(
    payloads: dict[str, Files], tmp_path: Path, form: str, name: str
) -> None:
    files = dict(payloads[form])
    (WITHOUT_A_CAPTURE if form == "witness" else WITH_TWO_CAPTURES)[name](files)
    assert files != payloads[form]
    bundle = pack(tmp_path / "b.zip", files)
    assert (ours(bundle) is not None, stock(bundle) is not None) == (True, True)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "the main look is left out",
            ("record.json: it is missing", "data/record.json is missing"),
        ),
        # the forger's bundle is sound but for the choice of its main record
        ("a later sighting in the main one's place", ("is around look 7", "is around look 7")),
        ("a failed look in the main one's place", ("is around look 7", "is around look 7")),
        ("the verdict in the main look's place", ("of kind observation", "is no observation")),
    ],
)
def test_another_main_look_is_refused_for_that(
    payloads: dict[str, Files], tmp_path: Path, name: str, told: tuple[str, str]
) -> None:
    files = dict(payloads["witness"])
    WITHOUT_A_CAPTURE[name](files)
    bundle = pack(tmp_path / "b.zip", files)
    assert told[0] in (ours(bundle) or "")
    assert told[1] in (stock(bundle) or "")


def test_a_look_for_the_main_capture_is_refused_for_that(
    payloads: dict[str, Files], tmp_path: Path
) -> None:
    files = dict(payloads["two"])
    WITH_TWO_CAPTURES["a look in the main capture's place"](files)
    bundle = pack(tmp_path / "b.zip", files)
    assert "a bundle with a capture (6) is around it" in (ours(bundle) or "")
    assert "a bundle with a capture" in (stock(bundle) or "")


def test_a_statement_of_two_kinds_is_refused(tmp_path: Path) -> None:
    """Even one that the log's operator logged: it would be a capture to one reader and a look to
    another."""
    house = open_house(tmp_path / "house", others=6)
    look = record("observation", observation(2))
    digests = {
        line[66:]: line[:64] for line in look.text.decode().splitlines()
    } | {"meta.json": "0" * 64}  # fmt: skip
    both_kinds = Statement(render_statement(digests), look.files)
    bundle = house.bundle(house.entry("observation", both_kinds, house.log(both_kinds)))
    with pytest.raises(ProofInvalid, match=r"lists both meta\.json and record\.json"):
        write_bundle(tmp_path / "b.zip", bundle)
    assert "lists both" in (stock(pack(tmp_path / "b.zip", payload_of(bundle))) or "")


@pytest.mark.parametrize(
    ("looks", "main"),
    [
        # the first that saw it, though another was taken before
        ([failed_look(1), observation(2, "edited"), observation(3)], 1),
        # an absence is no sighting of the post
        ([observation(1, "absent"), observation(2, "collapsed")], 1),
        # none saw it: the first look
        ([failed_look(1), observation(2, "absent")], 0),
        # a single failed look
        ([failed_look(1)], 0),
    ],
)
def test_the_main_look_is_the_first_that_saw_the_post(
    tmp_path: Path, looks: list[dict[str, object]], main: int
) -> None:
    house = open_house(tmp_path / "house", others=6)
    entries = logged(house, [("observation", record("observation", look)) for look in looks])
    bundle = tmp_path / "b.zip"
    for index in range(len(looks)):
        others = entries[:index] + entries[index + 1 :]
        made = house.bundle(entries[index], others)
        pack(bundle, payload_of(made))
        assert (ours(bundle) is None, stock(bundle) is None) == (index == main, index == main)


def test_what_counts_as_seen_is_what_the_rules_say() -> None:
    assert set(records_check.SEEN) == rules_facts.SEEN
