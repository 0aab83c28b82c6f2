"""The popup, the notifications and the page of masks, in both languages."""

import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.colours import colour, contrast, rgb
from tests.e2e.extension import stub
from tests.e2e.extension.launch import Browser, launch
from tests.e2e.extension.test_masks import hold
from tests.e2e.scenario import until

SEEN, MISSING, AGAIN = (f"2026-03-07T{time}:00Z" for time in ("20:14", "20:29", "21:30"))
ENGLISH = pytest.mark.parametrize("spoken", ["en"], indirect=True)
BOTH = pytest.mark.parametrize("spoken", ["en", "fr"], indirect=True)
CLEAR = """async () => {
  const shown = Object.keys(await chrome.notifications.getAll());
  await Promise.all(shown.map((id) => chrome.notifications.clear(id)));
}"""
SCHEMES: dict[Literal["light", "dark"], tuple[int, ...]] = {
    "light": (138, 90, 0),
    "dark": (238, 187, 98),
}
Spoken = tuple[Browser, stub.Host, str]
"""The browser, its service, its language."""


@pytest.fixture(scope="module")
def spoken(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Spoken]:
    """One paired browser for all tests in a language."""
    language = request.param
    folder = tmp_path_factory.mktemp("popup")
    with stub.serve() as host, launch(folder, [host.origin], language=language) as browser:
        browser.pair(host.origin, approve=lambda page: page.click("text=Approve"))
        yield browser, host, language


@pytest.fixture
def paired(spoken: Spoken) -> Iterator[Browser]:
    """That browser; the tabs that a test opened are closed, and nothing is notified."""
    browser, host, _ = spoken
    before = [*browser.context.pages, browser.own_page()]
    yield browser
    host.service.watches = []
    browser.own_page().evaluate(CLEAR)
    for page in browser.context.pages:
        if page not in before:
            page.close()


@pytest.fixture
def service(spoken: Spoken) -> stub.Service:
    return spoken[1].service


def watch(
    number: int, state: str, level: str | None = None, text: str = "Un message"
) -> dict[str, Any]:
    verdict: dict[str, Any] = {
        "state": state,
        "level": level,
        "silent": False,
        "actor": None,
        "last_seen": SEEN,
    }
    verdict |= {"first_missing": MISSING if level else None, "rules": [], "rules_version": "1"}
    if state == "restored":
        again = {"last_seen": SEEN, "first_missing": MISSING, "seen_again": AGAIN}
        verdict |= {"last_seen": AGAIN, "windows": [again]}
    return {
        "id": f"wat_{number}",
        "url": "http://wall.test/",
        "text": text,
        "author": "Jean",
        "verdict": verdict,
    }


# language -> state and level -> the words shown
WORDS: dict[str, list[tuple[str, str | None, str, str]]] = {
    "en": [
        ("visible", None, "Still visible", "Last seen Mar 7, 2026"),
        ("removed", "suspected", "Missing at the last look, checking again", "missing at Mar 7"),
        (
            "removed",
            "likely",
            "Probably no longer publicly visible",
            "Ceased to be publicly visible between Mar 7",
        ),
        ("removed", "confirmed", "No longer publicly visible (confirmed)", "and Mar 7, 2026"),
        ("indeterminate", None, "Cannot be told at present", "Last seen"),
    ],
    "fr": [
        ("visible", None, "Toujours visible", "Vu pour la dernière fois le 7 mars 2026"),
        (
            "removed",
            "confirmed",
            "N’est plus visible du public (confirmé)",
            "A cessé d’être visible du public entre le 7 mars",
        ),
        (
            "restored",
            None,
            "De nouveau visible",
            "7 mars 2026, 20:29\u00a0; revu le 7 mars 2026, 21:30",
        ),
    ],
}


@BOTH
def test_each_verdict_is_in_plain_words(paired: Browser, spoken: Spoken, site: str) -> None:
    _, host, language = spoken
    rows = WORDS[language]
    host.service.watches = [watch(n, row[0], row[1]) for n, row in enumerate(rows)]
    popup = paired.press_toolbar_button(paired.open(f"{site}/wall"))
    for _, _, state, window in rows:
        said = popup.wait_for_text(state)
        assert window in said
    assert popup.evaluate("document.documentElement.lang") == language


