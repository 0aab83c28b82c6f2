from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.audit.casework import DatedEvent, Posting, summarise, timeline
from archiver.audit.posting import Fate
from archiver.audit.repeats import group_repeats, is_repeat
from archiver.audit.survival import Lifetime, lifetime, median_lifetime
from archiver.domain.case import CaseEvent
from archiver.domain.verdict import Verdict, Window

T = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
H = timedelta(hours=1)


def posting(watch_id: str = "w", **fields: Any) -> Posting:
    state = {"rules_version": "1", "state": "visible"} | fields.pop("verdict", {})
    given = {"watch_id": watch_id, "url": "u", "text": watch_id, "captured_at": T, "posted_at": T}
    return Posting.model_validate(given | fields | {"verdict": Verdict.model_validate(state)})


def event(event_id: str, kind: str, at: datetime, **fields: Any) -> DatedEvent:
    body = {"kind": kind, "at": at, "text": event_id, "direction": "from_brand"} | fields
    return DatedEvent(event_id=event_id, event=CaseEvent.model_validate(body))


FATES = [
    # (state, actor, fate, why)
    ("removed", "unknown", Fate.VANISHED, "removed"),
    ("hidden", "unknown", Fate.VANISHED, "hidden"),
    ("tombstoned", "moderator", Fate.VANISHED, "a moderator's stone"),
    ("tombstoned", "author", Fate.WITHDRAWN, "the author's own stone"),
    ("withdrawn", "author", Fate.WITHDRAWN, "the author's word"),
    ("visible", None, Fate.VISIBLE, "there"),
    ("edited", None, Fate.VISIBLE, "there with another text"),
    ("collapsed", None, Fate.VISIBLE, "there after a click"),
    ("restored", None, Fate.VISIBLE, "there again"),
    ("pending", None, Fate.OPEN, "never public"),
    ("disputed", None, Fate.OPEN, "not settled"),
    ("indeterminate", None, Fate.OPEN, "not known"),
    ("parent_gone", "unknown", Fate.OPEN, "not this post's doing"),
    ("wall_gone", "unknown", Fate.OPEN, "not this post's doing"),
    ("author_gone", "unknown", Fate.OPEN, "perhaps the author's doing"),
]


@pytest.mark.parametrize(("state", "actor", "fate", "why"), FATES)
def test_what_became_of_a_posting(state: str, actor: str | None, fate: Fate, why: str) -> None:
    assert posting(verdict={"state": state, "actor": actor}).fate is fate, why


LIFETIMES = [
    # (fields, verdict, expected)
    ({}, {"level": "confirmed"}, Lifetime(at_least=3600, at_most=7200)),
    ({}, {"level": "likely"}, Lifetime(at_least=3600, at_most=7200)),
    ({}, {"level": "suspected"}, None),  # one look is no established death
    ({"posted_at": None}, {"level": "confirmed"}, None),  # not dated
    ({"posted_at": T + 3 * H}, {"level": "confirmed"}, None),  # gone before it was posted?
    ({"posted_at": T + 1.5 * H}, {"level": "likely"}, Lifetime(at_least=0, at_most=1800)),
    ({}, {"level": "likely", "last_seen": None}, Lifetime(at_least=0, at_most=7200)),
    ({}, {"state": "tombstoned"}, Lifetime(at_least=3600, at_most=7200)),
    ({}, {"state": "withdrawn", "level": None}, None),
]


@pytest.mark.parametrize(("fields", "verdict", "expected"), LIFETIMES)
def test_lifetimes_are_intervals_or_nothing(
    fields: dict[str, Any], verdict: dict[str, Any], expected: Lifetime | None
) -> None:
    given = {"state": "removed", "last_seen": T + H, "first_missing": T + 2 * H} | verdict
    assert posting(verdict=given, **fields).lifetime == expected


def test_an_inverted_lifetime_is_refused() -> None:
    with pytest.raises(ValueError, match="at_most"):
        Lifetime(at_least=2, at_most=1)
    assert lifetime(T, None, T) == Lifetime(at_least=0, at_most=0)


SPANS = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(sorted)


