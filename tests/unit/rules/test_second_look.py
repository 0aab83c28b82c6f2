"""When another network path has to look, as a table; and what looks by two paths amount to."""

from datetime import timedelta

import pytest

from archiver.checker.rules import judge
from archiver.checker.second_look import Paths, after_look, before_look
from archiver.checker.vantages import Disagreement, disagreements_of, vantages_of
from archiver.domain.observation import Observation, Reason, Sighting
from archiver.domain.verdict import Policy
from tests.unit.rules.shorthand import records, short, verdict_text

PATHS = Paths(("second",), look_every=86400)


def looks(text: str) -> list[Observation]:
    """As in the shorthand, where the first vantage is the one that dials directly."""
    found = [record for record in records(text) if isinstance(record, Observation)]
    direct = {"vantage": {"class": "public", "id": "default"}}
    return [
        Observation.model_validate({**look.model_dump(by_alias=True), **direct})
        if look.vantage.id == "first"
        else look
        for look in found
    ]


AFTER = [
    # --- after the look that comes last
    ("seen, and watched for a short time only", "P@0m P@5m", False),
    ("a first absence", "P@0m A@5m", True),
    ("a first concealed look", "P@0m X@5m", True),
    ("a wall that is gone", "P@0m W@5m", True),
    ("a second absence, the other path looked at the first", "P@0m A@5m b.A@6m A@10m", False),
    ("the other path saw it, and now it is missed again", "P@0m A@5m b.P@6m A@15m", True),
    ("the other path failed a moment ago", "P@0m A@5m b.I@6m A@7m", False),
    ("the other path failed, and the next absence comes", "P@0m A@5m b.I@6m A@11m", True),
    ("the first look of all fails: the second witness", "I:login_wall@0m", True),
    ("it keeps failing", "I:login_wall@0m b.I@1m I:login_wall@6m", False),
    ("a failure of a post that was seen", "P@0m I:login_wall@5m", False),
    ("withheld here for legal reasons", "P@0m I:geo_blocked@5m", True),
    ("a challenge: the site is left alone", "I:challenge@0m", False),
    ("asked for fewer visits: so is it", "P@0m I:rate_limited@5m", False),
    ("a fault of ours", "I:checker_fault@0m", False),
    ("a day without a look by another path", "P@0m P@12h P@24h", True),
    ("the other path looked within a day", "P@0m b.P@1h P@24h", False),
    ("paths disagree: not at once again", "P@0m b.A@1m P@20m", False),
    ("paths disagree: half an hour later", "P@0m b.A@1m P@20m b.A@21m P@55m", True),
    ("the other path met a challenge lately", "P@0m A@5m b.I:challenge@6m A@20m", False),
    ("the author's looks are not the public's", "P@0m a.A@5m", False),
    ("nothing at all", "", False),
]


@pytest.mark.parametrize(("why", "text", "wanted"), AFTER, ids=[row[0] for row in AFTER])
def test_after_a_look(why: str, text: str, wanted: bool) -> None:
    found = looks(text)
    now = found[-1].at + timedelta(seconds=10) if found else records("P@0m")[0].at
    assert (after_look(found, now, PATHS, Policy()) is not None) is wanted, why
    assert after_look(found, now, Paths(), Policy()) is None


BEFORE = [
    # --- before a look at the moment that is named last
    ("nothing is missed", "P@0m P@5m", "P@1d", False),
    ("one absence: a second one makes it no firmer", "P@0m A@5m", "P@6m", False),
    ("a third one over an hour later would", "P@0m A@5m b.A@6m A@10m", "P@66m", True),
    ("the other path has just looked", "P@0m A@5m A@10m b.A@50m", "P@66m", False),
    ("it has just failed", "P@0m A@5m A@10m b.I@65m", "P@66m", False),
    ("likely already, and a day has not passed", "P@0m A@5m A@10m A@66m", "P@6h", False),
    ("a day has passed: it would be confirmed", "P@0m A@5m A@10m A@66m", "P@25h", True),
    ("confirmed already", "P@0m A@5m A@10m A@66m A@25h", "P@72h", False),
    ("concealed looks count for hidden", "P@0m X@5m X@10m", "P@66m", True),
]


