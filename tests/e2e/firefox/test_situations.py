"""Posts that are not easy to picture, in Firefox: each captured once in one browser; and masks."""

import pytest

from archiver.evidence.kept_original import Commitment, check_commitment
from archiver.evidence.picture import open_picture as decode
from tests.e2e.extension import stub, wall_situations
from tests.e2e.extension.pictures import cropped, differing_box, open_picture
from tests.e2e.firefox.browser import Browser
from tests.servers.waiting import wait_for

POST = "#comment-42"
PLAIN = """() => {
  const sheet = document.createElement('style');
  sheet.textContent = '[style*=fixed] { display: none }'
    + '[style*=sticky] { position: relative !important }'
    + '.comment div { content-visibility: visible !important }';
  document.head.append(sheet);
}"""
LOADED = """async () => {
  for (const image of document.images) {
    image.scrollIntoView({behavior: 'instant'});
    await image.decode();
  }
  scrollTo(0, 0);
}"""


def sent(browser: Browser, host: stub.Host, capture: str) -> stub.Upload:
    wait_for(lambda: capture in host.service.uploads, "the capture is sent", 60)
    return host.service.uploads[capture]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/rtl", marks=pytest.mark.matrix),
        pytest.param("/bubble", marks=pytest.mark.matrix),
        "/sticky",
        pytest.param("/lazy", marks=pytest.mark.matrix),
        "/unrendered",
    ],
)
def test_the_picture_is_the_post_and_all_of_it(
    paired: Browser, host: stub.Host, site: str, path: str
) -> None:
    page = paired.open(site + path)
    page.run(PLAIN)
    page.run(LOADED)
    expected = page.screenshot(POST)
    page.goto(site + path)
    upload = sent(paired, host, paired.capture(page, f"{POST} p"))
    assert upload.manifest.missing == []
    picture = upload.files["screenshot.png"]
    size = open_picture(expected).size
    assert differing_box(cropped(picture, *size), expected) is None
    page.close()


def test_a_post_in_a_frame_of_the_same_origin_is_captured_with_both_addresses(
    paired: Browser, host: stub.Host, site: str
) -> None:
    for path, inside in (("/frame", "/plain"), ("/frame-tall", "/long")):
        page = paired.open(site + path)
        before = paired.captures()
        paired.start_picker(page)
        page.frame().click(f"{POST} p")
        upload = sent(paired, host, paired.wait_for_new(before))
        assert upload.manifest.missing == [], path
        assert upload.manifest.page.url == site + path
        assert upload.manifest.page.final_url == site + inside
        assert upload.manifest.post.author == "Jean Dupont"
        height = page.run(
            "s => document.querySelector('iframe').contentDocument.querySelector(s)"
            ".getBoundingClientRect().height",
            POST,
        )
        assert open_picture(upload.files["screenshot.png"]).height == round(height)
        assert page.count("rature-marks") in (0, 1)  # at most the notice, not the hint
        page.close()


def test_what_a_check_finds_is_named(paired: Browser, host: stub.Host, site: str) -> None:
    for path, missing in (
        ("/folded", ["screenshot:text"]),
        ("/changing", ["text:changed"]),
        ("/tainted", ["attachment:tainted"]),
    ):
        page = paired.open(site + path)
        upload = sent(paired, host, paired.capture(page, f"{POST} p"))
        assert upload.manifest.missing == missing, path
        assert upload.manifest.post.text == wall_situations.COMPLAINT
        page.close()


@pytest.mark.parametrize(
    "case",
    [
        ("/pictures-free", [], ["own", "best", "open", "poster", "ground"]),
        # a page whose policy lets nothing be fetched: Firefox holds our scripts to it, too
        ("/pictures", ["attachment:tainted"], ["own", "best", "poster", "ground"]),
    ],
)
def test_the_posts_own_pictures_are_files(
    paired: Browser, host: stub.Host, site: str, case: tuple[str, list[str], list[str]]
) -> None:
    path, missing, names = case
    page = paired.open(site + path)
    upload = sent(paired, host, paired.capture(page, f"{POST} p"))
    assert upload.manifest.missing == missing
    known = {decode(data).tobytes(): name for name, data in wall_situations.PICTURES.items()}
    files = [entry.name for entry in upload.manifest.files if entry.role == "attachment"]
    assert [known[decode(upload.files[name]).tobytes()] for name in files] == names
    if not missing:
        assert {upload.files[name] for name in files} <= {*wall_situations.PICTURES.values()}
    assert 'src="data:image/png' in upload.files["snapshot.html"].decode()
    page.close()


def test_a_mask_drawn_before_sending_hides_words_and_pixels(
    paired: Browser, host: stub.Host, site: str
) -> None:
    paired.ask("review.set", {"isOn": True})
    page = paired.open(f"{site}/wall")
    capture = paired.capture(page, f"{POST} p")
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
    upload = sent(paired, host, capture)
    assert b"Dupont" not in upload.raw
    assert "snapshot.html" not in upload.files
    for mask in upload.manifest.masks:
        made = Commitment("screenshot", upload.files[mask.tiles], upload.files[mask.salts])
        check_commitment(made, decode(upload.files[mask.picture]), mask.hidden)
    assert len(upload.manifest.masks) == 2
    review.close()
