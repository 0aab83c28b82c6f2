"""Consent is refused where a banner plainly offers it, and never given."""

from collections.abc import Iterator

import pytest

from archiver.checker.look import Checker
from archiver.domain.observation import Observation, Reason, Sighting
from tests.integration.checker.small_site import Looker, SmallSite, comments, item, page

pytestmark = pytest.mark.asyncio(loop_scope="module")
TARGET = 4
OVER = "position:fixed;inset:0;background:#fff;z-index:99"


@pytest.fixture
def site() -> Iterator[SmallSite]:
    with SmallSite() as made:
        made.pages["/agreed"] = "ok"
        yield made


def said(look: Observation) -> tuple[str | None, str | None]:
    return look.sighting, look.reason


def banner(buttons: str, *, attributes: str = "role='dialog' aria-modal='true'") -> str:
    return f"<div id='box' {attributes} style='{OVER}'><p>Cookies!</p>{buttons}</div>"


def buttons(refuse: str, more: str = "") -> str:
    gone = "document.getElementById('box').remove()"
    return (
        f"<button onclick=\"fetch('/agreed'); {gone}\">OK</button>"
        f'<button {more} onclick="{gone}">{refuse}</button>'
    )


REFUSALS = (
    "Reject all",
    "Tout refuser",
    "Alle ablehnen",
    "Rechazar todo",
    "Rifiuta",
    "Rejeitar tudo",
    "Alles weigeren",
    "Odrzuć wszystko",
    "Отклонить все",
    "Tümünü reddet",
    "全部拒绝",
    "すべて拒否",
    "모두 거부",
    "رفض الكل",
    "Continue without accepting →",
)


async def test_refused_in_many_languages(checker: Checker, site: SmallSite) -> None:
    """The first look sees the post behind the banner; what was clicked is told."""
    told = {}
    for wording in REFUSALS:
        looker = Looker(checker, site, TARGET)
        look = await looker.look(page(comments(range(9)) + banner(buttons(wording))))
        clicked = f'Consent was refused ("{wording}").' in (look.detail or "")
        told[wording] = (look.sighting, clicked)
    assert told == dict.fromkeys(REFUSALS, (Sighting.PRESENT, True))
    assert site.asked_for("/agreed") == []


async def test_known_by_its_manager_in_any_language(checker: Checker, site: SmallSite) -> None:
    looker = Looker(checker, site, TARGET)
    mark = "id='onetrust-reject-all-handler'"
    box = banner(buttons("Nem kell", mark), attributes="class='otFlat'")
    look = await looker.look(page(comments(range(9)) + box))
    assert said(look) == (Sighting.PRESENT, None)


@pytest.mark.parametrize(
    "choice",
    [
        "<button>OK</button><button>Manage settings</button>",
        "<button>OK</button><a href='/subscribe'>Refuser</a>",  # leads away
        "<button>OK</button><button>Refuser et s’abonner</button>",  # not a plain refusal
        "<button>OK</button><button>Reject all</button>",  # does nothing
    ],
)
async def test_what_cannot_be_refused_is_a_consent_wall(
    checker: Checker, site: SmallSite, choice: str
) -> None:
    looker = Looker(checker, site, TARGET)
    box = banner(choice, attributes="class='cookie-consent' role='dialog' aria-modal='true'")
    assert said(await looker.look(page(comments(range(9)) + box))) == (None, Reason.CONSENT_WALL)
    assert site.asked_for("/agreed") == site.asked_for("/subscribe") == []


async def test_refused_inside_a_frame(checker: Checker, site: SmallSite) -> None:
    site.pages["/consent-frame"] = (
        "<button onclick=\"fetch('/agreed')\">OK</button>"
        "<button onclick=\"parent.postMessage('no', '*')\">Ablehnen</button>"
    )
    looker = Looker(checker, site, TARGET)
    frame = "<iframe src='/consent-frame' style='width:100%;height:100%'></iframe>"
    box = f"<div id='sp_message_container' style='{OVER}'>{frame}</div>"
    leaves = (
        "addEventListener('message', () => document.querySelector('iframe').parentNode.remove())"
    )
    look = await looker.look(page(comments(range(9)) + box, leaves))
    assert said(look) == (Sighting.PRESENT, None)
    assert site.asked_for("/agreed") == []


async def test_a_strip_that_hides_nothing_is_left_alone(checker: Checker, site: SmallSite) -> None:
    strip = (
        "<div class='cookie-bar' style='position:fixed;bottom:0;height:40px;width:100%'>"
        f"{buttons('Reject all')}</div>"
    )
    look = await Looker(checker, site, TARGET).look(page(comments(range(9)) + strip))
    assert said(look) == (Sighting.PRESENT, None)
    assert "Consent" not in (look.detail or "")


TALK = {
    "en": "We and 214 partners store cookies on your device.",
    "fi": "Käytämme evästeitä sivuston kehittämiseen.",
    "ja": "このサイトはクッキーを使用します。",
    "ar": "نستخدم ملفات تعريف الارتباط.",
}


async def test_a_banner_without_a_name_is_known_by_its_words(
    checker: Checker, site: SmallSite
) -> None:
    """No class or id says so, and nothing refuses: a consent wall, never an absence."""
    told = {}
    for language, text in TALK.items():
        looker = Looker(checker, site, TARGET)
        await looker.look(page(comments(range(9))))
        left = [number for number in range(9) if number != TARGET]
        box = f"<div class='x1 q7' style='{OVER}'><p>{text}</p><button>OK</button></div>"
        told[language] = said(await looker.look(page(comments(left) + box)))
    assert told == dict.fromkeys(TALK, (None, Reason.CONSENT_WALL))


async def test_a_thread_in_a_window_of_its_own_is_no_banner(
    checker: Checker, site: SmallSite
) -> None:
    """It talks of cookies, and a post in it holds a poll whose "No thanks" is not ours to give."""
    site.pages["/poll"] = "counted"
    poll = (
        "<p>Which cookies?</p><button onclick=\"fetch('/poll')\">Oatmeal</button>"
        "<button onclick=\"fetch('/poll')\">No thanks</button>"
    )
    thread = comments(range(9), {2: item(2, after=poll)})
    look = await Looker(checker, site, TARGET).look(
        page(f"<div role='dialog' aria-modal='true' style='{OVER};overflow:auto'>{thread}</div>")
    )
    assert said(look) == (Sighting.PRESENT, None)
    assert site.asked_for("/poll") == []
