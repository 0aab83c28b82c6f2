"""When a plain request may do: a table of histories."""

from datetime import UTC, datetime, timedelta

import pytest

from archiver.checker.plain_rule import proof_of
from archiver.domain.observation import Observation

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FORM = {"item": "i" * 32, "page": "p" * 32, "by": "id"}
KINDS = {
    "P": {"sighting": "present"},
    "E": {"sighting": "edited"},
    "A": {"sighting": "absent"},
    "I": {"validity": "invalid", "reason": "login_wall"},
}


def look(text: str) -> Observation:
    """`[hox]K@HOURS`: h without a browser, o another path, x the HTML held it in another form."""
    head, hours = text.split("@")
    seen = {"position": 3, "author": "Al", "text": "Both soles have holes."}
    around = [{"position": at, "author": "Bo", "text": f"Complaint {at}"} for at in (1, 2, 4)]
    fields = {
        "at": START + timedelta(hours=float(hours)),
        "validity": "valid",
        "via": "http" if "h" in head else "browser",
        "vantage": {"class": "public", "id": "path2" if "o" in head else "default"},
        "source": None if "n" in head else {**FORM, "item": "x" * 32} if "x" in head else FORM,
        "seen": None if "h" in head else seen,
        "siblings": around,
        "skeleton": {"landing": "https://wall.example/"},
        **KINDS[head[-1]],
    }
    return Observation.model_validate(fields)


TABLE = [
    ("two browser looks agree, the first hours are over", "P@0 P@5 @7", True),
    ("the first hours", "P@0 P@1 @5.9", False),
    ("one browser look proves nothing lasting", "P@0 @7", False),
    ("the HTML's form changed between them", "xP@0 P@5 @7", False),
    ("the HTML never held it", "nP@0 nP@5 @7", False),
    ("three in a row", "P@0 P@5 hP@7 hP@8 @9", True),
    ("and no more", "P@0 P@5 hP@7 hP@8 hP@9 @10", False),
    ("then a browser looked, and it goes on", "P@0 P@5 hP@7 hP@8 hP@9 P@10 @11", True),
    ("three days without a browser", "P@0 P@5 @77", False),
    ("the last look missed it", "P@0 P@5 A@6 @7", False),
    ("the last look failed", "P@0 P@5 I@6 @7", False),
    ("the last look saw another text", "P@0 P@5 E@6 @7", False),
    ("another path misses it", "P@0 P@5 oA@6 @7", False),
    ("another path sees it too", "P@0 P@5 oP@6 @7", True),
    ("nothing so far", "@7", False),
]


@pytest.mark.parametrize(("why", "text", "plain"), TABLE, ids=[row[0] for row in TABLE])
def test_when_a_plain_request_may_do(why: str, text: str, plain: bool) -> None:
    *history, now = text.split()
    proof = proof_of([look(one) for one in history], START + timedelta(hours=float(now[1:])))
    assert (proof is not None) is plain, why


def test_the_proof_names_what_has_to_be_found() -> None:
    proof = proof_of([look("P@0"), look("P@5")], START + timedelta(hours=7))
    assert proof is not None
    assert proof.landing == "https://wall.example/"
    assert proof.seen.text == "Both soles have holes."
    assert [one.position for one in proof.before] == [1, 2]
    assert [one.position for one in proof.after] == [4]


def test_a_text_that_was_not_kept_whole_is_no_proof() -> None:
    cut = [look("P@0"), look("P@5")]
    for one in cut:
        assert one.seen is not None
        one.seen.text = "a" * 2000
    assert proof_of(cut, START + timedelta(hours=7)) is None
