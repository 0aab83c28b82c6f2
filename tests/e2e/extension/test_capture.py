"""A capture from the toolbar's button to what the service received."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from archiver.domain.capture import Completeness
from tests.e2e.extension import stub, wall
from tests.e2e.extension.launch import Browser, launch
from tests.e2e.extension.pictures import contains_colour, differing_box, open_picture
from tests.e2e.scenario import until

NAVY, YELLOW = (0x22, 0x22, 0x44), (0xFF, 0xCC, 0x00)


def capture_and_send(browser: Browser, host: stub.Host, page: Page, post: str) -> stub.Upload:
    return browser.sent(host.service.uploads, browser.capture(page, post))


def test_three_clicks_capture_a_post_with_its_provenance(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/wall?page=2")
    upload = capture_and_send(shared, shared_host, page, "#comment-42 p")
    manifest = upload.manifest
    assert manifest.post.text == wall.COMPLAINT
    assert manifest.post.author == "Jean Dupont"
    assert manifest.post.post_id == "comment-42"
    assert manifest.post.permalink == f"{site}/wall#comment-42"
    assert manifest.post.shown_time == "42 mars 2026 à 20:15"
    assert manifest.post.markup_time == "2026-03-07T20:15:00Z"
    assert manifest.page.url == f"{site}/wall?page=2"
    assert manifest.page.status == 200
    assert manifest.completeness is Completeness.COMPLETE
    assert manifest.missing == []
    assert manifest.clock_offset_ms is not None
    assert abs(manifest.clock_offset_ms) < 2000
    assert manifest.environment.device_pixel_ratio == "1"
    assert manifest.environment.profile == "live"
    assert "Chrom" in (manifest.environment.browser or "")
    assert [entry.role for entry in manifest.files] == [
        "screenshot",
        "context_screenshot",
        "snapshot",
    ]


@pytest.mark.matrix  # zoomed pages have these ratios in the short run
@pytest.mark.parametrize("scale", [1.5, 2, 3])
def test_the_crop_is_the_post_pixel_by_pixel_at_several_pixel_ratios(
    tmp_path: Path, shared: Browser, host: stub.Host, site: str, scale: float
) -> None:
    with launch(tmp_path, [host.origin], scale=scale, beside=shared) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
        page = browser.open(f"{site}/wall")
        expected = page.locator("#comment-42").screenshot()
        upload = capture_and_send(browser, host, page, "#comment-42 p")
        assert upload.manifest.environment.device_pixel_ratio == str(scale)
        assert differing_box(upload.files["screenshot.png"], expected) is None


@pytest.mark.parametrize("path", ["/tall", "/tall-bars"])
def test_a_post_three_windows_tall_is_stitched_pixel_by_pixel(
    shared: Browser, shared_host: stub.Host, site: str, path: str
) -> None:
    page = shared.open(site + path)
    upload = capture_and_send(shared, shared_host, page, "#comment-42 p")
    plain = shared.open(f"{site}/tall")  # the same post without the bars
    expected = plain.locator("#comment-42").screenshot()
    stitched = upload.files["screenshot.png"]
    assert open_picture(stitched).height > 3 * page.evaluate("innerHeight")
    assert differing_box(stitched, expected) is None
    assert upload.manifest.missing == []
    assert upload.manifest.transformations[0].name == "stitch"


def test_bars_that_stay_in_place_are_hidden_only_while_stitching(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/tall-bars")
    before = page.evaluate("document.querySelector('.bar').outerHTML")
    upload = capture_and_send(shared, shared_host, page, "#comment-42 p")
    for colour in (NAVY, YELLOW):
        assert contains_colour(upload.files["context_screenshot.png"], colour)
        assert not contains_colour(upload.files["screenshot.png"], colour)
    assert page.evaluate("document.querySelector('.bar').outerHTML") == before


def test_a_tall_post_inside_a_scrolling_box_is_whole(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/scroller")
    upload = capture_and_send(shared, shared_host, page, "#comment-42 p")
    height = page.evaluate("document.querySelector('#comment-42').getBoundingClientRect().height")
    assert upload.manifest.missing == []
    assert open_picture(upload.files["screenshot.png"]).height == height


def test_the_scroll_position_is_put_back(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/tall")
    page.evaluate("scrollTo(0, 700)")
    page.wait_for_function("scrollY === 700")
    capture_and_send(shared, shared_host, page, "#comment-42 p")
    shown = page.evaluate("document.querySelector('#comment-42 p').getBoundingClientRect().top")
    assert 0 <= shown < page.evaluate("innerHeight")


def test_the_extensions_own_marks_are_in_no_picture(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/wall")
    expected = page.screenshot()
    upload = capture_and_send(shared, shared_host, page, "#comment-2 p")
    context = upload.files["context_screenshot.png"]
    assert differing_box(context, expected) is None
    assert b"rature-marks" not in upload.files["snapshot.html"]


def test_the_snapshot_holds_the_post_and_nothing_that_was_typed_or_runs(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/wall")
    page.fill("input[name=q]", "typed-later")
    page.evaluate("document.body.setAttribute('onclick', 'window.handlerRan = 1')")
    snapshot = (
        capture_and_send(shared, shared_host, page, "#comment-42 p").files["snapshot.html"].decode()
    )
    assert wall.COMPLAINT in snapshot.replace("&nbsp;", " ")
    assert "data-rature-post" in snapshot
    assert "line-height: 24px" in snapshot or "16px / 24px" in snapshot  # the sheet is inlined
    unwanted = ("<script", "typed-secret", "typed-later", "draft-secret", "csrf-secret")
    for words in (*unwanted, "cookie-secret", "handlerRan", "page-script"):
        assert words not in snapshot, words


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        # a post without words is described by its picture's description
        ("/picture", ["text"]),
        # white on white: there, but nobody could see it
        ("/white", ["screenshot:blank"]),
    ],
)
def test_a_part_that_failed_makes_the_capture_partial(
    shared: Browser, shared_host: stub.Host, site: str, path: str, missing: list[str]
) -> None:
    upload = capture_and_send(shared, shared_host, shared.open(site + path), "#comment-42")
    assert upload.manifest.completeness is Completeness.PARTIAL
    assert upload.manifest.missing == missing


def test_a_picture_that_could_not_be_taken_does_not_cost_the_words(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/tall")
    before = {row["id"] for row in shared.status()["captures"]}
    shared.start_picker(page)
    other = shared.open(f"{site}/wall")
    page.bring_to_front()
    shared.click_at(page, page.locator("#comment-42 p"))
    other.bring_to_front()  # in the middle of the stitching: its picture must not be taken
    capture = shared.wait_for_new(before)
    manifest = shared.sent(shared_host.service.uploads, capture).manifest
    assert manifest.completeness is Completeness.PARTIAL
    assert "screenshot" in manifest.missing
    assert manifest.post.text.startswith(wall.COMPLAINT)


def test_the_address_is_the_one_shown_after_a_page_changed_it(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/wall")
    page.evaluate("history.pushState(null, '', '/wall?thread=7')")
    upload = capture_and_send(shared, shared_host, page, "#comment-42 p")
    changed = upload.manifest.page
    assert changed.url == f"{site}/wall?thread=7"
    # the status was another page's, and that page was the way to this one
    assert (changed.status, changed.path_followed[-2:]) == (None, [f"{site}/wall", changed.url])
    looks = shared_host.service.looks
    until(lambda: changed.url in [look["final_url"] for look in looks()], "it is a look, too")


def test_the_status_stays_known_where_the_address_only_lost_what_counts_clicks(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    page = shared.open(f"{site}/wall?utm_source=mail&sort=new&fbclid=IwAR1")
    page.evaluate("history.replaceState(null, '', '/wall?sort=new')")
    upload = capture_and_send(shared, shared_host, page, "#comment-42 p")
    assert (upload.manifest.page.url, upload.manifest.page.status) == (f"{site}/wall?sort=new", 200)


def test_no_cookie_of_the_wall_reaches_the_service(
    shared: Browser, shared_host: stub.Host, site: str
) -> None:
    capture_and_send(shared, shared_host, shared.open(f"{site}/wall"), "#comment-42 p")
    assert all("cookie" not in headers for headers in shared_host.service.headers_seen[-1:])
