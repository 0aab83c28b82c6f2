"""Nothing that was captured is lost, and nothing is sent twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.extension import stub
from tests.e2e.extension.launch import Browser, launch
from tests.e2e.scenario import until

POST = "#comment-42 p"
UNAVAILABLE = (503, {"title": "Service Unavailable", "detail": ""})


@pytest.fixture
def browser(tmp_path: Path, shared: Browser, host: stub.Host) -> Iterator[Browser]:
    """One of a test's own, not paired yet."""
    with launch(tmp_path, [host.origin], beside=shared) as running:
        yield running


@pytest.fixture
def service(shared: Browser, shared_host: stub.Host) -> Iterator[stub.Service]:
    """The shared browser's service, as if nothing had ever been sent to it; tabs are closed."""
    service = shared_host.service
    for kept in (service.uploads, service.posts, service.receipts_asked, service.refusals):
        kept.clear()
    service.seal_after = 1
    own = shared.own_page()
    yield service
    shared_host.start()
    for page in shared.context.pages:
        if page is not own:
            page.close()


def test_the_receipt_is_stored_and_the_uploaded_bytes_go(
    shared: Browser, service: stub.Service, site: str
) -> None:
    service.seal_after = 2
    capture = shared.capture(shared.open(f"{site}/wall"), POST)
    row = shared.wait_until(capture, "sealed")
    assert row["receipt"] == f'{{"receipt": "{row["answer"]["receipt"]}"}}'
    assert row["answer"]["watch_id"] == "wat_0000000000000000"
    page = shared.open(shared.address("pages/pair.html"))
    assert page.evaluate("import('/lib/db.js').then(({all}) => all('parts'))") == []


def test_captures_made_while_the_service_is_down_are_sent_once_and_in_order(
    shared: Browser, shared_host: stub.Host, service: stub.Service, site: str
) -> None:
    shared_host.stop()
    page = shared.open(f"{site}/wall")
    made = [shared.capture(page, f"#comment-{number} p") for number in (2, 3, 4)]
    assert [shared.wait_until(each, "waiting")["state"] for each in made] == ["waiting"] * 3
    popup = shared.press_toolbar_button(page)
    popup.wait_for_text("The service does not answer")
    waiting = popup.evaluate("document.querySelector('.list_waiting').innerText")
    assert "Kept here, waiting to be archived" in waiting
    assert waiting.count("kept on this computer") == len(made)
    shared_host.start()
    shared.pass_time(60)
    for each in made:  # by the alarm alone
        shared.wait_until(each, "sealed", patience=60)
    assert service.posts == made


def test_an_answer_that_was_lost_makes_no_second_capture(
    shared: Browser, service: stub.Service, site: str
) -> None:
    service.refusals = [UNAVAILABLE, UNAVAILABLE]
    capture = shared.capture(shared.open(f"{site}/wall"), POST)
    for attempt in (1, 2):
        until(lambda attempt=attempt: len(service.posts) == attempt, "an attempt fails")  # type: ignore[misc]  # a lambda's default
        shared.pass_time(60)
    shared.wait_until(capture, "sealed", patience=60)
    assert service.posts == [capture] * 3
    assert list(service.uploads) == [capture]


def test_a_capture_made_before_pairing_is_sent_after_it(
    browser: Browser, host: stub.Host, site: str
) -> None:
    page = browser.open(f"{site}/wall")
    capture = browser.capture(page, POST)
    browser.press_toolbar_button(page).wait_for_text("it is kept on this computer")
    browser.pair(host.origin, approve=lambda approval: approval.click("text=Approve"))
    browser.wait_until(capture, "sealed")
    assert list(host.service.uploads) == [capture]


def test_captures_that_wait_outlive_the_browser_being_killed(
    paired: Browser, host: stub.Host, site: str
) -> None:
    host.stop()
    page = paired.open(f"{site}/wall")
    made = [paired.capture(page, f"#comment-{number} p") for number in (2, 3)]
    paired.kill()
    paired.restart()
    assert {row["id"] for row in paired.status()["captures"]} == set(made)
    host.start()
    paired.pass_time(60)
    for each in made:
        paired.wait_until(each, "sealed", patience=60)
    assert host.service.posts == made


