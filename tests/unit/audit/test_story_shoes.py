"""The man with the shoes: his postings, the stranger's comment, the promise and the claim."""

from datetime import UTC, date, datetime

from archiver.audit.casework import DatedEvent, Posting, summarise, timeline
from archiver.domain.case import CaseEvent, Direction, EventKind
from archiver.domain.observation import Actor, Notice, NoticeKind
from archiver.domain.verdict import Level, State, Verdict, Window

WALL = "https://www.facebook.com/the.shoes"
TEXT = "Eight months of walking and both soles have holes. Here is the photo again."


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2011, month, day, hour, minute, tzinfo=UTC)


def removed(last_seen: datetime, first_missing: datetime, level: Level) -> Verdict:
    return Verdict(
        state=State.REMOVED,
        level=level,
        silent=True,
        actor=Actor.UNKNOWN,
        last_seen=last_seen,
        first_missing=first_missing,
        windows=[Window(last_seen=last_seen, first_missing=first_missing)],
        rules_version="1",
    )


def plain(state: State, last_seen: datetime) -> Verdict:
    return Verdict(state=state, last_seen=last_seen, rules_version="1")


def posting(
    watch_id: str, text: str, posted: datetime, verdict: Verdict, **more: object
) -> Posting:
    fields = {"watch_id": watch_id, "url": WALL, "text": text, "verdict": verdict}
    return Posting.model_validate(fields | {"captured_at": posted, "posted_at": posted} | more)


POSTINGS = [
    # The photo disappears; nobody tells him why.
    posting("first", TEXT, at(3, 12, 9), removed(at(3, 12, 18), at(3, 13, 9), Level.CONFIRMED)),
    # Weeks later, between 20:00 and 21:00, erased within that very hour, while he is watching.
    posting(
        "second",
        TEXT + " Second time.",
        at(4, 5, 20, 2),
        removed(at(4, 5, 20, 40), at(4, 5, 20, 45), Level.CONFIRMED),
    ),
    # In a loop: he deletes his own ones but one.
    posting(
        "third",
        TEXT.upper(),
        at(4, 6, 10),
        plain(State.WITHDRAWN, at(4, 7, 10)),
        notices=[Notice(at=at(4, 8), notice=NoticeKind.WITHDRAWN, text="to show good faith")],
    ),
    posting("fourth", TEXT, at(4, 6, 10, 5), plain(State.WITHDRAWN, at(4, 7, 10))),
    posting("kept", TEXT, at(4, 6, 10, 10), plain(State.VISIBLE, at(9, 30))),
    # A stranger supports him, and is erased as well.
    posting(
        "stranger",
        "I bought the same pair, and mine went the same way.",
        at(4, 6, 11),
        removed(at(4, 6, 11, 30), at(4, 6, 11, 35), Level.LIKELY),
        own=False,
        author="A stranger",
    ),
]
EVENTS = [
    DatedEvent(
        event_id="address",
        event=CaseEvent(
            kind=EventKind.PRIVATE_MESSAGE,
            direction=Direction.FROM_BRAND,
            at=at(4, 10),
            text="Send us your address, to settle this.",
        ),
    ),
    DatedEvent(
        event_id="promise",
        event=CaseEvent(
            kind=EventKind.PROMISE,
            direction=Direction.FROM_BRAND,
            at=at(7, 20),
            text="The person in charge is back on 8 August.",
            due_at=at(8, 8, 0),
        ),
    ),
    DatedEvent(
        event_id="claim",
        event=CaseEvent(
            kind=EventKind.CLAIM,
            direction=Direction.FROM_BRAND,
            at=at(9, 6, 12, 10),
            text="Everything has been done, and the licensee has written to him.",
            claims_event_id="email",
        ),
    ),
    DatedEvent(
        event_id="email",
        event=CaseEvent(
            kind=EventKind.ANSWER,
            direction=Direction.FROM_BRAND,
            at=at(9, 7, 19),
            text="Dear Sir, please send us a photo of the sole.",
        ),
    ),
]


def test_the_figures_tell_the_brands_deletions_from_his_own() -> None:
    figures = summarise(POSTINGS, EVENTS, now=at(9, 30))
    assert (figures.postings, figures.own, figures.of_others) == (6, 5, 1)
    assert (figures.vanished, figures.vanished_own, figures.vanished_of_others) == (3, 2, 1)
    assert figures.removed_by_level == {Level.SUSPECTED: 0, Level.LIKELY: 1, Level.CONFIRMED: 2}
    assert (figures.withdrawn, figures.still_visible, figures.open) == (2, 1, 0)
    assert figures.silent == 3


def test_his_postings_are_one_complaint_and_the_strangers_is_none_of_his() -> None:
    figures = summarise(POSTINGS, EVENTS, now=at(9, 30))
    assert figures.complaints == [["first", "second", "third", "fourth", "kept"]]


def test_lifetimes_keep_both_bounds_of_the_window() -> None:
    figures = summarise(POSTINGS, EVENTS, now=at(9, 30))
    lived = {each.watch_id: each.lifetime for each in figures.by_posting if each.lifetime}
    assert set(lived) == {"first", "second", "stranger"}
    assert (lived["second"].at_least, lived["second"].at_most) == (38 * 60, 43 * 60)
    assert figures.median_lifetime == lived["second"]


def test_the_rhythm_of_postings_and_deletions() -> None:
    figures = summarise(POSTINGS, EVENTS, now=at(9, 30))
    assert [(d.day, d.posted, d.vanished) for d in figures.days] == [
        (date(2011, 3, 12), 1, 0),
        (date(2011, 3, 13), 0, 1),
        (date(2011, 4, 5), 1, 1),
        (date(2011, 4, 6), 4, 1),
    ]
    assert figures.seconds_between_postings[-2:] == [300, 300]


def test_the_clocks_of_unanswered_days_and_broken_promises() -> None:
    before = summarise(POSTINGS, EVENTS[:3], now=at(9, 7, 9))
    assert before.first_complaint_at == at(3, 12, 9)
    assert (before.first_answer_at, before.days_unanswered) == (None, 179)
    after = summarise(POSTINGS, EVENTS, now=at(9, 30))
    assert after.first_answer_at == at(9, 7, 19)
    assert after.days_unanswered == 179 + 10 / 24
    [promise] = summarise(POSTINGS, EVENTS, now=at(9, 8, 0)).promises
    assert (promise.days_overdue, promise.broken) == (31, True)


def test_the_timeline_shows_that_the_claim_came_before_the_fact() -> None:
    entries = timeline(POSTINGS, EVENTS, now=at(9, 30))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    [claim] = [entry for entry in entries if entry.contradiction]
    assert (claim.subject_id, claim.kind, claim.at) == ("claim", "claim", at(9, 6, 12, 10))
    assert claim.contradiction is not None
    assert claim.contradiction.claimed_event_id == "email"
    assert claim.contradiction.happened_at == at(9, 7, 19)
    assert claim.contradiction.seconds_early == (30 * 60 + 50) * 60
    kinds = [(entry.kind, entry.subject_id) for entry in entries]
    assert ("withdrawn", "third") in kinds
    assert kinds.index(("first_missing", "second")) == kinds.index(("last_seen", "second")) + 1
    assert ("promise_due", "promise") in kinds
