"""`rature check` and `rature read` refuse bad input before anything is looked at or written."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.checker.commands import check, read
from archiver.checker.gate import AddressPolicy
from archiver.checker.options import CheckerOptions
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
