"""The button at each post in Firefox, with the browser's own question."""

from tests.e2e.extension import stub
from tests.e2e.extension.blog import serve
from tests.e2e.extension.pictures import cropped, differing_box, open_picture
from tests.e2e.firefox.browser import Browser
from tests.real_pages.styles import conversation
from tests.servers.waiting import wait_for

WIDTH = "s => document.querySelector(s).getBoundingClientRect().width"
REGISTERED = "async () => (await chrome.scripting.getRegisteredContentScripts()).map(({id}) => id)"


def test_it_comes_when_the_site_is_allowed_takes_its_post_and_goes_when_withdrawn(
    paired: Browser, host: stub.Host
) -> None:
    with serve() as origin:
        blog = origin.replace("127.0.0.1", "localhost")  # patterns know no ports in Firefox
        page = paired.open(f"{blog}/walnut")
        assert page.count("rature-button") == 0
        alone = page.screenshot(f"#comment-{conversation()[0].id}")
        popup = paired.press_toolbar_button(page)
        popup.wait_for_text("reads and sends nothing until you press one")
        popup.click("#button button")
        assert "localhost" in paired.ui.prompt()
        paired.ui.answer_prompt("Allow")
        wait_for(lambda: "button" in paired.own_page().run(REGISTERED), "the button is registered")
        # open still, it would be closed by the next press, which then lets no picture be taken
        popup.close()
        post = conversation()[0]
        selector = f"#comment-{post.id}"
        page.goto(f"{blog}/walnut")
        wait_for(lambda: page.count("rature-button"), "the buttons stand on the page")
        place = (round(page.run(WIDTH, selector)) - 18, 16)
        before = paired.captures()

        def pressed() -> bool:
            page.drag(selector, place, place)
            return bool(page.count("rature-marks"))

        wait_for(pressed, "it has stood there long enough to be pressed")
        paired.press_toolbar_button(page).click("#capture")
        capture = paired.wait_for_new(before)
        paired.wait_until(capture, "sealed", patience=60)
        sent = host.service.uploads[capture]
        assert sent.manifest.post.post_id == f"comment-{post.id}"
        assert sent.manifest.post.text.split() == post.values()["text"].split()
        assert b"rature-button" not in sent.files["snapshot.html"]
        assert sent.manifest.missing == []
        # pixel by pixel the post as it was before there were buttons
        size = open_picture(alone).size
        assert differing_box(cropped(sent.files["screenshot.png"], *size), alone) is None
        paired.ask("button.set", {"origin": blog, "isOn": False})
        page.goto(f"{blog}/later")
        assert page.count("rature-button") == 0
        assert "button" not in paired.own_page().run(REGISTERED)