@pytest.mark.matrix
def test_the_background_may_be_stopped_between_any_two_steps(
    shared: Browser, shared_host: stub.Host, service: stub.Service, site: str
) -> None:
    page = shared.open(f"{site}/tall")
    before = {row["id"] for row in shared.status()["captures"]}
    shared.start_picker(page)
    shared.stop_worker()
    shared.click_at(page, page.locator(POST))
    for _ in range(4):  # while it stitches
        page.wait_for_timeout(400)
        shared.stop_worker()
    capture = shared.wait_for_new(before)
    shared.stop_worker()
    shared.pass_time(60)
    shared.wait_until(capture, "sealed", patience=60)
    assert list(service.uploads) == [capture]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ((422, {"title": "Unprocessable Content", "detail": "it differs"}), "it differs"),
        pytest.param(
            (413, {"title": "Content Too Large", "detail": ""}),
            "larger than the service takes",
            marks=pytest.mark.matrix,
        ),
        pytest.param(
            (409, {"title": "Conflict", "detail": "other content"}),
            "other content",
            marks=pytest.mark.matrix,
        ),
    ],
)
def test_a_refusal_is_kept_with_its_reason_until_the_person_decides(
    shared: Browser,
    service: stub.Service,
    site: str,
    refusal: tuple[int, dict[str, str]],
    words: str,
) -> None:
    service.refusals = [refusal]
    page = shared.open(f"{site}/wall")
    refused = shared.capture(page, POST)
    shared.wait_until(refused, "failed")
    after = shared.capture(page, "#comment-3 p")
    shared.wait_until(after, "sealed")  # a refused one does not hold up the next
    popup = shared.press_toolbar_button(page)
    popup.wait_for_text(words)
    popup.click(".list_failed button")
    shared.wait_until(refused, "sealed")
    assert service.posts == [refused, after, refused]


def test_a_refused_capture_goes_only_after_two_presses(
    shared: Browser, service: stub.Service, site: str
) -> None:
    service.refusals = [(422, {"title": "No", "detail": "no"})]
    page = shared.open(f"{site}/wall")
    refused = shared.capture(page, POST)
    shared.wait_until(refused, "failed")
    popup = shared.press_toolbar_button(page)
    popup.click(".list_failed span button")
    popup.wait_for_text("Delete for good?")
    assert refused in {row["id"] for row in shared.status()["captures"]}
    popup.click(".list_failed span button")
    until(lambda: not popup.evaluate("document.querySelectorAll('.list_failed').length"), "it goes")
    assert refused not in {row["id"] for row in shared.status()["captures"]}


def test_a_revoked_token_keeps_the_captures_until_connected_again(
    shared: Browser, shared_host: stub.Host, service: stub.Service, site: str
) -> None:
    service.token = "another"
    page = shared.open(f"{site}/wall")
    capture = shared.capture(page, POST)
    popup = shared.press_toolbar_button(page)
    popup.wait_for_text("no longer accepts this browser")
    assert shared.wait_until(capture, "waiting")["problem"] is None
    shared.ask("pairing.remove")
    shared.pair(shared_host.origin, approve=lambda approval: approval.click("text=Approve"))
    shared.wait_until(capture, "sealed")


def test_the_badge_counts_what_waits(
    shared: Browser, shared_host: stub.Host, service: stub.Service, site: str
) -> None:
    shared_host.stop()
    page = shared.open(f"{site}/wall")
    made = [shared.capture(page, f"#comment-{number} p") for number in (2, 3)]
    own = shared.open(shared.address("pages/pair.html"))
    badge = "chrome.action.getBadgeText({})"
    assert own.evaluate(badge) == "2"
    shared_host.start()
    shared.pass_time(60)
    for each in made:
        shared.wait_until(each, "sealed", patience=60)
    assert own.evaluate(badge) == ""
