"""Posts that are not easy to picture, and what must come of each, alike in every browser.

What a browser's tests bring is a `Tab`; the walls are those of wall_situations.py.
"""

from pathlib import Path
from typing import Any, Protocol

from PIL import ImageChops

from archiver.domain.capture import Completeness
from archiver.evidence.picture import open_picture as decode
from tests.e2e.extension.pictures import (
    bordered,
    contains_colour,
    cropped,
    differing_box,
    open_picture,
)
from tests.e2e.extension.stub import Upload
from tests.e2e.extension.wall_situations import COMPLAINT, PICTURES
from tests.servers.waiting import wait_for

POST = "#comment-42"
WORDS = f"{POST} p"
FRAME_BORDER = (0xCC, 0, 0)
# Shows a post by itself, for the browser's own picture of it.
PLAIN = """() => {
  const sheet = document.createElement('style');
  sheet.textContent = '[style*=fixed] { display: none }'
    + '[style*=sticky] { position: relative !important }'
    + '[style*="overflow:auto"] { height: auto !important; overflow: visible !important }'
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
SIZE = """selector => {
  const {width, height} = document.querySelector(selector).getBoundingClientRect();
  return [width * devicePixelRatio, height * devicePixelRatio];
}"""
NARROW = """() => {
  document.querySelector('main').style.cssText = 'width: 300px; padding-left: 20px';
}"""
ASIDE = "() => document.querySelectorAll('a').forEach(({style}) => { style.float = 'right' })"
MOVING = "() => document.getAnimations().filter(({playState}) => playState === 'running').length"
ASKED = "() => performance.getEntriesByType('resource').map(({name}) => name)"
COUNT = "selector => document.querySelectorAll(selector).length"
ALIKE = 0.998
# What is missing, by the situation that it is found in.
PARTIAL = {
    "/covered": "screenshot:text",  # something of the page lies over the words
    "/folded": "screenshot:text",  # "see more" was not opened
    "/changing": "text:changed",  # the page says something else once it is pictured
    "/tainted": "attachment:tainted",  # another site's picture that may not be read
}
# The post's own pictures on its wall, in their order, and which of them another site serves.
OWN = ("own", "best", "open", "poster", "ground")
OTHERS = "open"


class Tab(Protocol):
    """A tab in front, in a browser whose extension is paired."""

    @property
    def slack(self) -> int:
        """Pixels at right and below that the browser's own picture of an element may lack: where a
        border ends between two, ours has the whole pixel."""
        ...

    def goto(self, url: str) -> None: ...

    def run(self, function: str, *arguments: Any) -> Any:
        """What a function gives in the page."""
        ...

    def prefer_dark(self, is_dark: bool) -> None: ...

    def zoom(self, factor: float) -> None:
        """Returns when the page is drawn so; 1 takes it back."""
        ...

    def picture(self, selector: str) -> bytes:
        """The browser's own picture of one element, as PNG."""
        ...

    def start_picker(self) -> None: ...

    def aim(self, selector: str) -> None:
        """Moves the mouse to the middle of an element."""
        ...

    def click(self, selector: str) -> None: ...

    def press(self, key: str) -> None: ...

    def capture(self, selector: str) -> Upload:
        """Captures the post around an element; gives what the service was sent."""
        ...

    def capture_in_frame(self, selector: str) -> Upload:
        """The same in the page's only frame."""
        ...

    def kept(self) -> int:
        """How many captures there are."""
        ...

    def said(self) -> str:
        """The words that the extension shows on the page, empty when it shows none."""
        ...


def assert_same(tab: Tab, ours: bytes, expected: bytes) -> None:
    """Our picture is the browser's own, pixel by pixel."""
    size, wanted = open_picture(ours).size, open_picture(expected).size
    assert all(0 <= one - other <= tab.slack for one, other in zip(size, wanted, strict=True))
    assert differing_box(cropped(ours, *wanted), expected) is None


def check_whole(tab: Tab, url: str, *, is_dark: bool = False) -> None:
    """The picture is the post, all of it, and nothing that lies over it."""
    tab.prefer_dark(is_dark)
    tab.goto(url)
    tab.run(PLAIN)
    tab.run(LOADED)
    expected = tab.picture(POST)
    tab.goto(url)
    upload = tab.capture(WORDS)
    tab.prefer_dark(False)
    assert upload.manifest.missing == []
    assert_same(tab, upload.files["screenshot.png"], expected)


def check_animated(tab: Tab, url: str) -> None:
    """A post that moves is whole, and goes on moving."""
    tab.goto(url)
    _, height = tab.run(SIZE, POST)
    upload = tab.capture(WORDS)
    assert upload.manifest.missing == []
    assert open_picture(upload.files["screenshot.png"]).height == round(height)
    assert tab.run(MOVING) > 0


def check_frame(tab: Tab, origin: str, path: str, inside: str) -> None:
    """A post in a frame of the same origin is captured with both addresses."""
    tab.goto(origin + inside)
    expected = tab.picture(POST)
    tab.goto(origin + path)
    upload = tab.capture_in_frame(WORDS)
    manifest = upload.manifest
    assert manifest.missing == []
    assert (manifest.page.url, manifest.page.final_url) == (origin + path, origin + inside)
    assert manifest.post.author == "Jean Dupont"
    assert_same(tab, upload.files["screenshot.png"], expected)
    assert contains_colour(upload.files["context_screenshot.png"], FRAME_BORDER)
    # the hint of the page around the frame is gone too
    wait_for(lambda: tab.run(COUNT, "rature-marks") == 0, "nothing of ours is on the page")


