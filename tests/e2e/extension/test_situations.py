"""Posts that are not easy to picture, in Chromium: each captured once in one browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.extension import situations, stub
from tests.e2e.extension.launch import Browser
from tests.e2e.extension.tab import ChromiumTab


@pytest.fixture
def tab(shared: Browser, shared_host: stub.Host) -> Iterator[ChromiumTab]:
    page = shared.context.new_page()
    yield ChromiumTab(shared, shared_host, page)
    page.close()


@pytest.mark.parametrize(
    "path",
    [
        "/shadow",  # inside an open shadow root
        "/dark",  # dark by the person's wish
        "/rtl",  # from right to left
        "/bubble",  # a chat bubble lies over the post
        "/sticky",  # taller than the window, under a header that stays
        # with a header of its own that stays
        pytest.param("/sticky-inside", marks=pytest.mark.matrix),
        "/lazy",  # with pictures that load when they are seen, and move what follows
        # with parts that are not drawn before they are seen
        pytest.param("/unrendered", marks=pytest.mark.matrix),
        "/box",  # taller than the box that scrolls it
    ],
)
def test_the_picture_is_the_post_and_all_of_it(tab: ChromiumTab, site: str, path: str) -> None:
    situations.check_whole(tab, site + path, is_dark=path == "/dark")


def test_a_post_that_moves_is_whole_and_goes_on_moving(tab: ChromiumTab, site: str) -> None:
    situations.check_animated(tab, f"{site}/animated")


@pytest.mark.parametrize(
    ("path", "inside"),
    [("/frame", "/plain"), pytest.param("/frame-tall", "/long", marks=pytest.mark.matrix)],
)
def test_a_post_in_a_frame_of_the_same_origin_is_captured_with_both_addresses(
    tab: ChromiumTab, site: str, path: str, inside: str
) -> None:
    situations.check_frame(tab, site, path, inside)


def test_what_stands_in_a_frame_of_another_site_is_said_to_be_closed(
    tab: ChromiumTab, site: str
) -> None:
    situations.check_foreign_frame(tab, f"{site}/foreign")


@pytest.mark.parametrize(
    "factor",
    [
        pytest.param(1.25, marks=pytest.mark.matrix),
        pytest.param(1.5, marks=pytest.mark.matrix),
        2,
        pytest.param(3, marks=pytest.mark.matrix),
    ],
)
def test_a_zoomed_page_is_pictured_to_the_posts_borders(
    tab: ChromiumTab, site: str, factor: float
) -> None:
    """A page of 125 % has the device pixel ratio 1.25, as on a screen of that ratio."""
    situations.check_zoomed(tab, f"{site}/long", factor)


@pytest.mark.parametrize("path", situations.PARTIAL)
def test_what_a_check_finds_is_named_and_said(tab: ChromiumTab, site: str, path: str) -> None:
    situations.check_partial(tab, site, path)


def test_the_answers_to_a_post_and_the_post_answered_are_told(tab: ChromiumTab, site: str) -> None:
    situations.check_thread(tab, f"{site}/thread")


def test_the_posts_own_pictures_are_files_and_its_copy_shows_them_without_any_network(
    tab: ChromiumTab, site: str, tmp_path: Path
) -> None:
    address = f"{site}/pictures"
    upload = situations.check_own_pictures(tab, address)
    situations.check_copy(tab, address, upload, tmp_path / "snapshot.html")
