"""Pairing through the real pages: what happens, and what each fault says."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.extension import stub
from tests.e2e.extension.launch import Browser, launch

Fault = Callable[[stub.Host], object]


def set_on(**values: object) -> Fault:
    return lambda host: vars(host.service).update(values)


# what is wrong before Connect is pressed -> what the page says
FAULTS: list[tuple[str, Fault, str]] = [
    ("nothing listens there", lambda host: host.stop(), "The service does not answer"),
    ("another program answers", set_on(product="other"), "is not a Rature service"),
    ("its interface is older than ours", set_on(api=0), "too old"),
    ("seven minutes apart", set_on(clock_offset=timedelta(minutes=7)), "differ by 7 minutes"),
    ("seven minutes the other way", set_on(clock_offset=-timedelta(minutes=7)), "by 7 minutes"),
]
LATER = FAULTS[2:4]
"""What the short run leaves out."""


def test_shows_the_code_opens_the_approval_page_and_ends_paired(
    browser: Browser, host: stub.Host
) -> None:
    seen: list[str] = []

    def approve(page: object) -> None:
        seen.append(page.inner_text("h1"))  # type: ignore[attr-defined]
        own = next(each for each in browser.context.pages if each.url.endswith("pair.html"))
        seen.append(own.inner_text("#code"))
        page.click("text=Approve")  # type: ignore[attr-defined]

    browser.pair(host.origin, approve)
    assert seen == [stub.CODE, stub.CODE]
    assert browser.status()["service"]["origin"] == host.origin
    assert host.service.client_name is not None
    assert "Chrom" in host.service.client_name


def test_the_private_key_cannot_be_exported(paired: Browser) -> None:
    page = paired.open(paired.address("pages/pair.html"))
    outcome = page.evaluate(
        """async () => {
          const {signingKey} = await import('/lib/keys.js');
          const {privateKey} = await signingKey();
          return crypto.subtle.exportKey('pkcs8', privateKey).then(() => 'exported', (e) => e.name);
        }"""
    )
    assert outcome == "InvalidAccessError"


@pytest.mark.parametrize(
    ("what", "cause", "words"),
    [
        pytest.param(*row, id=row[0], marks=pytest.mark.matrix if row in LATER else ())
        for row in FAULTS
    ],
)
def test_a_fault_is_named_with_what_to_do(
    browser: Browser, host: stub.Host, what: str, cause: Fault, words: str
) -> None:
    cause(host)
    page = browser.start_pairing(host.origin)
    expect(page.locator("#fault")).to_contain_text(words)
    assert browser.status()["service"] is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("http://", "is not an address"),
        ("ftp://127.0.0.1", "is not an address"),
        ("http://archive.example.org", "without encryption"),
    ],
)
def test_an_address_that_cannot_work_is_refused_before_anything_is_asked(
    browser: Browser, typed: str, words: str
) -> None:
    page = browser.start_pairing(typed)
    expect(page.locator("#fault")).to_contain_text(words)


@pytest.mark.parametrize(
    ("decision", "words"),
    [("access_denied", "was refused on the service"), ("expired_token", "code has expired")],
)
def test_the_end_of_a_grant_without_approval_is_told(
    browser: Browser, host: stub.Host, decision: str, words: str
) -> None:
    page = browser.start_pairing(host.origin)
    expect(page.locator("#code")).to_have_text(stub.CODE)
    host.service.decision = decision
    expect(page.locator("#fault")).to_contain_text(words)
    expect(page.locator("#ask")).to_be_visible()


def test_a_code_that_nobody_used_expires_by_this_clock_too(
    browser: Browser, host: stub.Host
) -> None:
    host.service.expires_in = 1
    page = browser.start_pairing(host.origin)
    expect(page.locator("#fault")).to_contain_text("code has expired")


def test_asks_more_slowly_when_told_so(browser: Browser, host: stub.Host) -> None:
    host.service.slow_downs = 1
    browser.start_pairing(host.origin)
    while host.service.polls == 0:
        grant = browser.status()["grant"]
    while grant["interval"] == 1:
        grant = browser.status()["grant"]
    assert grant["interval"] == 6


def test_goes_on_without_its_page_and_with_the_background_stopped(
    browser: Browser, host: stub.Host
) -> None:
    page = browser.start_pairing(host.origin)
    expect(page.locator("#code")).to_have_text(stub.CODE)
    page.close()
    browser.stop_worker()
    host.service.decision = "approved"
    before = host.service.polls
    while host.service.polls == before:  # the alarm alone wakes the background
        browser.context.pages[0].wait_for_timeout(50)
    while browser.status()["service"] is None:
        pass
    assert browser.status()["grant"] is None


def test_without_the_permission_nothing_is_sent_and_the_popup_offers_to_allow_it(
    tmp_path: Path, host: stub.Host, site: str
) -> None:
    with launch(tmp_path, [host.origin]) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
        browser.close()
        # what a manifest requires cannot be withdrawn: the copy loses it first
        manifest = tmp_path / "extension" / "manifest.json"
        manifest.write_text(manifest.read_text().replace(host.origin, "http://elsewhere"))
        browser.restart()
        settings = browser.open(browser.address("pages/pair.html"))
        settings.evaluate("o => chrome.permissions.remove({origins: [o + '/*']})", host.origin)
        page = browser.open(f"{site}/wall")
        capture = browser.capture(page, "#comment-42 p")
        popup = browser.press_toolbar_button(page)
        popup.wait_for_text("does not allow Rature to reach")
        popup.wait_for_text("Allow access")
        assert browser.wait_until(capture, "waiting")["answer"] is None
        assert host.service.posts == []


def test_disconnecting_forgets_the_token_and_keeps_the_captures(
    paired: Browser, host: stub.Host, site: str
) -> None:
    capture = paired.capture(paired.open(f"{site}/wall"), "#comment-42 p")
    paired.wait_until(capture, "sealed")
    page = paired.open(paired.address("pages/pair.html"))
    page.click("#remove")
    expect(page.locator("#ask")).to_be_visible()
    status = paired.status()
    assert status["service"] is None
    assert [row["id"] for row in status["captures"]] == [capture]
