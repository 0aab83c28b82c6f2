"""Nothing that was captured in Firefox is lost, and nothing is sent twice."""

from pathlib import Path

import pytest

from tests.e2e.extension import stub
from tests.e2e.firefox.browser import Browser, launch
from tests.servers.waiting import wait_for

POST = "#comment-42 p"


def test_captures_made_while_the_service_is_down_are_sent_once_and_in_order(
    paired: Browser, host: stub.Host, site: str
) -> None:
    host.stop()
    page = paired.open(f"{site}/wall")
    made = [paired.capture(page, f"#comment-{number} p") for number in (2, 3)]
    assert [paired.wait_until(each, "waiting")["state"] for each in made] == ["waiting"] * 2
    popup = paired.press_toolbar_button(page)
    said = popup.wait_for_text("The service does not answer")
    assert "Kept here, waiting to be archived" in said
    assert "Archived" not in said
    popup.close()
    host.start()
    for each in made:  # by the alarm alone
        paired.wait_until(each, "sealed", patience=60)
    assert host.service.posts == made


def test_the_receipt_is_stored_and_the_uploaded_bytes_go(
    paired: Browser, host: stub.Host, site: str
) -> None:
    capture = paired.capture(paired.open(f"{site}/wall"), POST)
    row = paired.wait_until(capture, "sealed")
    assert row["receipt"] == f'{{"receipt": "{row["answer"]["receipt"]}"}}'
    parts = "() => import('/lib/db.js').then(({all}) => all('parts')).then((all) => all.length)"
    assert paired.own_page().run(parts) == 0


@pytest.mark.matrix
def test_the_event_page_may_be_suspended_between_any_two_steps(
    paired: Browser, host: stub.Host, site: str
) -> None:
    page = paired.open(f"{site}/scroller")
    before = paired.captures()
    paired.start_picker(page)
    paired.stop_background()
    page.click(POST)
    for _ in range(4):  # while it pictures step by step
        paired.stop_running_background()
    capture = paired.wait_for_new(before)
    paired.stop_background()
    paired.wait_until(capture, "sealed", patience=90)
    assert list(host.service.uploads).count(capture) == 1


@pytest.mark.matrix
def test_an_upload_that_takes_longer_than_the_event_page_may_idle_is_not_cut(
    tmp_path: Path, site: str
) -> None:
    idle_ms = {"extensions.background.idle.timeout": 7_000}  # Firefox's own is 30 s
    with stub.serve() as host, launch(tmp_path, preferences=idle_ms) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("button"))
        before = len(host.service.posts)
        host.service.slow_s = 16
        try:
            capture = browser.capture(browser.open(f"{site}/wall"), POST)
            # nobody asks the extension anything meanwhile
            wait_for(lambda: capture in host.service.uploads, "the service has it", 60)
        finally:
            host.service.slow_s = 0
        browser.wait_until(capture, "sealed", patience=60)
        assert host.service.posts[before:] == [capture]  # one attempt, whose answer was heard


@pytest.mark.matrix
def test_the_alarm_wakes_the_event_page_to_send_what_waits(
    paired: Browser, host: stub.Host, site: str
) -> None:
    host.stop()
    capture = paired.capture(paired.open(f"{site}/wall"), POST)
    paired.stop_background()
    before = len(host.service.posts)
    host.start()
    # nobody asks the extension anything meanwhile
    wait_for(lambda: len(host.service.posts) > before, "the capture is sent", 90)
    paired.wait_until(capture, "sealed")
    assert host.service.posts[before:] == [capture]


@pytest.mark.matrix
def test_captures_that_wait_outlive_the_browser_being_killed(tmp_path: Path, site: str) -> None:
    with stub.serve() as host, launch(tmp_path) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("button"))
        host.stop()
        page = browser.open(f"{site}/wall")
        made = [browser.capture(page, f"#comment-{number} p") for number in (2, 3)]
        browser.kill()
        browser.restart()
        assert set(browser.captures()) == set(made)
        sent = len(host.service.posts)
        host.start()
        for each in made:
            browser.wait_until(each, "sealed", patience=90)
        assert host.service.posts[sent:] == made
