"""Two hundred captures wait, and the browser is killed while they are sent."""

import pytest

from tests.e2e.extension import stub
from tests.e2e.extension.launch import Browser
from tests.e2e.extension.many import capture_many
from tests.e2e.scenario import until

COUNT, TRUE = 200, 5
SHOWN = """async ([selector, count]) => {
  while (document.querySelectorAll(selector).length < count) {
    await new Promise((done) => setTimeout(done, 5));
  }
  return performance.now();
}"""


def seconds_to_show(browser: Browser, name: str, selector: str) -> float:
    """From opening a page of the extension until all of its rows are there: the best of three."""
    found = []
    for _ in range(3):
        page = browser.open(browser.address(f"pages/{name}.html"))
        found.append(page.evaluate(SHOWN, [selector, COUNT]) / 1000)
        page.close()
    return float(min(found))


def states(browser: Browser) -> set[str]:
    """In which the captures are."""
    return {row["state"] for row in browser.status()["captures"]}


@pytest.mark.matrix
def test_two_hundred_captures_are_shown_at_once_and_sent_once_and_in_order(
    paired: Browser, host: stub.Host, site: str
) -> None:
    host.service.seal_after, host.service.slow_s = 0, 0.01
    host.stop()
    page = paired.open(f"{site}/wall")
    made = [paired.capture(page, f"#comment-{number + 1} p") for number in range(TRUE)]
    made += capture_many(paired.own_page(), COUNT - TRUE, site)
    assert [row["id"] for row in reversed(paired.status()["captures"])] == made

    assert seconds_to_show(paired, "popup", ".list_waiting li") < 1
    assert seconds_to_show(paired, "panel", "#cards li") < 1

    host.start()
    paired.own_page().evaluate("void chrome.runtime.sendMessage({name: 'outbox.flush'})")
    until(lambda: len(host.service.posts) > COUNT // 4, "some are sent")
    paired.kill()
    assert len(host.service.uploads) < COUNT, "all were sent before the browser was killed"
    paired.restart()
    panel = paired.open(paired.address("pages/panel.html"))
    panel.get_by_role("button", name="I was told why").first.click()  # usable meanwhile
    panel.get_by_label("What you were told, word for word").fill("half a sent")
    until(lambda: len(host.service.uploads) == COUNT, "all are sent")
    assert list(host.service.uploads) == made
    twice = [key for key in made if host.service.posts.count(key) > 1]
    assert len(twice) <= 1  # what was under way when the browser was killed
    assert list(dict.fromkeys(host.service.posts)) == made
    until(lambda: states(paired) == {"sealed"}, "all receipts are kept")
