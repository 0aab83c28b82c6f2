"""An update of the extension in Chromium loses nothing."""

import shutil
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.extension import former, stub
from tests.e2e.extension.blog import serve
from tests.e2e.extension.launch import SOURCE, Browser, allow, launch
from tests.servers.waiting import wait_for


def test_outbox_key_and_receipts_outlive_an_update(
    tmp_path: Path, host: stub.Host, site: str
) -> None:
    folder = tmp_path / "extension"
    allow(former.unpack_former(folder), [host.origin])
    with launch(tmp_path, [host.origin]) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
        key = host.service.public_key
        page = browser.open(f"{site}/wall")
        sealed = browser.capture(page, "#comment-2 p")
        before = browser.wait_until(sealed, "sealed")
        host.stop()
        waiting = browser.capture(page, "#comment-3 p")
        browser.close()

        shutil.rmtree(folder)  # at the same place: Chromium tells extensions by their folder
        shutil.copytree(SOURCE, folder)
        allow(folder, [host.origin])
        browser.restart()
        browser.load_anew()
        own = browser.open(browser.address("pages/pair.html"))
        version = own.evaluate("chrome.runtime.getManifest().version")
        assert version not in (former.VERSION, "")
        assert browser.wait_until(sealed, "sealed") == before
        assert [row["id"] for row in browser.status()["captures"]] == [waiting, sealed]
        host.start()
        browser.pass_time(60)
        browser.wait_until(waiting, "sealed", patience=90)
        assert host.service.posts == [sealed, waiting]
        # signed by the key of before: the stub checks every signature against the paired one
        after = browser.capture(browser.open(f"{site}/wall"), "#comment-42 p")
        browser.sent(host.service.uploads, after)
        assert host.service.public_key == key
        uploads = host.service.uploads
        versions = {each: uploads[each].manifest.environment.extension_version for each in uploads}
        assert versions == {sealed: former.VERSION, waiting: former.VERSION, after: version}


def says(browser: Browser, page: Page, words: str) -> bool:
    return words in browser.words_now(page)


def test_on_pages_that_were_open_the_picker_says_so_and_the_buttons_are_renewed(
    tmp_path: Path, host: stub.Host, site: str
) -> None:
    """What an extension left on a page outlives it in Chromium, and reaches nobody any more."""
    with serve() as blog, launch(tmp_path, [host.origin, blog]) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
        browser.ask("button.set", {"origin": blog, "isOn": True})
        buttons = browser.open(f"{blog}/walnut")
        former_ones = buttons.locator("rature-button")
        former_ones.evaluate("host => { host.id = 'former'; }")
        page = browser.open(f"{site}/wall")
        browser.start_picker(page)
        browser.load_anew()
        browser.click_at(page, page.locator("#comment-3 p"))
        # the picker's own words stand there until the click has reached it
        for words in ("Not captured", "Load this page again"):
            wait_for(partial(says, browser, page, words), words)
        assert browser.status()["captures"] == []
        buttons.bring_to_front()
        expect(buttons.locator("rature-button:not(#former)")).to_have_count(1)
        expect(buttons.locator("#former")).to_have_count(0)
