"""Key, authorities, library, fetcher and pictures."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image

from archiver.domain.errors import EvidenceError, SettingsError, Unavailable
from archiver.evidence import exhibit
from archiver.evidence.exhibit import ExhibitSigner, FirstAnswering, library, pictures
from archiver.evidence.exhibit.clean import CHUNK, paragraphs, visible
from archiver.evidence.exhibit.facts import PracticeFacts
from archiver.evidence.exhibit.identity import FILE_NAME, open_identity
from archiver.evidence.exhibit.render import lay_out
from archiver.evidence.timestamp import make_request
from tests.unit.exhibit import story


class Silent:
    """An authority that does not answer, or answers with a page."""

    name = "https://silent.example"

    def __init__(self, answer: bytes | None = None) -> None:
        self.asked = 0
        self._answer = answer

    def stamp(self, request_der: bytes) -> bytes:
        self.asked += 1
        if self._answer is None:
            raise Unavailable("no answer")
        return self._answer


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    long = "https://" + "a" * 60 + ".example"
    first = open_identity(tmp_path / "keys", long, story.MADE)
    again = open_identity(tmp_path / "keys", "https://other.example", story.MADE)
    assert first.certificate == again.certificate
    assert (tmp_path / "keys" / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert long.encode() in first.certificate.public_bytes(Encoding.DER)


def test_a_broken_key_is_never_made_anew(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"broken")
    with pytest.raises(SettingsError, match=r"exhibit\.key"):
        open_identity(tmp_path, "https://rature.example", story.MADE)
    assert (tmp_path / FILE_NAME).read_bytes() == b"broken"


@pytest.mark.parametrize("answer", [None, b"<html>busy</html>"])
def test_when_a_remote_authority_fails_the_next_one_stamps(
    tmp_path: Path, answer: bytes | None
) -> None:
    now = story.MADE
    remote = Silent(answer)
    asking = FirstAnswering([remote, story.authority(tmp_path)], lambda: now)
    request, _ = make_request(b"data", os.urandom)
    for _ in range(3):
        assert len(asking(request)) > 200
    assert remote.asked == 1  # passed over for a while: a document needs three stamps
    now += timedelta(minutes=2)
    asking(request)
    assert remote.asked == 2


def test_when_no_authority_answers_it_is_said(tmp_path: Path) -> None:
    asking = FirstAnswering([Silent()], lambda: story.MADE)
    signer = ExhibitSigner.open(
        tmp_path, "https://rature.example", lambda: story.MADE, os.urandom, asking
    )
    with pytest.raises(Unavailable, match="no time authority answered"):
        signer.sign(lay_out("<html><body>x</body></html>", {}))


def test_without_pango_the_reason_names_the_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert library.available() is None
    monkeypatch.setattr(library, "NEEDED", (("librature-is-missing.so.0",),))
    library.available.cache_clear()
    try:
        assert "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in (library.available() or "")
        with pytest.raises(Unavailable, match="Pango"):
            exhibit.make_exhibit(
                story.facts(), story.SALT, story.signer(tmp_path, story.authority(tmp_path))
            )
    finally:
        library.available.cache_clear()


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://198.51.100.1/a.png">',
        '<img src="data:image/png;base64,iVBORw0KGgo=">',
        '<link rel="stylesheet" href="rature:other">',
        "<style>p { background: url(relative.png) }</style><p>x</p>",
    ],
)
def test_nothing_is_fetched_that_was_not_given(markup: str) -> None:
    with pytest.raises(EvidenceError, match="an exhibit fetches nothing"):
        lay_out(f"<html><body>{markup}</body></html>", {})


def test_a_long_picture_is_cut_between_its_lines_and_nothing_is_lost() -> None:
    printed = pictures.cut(story.PICTURES[1])
    whole = Image.open(io.BytesIO(story.PICTURES[1].data)).convert("RGB")
    assert [part.top for part in printed.parts[1:]] == [part.bottom for part in printed.parts[:-1]]
    assert (printed.parts[0].top, printed.parts[-1].bottom) == (0, whole.height)
    for part in printed.parts:
        shown = Image.open(io.BytesIO(part.data)).convert("RGB")
        assert shown.tobytes() == whole.crop((0, part.top, whole.width, part.bottom)).tobytes()
        if part.bottom < whole.height:
            row = whole.crop((0, part.bottom - 1, whole.width, part.bottom))
            assert row.getextrema() == ((255, 255),) * 3
    assert printed.lossless
    assert printed.left_out == 0


def test_a_photograph_is_printed_as_jpeg_and_says_so() -> None:
    noise = Image.frombytes("RGB", (1000, 900), os.urandom(2_700_000))
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    given = story.PICTURES[0]
    printed = pictures.cut(type(given)(**{**given.__dict__, "data": buffer.getvalue()}))
    assert {part.media_type for part in printed.parts} == {"image/jpeg"}
    assert not printed.lossless


def test_an_endless_picture_ends_and_says_how_much_is_left_out() -> None:
    buffer = io.BytesIO()
    Image.new("L", (200, 40_000), 255).save(buffer, "PNG")
    given = story.PICTURES[0]
    printed = pictures.cut(type(given)(**{**given.__dict__, "data": buffer.getvalue()}))
    assert len(printed.parts) == pictures.MOST_PARTS
    assert printed.left_out == 40_000 - printed.parts[-1].bottom > 0


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\x00b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("exe.\u202egnp", "exe.[U+202E]gnp"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("👨\u200d👩", "👨\u200d👩"),  # joiners are part of how emoji are written
        ("a\r\nb\rc", "a\nb\nc"),
        ("é ê ç", "é ê ç"),
    ],
)
def test_what_is_unseen_is_made_visible(written: str, shown: str) -> None:
    assert visible(written) == shown


def test_long_lines_are_laid_out_in_pieces() -> None:
    for text in ("mot " * 10_000, "x" * 50_000, "a\n\nb"):
        pieces = paragraphs(text)
        assert max(map(len, pieces)) <= CHUNK
        assert "".join(pieces) == text.replace("\n", "")


def test_an_unknown_field_of_the_checklist_is_refused() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        PracticeFacts({"shoe_size": "44"})
