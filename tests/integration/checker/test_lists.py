"""Lists that roll by, come late, or stand in another order, and pages that are never quiet."""

import json
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
MANY = 60


@pytest.fixture
def site() -> Iterator[SmallSite]:
    with SmallSite() as made:
        yield made


def said(look: Observation) -> tuple[str | None, str | None]:
    return look.sighting, look.reason


ROW = 150


def rolling(numbers: list[int], *, inner: bool) -> str:
    """A list that only keeps the rows in the window, and reuses them in any order."""
    rows = [item(n, style=f"position:absolute;left:0;right:0;height:{ROW - 10}px") for n in numbers]
    box = "overflow-y:auto;height:700px" if inner else ""
    script = f"""
      const rows = {json.dumps(rows)}, high = {ROW};
      const list = document.getElementById('list'), outer = document.getElementById('outer');
      list.style.cssText = `position:relative;height:${{rows.length * high}}px`;
      const draw = () => requestAnimationFrame(() => {{
        const top = {"outer.scrollTop" if inner else "scrollY - list.offsetTop"};
        const first = Math.max(0, Math.floor(top / high) - 1);
        const shown = rows.slice(first, first + 8).map((html, at) => {{
          const holder = document.createElement('template'); holder.innerHTML = html;
          const row = holder.content.firstElementChild;
          row.style.top = `${{(first + at) * high}}px`; return row;
        }});
        list.replaceChildren(...shown.reverse());
      }});
      ({"outer" if inner else "window"}).addEventListener('scroll', draw); draw();
    """
    return page(f"<div id='outer' style='{box}'><section id='list'></section></div>", script)


@pytest.mark.parametrize("inner", [False, True])
async def test_a_rolling_list_is_read_as_a_whole(
    checker: Checker, site: SmallSite, inner: bool
) -> None:
    target = MANY - 25
    looker = Looker(checker, site, target)
    look = await looker.look(rolling(list(range(MANY)), inner=inner))
    assert said(look) == (Sighting.PRESENT, None)
    places = {sibling.author: sibling.position for sibling in look.siblings}
    around = [places[author(n)] for n in range(target - 3, target + 2) if n != target]
    assert around == sorted(around)
    assert look.seen is not None
    assert places[author(target - 1)] == look.seen.position - 1
    left = [n for n in range(MANY) if n != target]
    gone = await looker.look(rolling(left, inner=inner))
    assert said(gone) == (Sighting.ABSENT, None)
    assert gone.controls.before == 4


LATE = """
  const list = document.createElement('section');
  list.innerHTML = ITEMS;
  setTimeout(() => document.querySelector('footer').before('One moment'), 100);
  setTimeout(() => document.querySelector('footer').before(list), 900);
"""


async def test_a_list_that_comes_late_by_a_timer_is_awaited(
    checker: Checker, site: SmallSite
) -> None:
    looker = Looker(checker, site, 4)
    for left, sighting in ((range(9), "present"), ([0, 1, 2, 3, 5, 6, 7, 8], "absent")):
        html = json.dumps("".join(item(n) for n in left))
        look = await looker.look(page("", LATE.replace("ITEMS", html)))
        assert said(look) == (sighting, None)


async def test_a_page_that_is_never_quiet_is_read(checker: Checker, site: SmallSite) -> None:
    """A clock, adverts that take turns, a request that is held open for news."""

    def held(_: Asked) -> Answer:
        site.closing.wait(20)
        return Answer("")

    site.pages["/news"] = held
    restless = """
      const clock = document.getElementById('clock'), advert = document.getElementById('advert');
      setInterval(() => { clock.textContent = new Date().toISOString(); }, 20);
      setInterval(() => { advert.replaceChildren(document.createElement('i')); }, 30);
      fetch('/news');
    """
    body = f"<p id='clock'>0</p><div id='advert'></div>{comments(range(9))}"
    look = await Looker(checker, site, 4).look(page(body, restless))
    assert said(look) == (Sighting.PRESENT, None)


HALF = 30


def sorted_wall(new: list[int], top: list[int]) -> object:
    """The newest half by default, all of the others under another order."""

    def answer(asked: Asked) -> Answer:
        shown = new if asked.query.get("sort") == "new" else top
        links = (
            "<nav><a href='/wall?sort=top'>Parhaat</a> <a href='/wall?sort=new'>Uusimmat</a></nav>"
        )
        return Answer(page(links + comments(shown)))

    return answer


