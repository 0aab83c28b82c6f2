"""An update of the extension in Firefox loses nothing."""

from pathlib import Path

import pytest

from tests.e2e.extension import former, stub
from tests.e2e.extension.blog import serve
from tests.e2e.firefox.browser import build_package, launch
from tests.servers.waiting import wait_for

VERSION = "() => chrome.runtime.getManifest().version"


@pytest.mark.matrix
def test_outbox_key_and_receipts_outlive_an_update(
    tmp_path: Path, host: stub.Host, site: str
) -> None:
    source = former.unpack_former(tmp_path / "former")
    package = build_package(tmp_path / "before", source)
    with launch(tmp_path, package=package) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("button"))
        key = host.service.public_key
        page = browser.open(f"{site}/wall")
        sealed = browser.capture(page, "#comment-2 p")
        before = browser.wait_until(sealed, "sealed")
        host.stop()
        waiting = browser.capture(page, "#comment-3 p")
        assert browser.own_page().run(VERSION) == former.VERSION

        browser.install(
            build_package(tmp_path / "after")
        )  # while the browser runs, as Firefox does
        version = wait_for(lambda: browser.own_page().run(VERSION), "the update runs")
        assert version != former.VERSION
        assert browser.wait_until(sealed, "sealed") == before
        assert browser.captures() == [waiting, sealed]
        host.start()
        browser.wait_until(waiting, "sealed", patience=90)
        assert host.service.posts == [sealed, waiting]
        # signed by the key of before: the stub checks every signature against the paired one
        after = browser.capture(browser.open(f"{site}/wall"), "#comment-42 p")
        browser.wait_until(after, "sealed", patience=60)
        assert host.service.public_key == key
        uploads = host.service.uploads
        versions = {each: uploads[each].manifest.environment.extension_version for each in uploads}
        assert versions == {sealed: former.VERSION, waiting: former.VERSION, after: version}


@pytest.mark.matrix
def test_on_pages_that_were_open_the_buttons_are_renewed(tmp_path: Path) -> None:
    """None of the former extension's scripts runs any more; what they drew still stands there."""
    with serve() as origin, launch(tmp_path) as browser:
        blog = origin.replace("127.0.0.1", "localhost")  # patterns know no ports in Firefox
        page = browser.open(f"{blog}/walnut")
        popup = browser.press_toolbar_button(page)
        popup.click("#button button")
        browser.ui.answer_prompt("Allow")
        popup.close()
        page.goto(f"{blog}/walnut")
        wait_for(lambda: page.count("rature-button"), "the buttons stand on the page")
        page.run("() => { document.querySelector('rature-button').id = 'former' }")
        browser.install(build_package(tmp_path / "after"))
        wait_for(lambda: page.count("rature-button:not(#former)"), "there are new ones")
        assert page.count("#former") == 0
