"""The panel: every post with what became of it, what can be told of it, and what waits."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from api.schemas_watches import NewNotice
from tests.e2e.axe import assert_accessible
from tests.e2e.extension import stub, wall
from tests.e2e.extension.launch import Browser, launch
from tests.e2e.extension.test_popup import watch
from tests.e2e.scenario import until

UNAVAILABLE = (503, {"title": "Service Unavailable", "detail": ""})
WATCH = "wat_0000000000000000"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, stub.Host, str]]:
    """One browser, paired, with one archived capture, for all tests of this file."""
    folder = tmp_path_factory.mktemp("panel")
    with stub.serve() as host, wall.serve() as site, launch(folder, [host.origin]) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
        page = browser.open(f"{site}/wall")
        browser.wait_until(browser.capture(page, "#comment-42 p"), "sealed")
        page.close()
        yield browser, host, site


@pytest.fixture
def host(running: tuple[Browser, stub.Host, str]) -> Iterator[stub.Host]:
    _, host, _ = running
    host.service.watches = [{**watch(0, "visible", text=wall.COMPLAINT), "id": WATCH}]
    host.service.told.clear()
    host.service.tellings.clear()
    host.service.look = None
    host.service.refusals.clear()
    yield host
    host.start()


@pytest.fixture
def panel(running: tuple[Browser, stub.Host, str], host: stub.Host) -> Iterator[Page]:
    browser, _, _ = running
    browser.ask("watches.refresh")
    page = browser.open(browser.address("pages/panel.html"))
    page.set_viewport_size({"width": 320, "height": 900})
    page.locator("#cards li").first.wait_for()
    yield page
    page.close()


def card(panel: Page) -> Any:
    return panel.locator("#cards li").filter(has_text="chaussures")


def test_a_post_is_shown_with_window_next_look_and_its_reason(
    panel: Page, host: stub.Host, running: tuple[Browser, stub.Host, str]
) -> None:
    missed = {**watch(0, "removed", "likely", text=wall.COMPLAINT), "id": WATCH}
    missed["verdict"] |= {
        "silent": True,
        "next_check_at": "2026-03-08T20:29:00Z",
        "next_check_reason": "after an absence",
        "reason": "login_wall",
    }
    host.service.watches = [missed]
    running[0].ask("watches.refresh")
    expect(card(panel)).to_contain_text("Probably no longer publicly visible")
    said = card(panel).inner_text()
    assert "Ceased to be publicly visible between Mar 7, 2026" in said
    assert "Next look Mar 8, 2026" in said
    assert "The post was missing, so it is checked again soon." in said
    assert "The last look told nothing: the page asked to log in." in said
    assert "No notice was found" in said
    widths = (
        "(({scrollWidth, clientWidth}) => [scrollWidth, clientWidth])(document.documentElement)"
    )
    scrolled, seen = panel.evaluate(widths)
    assert scrolled == seen <= 320  # also where a scroll bar takes some of it


def test_look_now_shows_progress_and_says_what_was_seen(panel: Page, host: stub.Host) -> None:
    host.service.look = {"sighting": "absent", "reason": None}
    card(panel).get_by_role("button", name="Look now").click()
    expect(card(panel).get_by_role("status")).to_have_text("Looked: the post is not there.")
    host.service.look = {"sighting": None, "reason": "challenge"}
    card(panel).get_by_role("button", name="Look now").click()
    expect(card(panel).get_by_role("status")).to_contain_text(
        "told nothing: the page asked to prove"
    )
    assert host.service.tellings == [f"/api/v1/watches/{WATCH}/checks"] * 2


def test_a_withdrawal_is_asked_once_and_can_be_taken_back_before_and_after_it_is_told(
    panel: Page, host: stub.Host, running: tuple[Browser, stub.Host, str]
) -> None:
    deleted = card(panel).get_by_role("button", name="I deleted it myself")
    deleted.click()
    expect(card(panel)).to_contain_text("You can take it back later, too")
    card(panel).get_by_role("button", name="Cancel").click()
    assert host.service.notices() == []
    expect(deleted).to_be_focused()
    deleted.click()
    card(panel).get_by_role("button", name="Yes, I deleted it").click()
    expect(card(panel)).to_contain_text("kept here, still to be told")
    card(panel).get_by_role("button", name="Take back").click()
    expect(card(panel)).not_to_contain_text("kept here, still to be told")
    deleted.click()
    card(panel).get_by_role("button", name="Yes, I deleted it").click()
    expect(card(panel)).to_contain_text("kept here, still to be told")
    running[0].pass_time(10)
    expect(card(panel)).to_contain_text("the service knows; a look that sees the post again")
    until(host.service.notices, "the service is told")
    assert host.service.notices() == [(WATCH, "withdrawn", "")]
    expect(deleted).to_be_hidden()
    host.stop()
    take_back = card(panel).get_by_role("button", name="Take back")
    take_back.click()
    expect(card(panel)).to_contain_text("You took it back")
    take_back.click()  # before it is told: it was meant after all
    expect(card(panel)).not_to_contain_text("You took it back")
    take_back.click()
    expect(card(panel)).to_contain_text("kept here, still to be told")
    host.start()
    running[0].pass_time(60)
    until(lambda: len(host.service.notices()) == 2, "the service is told that it is taken back")
    told, back = (sent for path, sent in host.service.told.values() if path.endswith("/notices"))
    assert (back["notice"], back["retracts"]) == ("retracted", told["at"])
    expect(take_back).to_have_count(0)
    expect(deleted).to_be_visible()


@pytest.mark.matrix
def test_what_is_told_while_the_service_is_down_is_sent_later_in_order_and_once(
    panel: Page, host: stub.Host, running: tuple[Browser, stub.Host, str]
) -> None:
    browser, _, _ = running
    host.stop()
    for text in ("First answer", "Second answer"):
        card(panel).get_by_role("button", name="I was told why").click()
        panel.get_by_label("What you were told, word for word").fill(text)
        panel.keyboard.press("Tab")  # to the picture
        panel.keyboard.press("Tab")
        panel.keyboard.press("Enter")
        expect(panel.locator("#waiting")).to_contain_text("Kept here, still to be told")
    card(panel).get_by_role("button", name="Look now").click()
    expect(card(panel).get_by_role("status")).to_contain_text("Your request is kept")
    own = panel.evaluate("chrome.action.getBadgeText({})")
    assert own == "2"
    browser.stop_worker()
    host.service.refusals = [UNAVAILABLE]  # and the first answer is lost
    host.start()
    browser.pass_time(60)
    until(lambda: host.service.refusals == [], "an attempt fails")
    browser.pass_time(60)
    expect(panel.locator("#waiting")).to_be_empty(timeout=60_000)  # by the alarm alone
    until(lambda: len(host.service.notices()) > 1, "the service is told")
    assert host.service.notices() == [
        (WATCH, "reasons_given", "First answer"),
        (WATCH, "reasons_given", "Second answer"),
    ]
    assert host.service.tellings[-1] == f"/api/v1/watches/{WATCH}/checks"
    assert panel.evaluate("chrome.action.getBadgeText({})") == ""


def test_a_refused_notice_is_shown_with_its_reason_until_the_person_decides(
    panel: Page, host: stub.Host
) -> None:
    host.service.refusals = [(422, {"title": "No", "detail": "check the clock"})]
    card(panel).get_by_role("button", name="I was told why").click()
    panel.get_by_label("What you were told, word for word").fill("<b>Rules</b>")
    panel.get_by_role("button", name="Add to the file").click()
    expect(panel.locator("#failed")).to_contain_text("check the clock")
    panel.locator("#failed").get_by_role("button", name="Try again").click()
    expect(panel.locator("#failed")).to_be_empty()
    until(host.service.notices, "the service is told")
    assert host.service.notices() == [(WATCH, "reasons_given", "<b>Rules</b>")]
    assert panel.locator("#cards b").count() == 0


def test_a_picture_of_what_was_told_is_sent_and_another_file_is_not(
    panel: Page, host: stub.Host, tmp_path: Path
) -> None:
    shown = tmp_path / "mail.png"
    Image.new("RGB", (4, 4), "red").save(shown)
    (tmp_path / "mail.txt").write_text("no picture")
    card(panel).get_by_role("button", name="I was told why").click()
    field = panel.get_by_label("or a picture of it")
    field.set_input_files(tmp_path / "mail.txt")
    panel.get_by_role("button", name="Add to the file").click()
    expect(panel.get_by_role("alert")).to_contain_text("Choose a PNG")
    field.set_input_files(shown)
    panel.get_by_role("button", name="Add to the file").click()
    expect(panel.get_by_role("alert")).to_be_hidden()
    expect(panel.locator("#waiting")).to_be_empty()
    until(lambda: host.service.told, "the service is told")
    (sent,) = [sent for _, sent in host.service.told.values()]
    picture = NewNotice.model_validate(sent).picture
    assert picture is not None
    assert picture.file().data == shown.read_bytes()


def test_receipt_and_evidence_file_are_saved(panel: Page, tmp_path: Path) -> None:
    for name, start in (("Save receipt", b'{"receipt":'), ("Save evidence file", b"PK/api/v1")):
        with panel.expect_download() as saved:
            card(panel).get_by_role("button", name=name).click()
        saved.value.save_as(tmp_path / "saved")
        assert (tmp_path / "saved").read_bytes().startswith(start)
        assert saved.value.suggested_filename.startswith("rature-")


def test_what_is_being_written_is_not_lost_when_something_changes(
    panel: Page, host: stub.Host, running: tuple[Browser, stub.Host, str]
) -> None:
    card(panel).get_by_role("button", name="I was told why").click()
    field = panel.get_by_label("What you were told, word for word")
    field.fill("half a sent")
    host.service.watches = [
        {**watch(1, "visible", text="another one"), "id": "wat_1"},
        {**watch(0, "removed", "likely", text=wall.COMPLAINT), "id": WATCH},
    ]
    running[0].ask("watches.refresh")
    expect(panel.locator("#cards li")).to_have_count(2)
    expect(field).to_have_value("half a sent")
    expect(field).to_be_focused()


def test_a_change_is_notified_once_also_when_the_background_was_stopped(
    panel: Page, host: stub.Host, running: tuple[Browser, stub.Host, str]
) -> None:
    browser, _, _ = running
    ids = "chrome.notifications.getAll().then(Object.keys)"
    host.service.watches = [{**watch(0, "hidden", "suspected"), "id": WATCH}]
    browser.ask("watches.refresh")
    assert panel.evaluate(ids) == [f"watch:{WATCH}"]
    panel.evaluate(f"chrome.notifications.clear('watch:{WATCH}')")
    browser.stop_worker()
    browser.ask("watches.refresh")
    assert panel.evaluate(ids) == []


def test_the_popup_opens_the_panel_beside_the_page(
    running: tuple[Browser, stub.Host, str], host: stub.Host
) -> None:
    browser, _, site = running
    page = browser.open(f"{site}/wall")
    browser.press_toolbar_button(page).click("#panel")
    session = browser._browser_session()
    wanted = browser.address("pages/panel.html")

    def opened() -> bool:
        targets = session.send("Target.getTargets")["targetInfos"]
        return any(target["url"] == wanted for target in targets)

    until(opened, "the panel opens")
    page.close()


@pytest.mark.parametrize("name", ["popup", "panel", "pair", "mask"])
def test_each_page_can_be_used_by_everybody(
    running: tuple[Browser, stub.Host, str], panel: Page, name: str
) -> None:
    browser, _, _ = running
    page = browser.open(browser.address(f"pages/{name}.html"))
    page.locator("h1, main, #cards li").first.wait_for()
    assert_accessible(page)
    page.close()
