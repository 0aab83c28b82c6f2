"""Several services: each post stays with the one that watches it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.extension import stub, wall
from tests.e2e.extension.launch import Browser, launch
from tests.e2e.extension.test_popup import watch

Both = tuple[Browser, stub.Host, stub.Host, str]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """A browser that is paired with two services, the second one last."""
    folder = tmp_path_factory.mktemp("services")
    with (
        stub.serve() as first,
        stub.serve() as second,
        wall.serve() as site,
        launch(folder, [first.origin, second.origin]) as browser,
    ):
        second.service.token = "token-2"
        browser.pair(first.origin, approve=approve)
        page = browser.open(browser.address("pages/pair.html"))
        page.click("#another")
        page.fill("#address", second.origin)
        with browser.context.expect_page() as opened:
            page.click("#go")
        opened.value.wait_for_url(f"{second.origin}/**")
        approve(opened.value)
        page.locator("#others").wait_for(state="visible")
        page.close()
        yield browser, first, second, site


def approve(page: Page) -> None:
    page.click("text=Approve")


def about(number: int) -> dict[str, Any]:
    return watch(number, "removed", "likely", text=f"Complaint {number}")


def test_new_captures_go_to_one_and_what_is_told_goes_where_the_post_is_watched(both: Both) -> None:
    browser, first, second, site = both
    first.service.watches, second.service.watches = [about(1)], [about(2)]
    page = browser.open(f"{site}/wall")
    browser.wait_until(browser.capture(page, "#comment-42 p"), "sealed")
    assert (len(first.service.uploads), len(second.service.uploads)) == (0, 1)
    browser.ask("watches.refresh")
    panel = browser.open(browser.address("pages/panel.html"))
    for number, host in ((1, first), (2, second)):
        card = panel.locator("#cards li").filter(has_text=f"Complaint {number}")
        card.get_by_role("button", name="I was told why").click()
        card.get_by_role("textbox").fill(f"Reason {number}")
        card.get_by_role("button", name="Add to the file").click()
        expect(card).to_contain_text("the service knows")
        assert host.service.notices() == [(f"wat_{number}", "reasons_given", f"Reason {number}")]
        assert card.get_by_role("link").get_attribute("href") == (
            f"{host.origin}/watches/wat_{number}"
        )
    panel.close()


def test_one_that_is_away_holds_up_nothing_of_the_other(both: Both) -> None:
    browser, first, second, _ = both
    second.stop()
    first.service.watches = [about(1), about(3)]
    panel = browser.open(browser.address("pages/panel.html"))
    expect(panel.locator("#cards")).to_contain_text("Complaint 3")
    expect(panel.locator("#cards")).to_contain_text("Complaint 2")  # what it said last
    expect(panel.locator("#trouble")).to_contain_text("does not answer")
    expect(panel.locator("#trouble").get_by_role("button")).to_have_text("Check the address")
    second.start()
    panel.close()


def test_captures_go_to_the_other_when_it_is_preferred_and_each_can_be_left(both: Both) -> None:
    browser, first, _, site = both
    page = browser.open(browser.address("pages/pair.html"))
    page.locator("#services").get_by_role("button", name="Send new captures here").click()
    expect(page.locator("#origin")).to_have_text(first.origin)
    wall_page = browser.open(f"{site}/wall")
    browser.wait_until(browser.capture(wall_page, "#comment-3 p"), "sealed")
    assert len(first.service.uploads) == 1
    page.bring_to_front()
    page.locator("#services").get_by_role("button", name="Disconnect").click()
    expect(page.locator("#others")).to_be_hidden()
    status = browser.status()
    assert [service["origin"] for service in status["services"]] == [first.origin]
    assert {row["origin"] for row in status["watches"]} == {first.origin}
    assert "token" not in str(status["services"])
