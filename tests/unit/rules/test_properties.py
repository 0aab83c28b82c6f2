"""What holds for any records whatever; most of it keeps a false accusation from being made."""

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from archiver.checker.rules import judge
from archiver.domain.observation import (
    AUTHOR_THERE,
    BY_THE_AUTHOR,
    MISSING_ELSEWHERE,
    Actor,
    Answer,
    Notice,
    NoticeKind,
    Observation,
    Reason,
    Sighting,
    Trio,
    Validity,
    Vantage,
    VantageClass,
)
from archiver.domain.verdict import Level, Policy, State, Verdict
from tests.unit.rules.shorthand import START

Record = Observation | Notice
# Few, coarse moments: ties and exact spans then come up often.
MOMENTS = st.integers(0, 400).map(lambda quarter: START + timedelta(minutes=15 * quarter))
VANTAGES = st.sampled_from(
    [
        Vantage(class_=VantageClass.PUBLIC, id="first"),
        Vantage(class_=VantageClass.PUBLIC, id="second"),
        Vantage(class_=VantageClass.AUTHOR, id="author"),
    ]
)
TRIOS = st.none() | st.builds(
    Trio,
    target=st.sampled_from(Answer),
    sibling=st.sampled_from(Answer),
    nonexistent=st.sampled_from(Answer),
    agrees=st.none() | st.booleans(),
)
VALID = st.builds(
    Observation,
    at=MOMENTS,
    vantage=VANTAGES,
    validity=st.just(Validity.VALID),
    sighting=st.sampled_from(Sighting),
    actor=st.none() | st.sampled_from(Actor),
    trio=TRIOS,
    via=st.sampled_from(["browser", "http"]),
    facts=st.lists(st.sampled_from([AUTHOR_THERE, MISSING_ELSEWHERE]), max_size=2, unique=True),
)
INVALID = st.builds(
    Observation,
    at=MOMENTS,
    vantage=VANTAGES,
    validity=st.just(Validity.INVALID),
    reason=st.sampled_from(Reason),
)
TOLD = [kind for kind in NoticeKind if kind is not NoticeKind.RETRACTED]
NOTICES = st.builds(Notice, at=MOMENTS, notice=st.sampled_from(TOLD))
RETRACTIONS = st.builds(Notice, at=MOMENTS, notice=st.just(NoticeKind.RETRACTED), retracts=MOMENTS)
RECORDS = st.lists(st.one_of(VALID, VALID, INVALID, NOTICES, RETRACTIONS), max_size=14)
POLICIES = st.builds(
    Policy,
    likely_span=st.sampled_from([0, 900, 3600]),
    confirm_after=st.sampled_from([0, 1800, 86400]),
    misses=st.integers(1, 4),
)
FIRMNESS = {None: 0, Level.SUSPECTED: 1, Level.LIKELY: 2, Level.CONFIRMED: 3}


def facts_of(verdict: Verdict) -> object:
    """Everything that an invalid look may not move."""
    return (verdict.level, verdict.last_seen, verdict.first_missing, verdict.windows)


def accusation(verdict: Verdict) -> tuple[int, bool]:
    return FIRMNESS[verdict.level], verdict.silent


@given(RECORDS, POLICIES)
def test_judging_gives_a_verdict_of_any_records(records: list[Record], policy: Policy) -> None:
    verdict = judge(records, policy)
    assert verdict.state in State
    assert verdict.rules
    assert (verdict.level is not None) == (verdict.state in (State.REMOVED, State.HIDDEN))
    assert not verdict.silent or verdict.level is not None
    assert (verdict.reason is None) == (verdict.unresolved == 0)


@given(st.data(), RECORDS, POLICIES)
def test_the_order_of_the_records_does_not_matter(
    data: st.DataObject, records: list[Record], policy: Policy
) -> None:
    shuffled = data.draw(st.permutations(records))
    assert judge(shuffled, policy) == judge(records, policy)


@given(RECORDS, POLICIES)
def test_copies_of_records_change_nothing(records: list[Record], policy: Policy) -> None:
    assert judge([*records, *records], policy) == judge(records, policy)


@given(RECORDS, st.lists(INVALID, min_size=1, max_size=5), POLICIES)
def test_invalid_looks_move_neither_level_nor_window(
    records: list[Record], invalid: list[Observation], policy: Policy
) -> None:
    before, after = judge(records, policy), judge([*records, *invalid], policy)
    assert facts_of(after) == facts_of(before)
    assert after.state in (before.state, State.INDETERMINATE)


@given(RECORDS, POLICIES, st.sampled_from(["browser", "http"]))
def test_being_seen_at_the_end_ends_every_accusation(
    records: list[Record], policy: Policy, via: str
) -> None:
    at = max((record.at for record in records), default=START)
    seen = Observation.model_validate(
        {"at": at, "validity": "valid", "sighting": "present", "via": via}
    )
    after = judge([*records, seen], policy)
    assert accusation(after) == (0, False)
    assert after.state not in (State.TOMBSTONED, State.PARENT_GONE, State.PENDING)


OF_THE_AUTHOR = NOTICES.filter(lambda notice: notice.notice in BY_THE_AUTHOR)


@given(RECORDS, st.lists(OF_THE_AUTHOR, min_size=1, max_size=3), POLICIES)
def test_what_an_author_tells_never_accuses(
    records: list[Record], notices: list[Notice], policy: Policy
) -> None:
    before, after = judge(records, policy), judge([*records, *notices], policy)
    assert accusation(after) <= accusation(before)
    assert after.windows == before.windows


