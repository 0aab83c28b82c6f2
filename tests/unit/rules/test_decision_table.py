import pytest

from archiver.checker.rules import RULES, RULES_VERSION, judge, rule_table
from archiver.domain.verdict import Policy
from tests.unit.rules.authors_words import A4, AUTHORS_WORDS
from tests.unit.rules.other_pages import OTHER_PAGES
from tests.unit.rules.shorthand import records, verdict_text

TABLE = [
    # --- nothing to conclude from
    ("no record at all", "", "indeterminate (-,-] w0"),
    ("one invalid look", "I:challenge@0m", "indeterminate (-,-] w0"),
    ("only the author looked", "a.P@0m", "indeterminate (-,-] w0"),
    ("the author's absence says nothing of the public", "a.A@0m", "indeterminate (-,-] w0"),
    ("an absence without a browser is no look", "h.A@0m", "indeterminate (-,-] w0"),
    # --- visible, edited, collapsed
    ("seen once", "P@0m", "visible (0m,-] w0"),
    ("seen again later", "P@0m P@1d", "visible (1d,-] w0"),
    ("moved to another address is there", "P@0m M@1h", "visible (1h,-] w0"),
    ("seen without a browser is seen", "h.P@0m", "visible (0m,-] w0"),
    ("another text", "P@0m E@1h", "edited unknown (1h,-] w0"),
    ("another text, and the page says by whom", "E:moderator@1h", "edited moderator (1h,-] w0"),
    ("edited back", "P@0m E@1h P@2h", "visible (2h,-] w0"),
    ("only after a click", "P@0m C@1h", "collapsed (1h,-] w0"),
    ("an absence without a browser changes nothing", "P@0m h.A@1h", "visible (0m,-] w0"),
    ("so does an edit without a browser", "P@0m h.E@1h", "visible (0m,-] w0"),
    # --- removed and its levels
    ("one absence", "P@0m A@1h", "removed/suspected silent unknown (0m,1h] w1"),
    (
        "two absences, however far apart",
        "P@0m A@1h A@3d",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
    (
        "three absences within 59 minutes",
        "P@0m A@1m A@30m A@60m",
        "removed/suspected silent unknown (0m,1m] w1",
    ),
    (
        "three absences over 60 minutes",
        "P@0m A@1m A@30m A@61m",
        "removed/likely silent unknown (0m,1m] w1",
    ),
    (
        "the window starts at the last of several sightings",
        "P@0m P@5m E@9m A@10m A@40m A@70m",
        "removed/likely silent unknown (9m,10m] w1",
    ),
    (
        "a sighting between starts the count anew",
        "P@0m A@1m A@30m P@40m A@61m",
        "disputed (40m,61m] w2",
    ),
    (
        "a sighting between, days apart",
        "P@0m A@1d A@2d P@4d A@6d",
        "removed/suspected silent unknown (4d,6d] w2",
    ),
    (
        "a fourth absence 25 hours after the first",
        f"P@0m {A4}",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
    (
        "the third absence may be the late one",
        "P@0m A@1h A@2h A@25h",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
    (
        "23 hours after the first absence is too early",
        "P@0m A@1h A@90m A@2h A@24h",
        "removed/likely silent unknown (0m,1h] w1",
    ),
    *OTHER_PAGES,
    (
        "absent, and never seen by anybody",
        f"{A4}",
        "removed/suspected unknown (-,1h] w0",
    ),
    # --- invalid looks
    (
        "an invalid look between does not count",
        "P@0m A@1m I@30m A@61m",
        "removed/suspected silent unknown (0m,1m] w1",
    ),
    (
        "nor does it reset the count",
        "P@0m A@1m I@20m A@30m I@50m A@61m",
        "removed/likely silent unknown (0m,1m] w1",
    ),
    ("an invalid look does not end a sighting", "P@0m I@30m", "visible (0m,-] w0"),
    ("three invalid looks within a day", "P@0m I@1h I@2h I@24h", "visible (0m,-] w0"),
    ("three over a day", "P@0m I@1h I@2h I@25h", "indeterminate (0m,-] w0"),
    ("two over two days are not enough", "P@0m I@1h I@49h", "visible (0m,-] w0"),
    ("a valid look ends the row", "P@0m I@1h I@2h P@3h I@27h", "visible (3h,-] w0"),
    ("the author's look does not", "P@0m I@1h I@2h a.P@3h I@27h", "indeterminate (0m,-] w0"),
    (
        "a removal stands however many looks fail",
        "P@0m A@1h I@2h I@3h I@30h",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
    ("so does a tombstone", "P@0m T@1h I@2h I@3h I@30h", "tombstoned unknown (0m,1h] w1"),
    ("so does a withdrawal", "P@0m N:withdrawn@1h I@2h I@3h I@30h", "withdrawn author (0m,-] w0"),
    ("a vanished parent does not", "P@0m G@1h I@2h I@3h I@30h", "indeterminate (0m,1h] w1"),
    ("a dispute does not", "P@0m b.A@5m I@2h I@3h I@30h", "indeterminate (0m,5m] w1"),
    # --- coming back
    ("back after a suspicion", "P@0m A@1h P@2h", "visible (2h,-] w1"),
    ("back after `likely`", "P@0m A@1h A@90m A@2h P@3h", "restored (3h,-] w1"),
    ("back after `confirmed`", f"P@0m {A4} P@2d", "restored (2d,-] w1"),
    ("for as long as it stays", f"P@0m {A4} P@2d P@9d", "restored (9d,-] w1"),
    ("back with another text", f"P@0m {A4} E@2d", "edited unknown (2d,-] w1"),
    (
        "gone again days after: a new window",
        f"P@0m {A4} P@2d A@4d",
        "removed/suspected silent unknown (2d,4d] w2",
    ),
    ("back again after that suspicion", f"P@0m {A4} P@2d A@4d P@6d", "visible (6d,-] w2"),
    # --- tombstones
    ("a stone of a moderator", "P@0m T:moderator@1h", "tombstoned moderator (0m,1h] w1"),
    ("a stone that says nothing", "P@0m T@1h", "tombstoned unknown (0m,1h] w1"),
    ("the author's own stone", "P@0m T:author@1h", "tombstoned author (0m,1h] w1"),
    (
        "a stone found after absences",
        "P@0m A@1h A@2h T:platform@3h",
        "tombstoned platform (0m,1h] w1",
    ),
    ("a stone that was cleared", f"P@0m T:moderator@30m {A4}", "tombstoned moderator (0m,30m] w1"),
    ("a post back from under a stone", "P@0m T:moderator@1h P@3h", "visible (3h,-] w1"),
    (
        "a stone that only the author is shown",
        "P@0m A@1h a.T:moderator@2h",
        "removed/suspected moderator (0m,1h] w1",
    ),
    # --- containers
    ("the article is gone", "P@0m G@1h", "parent_gone unknown (0m,1h] w1"),
    ("the wall is gone", "P@0m W:platform@1h", "wall_gone platform (0m,1h] w1"),
    ("the account is gone", "P@0m U@1h", "author_gone unknown (0m,1h] w1"),
    (
        "the article goes after the post",
        "P@0m A@1h A@2h A@3h G@4h",
        "parent_gone unknown (0m,1h] w1",
    ),
    (
        "the article is back without the post",
        "P@0m G@1h A@2h",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
    ("the article is back with the post", "P@0m G@1h P@2h", "visible (2h,-] w1"),
    # --- hidden and pending
    (
        "the author still sees it, two public looks do not",
        "P@0m A@1h A@2h a.P@3h",
        "hidden/suspected silent unknown (0m,1h] w1",
    ),
    (
        "after one public look it is not yet hidden",
        "P@0m A@1h a.P@2h",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
    (
        "the author's look is older than the first absence",
        "P@0m a.P@30m A@1h A@2h",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
    (
        "the author does not see it any more either",
        "P@0m A@1h a.P@2h A@3h a.A@4h",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
    (
        "an invalid look of the author says nothing",
        "P@0m A@1h A@2h a.P@3h a.I@4h",
        "hidden/suspected silent unknown (0m,1h] w1",
    ),
    (
        "hidden over an hour",
        "P@0m A@1h a.P@90m A@100m A@2h",
        "hidden/likely silent unknown (0m,1h] w1",
    ),
    ("hidden over a day", f"P@0m {A4} a.P@27h", "hidden/confirmed silent unknown (0m,1h] w1"),
    ("concealed once: what was seen stands", "P@0m X@1h", "visible (0m,-] w0"),
    ("concealed twice", "P@0m X@1h X@2h", "hidden/suspected silent unknown (0m,1h] w1"),
    (
        "concealed thrice over an hour",
        "P@0m X@1h X@90m X@2h",
        "hidden/likely silent unknown (0m,1h] w1",
    ),
    ("absent, then concealed", "P@0m A@1h X@2h", "hidden/suspected silent unknown (0m,1h] w1"),
    (
        "concealed, then absent: only absences count for `removed`",
        "P@0m X@1h X@90m A@3h",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
    ("concealed and never seen", "X@0m X@1h", "indeterminate (-,-] w0"),
    ("shown again after hiding", "P@0m X@1h X@90m X@2h P@3h", "restored (3h,-] w1"),
    ("the author sees it, no public look ever did", "a.P@0m A@1h A@2h", "pending (-,-] w0"),
    ("concealed for all but the author from the start", "a.P@0m X@1h", "pending (-,-] w0"),
    ("approved after waiting", "a.P@0m A@1h P@2h", "visible (2h,-] w0"),
    (
        "waiting, then gone for the author too",
        "a.P@0m A@1h a.A@2h",
        "removed/suspected unknown (-,1h] w0",
    ),
    *AUTHORS_WORDS,
    # --- disputed
    ("two vantages disagree at once", "P@0m b.A@10m", "disputed (0m,10m] w1"),
    ("the other way round", "b.A@0m P@10m", "disputed (10m,-] w0"),
    (
        "31 minutes apart it is a disappearance",
        "P@0m b.A@31m",
        "removed/suspected silent unknown (0m,31m] w1",
    ),
    (
        "the author's view is no dispute",
        "a.P@0m P@1m A@5m a.P@6m",
        "removed/suspected silent unknown (1m,5m] w1",
    ),
    (
        "settled when both miss it",
        "P@0m b.A@10m A@20m",
        "removed/suspected silent unknown (0m,10m] w1",
    ),
    ("settled when both see it", "b.A@0m P@10m b.P@20m", "visible (20m,-] w0"),
    ("not settled by one alone", "P@0m b.A@10m b.A@2h b.A@5h", "disputed (0m,10m] w1"),
    (
        "settled by a day without another word from the first",
        "P@0m b.A@10m b.A@2h b.A@25h",
        "removed/confirmed silent unknown (0m,10m] w1",
    ),
    ("there, gone, there, gone within a day", "P@0m A@1h P@2h A@3h", "disputed (2h,3h] w2"),
    ("there, gone, there is not yet a dispute", "P@0m A@1h P@2h", "visible (2h,-] w1"),
    ("an odd flicker that ends with a sighting", "P@0m A@1h P@2h A@3h P@4h", "disputed (4h,-] w2"),
    (
        "a flicker over more than a day",
        "P@0m A@1h P@20h A@26h",
        "removed/suspected silent unknown (20h,26h] w2",
    ),
    (
        "a flicker that settled a day ago",
        "P@0m A@1h P@2h A@3h A@10h A@27h",
        "removed/confirmed silent unknown (2h,3h] w2",
    ),
    ("a stone settles a flicker", "P@0m A@1h P@2h A@3h T@4h", "tombstoned unknown (2h,3h] w2"),
    # --- the same moment
    ("absent and seen at the same moment: it was seen", "A@1h P@1h", "visible (1h,-] w0"),
    (
        "the same record twice counts once",
        "P@0m A@1h A@1h A@2h A@2h",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
]


@pytest.mark.parametrize(("why", "given", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_the_decision_table(why: str, given: str, expected: str) -> None:
    assert verdict_text(judge(records(given))) == expected


def test_every_rule_decides_or_qualifies_some_row() -> None:
    fired = {rule_id for _, given, _ in TABLE for rule_id in judge(records(given)).rules}
    assert fired == {rule.rule_id for rule in RULES}


def test_the_first_fired_rule_with_a_state_decides_and_all_are_stored() -> None:
    verdict = judge(records(f"P@0m {A4} I:challenge@27h N:withdrawn@28h"))
    assert verdict.rules == ["withdrawn", "removed_confirmed", "silent", "trailing_invalid"]
    assert verdict.rules_version == RULES_VERSION
    assert not verdict.silent


def test_the_rule_table_names_each_rule_once_with_a_comment() -> None:
    rows = rule_table()
    assert len({row.rule_id for row in rows}) == len(rows)
    assert all(row.comment.endswith(".") for row in rows)


def test_reason_and_unresolved_tell_of_the_newest_invalid_looks() -> None:
    verdict = judge(records("P@0m I:login_wall@1h P@2h I:challenge@3h I:rate_limited@4h"))
    assert (verdict.reason, verdict.unresolved) == ("rate_limited", 2)
    after = judge(records("P@0m I:login_wall@1h P@2h"))
    assert (after.reason, after.unresolved) == (None, 0)


def test_every_window_is_kept_with_its_end() -> None:
    windows = judge(records(f"P@0m {A4} P@2d A@4d P@6d G@8d")).windows
    found = [
        (
            w.last_seen.isoformat()[8:13] if w.last_seen else None,
            w.first_missing.isoformat()[8:13],
            w.seen_again.isoformat()[8:13] if w.seen_again else None,
        )
        for w in windows
    ]
    assert found == [
        ("01T12", "01T13", "03T12"),
        ("03T12", "05T12", "07T12"),
        ("07T12", "09T12", None),
    ]


def test_the_policy_sets_the_spans() -> None:
    given = records("P@0m A@1m A@2m A@3m A@8m")
    quick = Policy(likely_span=60, confirm_after=360)
    assert judge(given, quick).level == "confirmed"
    assert judge(given[:-1], quick).level == "likely"
    assert judge(given, Policy(misses=5)).level == "suspected"
    assert judge(given).level == "suspected"
