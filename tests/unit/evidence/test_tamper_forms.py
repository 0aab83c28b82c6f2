"""Bundles without a capture, and with two: what makes them sound, and why others are refused."""

from pathlib import Path

import pytest

from archiver.checker import rules_facts
from archiver.domain.errors import ProofInvalid
from archiver.evidence import records_check
from archiver.evidence.bundle import write_bundle
from archiver.evidence.statement import Statement
from archiver.evidence.statement_text import render_statement
from tests.unit.evidence.alterations import Files
from tests.unit.evidence.house import (
    failed_look,
    logged,
    observation,
    open_house,
    payload_of,
    record,
)
from tests.unit.evidence.tamper_older import WITH_TWO_CAPTURES, WITHOUT_A_CAPTURE
from tests.unit.evidence.tamper_table import payloads
from tests.unit.evidence.verifiers import ours, pack, stock


@pytest.fixture(scope="module")
def sound() -> dict[str, Files]:
    return payloads()


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
    sound: dict[str, Files], tmp_path: Path, name: str, told: tuple[str, str]
) -> None:
    files = dict(sound["older, around a look"])
    WITHOUT_A_CAPTURE[name](files)
    bundle = pack(tmp_path / "b.zip", files)
    assert told[0] in (ours(bundle) or "")
    assert told[1] in (stock(bundle) or "")


def test_a_look_for_the_main_capture_is_refused_for_that(
    sound: dict[str, Files], tmp_path: Path
) -> None:
    files = dict(sound["older, two captures"])
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
