import json

import pytest

from archiver.checker.records import parse_lines
from archiver.domain.errors import InvalidInput
from archiver.domain.observation import Notice, NoticeKind, Observation, Sighting, VantageClass

LOOK = {"at": "2026-03-01T13:00:00+01:00", "validity": "valid", "sighting": "absent"}


def line(**changes: object) -> str:
    return json.dumps(LOOK | changes)


def test_reads_looks_and_notices_in_the_order_of_the_lines() -> None:
    notice = json.dumps({"kind": "notice", "at": "2026-03-01T12:00:00Z", "notice": "withdrawn"})
    vantage = {"class": "author", "id": "laptop"}
    found = parse_lines(f"{line(vantage=vantage)}\r\n\n{notice}\n{line(kind='observation')}\n")
    look, told, second = found
    assert isinstance(look, Observation)
    assert look.sighting is Sighting.ABSENT
    assert look.at.isoformat() == "2026-03-01T12:00:00+00:00"
    assert (look.vantage.class_, look.vantage.id) == (VantageClass.AUTHOR, "laptop")
    assert isinstance(told, Notice)
    assert told.notice is NoticeKind.WITHDRAWN
    assert isinstance(second, Observation)


def test_a_retraction_names_the_moment_of_what_it_takes_back() -> None:
    at, told_at = "2026-03-01T13:00:00Z", "2026-03-01T12:00:00Z"
    notice = {"kind": "notice", "at": at, "notice": "retracted"}
    (found,) = parse_lines(json.dumps({**notice, "retracts": told_at}))
    assert isinstance(found, Notice)
    assert (found.at - (found.retracts or found.at)).total_seconds() == 3600
    for unfit in (notice, {**notice, "notice": "withdrawn", "retracts": told_at}):
        with pytest.raises(InvalidInput, match=r"line 1: .*takes back"):
            parse_lines(json.dumps(unfit))


def test_unknown_fields_are_left_alone_so_that_newer_records_can_be_judged() -> None:
    assert len(parse_lines(line(weather="rain"))) == 1


def test_a_line_separator_inside_a_text_does_not_end_the_line() -> None:
    assert len(parse_lines(json.dumps(LOOK | {"detail": "a\u2028b"}, ensure_ascii=False))) == 1


def test_an_empty_file_has_no_records() -> None:
    assert parse_lines("\n \n") == []


BAD = [
    # (line, what the message says)
    ("{", "not JSON"),
    ("[]", "not a JSON object"),
    ("3", "not a JSON object"),
    ("[" * 100_000, "not JSON"),
    (line(kind="rumour"), "kind 'rumour'"),
    (line(at="2026-03-01T12:00:00"), "at: "),
    (line(at="yesterday"), "at: "),
    (line(sighting="maybe"), "sighting: "),
    (line(sighting=None), "needs a sighting"),
    (line(reason="challenge"), "has no reason"),
    (line(validity="invalid", sighting=None), "needs a reason"),
    (json.dumps({"kind": "notice", "at": "2026-03-01T12:00:00Z"}), "notice: "),
]


@pytest.mark.parametrize(("bad", "says"), BAD)
def test_a_line_that_is_no_record_is_named(bad: str, says: str) -> None:
    with pytest.raises(InvalidInput, match="line 3") as caught:
        parse_lines(f"{line()}\n\n{bad}\n")
    assert says in str(caught.value)
    assert caught.value.field == "line 3"