@given(RECORDS, POLICIES)
def test_nothing_is_said_of_anybody_while_the_site_is_misread(
    records: list[Record], policy: Policy
) -> None:
    at = max((record.at for record in records), default=START) + timedelta(minutes=1)
    misread = Notice(at=at, notice=NoticeKind.SITE_DEGRADED)
    assert accusation(judge([*records, misread], policy)) == (0, False)


@given(RECORDS, MOMENTS, st.sampled_from(sorted(BY_THE_AUTHOR)), POLICIES)
def test_what_is_taken_back_counts_as_if_it_had_never_been_told(
    records: list[Record], at: datetime, kind: NoticeKind, policy: Policy
) -> None:
    others = [x for x in records if x.at != at or not isinstance(x, Notice)]
    told = Notice(at=at, notice=kind)
    back = Notice(at=at + timedelta(hours=1), notice=NoticeKind.RETRACTED, retracts=at)
    without, after = judge(others, policy), judge([*others, told, back], policy)
    assert after.model_copy(update={"rules": without.rules}) == without
    assert "notice_retracted" in after.rules


@given(RECORDS, POLICIES)
def test_no_window_is_inverted_or_overlaps_the_next(records: list[Record], policy: Policy) -> None:
    verdict = judge(records, policy)
    moments = [
        moment
        for window in verdict.windows
        for moment in (window.last_seen, window.first_missing, window.seen_again)
        if moment is not None
    ]
    assert moments == sorted(moments)
    for window in verdict.windows:
        assert window.last_seen is not None
        assert window.last_seen < window.first_missing
    if verdict.last_seen and verdict.first_missing:
        assert verdict.last_seen < verdict.first_missing


@given(RECORDS, POLICIES)
def test_window_bounds_are_valid_public_looks(records: list[Record], policy: Policy) -> None:
    public = [
        record
        for record in records
        if isinstance(record, Observation)
        and record.validity is Validity.VALID
        and record.vantage.class_ is VantageClass.PUBLIC
    ]
    missing = {record.at for record in public if record.via == "browser"}
    seen = {record.at for record in public}
    for window in judge(records, policy).windows:
        assert window.first_missing in missing
        assert window.last_seen in seen


@given(RECORDS)
def test_more_patience_never_accuses_more(records: list[Record]) -> None:
    patient = judge(records, Policy(misses=4, likely_span=7200, confirm_after=172800))
    assert FIRMNESS[patient.level] <= FIRMNESS[judge(records).level]


PLAIN = st.builds(
    Observation,
    at=MOMENTS,
    vantage=VANTAGES,
    validity=st.just(Validity.VALID),
    sighting=st.sampled_from([Sighting.PRESENT, Sighting.ABSENT, Sighting.CONCEALED]),
    trio=TRIOS,
)


@given(st.lists(st.one_of(PLAIN, PLAIN, INVALID), max_size=14), PLAIN, POLICIES)
def test_one_more_public_sighting_never_strengthens_an_accusation(
    records: list[Record], more: Observation, policy: Policy
) -> None:
    """Of a post that was seen publicly to begin with, without anybody's word or tombstone: those
    explain one disappearance and not the next, which a sighting between may begin."""
    first = Observation(at=START, validity=Validity.VALID, sighting=Sighting.PRESENT)
    sighting = more.model_copy(
        update={"sighting": Sighting.PRESENT, "vantage": Vantage(id="first"), "trio": None}
    )
    before = judge([first, *records], policy)
    after = judge([first, *records, sighting], policy)
    assert accusation(after) <= accusation(before)


@given(st.data(), RECORDS, POLICIES)
def test_whatever_the_clocks_no_window_is_inverted(
    data: st.DataObject, records: list[Record], policy: Policy
) -> None:
    """Each looker's clock may be wrong by so much, forwards or back."""
    off = {
        name: timedelta(minutes=data.draw(st.integers(-90, 90), label=name))
        for name in ("first", "second", "author", "")
    }
    shifted = [
        record.model_copy(update={"at": record.at + off[_clock_of(record)]}) for record in records
    ]
    verdict = judge(shifted, policy)
    for window in verdict.windows:
        assert window.last_seen is not None
        assert window.last_seen < window.first_missing
        assert window.seen_again is None or window.first_missing < window.seen_again


def _clock_of(record: Record) -> str:
    return record.vantage.id if isinstance(record, Observation) else ""


@given(RECORDS, POLICIES, st.randoms(use_true_random=False))
def test_looks_of_other_vantages_may_come_in_any_order(
    records: list[Record], policy: Policy, dice: Random
) -> None:
    """Records come in bursts, each vantage's in its own order, in any order between them."""
    ordered = sorted(records, key=lambda record: record.at)
    bursts: dict[str, list[Record]] = {}
    for record in ordered:
        bursts.setdefault(_clock_of(record), []).append(record)
    names = list(bursts)
    dice.shuffle(names)
    mixed = [record for name in names for record in bursts[name]]
    assert judge(mixed, policy) == judge(ordered, policy)


@given(RECORDS, POLICIES)
def test_what_is_known_of_an_author_elsewhere_only_weakens(
    records: list[Record], policy: Policy
) -> None:
    """Without that fact every verdict is as firm or firmer, and nothing else changes."""
    plain = [
        record.model_copy(update={"facts": []}) if isinstance(record, Observation) else record
        for record in records
    ]
    told, without = judge(records, policy), judge(plain, policy)
    assert (told.state, told.last_seen, told.first_missing) == (
        without.state,
        without.last_seen,
        without.first_missing,
    )
    assert FIRMNESS[told.level] <= FIRMNESS[without.level]
    assert told.silent == without.silent
