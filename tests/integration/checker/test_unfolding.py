"""What is cut or folded is opened before anything is said of it, and nothing else is clicked."""

from collections.abc import Iterator

import pytest

from archiver.checker.look import Checker
from archiver.domain.observation import Observation, Reason, Sighting
from tests.integration.checker.small_site import (
    Answer,
    Asked,
    Looker,
    SmallSite,
    author,
    comments,
    item,
    page,
    words,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
TARGET = 4
ALL = range(9)
LEFT = [number for number in ALL if number != TARGET]
LONG = f"{words(TARGET)} I sent the receipt twice and then the pictures that were asked for."


@pytest.fixture
def site() -> Iterator[SmallSite]:
    with SmallSite(page(comments(ALL))) as made:
        yield made


def said(look: Observation) -> tuple[str | None, str | None]:
    return look.sighting, look.reason


def cut_to(full: str) -> str:
    """A post whose tail is only written when its control is clicked."""
    short = full[:60]
    opens = f"this.previousElementSibling.textContent = {full!r}; this.remove()"
    control = f'<span role="button" tabindex="0" onclick="{opens}">Näytä</span>'
    return item(TARGET, text=f"<span>{short}…</span>{control}")


async def test_a_cut_text_is_compared_whole(checker: Checker, site: SmallSite) -> None:
    looker = Looker(checker, site, TARGET, LONG)
    assert said(await looker.look(page(comments(ALL, {TARGET: item(TARGET, text=LONG)})))) == (
        Sighting.PRESENT,
        None,
    )
    cut = await looker.look(page(comments(ALL, {TARGET: cut_to(LONG)})))
    assert said(cut) == (Sighting.PRESENT, None)
    assert cut.similarity == 1.0
    assert '1 of 1 folds were opened ("Näytä")' in (cut.detail or "")
    changed = LONG.replace("pictures", "invoices")
    assert said(await looker.look(page(comments(ALL, {TARGET: cut_to(changed)})))) == (
        Sighting.EDITED,
        None,
    )


def folded(inside: str, label: str = "3 svar", opens: str = "") -> str:
    """A comment whose replies are fetched when its control is clicked."""
    click = opens or "unfold(this)"
    after = (
        f'<button type="button" aria-expanded="false" onclick="{click}">{label}</button>'
        f"<template>{inside}</template>"
    )
    return item(3, after=after)


UNFOLD = (
    "async function unfold(button) { const answer = await fetch('/replies');"
    "const list = document.createElement('div'); list.innerHTML = await answer.text();"
    "button.closest('article').after(...list.children);"
    "button.setAttribute('aria-expanded', 'true'); button.textContent = 'Dölj'; }"
)


async def test_a_reply_behind_a_fold_is_collapsed_and_its_removal_is_seen(
    checker: Checker, site: SmallSite
) -> None:
    replies = {"shown": item(20) + item(TARGET) + item(21)}
    site.pages["/replies"] = lambda _: Answer(replies["shown"])
    looker = Looker(checker, site, TARGET)
    wall = page(comments(LEFT, {3: folded("")}), UNFOLD)
    first = await looker.look(wall)
    assert said(first) == (Sighting.COLLAPSED, None)
    assert '"3 svar"' in (first.detail or "")
    assert (first.skeleton or {})["steps"]
    replies["shown"] = item(20) + item(21)
    assert said(await looker.look(wall)) == (Sighting.ABSENT, None)
    closed = page(comments(LEFT, {3: folded("", opens="return false")}))
    assert said(await looker.look(closed)) == (None, Reason.INCOMPLETE)


async def test_a_post_put_behind_a_fold_is_not_missed(checker: Checker, site: SmallSite) -> None:
    looker = Looker(checker, site, TARGET)
    assert (await looker.look()).sighting is Sighting.PRESENT
    hidden = f"<details><summary>Visa dolda</summary>{item(TARGET)}</details>"
    look = await looker.look(page(comments(LEFT, {3: item(3) + hidden})))
    assert said(look) == (Sighting.COLLAPSED, None)
    assert "Visa dolda" in (look.detail or "")
    empty = "<details><summary>Visa dolda</summary><p>...</p></details>"
    assert said(await looker.look(page(comments(LEFT, {3: item(3) + empty})))) == (
        Sighting.ABSENT,
        None,
    )


ACTS = (
    "<form method='post' action='/act'><button>Show 3 replies</button></form>"
    "<a href='/act'>Read more</a>"
    "<button type='button' onclick=\"fetch('/act', {method: 'POST'})\">Report 2 replies</button>"
    "<button type='button' aria-expanded='false' onclick=\"fetch('/act')\">Antworten</button>"
    "<button type='button' aria-pressed='false' onclick=\"fetch('/act')\">12 comments</button>"
    "<button type='button' aria-haspopup='menu' aria-expanded='false'"
    " onclick=\"fetch('/act')\">4 more</button>"
    "<button type='button' class='like-button' onclick=\"fetch('/act')\">7 more</button>"
)


async def test_nothing_is_clicked_that_acts_or_leads_away(
    checker: Checker, site: SmallSite
) -> None:
    """And what a harmless control tries to send or to open stays here."""
    site.pages["/act"] = "<p>done</p>"
    looker = Looker(checker, site, TARGET)
    assert (await looker.look()).sighting is Sighting.PRESENT
    sly = "fetch('/act', {method: 'DELETE'}); fetch('/vote', {method: 'POST', body: 'vote=1'});"
    opens = f"{sly} window.open('/act'); location = '/act'"
    after = f'{ACTS}<button type="button" onclick="{opens}">5 replies</button>'
    look = await looker.look(page(comments(LEFT, {3: item(3, after=after)})))
    assert said(look) == (None, Reason.INCOMPLETE)  # that fold did not open
    assert '0 of 1 folds were opened ("5 replies")' in (look.detail or "")
    assert [asked.path for asked in site.asked if asked.path in {"/act", "/vote"}] == []
    assert (look.final_url or "").endswith("/wall")


async def test_what_is_found_plainly_costs_no_click(checker: Checker, site: SmallSite) -> None:
    asked: list[Asked] = []

    def replies(request: Asked) -> Answer:
        asked.append(request)
        return Answer(item(20))

    site.pages["/replies"] = replies
    looker = Looker(checker, site, TARGET)
    look = await looker.look(page(comments(ALL, {3: folded("")}), UNFOLD))
    assert said(look) == (Sighting.PRESENT, None)
    assert asked == []
    assert "steps" not in (look.skeleton or {})
    assert author(TARGET) == (look.seen.author if look.seen else None)
