"""While the checker misreads a site nothing is concluded there, and its looks never count."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.checker.health import (
    BARREN_ROUNDS,
    EVERY,
    EVERY_WHILE_WRONG,
    Expected,
    is_alarming,
    next_look,
    reads_right,
)
from archiver.checker.records import parse_lines
from archiver.checker.rules import judge
from archiver.domain.observation import Notice, NoticeKind, Observation
from tests.unit.rules.shorthand import START, records

GONE = "P@0m A@10m A@20m A@80m A@26h"


def degraded(at: float, since: float) -> Notice:
    return Notice(
        at=START + timedelta(hours=at),
        notice=NoticeKind.SITE_DEGRADED,
        since=START + timedelta(hours=since),
    )


def right(at: float) -> Notice:
    return Notice(at=START + timedelta(hours=at), notice=NoticeKind.SITE_RIGHT)


def test_a_degraded_site_caps_an_accusation_and_says_why() -> None:
    assert judge(records(GONE)).level == "confirmed"
    capped = judge([*records(GONE), degraded(27, 27)])
    assert (capped.state, capped.level, capped.silent) == ("indeterminate", None, False)
    assert capped.rules[0] == "site_degraded"
    assert capped.first_missing is None


def test_an_accusation_of_before_comes_back_when_the_site_is_right_again() -> None:
    verdict = judge([*records(GONE), degraded(27, 26.5), right(30)])
    assert verdict == judge(records(GONE))


def test_looks_between_the_last_right_one_and_the_next_are_left_out_for_good() -> None:
    # The site broke at some time after minute 5 and was noticed after two hours.
    looks = records("P@0m A@10m A@20m A@80m A@26h")
    verdict = judge([*looks, degraded(2, 0.05), right(30)])
    assert (verdict.state, verdict.level, verdict.windows) == ("visible", None, [])
    later = records("A@31h")
    again = judge([*looks, *later, degraded(2, 0.05), right(30)])
    assert (again.state, again.level) == ("removed", "suspected")
    assert again.first_missing == START + timedelta(hours=31)
    assert again.last_seen == START


def test_a_visible_post_is_capped_too_and_a_withdrawal_is_the_authors_own_word() -> None:
    assert judge([*records("P@0m P@1h"), degraded(2, 1)]).state == "indeterminate"
    word = judge([*records("P@0m A@1h N:withdrawn@2h"), degraded(3, 2.5)])
    assert word.state == "withdrawn"


def test_without_since_the_notice_speaks_from_its_own_moment() -> None:
    notice = Notice(at=START + timedelta(hours=2), notice=NoticeKind.SITE_DEGRADED)
    verdict = judge([*records("P@0m A@1h A@3h"), notice, right(4)])
    assert verdict.first_missing == START + timedelta(hours=1)
    assert verdict.level == "suspected"


def test_a_second_episode_is_one_of_its_own() -> None:
    story = [degraded(1, 0.5), right(2), degraded(5, 4)]
    assert judge([*records("P@0m P@3h"), *story]).state == "indeterminate"
    over = judge([*records("P@0m P@3h A@270m"), *story, right(6)])
    assert (over.state, over.last_seen) == ("visible", START + timedelta(hours=3))


def test_anybody_recomputes_it_from_lines() -> None:
    told = [*records(GONE), degraded(27, 27)]
    lines = "\n".join(record.model_dump_json(by_alias=True) for record in told)
    assert judge(parse_lines(lines)) == judge(told)


@given(st.permutations(range(8)))
def test_the_order_of_the_lines_does_not_matter(order: list[int]) -> None:
    story = [*records(GONE), degraded(2, 0.3), right(5), degraded(30, 29)]
    assert judge([story[index] for index in order]) == judge(story)


ANSWERS = [
    # (what is known, the look, right?)
    (Expected.LIVE, "P@0m", True),
    (Expected.LIVE, "E@0m", True),
    (Expected.LIVE, "A@0m", False),
    (Expected.LIVE, "T:moderator@0m", False),
    (Expected.LIVE, "G@0m", False),
    (Expected.LIVE, "X@0m", False),
    (Expected.LIVE, "I@0m", None),
    (Expected.REMOVED, "P@0m", False),
    (Expected.REMOVED, "A@0m", True),
    (Expected.REMOVED, "T:moderator@0m", True),
    (Expected.REMOVED, "I:challenge@0m", None),
]


@pytest.mark.parametrize(("expected", "look", "answer"), ANSWERS)
def test_what_a_look_at_a_canary_tells(expected: Expected, look: str, answer: bool | None) -> None:
    seen = records(look)[0]
    assert isinstance(seen, Observation)
    assert reads_right(expected, seen) is answer


def test_canaries_are_looked_at_slowly_and_less_slowly_while_one_is_misread() -> None:
    assert next_look(START, wrong=False, jitter=lambda: 0.5) == START + EVERY
    assert next_look(START, wrong=True, jitter=lambda: 0.5) == START + EVERY_WHILE_WRONG
    assert not is_alarming(BARREN_ROUNDS - 1)
    assert is_alarming(BARREN_ROUNDS)
