"""The gates of validity are ordered tables; a look keeps those it passed and the closed one."""

from pathlib import Path

import pytest

import archiver
from archiver.checker.absence import ABSENCE_GATES
from archiver.checker.page_state import PAGE_GATES, Response, blocked, page_facts
from archiver.checker.sighting import say
from archiver.domain.observation import Reason, Sighting
from archiver.domain.post import Target
from tests.unit.checker.builders import post, reading, seen_among, wall, words

WALL = "https://brand.example/wall"
NAMES = ["a", "b", "c", "T", "d", "e", "f"]
AROUND = ["a", "b", "c", "d", "e", "f"]
PAGE_IDS = [gate.gate_id for gate in PAGE_GATES]
ABSENCE_IDS = [gate.gate_id for gate in ABSENCE_GATES]


def test_each_gate_is_named_once_explained_and_documented() -> None:
    rows = [*PAGE_GATES, *ABSENCE_GATES]
    page = Path(archiver.__file__).parent.parent / "docs" / "ontology.md"
    text = page.read_text(encoding="utf-8")
    assert len({row.gate_id for row in rows}) == len(rows) == 12
    assert [row for row in rows if f"| `{row.gate_id}` | {row.comment} |" not in text] == []


@pytest.mark.parametrize(
    ("response", "page", "closed"),
    [
        (Response(None, WALL), reading(), "reached"),
        (Response(429, WALL), reading(challenges=("recaptcha",)), "let_in"),
        (Response(200, WALL), reading(challenges=("recaptcha",)), "no_challenge"),
        (Response(500, WALL), reading(passwords=1), "no_login"),
        (Response(500, WALL), reading(post("a"), post("b")), "no_error"),
        (Response(200, WALL), reading(post("a"), post("b"), consent_modal=True), "uncovered"),
    ],
)
def test_the_first_closed_gate_of_a_page_is_kept(
    response: Response, page: object, closed: str
) -> None:
    finding = blocked(WALL, response, page)  # type: ignore[arg-type]
    assert finding is not None
    assert finding.gate == closed
    facts = page_facts(finding)
    assert facts == [*PAGE_IDS[: PAGE_IDS.index(closed)], f"!{closed}"]


def test_a_page_that_can_be_believed_passed_all() -> None:
    assert blocked(WALL, Response(200, WALL), reading(post("a"), post("b"))) is None
    assert page_facts() == PAGE_IDS


def test_an_absence_passed_all_gates_and_a_doubt_names_the_closed_one() -> None:
    target = Target(url=WALL, text=words("T"), author="T", post_id="c-T")
    history = [seen_among(NAMES, "T")]
    absent = say(target, history, wall(AROUND), None)
    assert (absent.sighting, absent.facts) == (Sighting.ABSENT, tuple(ABSENCE_IDS))
    short = say(target, history, wall(["a", "b"]), None)
    assert short.sighting is None
    assert short.facts == ("!place_read",)
    seen = say(target, history, wall(NAMES), None)
    assert (seen.sighting, seen.facts) == (Sighting.PRESENT, ())


def test_a_closed_gate_further_on_keeps_those_before_it() -> None:
    target = Target(url=WALL, text=words("T"), author="T", post_id="c-T")
    shape = {"path": "html>body>ol>li", "tags": {"li": 3}}
    seen = seen_among(NAMES, "T").model_copy(update={"skeleton": shape})
    now = wall(AROUND)
    other = {"path": "html>body>div>table", "tags": {"td": 9}}
    said = say(target, [seen], type(now)(now.posts, starts=True, ends=True, skeleton=other), None)
    assert said.reason is Reason.INCOMPLETE
    assert said.facts == ("place_read", "nothing_folded", "no_other_name", "!same_shape")