# What a notification says of each change: state, level, English, French.
CHANGES: list[tuple[str, str | None, str, str]] = [
    (
        "removed",
        "suspected",
        "Missing at the last look, checking again",
        "Absent à la dernière vérification, à confirmer",
    ),
    (
        "removed",
        "likely",
        "Probably no longer publicly visible",
        "N’est probablement plus visible du public",
    ),
    (
        "removed",
        "confirmed",
        "No longer publicly visible (confirmed)",
        "N’est plus visible du public (confirmé)",
    ),
    (
        "hidden",
        "suspected",
        "Perhaps hidden from others, checking again",
        "Peut-être caché aux autres, à confirmer",
    ),
    (
        "hidden",
        "likely",
        "Probably hidden from everybody but its author",
        "Probablement caché à tous sauf à son auteur",
    ),
    (
        "hidden",
        "confirmed",
        "Hidden from everybody but its author (confirmed)",
        "Caché à tous sauf à son auteur (confirmé)",
    ),
    (
        "tombstoned",
        None,
        "Replaced by a notice of removal",
        "Remplacé par un avis de suppression",
    ),
    ("withdrawn", None, "Withdrawn by its author", "Retiré par son auteur"),
    ("restored", None, "Visible again", "De nouveau visible"),
    ("edited", None, "Text changed", "Texte modifié"),
    ("collapsed", None, "Folded away, harder to find", "Replié, plus difficile à trouver"),
    ("pending", None, "Never shown to the public so far", "Jamais montré au public jusqu’ici"),
    ("disputed", None, "Seen by some, not by others", "Vu par certains, pas par d’autres"),
    (
        "parent_gone",
        None,
        "The post it answers is gone",
        "Le message auquel il répond a disparu",
    ),
    ("wall_gone", None, "The whole page is gone", "Toute la page a disparu"),
    ("author_gone", None, "The author’s account is gone", "Le compte de l’auteur a disparu"),
    ("indeterminate", None, "Cannot be told at present", "Impossible à dire pour l’instant"),
]
HEDGES = {
    "suspected": re.compile("checking again|à confirmer"),
    "likely": re.compile("robabl"),
}
ACCUSING = re.compile(
    "brand|company|moderator|censor|deleted|marque|entreprise|modérat|censur|supprimé", re.I
)
# The browser gives a notification's id back, not its words: what it is asked to show is kept.
LISTEN = """() => {
  const {create} = chrome.notifications;
  globalThis.shown ??= [];
  chrome.notifications.create = (id, options) => {
    shown.push([id, options.title, options.message]);
    return create.call(chrome.notifications, id, options);
  };
}"""


@BOTH
def test_a_notification_says_no_more_than_the_verdict_does(
    paired: Browser, service: stub.Service, spoken: Spoken
) -> None:
    place, quote = (2, "Jean: Un message") if spoken[2] == "en" else (3, "Jean\u00a0: Un message")
    worker = paired.context.service_workers[0]
    worker.evaluate(LISTEN)
    service.watches = [watch(100 + n, "visible") for n in range(len(CHANGES))]
    paired.ask("watches.refresh")
    assert worker.evaluate("shown") == []
    service.watches = [watch(100 + n, row[0], row[1]) for n, row in enumerate(CHANGES)]
    paired.ask("watches.refresh")
    shown = worker.evaluate("shown")
    assert shown == [[f"watch:wat_{100 + n}", row[place], quote] for n, row in enumerate(CHANGES)]
    for (_, level, *_), (_, title, _) in zip(CHANGES, shown, strict=True):
        assert HEDGES.get(level or "", re.compile("")).search(title), title
        assert not ACCUSING.search(title), title


REFUSED = {
    "en": ("The service could not read a picture.", "The service has a problem (503)"),
    "fr": ("Le service n’a pas pu lire une image.", "Le service a un problème (503)"),
}


@pytest.mark.parametrize(
    "spoken", [pytest.param("en", marks=pytest.mark.matrix), "fr"], indirect=True
)
def test_what_the_service_refuses_is_told_in_the_persons_language(
    paired: Browser, service: stub.Service, spoken: Spoken, site: str
) -> None:
    told = "screenshot.png: the picture is not a PNG"
    refused = {"type": "urn:rature:problem:invalid-picture", "title": "No", "detail": told}
    closed = "the database does not take it"
    service.refusals = [(422, refused), (503, {"title": "Unavailable", "detail": closed})]
    own, trouble = REFUSED[spoken[2]]
    page = paired.open(f"{site}/wall")
    paired.wait_until(paired.capture(page, "#comment-42 p"), "failed")
    waiting = paired.capture(page, "#comment-3 p")
    until(lambda: not service.refusals, "the next is refused, too")
    service.refusals = [(503, {"title": "Unavailable", "detail": closed})] * 9
    popup = paired.press_toolbar_button(page)
    popup.wait_for_text(trouble)
    assert own in popup.text()
    assert told not in popup.text()
    assert closed not in popup.text()
    popup.click(".list_failed summary")  # whoever helps may need it
    popup.wait_for_text(told)
    popup.click("#trouble summary")
    popup.wait_for_text(closed)
    service.refusals = []
    popup.click(".list_failed button")
    paired.pass_time(60)
    paired.wait_until(waiting, "archived")


INCOMPLETE = {
    "en": ("Archived", "Incomplete; missing: picture of the post (it is blank)"),
    "fr": ("Archivé", "Incomplet\u00a0; il manque\u00a0: "),
}


