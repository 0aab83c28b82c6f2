"""Pairing in Firefox: the browser's own prompt, and what each outcome says."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.e2e.extension import stub
from tests.e2e.firefox.browser import Browser
from tests.servers.waiting import wait_for

Cause = Callable[[stub.Host], object]


def set_on(**values: object) -> Cause:
    return lambda host: vars(host.service).update(values)


FAULTS: list[tuple[str, Cause, str]] = [
    ("nothing listens there", lambda host: host.stop(), "The service does not answer"),
    ("another program answers", set_on(product="other"), "is not a Rature service"),
    ("an older interface", set_on(api=0), "too old"),
    ("seven minutes apart", set_on(clock_offset=timedelta(minutes=7)), "differ by 7 minutes"),
]


# As after many attempts: the next one would come in ten minutes.
LONG_PAUSE = """async (id) => {
  const {find, update} = await import('/lib/outbox.js');
  await update({...(await find(id)), next_attempt_at: Date.now() + 600_000});
  await chrome.alarms.clear('outbox');
}"""


def test_the_prompt_names_the_host_and_refusing_it_sends_nothing_and_says_what_to_do(
    browser: Browser, host: stub.Host, site: str
) -> None:
    page = browser.open(browser.address("pages/pair.html"))
    page.wait_for_shown("#go")
    page.fill("#address", host.origin)
    page.click("#go")
    asked = browser.ui.prompt()
    assert "Rature" in asked
    assert "127.0.0.1" in asked
    browser.ui.answer_prompt("Deny")
    page.wait_for_text("does not allow Rature to reach", "#fault")
    assert host.service.public_key is None  # no request was made
    assert browser.status()["grant"] is None
    page.click("#go")  # asked again, as often as wanted
    browser.ui.answer_prompt("Allow")
    page.wait_for_text(stub.CODE, "#code")
    browser.ask("pairing.cancel")
    page.close()


def test_goes_on_without_its_page_and_with_the_event_page_suspended(
    browser: Browser, host: stub.Host
) -> None:
    page = browser.open(browser.address("pages/pair.html"))
    page.wait_for_shown("#go")
    page.fill("#address", host.origin)
    page.click("#go")  # allowed before: no prompt
    page.wait_for_text(stub.CODE, "#code")
    page.close()
    browser.stop_background()
    before = host.service.polls
    host.service.decision = "approved"
    wait_for(lambda: host.service.polls > before, "the alarm wakes the event page", 60)
    service = wait_for(lambda: browser.status()["service"], "paired")
    assert service["origin"] == host.origin
    assert (host.service.client_name or "").startswith("Rature, Firefox")


def test_the_private_key_cannot_be_exported_and_stays_the_same(
    browser: Browser, host: stub.Host
) -> None:
    outcome = browser.own_page().run(
        """async () => {
          const {signingKey, publicKey} = await import('/lib/keys.js');
          const pair = await signingKey();
          const exported = crypto.subtle.exportKey('pkcs8', pair.privateKey);
          return [await exported.then(() => 'exported', (e) => e.name), await publicKey(pair)];
        }"""
    )
    assert outcome == ["InvalidAccessError", host.service.public_key]


def test_a_permission_taken_back_is_explained_and_allowing_it_again_sends_what_waits(
    browser: Browser, host: stub.Host, site: str
) -> None:
    assert browser.status()["service"]["origin"] == host.origin  # paired by the tests before
    removed = "async () => chrome.permissions.remove({origins: ['http://127.0.0.1/*']})"
    assert browser.own_page().run(removed) is True
    page = browser.open(f"{site}/wall")
    capture = browser.capture(page, "#comment-42 p")
    popup = browser.press_toolbar_button(page)
    popup.wait_for_text("does not allow Rature to reach")
    assert browser.wait_until(capture, "waiting")["answer"] is None
    assert host.service.posts == []
    browser.ask("outbox.flush")
    browser.own_page().run(LONG_PAUSE, capture)
    popup.click("#trouble button")
    browser.ui.prompt()
    popup.close()  # as a click anywhere does: what waits is sent all the same
    browser.ui.answer_prompt("Allow")
    wait_for(lambda: host.service.posts == [capture], "what waited is sent")
    browser.wait_until(capture, "sealed")


@pytest.mark.matrix
@pytest.mark.parametrize(("what", "cause", "words"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_is_named_with_what_to_do(
    paired: Browser, what: str, cause: Cause, words: str
) -> None:
    browser = paired
    browser.ask("pairing.remove")
    with stub.serve() as other:
        cause(other)
        page = browser.open(browser.address("pages/pair.html"))
        page.wait_for_shown("#go")
        page.fill("#address", other.origin)
        page.click("#go")  # Firefox allows a host, whatever its port
        page.wait_for_text(words, "#fault")
        assert browser.status()["service"] is None
        page.close()
