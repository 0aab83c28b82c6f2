"""The popup and the notifications."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.extension import stub
from tests.e2e.extension.launch import Browser, launch

SEEN, MISSING = "2026-03-07T20:14:00Z", "2026-03-07T20:29:00Z"


def watch(
    number: int, state: str, level: str | None = None, text: str = "Un message"
) -> dict[str, Any]:
    verdict: dict[str, Any] = {
        "state": state,
        "level": level,
        "silent": False,
        "actor": None,
        "last_seen": SEEN,
    }
    verdict |= {"first_missing": MISSING if level else None, "rules": [], "rules_version": "1"}
    return {
        "id": f"wat_{number}",
        "url": "http://wall.test/",
        "text": text,
        "author": "Jean",
        "verdict": verdict,
    }


# language -> state and level -> the words shown
WORDS: dict[str, list[tuple[str, str | None, str, str]]] = {
    "en": [
        ("visible", None, "Still visible", "Last seen Mar 7, 2026"),
        ("removed", "suspected", "Missing at the last look, checking again", "missing at Mar 7"),
        (
            "removed",
            "likely",
            "Probably no longer publicly visible",
            "Ceased to be publicly visible between Mar 7",
        ),
        ("removed", "confirmed", "No longer publicly visible (confirmed)", "and Mar 7, 2026"),
        ("indeterminate", None, "Cannot be told at present", "Last seen"),
    ],
    "fr": [
        ("visible", None, "Toujours visible", "Vu pour la dernière fois le 7 mars 2026"),
        (
            "removed",
            "confirmed",
            "N’est plus visible du public (confirmé)",
            "A cessé d’être visible du public entre le 7 mars",
        ),
        ("restored", None, "De nouveau visible", "7 mars 2026"),
    ],
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_verdict_is_in_plain_words(
    tmp_path: Path, host: stub.Host, site: str, language: str
) -> None:
    rows = WORDS[language]
    host.service.watches = [watch(n, row[0], row[1]) for n, row in enumerate(rows)]
    with launch(tmp_path, [host.origin], language=language) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
        popup = browser.press_toolbar_button(browser.open(f"{site}/wall"))
        for _, _, state, window in rows:
            said = popup.wait_for_text(state)
            assert window in said
        assert popup.evaluate("document.documentElement.lang") == language


def test_it_fits_320_pixels(paired: Browser, service: stub.Service) -> None:
    service.watches = [watch(1, "removed", "confirmed", "mot" * 200)]
    page = paired.open(paired.address("pages/popup.html"))
    page.set_viewport_size({"width": 320, "height": 600})
    page.locator(".list_watched li").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_text_of_a_post_is_never_read_as_markup(paired: Browser, service: stub.Service) -> None:
    service.watches = [watch(1, "visible", text="<img src=x onerror=alert(1)><b>bold</b>")]
    page = paired.open(paired.address("pages/popup.html"))
    page.locator(".list_watched li").wait_for()
    assert page.locator("li img, li b").count() == 0
    assert "<b>bold</b>" in page.inner_text(".list_watched")


def test_a_change_of_verdict_is_notified_and_a_first_verdict_is_not(
    paired: Browser, service: stub.Service
) -> None:
    own = paired.open(paired.address("pages/pair.html"))
    ids = "chrome.notifications.getAll().then(Object.keys)"
    service.watches = [watch(1, "visible"), watch(2, "visible")]
    paired.ask("watches.refresh")
    assert own.evaluate(ids) == []
    service.watches = [watch(1, "removed", "likely"), watch(2, "visible")]
    paired.ask("watches.refresh")
    assert own.evaluate(ids) == ["watch:wat_1"]


def test_verdicts_are_asked_for_by_an_alarm_once_paired(paired: Browser) -> None:
    own = paired.open(paired.address("pages/pair.html"))
    alarm = own.evaluate("chrome.alarms.get('watches')")
    assert alarm["periodInMinutes"] == 3


def test_the_token_never_leaves_the_background(paired: Browser, service: stub.Service) -> None:
    assert service.token not in str(paired.status())


def test_a_page_script_cannot_send_messages_of_the_extensions_pages(
    paired: Browser, site: str
) -> None:
    page = paired.open(f"{site}/wall")
    paired.start_picker(page)
    session = paired.context.new_cdp_session(page)
    worlds: list[dict[str, Any]] = []
    session.on("Runtime.executionContextCreated", lambda event: worlds.append(event["context"]))
    session.send("Runtime.enable")
    own = next(world for world in worlds if world["origin"].startswith("chrome-extension:"))
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": "chrome.runtime.sendMessage({name: 'status.read', payload: {}})",
            "contextId": own["id"],
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    assert answer["result"]["value"]["fault"]["code"] == "message_refused"