@BOTH
def test_what_is_archived_but_incomplete_is_amber_and_can_be_read(
    paired: Browser, spoken: Spoken, site: str
) -> None:
    title, lacks = INCOMPLETE[spoken[2]]
    page = paired.open(f"{site}/white")
    capture = paired.capture(page, "#comment-42")
    until(lambda: title in paired.words_now(page), "the notice says that it is archived")
    assert lacks in paired.words_now(page)
    for scheme, amber in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        notice = paired.mark_style(page, "panel")
        ground = rgb(notice["background-color"])
        assert rgb(notice["border-left-color"]) == amber
        assert contrast(amber, ground) >= 3  # a sign, no text
        assert contrast(rgb(notice["color"]), ground) >= 4.5
    paired.wait_until(capture, "sealed")
    popup = paired.open(paired.address("pages/popup.html"))
    said = popup.locator(".list_archived .partial").first
    expect(said).to_contain_text(lacks)
    for scheme, amber in SCHEMES.items():
        popup.emulate_media(color_scheme=scheme)
        assert colour(said, "color") == amber
        ground = colour(popup.locator(".list_archived li").first, "background-color")
        assert contrast(amber, ground) >= 4.5


@BOTH
def test_the_panels_controls_are_named_apart_in_the_persons_language(
    paired: Browser, service: stub.Service, spoken: Spoken
) -> None:
    service.watches = [watch(3, "visible", text="Mon colis")]
    colon = ": " if spoken[2] == "en" else "\u00a0: "
    page = paired.open(paired.address("pages/panel.html"))
    page.locator("#cards li").first.wait_for()
    named = "all => all.map((each) => [each.textContent, each.getAttribute('aria-label')])"
    names = page.locator("#cards li .actions").first.locator("> *").evaluate_all(named)
    assert len(names) > 4
    assert [label for _, label in names] == [f"{text}{colon}Mon colis" for text, _ in names]


@BOTH
def test_the_page_of_masks_can_be_used_by_everybody(
    paired: Browser, spoken: Spoken, site: str
) -> None:
    page = paired.open(f"{site}/thread")
    capture, review = hold(paired, page, "#comment-51 p")
    review.focus("#add")
    review.keyboard.press("Enter")
    review.check("#author")
    review.locator("#effects p").first.wait_for()
    assert review.evaluate("document.documentElement.lang") == spoken[2]
    assert_usable(review)
    review.click("#send")
    review.locator("#done").wait_for(state="visible")
    assert_usable(review)
    paired.wait_until(capture, "archived")


def assert_usable(page: Page) -> None:
    """By everybody, and without moving it sideways at 320 pixels."""
    assert_accessible(page)
    assert page.evaluate("innerWidth") == 320
    scrolled, seen = page.evaluate(
        "(({scrollWidth, clientWidth}) => [scrollWidth, clientWidth])(document.documentElement)"
    )
    assert scrolled == seen  # also where a scroll bar takes some of it


@ENGLISH
def test_it_fits_320_pixels(paired: Browser, service: stub.Service) -> None:
    service.watches = [watch(1, "removed", "confirmed", "mot" * 200)]
    page = paired.open(paired.address("pages/popup.html"))
    page.set_viewport_size({"width": 320, "height": 600})
    page.locator(".list_watched li").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@ENGLISH
def test_text_of_a_post_is_never_read_as_markup(paired: Browser, service: stub.Service) -> None:
    service.watches = [watch(2, "visible", text="<img src=x onerror=alert(1)><b>bold</b>")]
    page = paired.open(paired.address("pages/popup.html"))
    page.get_by_text("<b>bold</b>").wait_for()
    assert page.locator("li img, li b").count() == 0


@ENGLISH
def test_a_change_of_verdict_is_notified_and_a_first_verdict_is_not(
    paired: Browser, service: stub.Service
) -> None:
    own = paired.own_page()
    ids = "chrome.notifications.getAll().then(Object.keys)"
    service.watches = [watch(11, "visible"), watch(12, "visible")]
    paired.ask("watches.refresh")
    assert own.evaluate(ids) == []
    service.watches = [watch(11, "removed", "likely"), watch(12, "visible")]
    paired.ask("watches.refresh")
    assert own.evaluate(ids) == ["watch:wat_11"]


@ENGLISH
def test_verdicts_are_asked_for_by_an_alarm_once_paired(paired: Browser) -> None:
    alarm = paired.own_page().evaluate("chrome.alarms.get('watches')")
    assert alarm["periodInMinutes"] == 3


@ENGLISH
def test_the_token_never_leaves_the_background(paired: Browser, service: stub.Service) -> None:
    assert service.token not in str(paired.status())


@ENGLISH
def test_a_page_script_cannot_send_messages_of_the_extensions_pages(
    paired: Browser, site: str
) -> None:
    page = paired.open(f"{site}/wall")
    paired.start_picker(page)
    session = paired.context.new_cdp_session(page)
    worlds: list[dict[str, Any]] = []
    session.on("Runtime.executionContextCreated", lambda event: worlds.append(event["context"]))
    session.send("Runtime.enable")
    own = next(world for world in worlds if world["origin"].startswith("chrome-extension:"))
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": "chrome.runtime.sendMessage({name: 'status.read', payload: {}})",
            "contextId": own["id"],
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    assert answer["result"]["value"]["fault"]["code"] == "message_refused"
