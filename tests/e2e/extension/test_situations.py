"""Posts that are not easy to picture, each captured once in one browser."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Frame, Page, expect

from archiver.domain.capture import Completeness
from tests.e2e.extension import stub, wall_situations
from tests.e2e.extension.launch import Browser
from tests.e2e.extension.pictures import contains_colour, differing_box, open_picture

POST = "#comment-42"
# Shows a post by itself, for the browser's own picture of it.
PLAIN = """
  [style*=fixed] { display: none } [style*=sticky] { position: relative !important }
  .comment div { content-visibility: visible !important }
"""


class Taken:
    """Captures in the shared browser, and what the service received of them."""

    def __init__(self, browser: Browser, host: stub.Host) -> None:
        self.browser = browser
        self._host = host

    def capture(self, page: Page, where: str = f"{POST} p") -> stub.Upload:
        taken = self.browser.capture(page, where)
        return self.browser.sent(self._host.service.uploads, taken)

    def capture_in(self, frame: Frame, page: Page) -> stub.Upload:
        before = {row["id"] for row in self.browser.status()["captures"]}
        page.bring_to_front()
        self.browser.start_picker(page)
        locator = frame.locator(f"{POST} p")
        self.browser.aim(page, locator)
        expect(frame.locator("rature-marks")).to_have_count(1)
        self.browser.click_at(page, locator)
        new = self.browser.wait_for_new(before)
        # the hint of the page itself is gone too
        expect(page.locator("rature-marks")).to_have_count(0)
        return self.browser.sent(self._host.service.uploads, new)


@pytest.fixture
def taken(shared: Browser, shared_host: stub.Host) -> Taken:
    return Taken(shared, shared_host)


@pytest.fixture
def page(shared: Browser) -> Iterator[Page]:
    page = shared.context.new_page()
    yield page
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
    ],
)
def test_the_picture_is_the_post_and_all_of_it(
    taken: Taken, site: str, page: Page, path: str
) -> None:
    page.emulate_media(color_scheme="dark" if path == "/dark" else "light")
    page.goto(site + path)
    page.add_style_tag(content=PLAIN)
    page.locator(POST).scroll_into_view_if_needed()
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
    # not `wait_for_function`: where it has to wait, the page's own policy refuses it
    page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
    expected = page.locator(POST).screenshot()
    page.goto(site + path)
    upload = taken.capture(page)
    assert upload.manifest.missing == []
    assert differing_box(upload.files["screenshot.png"], expected) is None


@pytest.mark.parametrize("path", ["/animated", "/box"])
def test_a_post_that_moves_or_stands_in_a_box_is_whole(
    taken: Taken, site: str, page: Page, path: str
) -> None:
    page.goto(site + path)
    height = page.evaluate(f"document.querySelector('{POST}').getBoundingClientRect().height")
    upload = taken.capture(page)
    assert upload.manifest.missing == []
    assert open_picture(upload.files["screenshot.png"]).height == round(height)
    moving = page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length")
    assert (moving > 0) == (path == "/animated")  # and goes on as before


@pytest.mark.parametrize(
    ("path", "inside"),
    [("/frame", "/plain"), pytest.param("/frame-tall", "/long", marks=pytest.mark.matrix)],
)
def test_a_post_in_a_frame_of_the_same_origin_is_captured_with_both_addresses(
    taken: Taken, site: str, page: Page, path: str, inside: str
) -> None:
    page.goto(site + path)
    frame = page.frame(url=f"**{inside}")
    assert frame is not None
    upload = taken.capture_in(frame, page)
    assert upload.manifest.missing == []
    assert upload.manifest.page.url == site + path
    assert upload.manifest.page.final_url == site + inside
    assert upload.manifest.post.author == "Jean Dupont"
    plain = taken.browser.open(site + inside)
    plain.set_viewport_size({"width": 915, "height": 700})  # as wide as the frame
    plain.evaluate("document.body.style.width = '900px'")
    expected = plain.locator(POST).screenshot()
    plain.close()
    assert differing_box(upload.files["screenshot.png"], expected) is None
    context = upload.files["context_screenshot.png"]
    assert contains_colour(context, (0xCC, 0, 0))  # the frame's border: the page around it


def test_what_stands_in_a_frame_of_another_site_is_said_to_be_closed(
    taken: Taken, site: str, page: Page
) -> None:
    page.goto(f"{site}/foreign")
    deadline = time.monotonic() + 10
    count = len(taken.browser.status()["captures"])
    taken.browser.start_picker(page)
    taken.browser.aim(page, page.locator("iframe"))
    while "other.localhost" not in (said := taken.browser.mark_words(page)):
        assert time.monotonic() < deadline, said
    page.mouse.click(400, 300)
    page.keyboard.press("Escape")
    assert len(taken.browser.status()["captures"]) == count


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
    taken: Taken, site: str, page: Page, factor: float
) -> None:
    """A page of 125 % has the device pixel ratio 1.25, as on a screen of that ratio."""
    page.goto(f"{site}/long")
    page.add_style_tag(content="main { width: 300px; padding-left: 20px }")
    taken.browser.zoom(page, factor)
    page.wait_for_function("factor => devicePixelRatio === factor", arg=factor)
    upload = taken.capture(page)
    box = page.evaluate(
        f"(() => {{ const box = document.querySelector('{POST}').getBoundingClientRect();"
        " return [box.width * devicePixelRatio, box.height * devicePixelRatio]; })()"
    )
    taken.browser.zoom(page, 1)
    picture = open_picture(upload.files["screenshot.png"])
    for ours, exact in zip(picture.size, box, strict=True):
        assert -0.01 < ours - exact < 2
    assert bordered(picture)
    assert upload.manifest.environment.device_pixel_ratio == str(factor)
    assert upload.manifest.missing == []


def bordered(picture: Image.Image) -> bool:
    """Whether the post's own border is on all four sides, at most one pixel from the edge."""
    for turn in (0, 90, 180, 270):
        turned = picture.rotate(turn, expand=True)
        lines = [turned.crop((9, row, turned.width - 9, row + 1)).getcolors() for row in (0, 1)]
        if not any(line == [(turned.width - 18, (0x99, 0x99, 0xBB))] for line in lines):
            return False
    return True


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("/covered", ["screenshot:text"]),  # something of the page lies over the words
        ("/folded", ["screenshot:text"]),  # "see more" was not opened
        ("/changing", ["text:changed"]),  # the page says something else once it is pictured
        ("/tainted", ["attachment:tainted"]),  # another site's picture that may not be read
    ],
)
def test_what_a_check_finds_is_named_and_said(
    taken: Taken, site: str, page: Page, path: str, missing: list[str]
) -> None:
    page.goto(site + path)
    if path == "/covered":  # where it is not
        page.add_style_tag(content=".comment a { float: right }")
    where = f"{POST} time" if path == "/covered" else f"{POST} p"
    upload = taken.capture(page, where)
    assert upload.manifest.completeness is Completeness.PARTIAL
    assert upload.manifest.missing == missing
    assert upload.manifest.post.text == wall_situations.COMPLAINT  # as it was when it was picked
    said = taken.browser.mark_words(page)
    assert "Incomplete" in said
    assert "Capture it again" in said


