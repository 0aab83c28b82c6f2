"""Posts that are not easy to picture, in Firefox: each captured once in one browser; and masks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.evidence.kept_original import Commitment, check_commitment
from archiver.evidence.picture import open_picture as decode
from tests.e2e.extension import situations, stub
from tests.e2e.firefox.browser import Browser
from tests.e2e.firefox.tab import FirefoxTab
from tests.servers.waiting import wait_for


@pytest.fixture
def tab(paired: Browser, host: stub.Host) -> Iterator[FirefoxTab]:
    page = paired.open("about:blank")
    yield FirefoxTab(paired, host, page)
    page.close()


@pytest.mark.parametrize(
    "path",
    [
        "/shadow",
        "/dark",
        pytest.param("/rtl", marks=pytest.mark.matrix),
        pytest.param("/bubble", marks=pytest.mark.matrix),
        "/sticky",
        pytest.param("/sticky-inside", marks=pytest.mark.matrix),
        pytest.param("/lazy", marks=pytest.mark.matrix),
        "/unrendered",
        "/box",
    ],
)
def test_the_picture_is_the_post_and_all_of_it(tab: FirefoxTab, site: str, path: str) -> None:
    situations.check_whole(tab, site + path, is_dark=path == "/dark")


@pytest.mark.matrix
def test_a_post_that_moves_is_whole_and_goes_on_moving(tab: FirefoxTab, site: str) -> None:
    situations.check_animated(tab, f"{site}/animated")


@pytest.mark.parametrize(
    ("path", "inside"),
    [("/frame", "/plain"), pytest.param("/frame-tall", "/long", marks=pytest.mark.matrix)],
)
def test_a_post_in_a_frame_of_the_same_origin_is_captured_with_both_addresses(
    tab: FirefoxTab, site: str, path: str, inside: str
) -> None:
    situations.check_frame(tab, site, path, inside)


def test_what_stands_in_a_frame_of_another_site_is_said_to_be_closed(
    tab: FirefoxTab, site: str
) -> None:
    situations.check_foreign_frame(tab, f"{site}/foreign")


@pytest.mark.parametrize(
    "factor",
    [
        0.67,
        pytest.param(1.5, marks=pytest.mark.matrix),
        2,
        pytest.param(3, marks=pytest.mark.matrix),
    ],
)
def test_a_zoomed_page_is_pictured_to_the_posts_borders(
    tab: FirefoxTab, site: str, factor: float
) -> None:
    """The browser's own screenshot is of no use here: it takes the zoom back."""
    situations.check_zoomed(tab, f"{site}/long", factor)


@pytest.mark.parametrize("path", situations.PARTIAL)
def test_what_a_check_finds_is_named_and_said(tab: FirefoxTab, site: str, path: str) -> None:
    situations.check_partial(tab, site, path)


def test_the_answers_to_a_post_and_the_post_answered_are_told(tab: FirefoxTab, site: str) -> None:
    situations.check_thread(tab, f"{site}/thread")


def test_the_posts_own_pictures_are_files_and_its_copy_shows_them_without_any_network(
    tab: FirefoxTab, site: str, tmp_path: Path
) -> None:
    address = f"{site}/pictures-free"
    upload = situations.check_own_pictures(tab, address)
    situations.check_copy(tab, address, upload, tmp_path / "snapshot.html")


def test_where_a_page_lets_nothing_be_fetched_its_pictures_are_read_from_the_screen(
    tab: FirefoxTab, site: str
) -> None:
    """Firefox holds the extension's scripts to the page's policy, too."""
    situations.check_own_pictures(tab, f"{site}/pictures", others=False)


def test_a_mask_drawn_before_sending_hides_words_and_pixels(
    paired: Browser, host: stub.Host, site: str
) -> None:
    paired.ask("review.set", {"isOn": True})
    page = paired.open(f"{site}/wall")
    capture = paired.capture(page, situations.WORDS)
    paired.ask("review.set", {"isOn": False})
    address = f"pages/mask.html?capture={capture}"
    review = wait_for(
        lambda: next((tab for url, tab in paired.pages() if url.endswith(address)), None),
        "the page of masks opens",
    )
    review.wait_for_shown("#send")
    assert capture not in host.service.posts
    # over the author's name, at the top left corner of the post
    review.drag("#stage-screenshot img", (10, 10), (120, 40))
    wait_for(lambda: review.count(".mask") == 1, "a mask is drawn")
    review.click("#send")
    uploads = host.service.uploads
    upload = wait_for(lambda: uploads.get(capture), "the capture is sent", 60)
    assert b"Dupont" not in upload.raw
    assert "snapshot.html" not in upload.files
    for mask in upload.manifest.masks:
        made = Commitment("screenshot", upload.files[mask.tiles], upload.files[mask.salts])
        check_commitment(made, decode(upload.files[mask.picture]), mask.hidden)
    assert len(upload.manifest.masks) == 2
    review.close()
