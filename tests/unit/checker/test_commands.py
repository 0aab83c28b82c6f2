"""`rature check` and `rature read` refuse bad input before anything is looked at or written."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.checker.commands import check, read
from archiver.checker.gate import AddressPolicy
from archiver.checker.options import CheckerOptions
from archiver.checker.saved_file import page_bytes
from archiver.domain.errors import InvalidInput, RefusedAddress, SettingsError

OPTIONS = CheckerOptions(policy=AddressPolicy(), clock=lambda: datetime(2026, 3, 1, tzinfo=UTC))
NO_BROWSER = CheckerOptions(
    policy=AddressPolicy(), clock=OPTIONS.clock, executable="/nowhere/chromium"
)


@pytest.mark.parametrize("text", ["", "   ", "x"])
async def test_text_that_identifies_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="text"):
        await check("https://brand.example/wall", text=text, options=OPTIONS)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "javascript:alert(1)", "http://127.0.0.1/", "http://169.254.169.254/"],
)
async def test_address_that_is_never_opened_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        await check(url, text="my shoes have holes", options=OPTIONS)


async def test_malformed_history_is_named_by_line_and_left_alone(tmp_path: Path) -> None:
    history = tmp_path / "looks.jsonl"
    look = {"at": "2026-03-01T12:00:00Z", "validity": "invalid", "reason": "challenge"}
    history.write_text(f"{json.dumps(look)}\nno\n")
    before = history.read_bytes()
    with pytest.raises(InvalidInput, match="line 2"):
        await check("https://brand.example/wall", text="my shoes", history=history, options=OPTIONS)
    assert history.read_bytes() == before


async def test_wrong_browser_path_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match="RATURE_CHROMIUM"):
        await check("https://brand.example/wall", text="my shoes", options=NO_BROWSER)


async def test_neither_address_nor_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="neither"):
        await read(str(tmp_path / "nothing.html"), options=OPTIONS)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n....", "a picture"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x1f\x8b\x08....", "unpack it first"),
        (b"<p>a\x00\x01\x02", "no text"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;", "MHTML"),
    ],
)
async def test_what_is_no_saved_page_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    saved = tmp_path / "page.html"
    saved.write_bytes(data)
    with pytest.raises(InvalidInput, match=said):
        await read(str(saved), options=OPTIONS)


def test_a_huge_file_is_refused_unread_and_utf16_is_a_page(tmp_path: Path) -> None:
    saved = tmp_path / "page.html"
    with saved.open("wb") as file:
        file.truncate(50_000_000)  # sparse: nothing is written
    with pytest.raises(InvalidInput, match="50 MB; saved pages of up to 32 MB"):
        page_bytes(str(saved))
    saved.write_text("<p>Hi", "utf-16")
    assert page_bytes(str(saved)).startswith(b"\xff\xfe")