@pytest.mark.parametrize(("why", "text", "now", "wanted"), BEFORE, ids=[row[0] for row in BEFORE])
def test_before_a_look(why: str, text: str, now: str, wanted: bool) -> None:
    at = records(now)[0].at
    assert (before_look(looks(text), at, PATHS, Policy()) is not None) is wanted, why


def test_of_several_paths_one_that_works_is_taken() -> None:
    paths = Paths(("third", "second"), look_every=0)
    now = records("P@10m")[0].at
    assert after_look(looks("P@0m A@10m"), now, paths, Policy()) == "third"
    failed = looks("P@0m A@1m b.I@2m A@10m")
    renamed = [
        look.model_copy(update={"vantage": look.vantage.model_copy(update={"id": "third"})})
        if look.vantage.id == "second"
        else look
        for look in failed
    ]
    assert after_look(renamed, now, paths, Policy()) == "second"


TRAILING = [
    ("a path that fails beside one that sees", "P@0m b.I@1m", 0),
    ("the other way round", "I@0m b.P@1m", 0),
    ("both fail: one round", "P@0m I@1h b.I@61m", 1),
    ("a path that fails alone", "P@0m b.I@2h", 1),
    ("three rounds by two paths", "I@0m b.I@1m I@12h b.I@721m I@24h b.I@1441m", 3),
]


@pytest.mark.parametrize(("why", "text", "unresolved"), TRAILING, ids=[t[0] for t in TRAILING])
def test_a_path_that_fails_is_never_more(why: str, text: str, unresolved: int) -> None:
    verdict = judge(records(text))
    assert verdict.unresolved == unresolved, why
    without = judge([r for r in records(text) if getattr(r, "reason", None) is None])
    if unresolved < 3:
        assert verdict_text(verdict) == verdict_text(without)


WITHOUT_BROWSER = [
    (
        "what was concealed vanished after the last look by a browser",
        "P@0m h.P@2h X@4h X@5h",
        "hidden/suspected silent unknown (0m,4h] w1",
    ),
    (
        "what is absent vanished after the last look of any kind",
        "P@0m h.P@2h A@4h",
        "removed/suspected silent unknown (2h,4h] w1",
    ),
]


@pytest.mark.parametrize(
    ("why", "text", "expected"), WITHOUT_BROWSER, ids=[row[0] for row in WITHOUT_BROWSER]
)
def test_a_look_without_a_browser_does_not_narrow_a_concealment(
    why: str, text: str, expected: str
) -> None:
    assert verdict_text(judge(records(text))) == expected, why


DISAGREEMENTS = [
    ("only one vantage", "P@0m A@1m", []),
    ("they agree", "P@0m b.P@1m", []),
    ("they disagree once", "P@0m A@10m b.P@11m", ["10m-11m second/first"]),
    ("too far apart", "A@0m b.P@31m", []),
    ("it goes on", "A@0m b.P@1m A@20m b.P@21m", ["0m-21m second/first"]),
    (
        "agreed in between",
        "A@0m b.P@1m P@2m A@9m b.P@10m",
        ["0m-1m second/first", "1m-10m second/first"],
    ),
    ("the other way round", "P@0m b.A@1m", ["0m-1m first/second"]),
    ("the author is no public vantage", "A@0m a.P@1m", []),
]


@pytest.mark.parametrize(
    ("why", "text", "expected"), DISAGREEMENTS, ids=[row[0] for row in DISAGREEMENTS]
)
def test_disagreements(why: str, text: str, expected: list[str]) -> None:
    found = [record for record in records(text) if isinstance(record, Observation)]
    told = [_short(one) for one in disagreements_of(found, Policy())]
    assert told == expected, why


def _short(one: Disagreement) -> str:
    return f"{short(one.since)}-{short(one.until)} {one.saw_it}/{one.missed_it}"


def test_vantages_are_counted_with_their_newest_look() -> None:
    found = looks("P@0m b.I:login_wall@1m P@5m A@9m a.P@10m")
    told = [(str(v.class_), v.id, v.looks, v.valid, v.last) for v in vantages_of(found)]
    assert told == [
        ("public", "default", 3, 3, Sighting.ABSENT),
        ("public", "second", 1, 0, Reason.LOGIN_WALL),
        ("author", "author", 1, 1, Sighting.PRESENT),
    ]