def check_foreign_frame(tab: Tab, url: str) -> None:
    """What stands in a frame of another site is said to be closed, and nothing is captured."""
    before = tab.kept()
    tab.goto(url)
    tab.start_picker()
    tab.aim("iframe")
    wait_for(lambda: "other.localhost" in tab.said(), "the frame's site is named")
    tab.click("iframe")
    tab.press("Escape")
    wait_for(lambda: not tab.said(), "the picker is gone")
    assert tab.kept() == before


def check_zoomed(tab: Tab, url: str, factor: float) -> None:
    """A zoomed page is pictured in its device pixels, to the post's borders."""
    tab.goto(url)
    tab.run(NARROW)
    tab.zoom(factor)
    ratio = tab.run("() => devicePixelRatio")
    upload = tab.capture(WORDS)
    box = tab.run(SIZE, POST)
    tab.zoom(1)
    picture = open_picture(upload.files["screenshot.png"])
    for ours, exact in zip(picture.size, box, strict=True):
        assert -0.01 < ours - exact < 2
    assert bordered(picture)
    said = upload.manifest.environment.device_pixel_ratio
    assert float(said) == ratio
    assert abs(ratio - factor) < 0.02
    assert upload.manifest.missing == []


def check_partial(tab: Tab, origin: str, path: str) -> None:
    """What a check finds is named, and said on the page with what to do."""
    tab.goto(origin + path)
    where = WORDS
    if path == "/covered":  # where nothing lies over it
        tab.run(ASIDE)
        where = f"{POST} time"
    upload = tab.capture(where)
    assert upload.manifest.completeness is Completeness.PARTIAL
    assert upload.manifest.missing == [PARTIAL[path]]
    assert upload.manifest.post.text == COMPLAINT  # as it was when it was picked
    said = wait_for(tab.said, "the notice is on the page")
    assert "Incomplete" in said
    assert "Capture it again" in said


def check_thread(tab: Tab, url: str) -> None:
    """The answers to a post, and the post answered to, are told."""
    tab.goto(url)
    thread = tab.capture(WORDS).manifest.thread
    assert [(entry.relation, entry.author) for entry in thread] == [
        ("reply", "La Marque"),
        ("reply", "Client 9"),
    ]
    assert thread[0].text == "Bonjour Jean, nous regrettons cela et vous remboursons."
    (parent,) = tab.capture("#comment-51 p").manifest.thread
    assert (parent.relation, parent.post_id) == ("parent", "comment-42")
    assert parent.text == COMPLAINT


def check_own_pictures(tab: Tab, url: str, *, others: bool = True) -> Upload:
    """The post's own pictures are files, each with the wall's own bytes. Without `others` the page
    lets nothing be fetched: what other sites serve is missing, the rest is alike in its pixels."""
    tab.goto(url)
    upload = tab.capture(WORDS)
    assert upload.manifest.missing == ([] if others else ["attachment:tainted"])
    known = {decode(data).tobytes(): name for name, data in PICTURES.items()}
    files = [entry for entry in upload.manifest.files if entry.role == "attachment"]
    sent = [upload.files[entry.name] for entry in files]
    assert [known[decode(each).tobytes()] for each in sent] == [
        name for name in OWN if others or name != OTHERS
    ]
    assert {*sent} <= {*PICTURES.values()} or not others
    assert files[0].description == "La semelle trouée"
    assert files[0].source_url == f"{url.rpartition('/')[0]}/img/own"
    return upload


def check_copy(tab: Tab, url: str, upload: Upload, copy: Path) -> None:
    """The copy of the page shows the post with its pictures, and asks nobody for anything."""
    tab.goto(url)
    expected = tab.picture(POST)
    copy.write_bytes(upload.files["snapshot.html"])
    tab.goto(copy.as_uri())
    shown = tab.picture("[data-rature-post]")
    assert tab.run(ASKED) == []
    # apart from the picture that the copy has in its best version
    assert alike(shown, expected) > ALIKE


def alike(one: bytes, other: bytes) -> float:
    """The share of equal pixels of two pictures of one size."""
    pictures = [open_picture(each) for each in (one, other)]
    assert pictures[0].size == pictures[1].size
    difference = ImageChops.difference(*pictures).convert("L").histogram()
    return difference[0] / sum(difference)


def check_nothing_forged(upload: Upload, url: str) -> None:
    """A page that changed prototypes and took names for itself has forged nothing."""
    manifest = upload.manifest
    assert b"forged" not in upload.raw.replace(b"forged.example/hint", b"")
    assert manifest.page.url == manifest.page.final_url == url
    assert manifest.page.title == "Le mur de la marque"
    assert manifest.post.text == COMPLAINT
    assert (manifest.post.author, manifest.post.post_id) == ("Jean Dupont", "comment-42")
    assert manifest.environment.device_pixel_ratio == "1"
    assert manifest.missing == []
    assert manifest.started_at.year >= 2026
