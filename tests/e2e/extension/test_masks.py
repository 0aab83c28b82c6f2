"""Names and faces are hidden before anything leaves the browser; the original stays provable."""

import io
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from archiver.domain.capture import Manifest
from archiver.evidence.kept_original import Commitment, check_commitment, original_list
from archiver.evidence.picture import open_picture
from tests.e2e.extension import stub
from tests.e2e.extension.launch import Browser
from tests.e2e.extension.pictures import differing_box
from tests.e2e.extension.wall import COMPLAINT

POST = "#comment-42"
AUTHOR, WORD = "Jean Dupont", "chaussures"
WHERE = """word => {
  const post = document.querySelector('#comment-42');
  const walker = document.createTreeWalker(post, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(word);
    if (at < 0) continue;
    const range = new Range();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + word.length);
    const [box, around] = [range.getBoundingClientRect(), post.getBoundingClientRect()];
    const {left, top} = around;
    return [box.left - left, box.top - top, box.right - left, box.bottom - top];
  }
}"""


@pytest.fixture
def page(shared: Browser, site: str) -> Iterator[Page]:
    page = shared.open(f"{site}/wall")
    yield page
    page.close()


def hold(browser: Browser, page: Page, post: str = f"{POST} p") -> tuple[str, Page]:
    """Captures with Shift held: gives the capture's id and the page of masks that opens."""
    before = {row["id"] for row in browser.status()["captures"]}
    browser.start_picker(page)
    place = browser.aim(page, page.locator(post))
    page.keyboard.down("Shift")
    with browser.context.expect_page() as opened:
        page.mouse.click(*place)
    page.keyboard.up("Shift")
    review = opened.value
    review.locator("#send").wait_for(state="visible")
    return browser.wait_for_new(before), review


def draw(review: Page, box: list[float], role: str = "screenshot") -> None:
    """Draws a mask with the mouse, in pixels of the picture."""
    stage = review.locator(f"#stage-{role} img")
    stage.scroll_into_view_if_needed()
    shown = stage.bounding_box()
    assert shown is not None
    scale = shown["width"] / stage.evaluate("image => image.naturalWidth")
    left, top, right, bottom = (each * scale for each in box)
    review.mouse.move(shown["x"] + left, shown["y"] + top)
    review.mouse.down()
    review.mouse.move(shown["x"] + right, shown["y"] + bottom, steps=3)
    review.mouse.up()


def test_what_is_masked_leaves_the_browser_in_no_form_and_can_be_proven_later(
    shared: Browser, shared_host: stub.Host, page: Page, tmp_path: Path
) -> None:
    expected = page.locator(POST).screenshot()
    boxes = [page.evaluate(WHERE, word) for word in (AUTHOR, WORD)]
    capture, review = hold(shared, page)
    assert capture not in shared_host.service.posts
    for box in boxes:
        draw(review, box)
    assert "██████████" in review.inner_text("#effects")
    review.click("#send")
    upload = shared.sent(shared_host.service.uploads, capture)
    assert_nothing_leaked(upload)
    manifest = upload.manifest
    assert (manifest.post.author, manifest.post.author_id) == (None, None)
    assert manifest.post.text.startswith("J'ai acheté ces ██████████ en juillet")
    assert manifest.post.post_id == "comment-42"
    assert {"author", "text"} <= set(manifest.masked_fields)
    assert manifest.missing == ["snapshot:masked"]
    for mask in manifest.masks:
        tiles, salts = upload.files[mask.tiles], upload.files[mask.salts]
        sent = open_picture(upload.files[mask.picture])
        check_commitment(Commitment("screenshot", tiles, salts), sent, mask.hidden)
    assert [mask.picture for mask in manifest.masks] == ["screenshot.png", "context_screenshot.png"]

    with review.expect_download() as saved:
        review.click("#save")
    folder = tmp_path / "original"
    with zipfile.ZipFile(saved.value.path()) as package:
        assert package.testzip() is None
        package.extractall(folder)
    original = (folder / "screenshot/original.png").read_bytes()
    assert differing_box(original, expected) is None
    assert original_list(original, "original.png") == upload.files["screenshot.tiles"]
    assert AUTHOR in (folder / "post.json").read_text()
    assert AUTHOR in (folder / "snapshot/snapshot.html").read_text()
    # by stock tools alone
    told = subprocess.run(
        ["sha256sum", "--quiet", "--strict", "-c", "TILES.sha256"],
        cwd=folder / "screenshot",
        check=False,
    )
    assert told.returncode == 0
    assert (folder / "screenshot/TILES.sha256").read_bytes() == upload.files["screenshot.tiles"]


def assert_nothing_leaked(upload: stub.Upload) -> None:
    for name, data in [("manifest", upload.raw), *upload.files.items()]:
        for word in (AUTHOR, "Dupont", WORD):
            assert word.encode() not in data, name
    assert "snapshot.html" not in upload.files
    # no unsalted hash of anything that was not sent
    sent = {entry.sha256 for entry in upload.manifest.files}
    for step in upload.manifest.transformations:
        assert step.input_sha256 == [] or step.output_sha256 in sent
        if step.name in ("crop", "stitch"):
            raise AssertionError("the unmasked picture is named by its plain hash")
    assert Manifest.model_validate_json(upload.raw) == upload.manifest


def draw_with_finger(
    browser: Browser, review: Page, start: tuple[int, int], end: tuple[int, int]
) -> None:
    box = review.locator("#stage-screenshot img").bounding_box()
    assert box is not None
    session = browser.context.new_cdp_session(review)
    places = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in (start, (80, 40), end)]
    touches = [("touchStart", [places[0]]), ("touchMove", [places[1]]), ("touchMove", [places[2]])]
    for kind, points in [*touches, ("touchEnd", [])]:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.detach()


