"""Cosignatures of witnesses: verified lines are reported, forged ones refused."""

from datetime import UTC, datetime, timedelta

import pytest

from archiver.domain.errors import ProofInvalid
from archiver.evidence import checkpoint, cosignature, signed_note
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.cosignature import CosigningKey, VerifiedCosignature, WitnessKey

LOG = LogKey(b"\x07" * 32, "log.example/rature")
NEWSROOM = CosigningKey(b"\x11" * 32, "newsroom.example/w1")
RADIO = CosigningKey(b"\x12" * 32, "radio.example/w1")
NAMESAKE = CosigningKey(b"\x13" * 32, "newsroom.example/w1")
NOTE = checkpoint.sign_checkpoint(LOG, 2, b"\x42" * 32)
TEXT = checkpoint.parse(NOTE).text
AT = datetime(2026, 11, 21, 20, 15, 7, tzinfo=UTC)
LINE = NEWSROOM.cosign(TEXT, AT)


def seen(note: str, *keys: CosigningKey) -> list[VerifiedCosignature]:
    return cosignature.verify(checkpoint.parse(note), [key.public for key in keys])


def test_a_cosignature_is_reported_with_name_and_time() -> None:
    assert seen(NOTE + LINE, NEWSROOM) == [VerifiedCosignature("newsroom.example/w1", AT)]
    assert cosignature.verify_line(NEWSROOM.public, LINE, TEXT).at == AT


def test_it_covers_whole_seconds() -> None:
    line = NEWSROOM.cosign(TEXT, AT + timedelta(microseconds=999_999))
    assert cosignature.verify_line(NEWSROOM.public, line, TEXT).at == AT


def test_the_log_verifies_with_cosignatures_below_it() -> None:
    parsed = checkpoint.parse(NOTE + LINE + RADIO.cosign(TEXT, AT))
    assert checkpoint.verify(parsed, [LOG.public]).size == 2


def test_each_known_witness_is_reported_once_with_its_earliest_time() -> None:
    later = NEWSROOM.cosign(TEXT, AT + timedelta(hours=1))
    note = NOTE + later + RADIO.cosign(TEXT, AT) + LINE
    assert [(each.name, each.at) for each in seen(note, NEWSROOM, RADIO)] == [
        ("newsroom.example/w1", AT),
        ("radio.example/w1", AT),
    ]


def test_unknown_witnesses_are_passed_over() -> None:
    assert seen(NOTE + NAMESAKE.cosign(TEXT, AT), NEWSROOM) == []
    assert seen(NOTE, NEWSROOM) == []
    assert seen(NOTE + LINE) == []


def with_value(value: bytes) -> str:
    return signed_note.render_line(NEWSROOM.name, NEWSROOM.public.key_id, value)


GOOD = signed_note.parse_line("", LINE[:-1]).value
WRONG = {
    "another time": with_value((1).to_bytes(8, "big") + GOOD[8:]),
    "another signature": with_value(GOOD[:-1] + bytes([GOOD[-1] ^ 1])),
    "over another tree": NEWSROOM.cosign(TEXT.replace("\n2\n", "\n3\n"), AT),
    "over another log": NEWSROOM.cosign(TEXT.replace("log.", "gol."), AT),
    "no signature": with_value(GOOD[:8]),
    "nothing": with_value(b""),
    "something more": with_value(GOOD + b"\x00"),
    "as a log signs, without a time": with_value(
        signed_note.parse_line("", LogKey(b"\x11" * 32, NEWSROOM.name).sign(TEXT)[:-1]).value
    ),
}


@pytest.mark.parametrize("line", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_line_of_a_known_witness_is_refused(line: str) -> None:
    with pytest.raises(ProofInvalid, match="cosignature"):
        seen(NOTE + line, NEWSROOM)
    with pytest.raises(ProofInvalid, match="cosignature"):
        cosignature.verify_line(NEWSROOM.public, line, TEXT)
    with pytest.raises(ProofInvalid, match="cosignature"):
        seen(NOTE + LINE + line, NEWSROOM)  # nor does it hide behind a right one


@pytest.mark.parametrize("seconds", [2**63 - 1, 2**64 - 1, 300_000_000_000])
def test_a_time_beyond_the_calendar_is_refused_though_it_was_signed(seconds: int) -> None:
    signed = NEWSROOM._key.sign(f"cosignature/v1\ntime {seconds}\n{TEXT}".encode())
    with pytest.raises(ProofInvalid, match="calendar"):
        seen(NOTE + with_value(seconds.to_bytes(8, "big") + signed), NEWSROOM)


def test_a_line_of_somebody_else_is_not_this_witnesss() -> None:
    with pytest.raises(ProofInvalid, match=r"by radio\.example/w1"):
        cosignature.verify_line(NEWSROOM.public, RADIO.cosign(TEXT, AT), TEXT)


@pytest.mark.parametrize("line", ["", "rubbish", "— a b c\n", LINE + LINE, "- " + LINE[2:]])
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(ProofInvalid, match="malformed"):
        cosignature.verify_line(NEWSROOM.public, line, TEXT)


def test_a_witness_key_survives_its_text_form() -> None:
    vkey = NEWSROOM.public.vkey
    assert vkey.startswith("newsroom.example/w1+")
    assert WitnessKey.from_vkey(f" {vkey}\n") == NEWSROOM.public


@pytest.mark.parametrize(
    "vkey",
    [
        "",  # nothing
        "newsroom.example/w1",  # a name alone
        LogKey(b"\x11" * 32, "newsroom.example/w1").public.vkey,  # a log's key of the same bytes
        NEWSROOM.public.vkey.replace("newsroom", "newsdesk"),  # another name: another id
        NEWSROOM.public.vkey[:-4],  # cut short
    ],
)
def test_what_is_no_witness_key_is_refused(vkey: str) -> None:
    with pytest.raises(ProofInvalid, match="witness key"):
        WitnessKey.from_vkey(vkey)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\u2003b"])
def test_a_name_that_no_note_can_carry_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        CosigningKey(b"\x11" * 32, name)


def test_the_specifications_example_is_read() -> None:
    """Its key was not published, so only form and time are compared."""
    line = (
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlr"
        "DJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    )
    parsed = signed_note.parse_line("", line)
    assert parsed.key_id.hex() == "8d66cf3f"
    assert int.from_bytes(parsed.value[:8], "big") == 1679315147
    assert len(parsed.value) == 72