@given(st.lists(SPANS, min_size=1, max_size=9), st.data())
def test_the_median_of_any_possible_lifetimes_lies_within_its_bounds(
    spans: list[list[int]], data: st.DataObject
) -> None:
    true = sorted(data.draw(st.integers(low, high)) for low, high in spans)
    middle = (true[(len(true) - 1) // 2] + true[len(true) // 2]) / 2
    bounds = median_lifetime([Lifetime(at_least=low, at_most=high) for low, high in spans])
    assert bounds is not None
    assert bounds.at_least <= middle <= bounds.at_most


def test_no_lifetimes_have_no_median() -> None:
    assert median_lifetime([]) is None


LONG = "My parcel has been lost for three weeks and nobody answers my letters at all."
REPEATS = [
    # (one, other, repeats, why)
    (LONG, LONG, True, "the same"),
    (LONG, LONG.upper() + "  ", True, "case and white space"),
    (LONG, LONG.replace("parcel", "par\u200bcel"), True, "an invisible character"),
    (LONG, "Again: " + LONG, True, "a word in front"),
    (LONG, LONG.replace("three weeks", "two months"), True, "a detail changed"),
    (LONG, LONG + " " + LONG[::-1], False, "a much longer text that contains it"),
    (
        LONG,
        "Bravo for your parcels, always on time, and answers to all my letters!",
        False,
        "praise",
    ),
    ("Give it back", "Give it back", True, "short and equal"),
    ("Give it back", "Give it bach", False, "short and not equal"),
    ("ﬁne print", "fine print", True, "compatibility characters"),
]


@pytest.mark.parametrize(("one", "other", "repeats", "why"), REPEATS)
def test_repeats_of_a_complaint(one: str, other: str, repeats: bool, why: str) -> None:
    assert is_repeat(one, other) is repeats, why
    assert is_repeat(other, one) is repeats, why


def test_small_changes_do_not_lead_from_one_complaint_to_another() -> None:
    words = LONG.split()
    drifting = [" ".join(words[:-n] + ["else"] * n) if n else LONG for n in range(0, 11, 2)]
    assert is_repeat(drifting[0], drifting[1])
    assert not is_repeat(drifting[0], drifting[-1])
    assert len(group_repeats(drifting)) > 1


def test_groups_keep_the_order_of_the_texts() -> None:
    assert group_repeats([LONG, "other", LONG, "other"]) == [[0, 2], [1, 3]]
    assert group_repeats([]) == []


def test_an_empty_case_has_empty_figures() -> None:
    figures = summarise([], [], now=T)
    assert (figures.postings, figures.days, figures.complaints) == (0, [], [])
    assert (figures.median_lifetime, figures.days_unanswered) == (None, None)
    assert timeline([], []) == []


ANSWERS = [
    # (events, days unanswered by T + 4 days, why)
    ([], 4.0, "nobody answered"),
    ([("answer", 48, "from_brand")], 2.0, "an answer stops the clock"),
    ([("answer", 72, "from_brand"), ("answer", 24, "from_brand")], 1.0, "the first one does"),
    ([("answer", 24, "to_brand")], 4.0, "his own answer does not"),
    ([("promise", 24, "from_brand")], 4.0, "a promise is no answer"),
    ([("private_message", 24, "from_brand")], 4.0, "nor is a question back"),
    ([("answer", -24, "from_brand")], 4.0, "nor what came before the complaint"),
    ([("letter", -24, "to_brand")], 5.0, "a letter may be the first complaint"),
    ([("letter", -24, "from_brand")], 4.0, "the brand's letter is none"),
]


@pytest.mark.parametrize(("events", "days", "why"), ANSWERS)
def test_the_clock_of_unanswered_days(
    events: list[tuple[str, int, str]], days: float, why: str
) -> None:
    given = [
        event(str(index), kind, T + hours * H, direction=direction)
        for index, (kind, hours, direction) in enumerate(events)
    ]
    figures = summarise([posting()], given, now=T + 96 * H)
    assert figures.days_unanswered == days, why


def test_a_strangers_posting_is_not_his_complaint() -> None:
    assert summarise([posting(own=False)], [], now=T + H).days_unanswered is None


PROMISES = [
    # (due after hours, kept after hours, days overdue at T + 4 days, broken)
    (24, None, 3.0, True),
    (24, 48, 1.0, True),
    (24, 12, 0.0, False),
    (120, None, 0.0, False),
    (None, None, None, False),
]


@pytest.mark.parametrize(("due", "kept", "overdue", "broken"), PROMISES)
def test_promises(due: int | None, kept: int | None, overdue: float | None, broken: bool) -> None:
    made = event(
        "p",
        "promise",
        T,
        due_at=None if due is None else T + due * H,
        kept_at=None if kept is None else T + kept * H,
    )
    [promise] = summarise([], [made], now=T + 96 * H).promises
    assert (promise.days_overdue, promise.broken) == (overdue, broken)


CLAIMS = [
    # (claim after hours, event after hours, contradiction, why)
    (1, 2, True, "claimed before it happened"),
    (2, 1, False, "claimed afterwards"),
    (1, 1, False, "claimed at the same moment"),
]


@pytest.mark.parametrize(("claimed", "happened", "contradicts", "why"), CLAIMS)
def test_a_claim_contradicts_only_what_happened_later(
    claimed: int, happened: int, contradicts: bool, why: str
) -> None:
    entries = timeline(
        [],
        [
            event("claim", "claim", T + claimed * H, claims_event_id="fact"),
            event("fact", "email", T + happened * H),
        ],
    )
    found = {entry.subject_id: entry.contradiction is not None for entry in entries}
    assert found == {"claim": contradicts, "fact": False}, why


def test_a_claim_about_an_unknown_event_contradicts_nothing() -> None:
    [entry] = timeline([], [event("claim", "claim", T, claims_event_id="elsewhere")])
    assert entry.contradiction is None


def test_the_timeline_has_every_window_of_a_posting() -> None:
    windows = [
        Window(last_seen=T + H, first_missing=T + 2 * H, seen_again=T + 3 * H),
        Window(last_seen=T + 4 * H, first_missing=T + 5 * H),
    ]
    verdict = {"state": "removed", "first_missing": T + 5 * H, "windows": windows}
    found = [(e.kind, (e.at - T) / H) for e in timeline([posting(verdict=verdict)], [])]
    assert found == [
        ("posted", 0),
        ("last_seen", 1),
        ("first_missing", 2),
        ("seen_again", 3),
        ("last_seen", 4),
        ("first_missing", 5),
    ]


def test_a_post_that_was_never_seen_publicly_has_its_first_absence_in_the_timeline() -> None:
    verdict = {"state": "removed", "level": "suspected", "first_missing": T + H}
    kinds = [entry.kind for entry in timeline([posting(verdict=verdict)], [])]
    assert kinds == ["posted", "first_missing"]