async def test_a_post_that_is_only_in_another_order_is_collapsed(
    checker: Checker, site: SmallSite
) -> None:
    target = 7
    everything = list(range(12))
    looker = Looker(checker, site, target)
    site.pages["/wall"] = sorted_wall(everything, everything)  # type: ignore[assignment]
    assert said(await looker.look()) == (Sighting.PRESENT, None)
    left = [n for n in everything if n != target]
    site.pages["/wall"] = sorted_wall(everything, left)  # type: ignore[assignment]
    look = await looker.look()
    assert said(look) == (Sighting.COLLAPSED, None)
    assert "sort=new" in (look.detail or "")
    site.pages["/wall"] = sorted_wall(left, left)  # type: ignore[assignment]
    assert said(await looker.look()) == (Sighting.ABSENT, None)
    site.pages["/wall"] = page(comments(left))  # the order it was seen in is not offered any more
    assert (await looker.look()).sighting in (Sighting.ABSENT, None)


async def test_another_default_order_read_in_part_is_no_absence(
    checker: Checker, site: SmallSite
) -> None:
    """A select without a form changes the order in place; the first look saw the other one."""
    looker = Looker(checker, site, 7)
    assert (await looker.look(page(comments(range(12))))).sighting is Sighting.PRESENT
    shuffled = [5, 11, 3, 9, 0, 8]
    later = json.dumps("".join(item(n) for n in range(12)))
    script = (
        "document.querySelector('select').addEventListener('change', () => {"
        f"document.getElementById('list').innerHTML = {later}; }});"
    )
    select = "<select name='sortOrder'><option value='best'>A<option value='newest'>B</select>"
    look = await looker.look(page(select + comments(shuffled), script))
    assert said(look) == (Sighting.COLLAPSED, None)
    assert "newest" in (look.detail or "")
    more = "<nav><a href='/wall?page=2' rel='next'>2</a></nav>"
    site.pages["/wall"] = lambda asked: Answer(
        page(comments(shuffled) + more), status=500 if "page" in asked.query else 200
    )
    assert said(await looker.look()) == (None, Reason.SERVER_ERROR)
    assert words(7) == looker.target.text


ROWS = {
    "tabs": (
        "<div role='tablist' class='comment-sort'><button role='tab' aria-selected='true'>Parhaat"
        "</button><button role='tab' aria-selected='false' onclick='other()'>Uusimmat</button>"
        "</div>"
    ),
    "buttons": (
        "<ul id='sortOrder'><li class='active'><a href='#'>Parhaat</a></li>"
        "<li><a href='#' onclick='other()'>Uusimmat</a></li></ul>"
    ),
}


@pytest.mark.parametrize("row", ROWS)
async def test_another_order_behind_a_row_of_choices(
    checker: Checker, site: SmallSite, row: str
) -> None:
    looker = Looker(checker, site, 7)
    assert (await looker.look(page(comments(range(12))))).sighting is Sighting.PRESENT
    left = [number for number in range(12) if number != 7]
    later = json.dumps("".join(item(n) for n in range(12)))
    script = f"function other() {{ document.getElementById('list').innerHTML = {later}; }}"
    look = await looker.look(page(ROWS[row] + comments(left), script))
    assert said(look) == (Sighting.COLLAPSED, None)
    assert "Uusimmat" in (look.detail or "")


async def test_what_more_and_other_orders_want_to_send_is_held_back(
    checker: Checker, site: SmallSite
) -> None:
    """Controls that look like a way to more but follow, report or send: nothing leaves, and what
    they would have brought is not taken for the end of the list."""
    for path in ("/follow", "/api/7", "/act", "/order", "/items/3", "/api/send"):
        site.pages[path] = "done"
    looker = Looker(checker, site, 11)
    assert (await looker.look(page(comments(range(12))))).sighting is Sighting.PRESENT
    left = list(range(11))  # it stood last: only the end of the list tells
    sly = (
        "fetch('/follow', {method: 'POST'}); fetch('/api/7', {method: 'POST', body: 'id=3'});"
        "fetch('/api/send', {method: 'POST', body: 'page=2'});"
        "fetch('/items/3', {method: 'POST', body: 'page=2',"
        " headers: {'X-HTTP-Method-Override': 'DELETE'}});"
        "new Image().src = '/act?do=report'; location = '/act'"
    )
    more = f'<button type="button" onclick="{sly}">Seuraava</button>'
    look = await looker.look(page(comments(left) + more, ";"))
    assert said(look) == (None, Reason.INCOMPLETE)
    assert "held back" in (look.detail or "")
    rows = (
        "<div class='order-status'><button aria-pressed='true'>A</button>"
        "<button aria-pressed='false' onclick=\"fetch('/order')\">Peruuta</button></div>"
        "<div class='border-b'><button role='tab' aria-selected='true'>A</button>"
        "<button role='tab' onclick=\"fetch('/order')\">B</button></div>"
        "<div class='sort-row'><button class='active'>A</button>"
        "<button class='report-btn' onclick=\"fetch('/order')\">C</button></div>"
    )
    look = await looker.look(page(rows + comments(left), ";"))
    assert said(look) == (Sighting.ABSENT, None)
    asked = {asked.path for asked in site.asked}
    assert not asked & {"/follow", "/api/7", "/act", "/order", "/items/3", "/api/send"}