def test_masks_are_drawn_moved_sized_and_undone_with_keys_and_fingers(
    shared: Browser, shared_host: stub.Host, page: Page
) -> None:
    capture, review = hold(shared, page)
    count = "document.querySelectorAll('.mask').length"
    box = "['x', 'y', 'width', 'height'].map(n => +document.activeElement.getAttribute(n))"
    review.focus("#add")
    review.keyboard.press("Enter")
    assert review.evaluate(count) == 1
    before = review.evaluate(box)
    review.keyboard.press("ArrowRight")
    review.keyboard.press("Shift+ArrowDown")
    x, y, width, height = review.evaluate(box)
    assert [x - before[0], y - before[1], width - before[2], height - before[3]] == [16, 0, 0, 16]
    review.keyboard.press("Control+z")
    review.keyboard.press("Control+z")
    assert review.evaluate("+document.querySelector('.mask').getAttribute('x')") == before[0]
    review.focus(".mask")
    review.keyboard.press("Delete")
    assert review.evaluate(count) == 0
    draw_with_finger(shared, review, (20, 20), (140, 60))
    assert review.evaluate(count) == 1
    review.click("#undo")
    assert review.evaluate(count) == 0
    assert review.inner_text("#send") == "Send it without masks"
    review.click("#send")
    upload = shared.sent(shared_host.service.uploads, capture)
    assert (upload.manifest.missing, upload.manifest.masks) == ([], [])
    assert "snapshot.html" in upload.files
    review.close()


def test_the_popups_wish_holds_every_capture_until_it_is_decided_and_what_is_given_up_is_gone(
    shared: Browser, shared_host: stub.Host, page: Page
) -> None:
    posts = len(shared_host.service.posts)
    shared.press_toolbar_button(page).click("#review")
    with shared.context.expect_page() as opened:
        capture = shared.capture(page, f"{POST} p")
    review = opened.value
    popup = shared.press_toolbar_button(page)
    said = popup.wait_for_text("Waiting for you to hide names or faces")
    assert "Choose what to hide" in said
    popup.click("#review")  # no more, from now on
    review.locator("#ends span button").click()
    review.locator("#ends span button").click()
    review.locator("#done").wait_for(state="visible")
    rows = shared.status()["captures"]
    assert capture not in [row["id"] for row in rows]
    assert len(shared_host.service.posts) == posts
    upload = shared.sent(shared_host.service.uploads, shared.capture(page, f"{POST} p"))
    assert upload.manifest.missing == []
    review.close()


def test_a_mask_on_the_page_around_hides_who_is_around_and_not_the_post(
    shared: Browser, shared_host: stub.Host, page: Page, site: str
) -> None:
    page.goto(f"{site}/thread")
    post = "#comment-51"  # the brand's answer to the complaint
    around = page.locator("#comment-42 > .author").bounding_box()
    assert around is not None
    left, top = around["x"], around["y"]
    right, bottom = left + around["width"], top + around["height"]
    capture, review = hold(shared, page, f"{post} p")
    draw(review, [left, top, right, bottom], "context_screenshot")
    review.click("#send")
    upload = shared.sent(shared_host.service.uploads, capture)
    manifest = upload.manifest
    assert [mask.picture for mask in manifest.masks] == ["context_screenshot.png"]
    assert AUTHOR.encode() not in upload.raw
    (parent,) = manifest.thread
    assert (parent.author, parent.author_id) == ("████ ██████", None)
    assert parent.post_id == "comment-42"
    assert parent.text == COMPLAINT
    assert manifest.masked_fields == ["thread"]
    assert manifest.post.author == "La Marque"
    assert manifest.post.text.startswith("Bonjour Jean, nous regrettons")
    picture = open_picture(upload.files["context_screenshot.png"])
    middle = round((left + right) / 2), round((top + bottom) / 2)
    assert picture.getpixel(middle) == (128, 128, 128)
    assert picture.getpixel((round(left) - 70, middle[1])) != (128, 128, 128)
    buffer = io.BytesIO(upload.files["screenshot.png"])
    assert differing_box(buffer.getvalue(), page.locator(post).screenshot()) is None
    (kept,) = [row for row in shared.status()["captures"] if row["id"] == capture]
    assert kept["hides"] == [AUTHOR]  # so that no later look tells it
    review.close()


def test_the_author_and_the_posts_around_can_be_left_out(
    shared: Browser, shared_host: stub.Host, page: Page, site: str
) -> None:
    page.goto(f"{site}/thread")
    capture, review = hold(shared, page, "#comment-51 p")
    for choice in ("author", "thread", "context"):
        review.check(f"#{choice}")
    review.click("#send")
    upload = shared.sent(shared_host.service.uploads, capture)
    assert upload.manifest.thread == []
    assert {"thread", "author"} <= set(upload.manifest.masked_fields)
    for name in (AUTHOR, "La Marque"):
        assert name.encode() not in upload.raw
    assert upload.manifest.post.text.startswith("Bonjour Jean, nous regrettons")
    assert "context_screenshot.png" not in upload.files
    review.close()


def test_what_was_held_back_is_held_back_again_when_it_is_captured_again(
    shared: Browser, shared_host: stub.Host, page: Page, site: str
) -> None:
    posts = list(shared_host.service.posts)
    page.goto(f"{site}/white")  # its picture is blank: a second attempt is offered
    _, review = hold(shared, page, POST)
    page.bring_to_front()
    shared.press_in_marks(page, "Capture it again")
    place = shared.aim(page, page.locator(POST))
    with shared.context.expect_page() as opened:
        page.mouse.click(*place)
    opened.value.locator("#send").wait_for(state="visible")
    assert shared_host.service.posts == posts
    for each in (review, opened.value):
        each.close()
