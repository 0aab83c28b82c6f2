"""Nothing that was captured is lost, and nothing is sent twice."""

import pytest

from tests.e2e.extension import stub
from tests.e2e.extension.launch import Browser
from tests.e2e.scenario import until

POST = "#comment-42 p"
UNAVAILABLE = (503, {"title": "Service Unavailable", "detail": ""})


def test_the_receipt_is_stored_and_the_uploaded_bytes_go(
    paired: Browser, service: stub.Service, site: str
) -> None:
    service.seal_after = 2
    capture = paired.capture(paired.open(f"{site}/wall"), POST)
    row = paired.wait_until(capture, "sealed")
    assert row["receipt"] == f'{{"receipt": "{row["answer"]["receipt"]}"}}'
    assert row["answer"]["watch_id"] == "wat_0000000000000000"
    page = paired.open(paired.address("pages/pair.html"))
    assert page.evaluate("import('/lib/db.js').then(({all}) => all('parts'))") == []


def test_captures_made_while_the_service_is_down_are_sent_once_and_in_order(
    paired: Browser, host: stub.Host, site: str
) -> None:
    host.stop()
    page = paired.open(f"{site}/wall")
    made = [paired.capture(page, f"#comment-{number} p") for number in (2, 3, 4)]
    assert [paired.wait_until(each, "waiting")["state"] for each in made] == ["waiting"] * 3
    popup = paired.press_toolbar_button(page)
    said = popup.wait_for_text("The service does not answer")
    assert "Kept here, waiting to be archived" in said
    assert "Archived" not in said
    host.start()
    paired.pass_time(60)
    for each in made:  # by the alarm alone
        paired.wait_until(each, "sealed", patience=60)
    assert host.service.posts == made


def test_an_answer_that_was_lost_makes_no_second_capture(
    paired: Browser, service: stub.Service, site: str
) -> None:
    service.refusals = [UNAVAILABLE, UNAVAILABLE]
    capture = paired.capture(paired.open(f"{site}/wall"), POST)
    for attempt in (1, 2):
        until(lambda attempt=attempt: len(service.posts) == attempt, "an attempt fails")  # type: ignore[misc]  # a lambda's default
        paired.pass_time(60)
    paired.wait_until(capture, "sealed", patience=60)
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
    paired: Browser, host: stub.Host, site: str
) -> None:
    page = paired.open(f"{site}/tall")
    paired.start_picker(page)
    paired.stop_worker()
    paired.click_at(page, page.locator(POST))
    for _ in range(4):  # while it stitches
        page.wait_for_timeout(400)
        paired.stop_worker()
    while not (rows := paired.status()["captures"]):
        page.wait_for_timeout(50)
    paired.stop_worker()
    paired.pass_time(60)
    paired.wait_until(rows[0]["id"], "sealed", patience=60)
    assert list(host.service.uploads) == [rows[0]["id"]]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ((422, {"title": "Unprocessable Content", "detail": "it differs"}), "it differs"),
        pytest.param(
            (413, {"title": "Content Too Large", "detail": ""}),
            "Content Too Large",
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
    paired: Browser,
    service: stub.Service,
    site: str,
    refusal: tuple[int, dict[str, str]],
    words: str,
) -> None:
    service.refusals = [refusal]
    page = paired.open(f"{site}/wall")
    refused = paired.capture(page, POST)
    paired.wait_until(refused, "failed")
    after = paired.capture(page, "#comment-3 p")
    paired.wait_until(after, "sealed")  # a refused one does not hold up the next
    popup = paired.press_toolbar_button(page)
    popup.wait_for_text(words)
    popup.click(".list_failed button")
    paired.wait_until(refused, "sealed")
    assert service.posts == [refused, after, refused]


def test_a_refused_capture_goes_only_after_two_presses(
    paired: Browser, service: stub.Service, site: str
) -> None:
    service.refusals = [(422, {"title": "No", "detail": "no"})]
    page = paired.open(f"{site}/wall")
    paired.wait_until(paired.capture(page, POST), "failed")
    popup = paired.press_toolbar_button(page)
    popup.click(".list_failed span button")
    popup.wait_for_text("Delete for good?")
    assert len(paired.status()["captures"]) == 1
    popup.click(".list_failed span button")
    popup.wait_for_text("Nothing captured yet")
    assert paired.status()["captures"] == []


def test_a_revoked_token_keeps_the_captures_until_connected_again(
    paired: Browser, host: stub.Host, site: str
) -> None:
    host.service.token = "another"
    page = paired.open(f"{site}/wall")
    capture = paired.capture(page, POST)
    popup = paired.press_toolbar_button(page)
    popup.wait_for_text("no longer accepts this browser")
    assert paired.wait_until(capture, "waiting")["problem"] is None
    paired.ask("pairing.remove")
    paired.pair(host.origin, approve=lambda approval: approval.click("text=Approve"))
    paired.wait_until(capture, "sealed")


def test_the_badge_counts_what_waits(paired: Browser, host: stub.Host, site: str) -> None:
    host.stop()
    page = paired.open(f"{site}/wall")
    made = [paired.capture(page, f"#comment-{number} p") for number in (2, 3)]
    own = paired.open(paired.address("pages/pair.html"))
    badge = "chrome.action.getBadgeText({})"
    assert own.evaluate(badge) == "2"
    host.start()
    paired.pass_time(60)
    for each in made:
        paired.wait_until(each, "sealed", patience=60)
    assert own.evaluate(badge) == ""
