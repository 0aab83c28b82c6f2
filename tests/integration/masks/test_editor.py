"""The page of the masks in a real browser: mouse, finger and keyboard draw the same boxes."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, Route, expect, sync_playwright

from archiver.config import Settings
from archiver.services.access import OWNER
from archiver.wiring import build_house
from tests.integration.captures.sample import CAPTURES, Part, Sample, parts, picture
from tests.integration.client import BASE, client_for, token_headers
from tests.servers.chromium import find_chromium

PHONE = {"width": 380, "height": 800}
DESK = {"width": 1280, "height": 900}


@dataclass
class Editor:
    """The open page, signed in. `faults` is what the browser complained of."""

    page: Page
    address: str
    language: str = "en"
    faults: list[str] = field(default_factory=list)

    def open(self, viewport: dict[str, int] = DESK) -> "Editor":
        """Afresh, with the post's picture ticked."""
        self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        self.page.goto(self.address)
        self.picture.locator("[name=shown]").check()
        return self

    @property
    def picture(self) -> Locator:
        return self.page.locator("[data-picture]").first

    @property
    def boxes(self) -> str:
        """What the form would send."""
        return self.picture.locator("textarea").input_value()

    def press(self, name: str) -> None:
        self.picture.locator(f"[data-do={name}]").first.click()

    def corner(self) -> tuple[float, float]:
        """Where the picture begins on the screen."""
        self.picture.locator(".stage").scroll_into_view_if_needed()
        box = self.picture.locator(".sheet svg").bounding_box()
        assert box is not None
        return box["x"], box["y"]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    settings = Settings(data=tmp_path_factory.mktemp("service"), embedded_worker=False)
    house = build_house(settings)
    headers = {"Origin": BASE, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    with client_for(house, headers=headers) as client, sync_playwright() as playwright:
        wide = Part("context_screenshot", "around.png", "image/png", picture(1280, 600))
        request = Sample(files=[*parts(), wide]).request()
        bearer = {**request.pop("headers"), **token_headers(house)}
        watch_id = client.post(CAPTURES, **request, headers=bearer).json()["watch_id"]
        client.get("/signin", params={"code": house.sessions.make_link_code(OWNER)})

        def answer(route: Route) -> None:
            asked = route.request
            sent = {"Accept-Language": editor.language}
            if "content-type" in asked.headers:
                sent["Content-Type"] = asked.headers["content-type"]
            got = client.request(
                asked.method,
                asked.url.removeprefix(BASE),
                content=asked.post_data_buffer,
                headers=sent,
                follow_redirects=True,
            )
            route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.content)

        browser = playwright.chromium.launch(
            executable_path=find_chromium(), chromium_sandbox=os.geteuid() != 0
        )
        page = browser.new_page(locale="en-GB", has_touch=True)
        editor = Editor(page, f"{BASE}/watches/{watch_id}/masks")
        page.on("pageerror", lambda error: editor.faults.append(str(error)))
        page.on(
            "console",
            lambda told: editor.faults.append(told.text) if told.type == "error" else None,
        )
        page.on("dialog", lambda dialog: dialog.accept())
        page.route("**/*", answer)
        yield editor
        browser.close()


@pytest.fixture
def editor(opened: Editor) -> Iterator[Editor]:
    """The page afresh; whatever the browser complains of fails the test."""
    opened.faults.clear()
    opened.language = "en"
    yield opened.open()
    assert opened.faults == []


def test_a_box_is_drawn_with_the_mouse_moved_and_resized(editor: Editor) -> None:
    x, y = editor.corner()
    mouse = editor.page.mouse
    mouse.move(x + 10, y + 10)
    mouse.down()
    mouse.move(x + 60, y + 40, steps=4)
    mouse.up()
    assert editor.boxes == "10 10 60 40"
    mouse.move(x + 30, y + 25)
    mouse.down()
    mouse.move(x + 40, y + 30, steps=3)
    mouse.up()
    assert editor.boxes == "20 15 70 45"
    mouse.move(x + 70, y + 45)
    mouse.down()
    mouse.move(x + 110, y + 65, steps=3)
    mouse.up()
    assert editor.boxes == "20 15 110 65"
    covered = editor.picture.locator(".cover")
    assert [covered.get_attribute(name) for name in ("x", "y", "width", "height")] == [
        "0", "0", "128", "96",
    ]  # fmt: skip
    assert editor.picture.locator("[data-effect]").inner_text() == "12 of 28 tiles will be grey."


