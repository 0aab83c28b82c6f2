"""The page where anybody checks a bundle, in a real Chromium."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Response, expect

from archiver.evidence.checkpoint import LogKey
from tests.integration.client import BASE
from tests.unit.evidence.stories import WITNESS
from tests.unit.evidence.verifiers import pack

WAIT = 30_000
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


def opened(page: Page) -> Page:
    """The page with its checking script loaded: nothing is left to load."""
    page.goto(f"{BASE}/verify", wait_until="networkidle")
    return page


def check(page: Page, bundle: Path) -> str:
    """Chooses the file; gives the title of what came out, once it is there and has the focus."""
    page.set_input_files("#bundle", bundle)
    outcome = page.locator("#outcome:focus")
    outcome.wait_for(timeout=WAIT)
    return outcome.inner_text()


def payload(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as archive:
        names = [name for name in archive.namelist() if name.startswith("data/")]
        return {name.removeprefix("data/"): archive.read(name) for name in names}


@contextmanager
def nothing_leaves(page: Page) -> Iterator[None]:
    """Inside, neither page nor worker asks for anything but what they made themselves."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith("blob:"):
            asked.append(request.url)

    page.context.on("request", note)
    yield
    page.context.remove_listener("request", note)
    assert asked == []
    assert page.url == f"{BASE}/verify"


def test_a_bundle_whose_original_its_owner_kept_is_valid(
    page: Page, bundles: dict[str, Path]
) -> None:
    opened(page)
    assert check(page, bundles["kept"]).startswith("Valid")


def test_a_sound_bundle_is_valid_and_shown(page: Page, bundles: dict[str, Path]) -> None:
    opened(page)
    with nothing_leaves(page):
        assert check(page, bundles["watch"]).startswith("Valid")
        shown = page.inner_text("#result")
        assert "Deux semelles trouées en huit mois" in shown
        assert "it proves order, not time" in shown
        assert "newsroom.example/witness" in shown
        assert "Who removed a post, or why." in shown
        assert "the site asked for a login" in shown
        picture = page.locator("#result img").first
        picture.wait_for()
        expect(page.locator("#result img").first).to_have_js_property("naturalWidth", 70)


def test_a_masked_bundle_shows_the_masked_picture(page: Page, bundles: dict[str, Path]) -> None:
    opened(page)
    with nothing_leaves(page):
        assert check(page, bundles["masked"]).startswith("Valid")
        shown = page.inner_text("#result")
        assert "4 tiles visible and proven, 2 hidden" in shown
        assert "screenshot/masked.png (masked: grey is hidden)" in shown
        assert "Jean" not in shown


@pytest.mark.parametrize("form", ["watch", "masked"])
def test_an_altered_bundle_is_not_valid_and_not_shown(
    page: Page, bundles: dict[str, Path], tmp_path: Path, form: str
) -> None:
    files = payload(bundles[form])
    files["fields/text.json"] = files["fields/text.json"].replace(b"huit", HOSTILE.encode())
    opened(page)
    with nothing_leaves(page):
        assert check(page, pack(tmp_path / f"{form}.zip", files)) == "Not valid"
        shown = page.inner_text("#result")
        assert "fields/text.json" in shown
        assert "its hash is not the one in the statement" in shown
        assert page.locator("#result img").count() == 0
        assert "onerror" not in shown


def test_a_hostile_name_stays_text(page: Page, tmp_path: Path) -> None:
    bundle = tmp_path / "hostile.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr(HOSTILE, b"x")
    opened(page)
    with nothing_leaves(page):
        assert check(page, bundle) == "Not valid"
        assert "onerror" in page.inner_text("#result dt")
        assert "owned" not in page.title()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("letter.txt", b"Dear court", "not a ZIP file"),
        ("empty.zip", b"PK\x05\x06" + bytes(18), "not a bundle of Rature"),
        ("nothing.zip", b"", "not a ZIP file"),
    ],
)
def test_what_is_no_bundle_is_said_to_be_none(
    page: Page, tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert check(opened(page), path) == "Not a bundle"
    assert told in page.inner_text("#result")


def test_own_roots_and_keys_count(page: Page, bundles: dict[str, Path]) -> None:
    opened(page)
    page.click("summary >> text=Bring your own")
    page.set_input_files("input[data-fills=roots]", bundles["watch"].with_suffix(".pem"))
    page.fill("#witness-keys", WITNESS.public.vkey)
    assert check(page, bundles["watch"]).startswith("Valid")
    assert "with the key that you brought" in page.inner_text("#result")
    # the other bundle's authority leads to another root
    assert check(page, bundles["masked"]) == "Not valid"
    assert "no time stamp leads to the trusted roots given" in page.inner_text("#result")
    page.fill("#roots", "")
    page.fill("#log-keys", LogKey(b"\x66" * 32, "log.example/rature").public.vkey)
    page.click("#again")
    page.get_by_text("none of the known log keys signed it").wait_for(timeout=WAIT)
    page.fill("#log-keys", "nonsense")
    page.click("#again")
    page.get_by_text("What you brought cannot be read").wait_for(timeout=WAIT)


def test_the_page_speaks_french_and_is_used_by_keyboard(
    page: Page, bundles: dict[str, Path]
) -> None:
    opened(page)
    page.click("a:has-text('Français')")
    try:
        page.wait_for_url(f"{BASE}/verify")
        assert page.inner_text("h1") == "Vérifier un dossier"
        assert check(page, bundles["watch"]).startswith("Valable")
        assert "prouve l’ordre, pas l’heure" in page.inner_text("#result")
        page.focus("#bundle")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        nameless = "[...document.querySelectorAll('main :is(input, textarea, button, progress)')]"
        nameless += ".filter(e => !e.labels?.length && !e.ariaLabel && !e.textContent.trim())"
        assert page.evaluate(f"{nameless}.length") == 0
    finally:
        page.context.clear_cookies()


def test_the_policy_lets_nothing_out_neither_of_the_page_nor_of_its_worker(page: Page) -> None:
    policies: dict[str, str] = {}

    def note(answer: Response) -> None:
        policies[answer.url.removeprefix(BASE)] = answer.headers["content-security-policy"]

    page.context.on("response", note)
    opened(page)
    page.context.remove_listener("response", note)
    assert {"/verify", "/static/verify/page.js", "/static/verify/worker.js"} <= policies.keys()
    for address in ("/verify", "/static/verify/worker.js"):
        assert "connect-src 'none'" in policies[address]
        assert "form-action 'none'" in policies[address]
        assert "unsafe" not in policies[address]
    assert page.evaluate("fetch('/healthz').then(() => 'sent', () => 'refused')") == "refused"