def test_the_answers_to_a_post_and_the_post_answered_are_told(
    taken: Taken, site: str, page: Page
) -> None:
    page.goto(f"{site}/thread")
    thread = taken.capture(page).manifest.thread
    assert [(entry.relation, entry.author) for entry in thread] == [
        ("reply", "La Marque"),
        ("reply", "Client 9"),
    ]
    assert thread[0].text == "Bonjour Jean, nous regrettons cela et vous remboursons."
    (parent,) = taken.capture(page, "#comment-51 p").manifest.thread
    assert (parent.relation, parent.post_id) == ("parent", "comment-42")
    assert parent.text == wall_situations.COMPLAINT


def test_the_posts_own_pictures_are_files_and_its_copy_shows_them_without_any_network(
    taken: Taken, site: str, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{site}/pictures")
    expected = page.locator(POST).screenshot()
    upload = taken.capture(page)
    assert upload.manifest.missing == []
    files = [entry for entry in upload.manifest.files if entry.role == "attachment"]
    known = {data: name for name, data in wall_situations.PICTURES.items()}
    assert [known[upload.files[entry.name]] for entry in files] == [
        "own",
        "best",
        "open",
        "poster",
        "ground",
    ]
    assert files[0].description == "La semelle trouée"
    assert files[0].source_url == f"{site}/img/own"
    copy = tmp_path / "snapshot.html"
    copy.write_bytes(upload.files["snapshot.html"])
    offline = taken.browser.context.new_page()
    asked: list[str] = []
    offline.on("request", lambda request: asked.append(request.url))
    offline.goto(copy.as_uri())
    shown = offline.locator("[data-rature-post]").screenshot()
    offline.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    # apart from the picture that the copy has in its best version
    assert alike(shown, expected) > 0.998


def alike(one: bytes, other: bytes) -> float:
    """The share of equal pixels of two pictures of one size."""
    pictures = [open_picture(each) for each in (one, other)]
    assert pictures[0].size == pictures[1].size
    difference = ImageChops.difference(*pictures).convert("L").histogram()
    return difference[0] / sum(difference)
