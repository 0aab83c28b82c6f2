"""How far a clock is off, and how long a record went without a stamp."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from archiver.evidence.times import Gap, clock_offset, gap, recorded_at

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("sent", "received", "gen_time", "resolution", "accuracy", "expected"),
    [
        # the authority's whole second covers our request: nothing is shown
        (0.2, 0.4, 0.0, 1.0, None, 0.0),
        (0.9, 1.1, 0.0, 1.0, None, 0.0),
        # a slow authority: it may have stamped at any moment until its answer came
        (0.0, 30.0, 25.0, 0.001, None, 0.0),
        # ours is ahead: it sent at 5.0 what the other stamped at 2.something
        (5.0, 5.2, 2.0, 1.0, None, 2.0),
        (5.0, 5.2, 2.0, 0.001, None, 2.999),
        # ours is behind
        (0.0, 0.2, 3.0, 1.0, None, -2.8),
        # what the authority itself admits as its error is granted
        (5.0, 5.2, 2.0, 1.0, 1.0, 1.0),
        (0.0, 0.2, 3.0, 1.0, 5.0, 0.0),
    ],
)
def test_the_offset_is_the_least_that_the_answer_shows(
    *,
    sent: float,
    received: float,
    gen_time: float,
    resolution: float,
    accuracy: float | None,
    expected: float,
) -> None:
    found = clock_offset(
        at(sent),
        at(received),
        at(gen_time),
        timedelta(seconds=resolution),
        None if accuracy is None else timedelta(seconds=accuracy),
    )
    assert found == pytest.approx(expected)


def test_a_clock_that_is_right_is_never_found_wrong() -> None:
    """Whatever the fraction at which the request starts and however long it takes."""
    for sent in range(0, 3000, 37):
        for taken in (0, 5, 400, 1500):
            moment = at((sent + taken / 2) / 1000)
            found = clock_offset(
                at(sent / 1000),
                at((sent + taken) / 1000),
                moment.replace(microsecond=0),
                timedelta(seconds=1),
                None,
            )
            assert found == 0.0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"kind": "capture", "received_at": "2026-03-01T12:00:00Z"}, NOON),
        ({"kind": "observation", "at": "2026-03-01T12:00:00.500000Z"}, at(0.5)),
        ({"kind": "observation", "at": "2026-03-01T13:00:00+01:00"}, NOON),
        ({"kind": "verdict"}, None),
        ({"at": 12}, None),
        ({"at": "noon"}, None),
        ({"at": "2026-03-01T12:00:00"}, None),  # a time without its zone is not guessed at
    ],
)
def test_a_record_says_when_it_was_made(content: dict[str, object], expected: datetime) -> None:
    assert recorded_at(content) == expected


def test_the_gap_ends_with_the_first_stamp() -> None:
    content = {"received_at": "2026-03-01T12:00:00Z"}
    found = gap(content, [at(90), at(61.5)])
    assert found == Gap(NOON, at(61.5))
    assert found.seconds == 61.5
    assert gap(content, [at(0.5).replace(microsecond=0) - timedelta(milliseconds=1)]) is not None
    assert Gap(NOON, at(-0.001)).seconds == 0.0
    waiting = gap(content, [])
    assert waiting == Gap(NOON, None)
    assert waiting.seconds is None
    assert gap({}, [NOON]) is None


def test_zones_do_not_matter() -> None:
    paris = NOON.astimezone(timezone(timedelta(hours=1)))
    assert Gap(paris, at(1)).seconds == 1.0