def test_a_click_is_no_box(editor: Editor) -> None:
    x, y = editor.corner()
    editor.page.mouse.click(x + 50, y + 50)
    assert editor.boxes == ""
    assert "whole picture" in editor.picture.locator("[data-effect]").inner_text()


def test_a_finger_draws_on_a_phone(editor: Editor) -> None:
    editor.open(PHONE)
    x, y = editor.corner()
    session = editor.page.context.new_cdp_session(editor.page)
    for kind, points in (
        ("touchStart", [(20, 20)]),
        ("touchMove", [(60, 40)]),
        ("touchMove", [(100, 60)]),
        ("touchEnd", []),
    ):
        touched = [{"x": x + across, "y": y + down} for across, down in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})
    assert editor.boxes == "20 20 100 60"


def test_everything_can_be_done_by_keyboard(editor: Editor) -> None:
    editor.picture.locator("[data-do=add]").focus()
    keys = editor.page.keyboard
    keys.press("Enter")
    assert editor.boxes == "20 28 180 92"
    keys.press("ArrowRight")
    keys.press("Control+ArrowUp")
    assert editor.boxes == "28 27 188 91"
    keys.press("Shift+ArrowLeft")
    keys.press("Control+Shift+ArrowDown")
    assert editor.boxes == "28 27 180 92"
    for _ in range(9):
        keys.press("ArrowDown")
    assert editor.boxes == "28 55 180 120"  # it stops at the edge and keeps its size
    keys.press("Delete")
    assert editor.boxes == ""


def test_boxes_have_names_for_those_who_do_not_see_them(editor: Editor) -> None:
    editor.press("add")
    box = editor.picture.get_by_role("button", name="Box 1: left 20, top 28, right 180, bottom 92")
    assert box.count() == 1
    assert editor.picture.get_by_role("group", name="Box 1").get_by_label("Top").count() == 1


def test_numbers_are_typed_and_kept_within_the_picture(editor: Editor) -> None:
    editor.press("add")
    row = editor.picture.get_by_role("group", name="Box 1")
    row.get_by_label("Left").fill("7")
    row.get_by_label("Right").fill("999")
    row.get_by_label("Right").press("Tab")
    assert editor.boxes == "7 28 200 92"
    assert row.get_by_label("Right").input_value() == "200"
    # the keyboard goes on where it was
    assert editor.page.evaluate("document.activeElement.dataset.corner") == "3"
    row.get_by_role("button", name="Remove").click()
    assert editor.boxes == ""


def test_undo_and_redo(editor: Editor) -> None:
    editor.press("add")
    editor.page.keyboard.press("ArrowLeft")
    assert editor.boxes == "12 28 172 92"
    editor.page.keyboard.press("Control+z")
    assert editor.boxes == "20 28 180 92"
    editor.press("undo")
    assert editor.boxes == ""
    editor.press("redo")
    editor.press("redo")
    assert editor.boxes == "12 28 172 92"
    assert editor.picture.locator("[data-do=redo]").is_disabled()


def test_drawing_is_as_exact_at_every_zoom(editor: Editor) -> None:
    editor.press("larger")
    editor.press("larger")
    assert editor.picture.locator("[data-zoom]").inner_text() == "200 %"
    x, y = editor.corner()
    editor.page.mouse.move(x + 20, y + 20)
    editor.page.mouse.down()
    editor.page.mouse.move(x + 120, y + 80, steps=3)
    editor.page.mouse.up()
    assert editor.boxes == "10 10 60 40"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_fits_a_phone(editor: Editor, language: str) -> None:
    editor.language = language
    editor.open(PHONE)
    editor.page.locator("[name=shown]").nth(1).check()
    editor.press("add")
    assert editor.page.locator("html").get_attribute("lang") == language
    assert editor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_what_is_drawn_is_saved_and_shown_again(editor: Editor) -> None:
    editor.press("add")
    assert editor.page.locator("[data-dirty]").is_visible()
    editor.page.get_by_role("button", name="Save").click()
    editor.page.locator("#saved").wait_for()
    editor.picture.locator(".boxes .row").wait_for()
    assert editor.boxes == "20 28 180 92"
    editor.picture.locator("details.made summary").click()
    shown = editor.picture.locator("details.made img")
    shown.scroll_into_view_if_needed()
    expect(editor.page.locator("details.made img")).to_have_js_property("naturalWidth", 200)
    editor.press("remove")
    editor.page.get_by_role("button", name="Save").click()
    editor.picture.locator(".boxes .row").wait_for(state="detached")
    assert editor.boxes == ""
