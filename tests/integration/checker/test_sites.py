"""Each site's adapter on pages of its own manner, and after the site has changed its mark-up."""

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from archiver.checker.browser import BrowserHouse
from archiver.checker.reader_output import describe
from archiver.checker.reading_room import SAVED, saved_page
from archiver.checker.sites import load
from archiver.checker.tab import Tab
from tests.real_pages.browsing import options_for
from tests.real_pages.site_styles import SitePage, html, pages, renamed
from tests.real_pages.styles import conversation

PAGES = pages()
Read = dict[str, Any]


async def read(tab: Tab) -> Read:
    return describe(SAVED, await tab.open(SAVED), await tab.read())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def readings(chromium: Path) -> dict[str, tuple[Read, Read, Read]]:
    """Of each page: as it is; redesigned; redesigned, without any adapter."""
    options, found = options_for(chromium), {}
    async with BrowserHouse(options) as house:
        for page in PAGES:
            async with saved_page(house, html(page).encode(), options) as tab:
                plain = await read(tab)
            async with saved_page(house, renamed(page).encode(), options) as tab:
                changed = await read(tab)
                await tab.run("RatureReader.sites = []")
                bare = describe(SAVED, await tab.response(), await tab.read())
            found[page.name] = (plain, changed, bare)
    return found


WRONG = """RatureReader.sites = [{name: "wrong", hosts: ["brot.example"], marks: ["::nothing("],
  kinds: [{item: "li > > p", required: ["author"], text: [{css: "p"}], author: [{css: "p"}]},
    {item: "li.comment", required: ["id"], id: [{attr: "id", pattern: "(("}],
      author: [{css: "b >"}], text: [{css: ".comment-content"}]}]}]"""
FEWER = """RatureReader.sites = [{name: "few", hosts: [], marks: ["#comments"], kinds: [{
  item: "li.depth-1", required: ["id"], id: [{attr: "id"}], author: [{css: ".fn"}],
  text: [{css: ".comment-content"}]}]}]"""


def squeezed(text: str | None) -> str:
    return "".join((text or "").split())


@pytest.mark.asyncio(loop_scope="module")
async def test_wrong_data_is_reported_and_never_more_than_that(chromium: Path) -> None:
    page = next(page for page in PAGES if page.name == "wordpress")
    text = html(page).replace("</head>", "<link rel=canonical href='https://brot.example/'></head>")
    options = options_for(chromium)
    async with BrowserHouse(options) as house, saved_page(house, text.encode(), options) as tab:
        response = await tab.open(SAVED)
        await tab.run("RatureReader.sites = []")
        bare = describe(SAVED, response, await tab.read())
        await tab.run(WRONG)
        wrong = describe(SAVED, response, await tab.read())
        await tab.run(FEWER)
        fewer = describe(SAVED, response, await tab.read())
    assert bare["page"]["adapter"] is None
    assert wrong["posts"] == fewer["posts"] == bare["posts"]
    assert wrong["page"]["adapter"]["why"] == "no_id"
    assert set(wrong["page"]["adapter"]["problems"]) == {"li > > p", "((", "b >"}
    # an adapter that takes threads for posts: the replies in them would be lost
    assert fewer["page"]["adapter"]["why"] == "fewer_items"


def test_every_adapter_has_a_page() -> None:
    assert {page.site for page in PAGES} == {site.name for site in load()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_the_adapter_reads_every_post_with_its_fields(
    page: SitePage, readings: dict[str, tuple[Read, Read, Read]]
) -> None:
    reading, _, _ = readings[page.name]
    adapter = {"name": page.site, "used": True, "why": None, "problems": (), "obstacles": ()}
    assert reading["page"]["adapter"] == adapter
    assert (reading["page"]["site"], reading["page"]["validity"]) == (page.site, "valid")
    posts = conversation()
    assert [squeezed(post["text"]) for post in reading["posts"]] == [
        squeezed(post.values()["text"]) for post in posts
    ]
    for post, words in zip(reading["posts"], posts, strict=True):
        expected = page.expected(words)
        assert {name: post[name] for name in expected} == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_after_a_redesign_it_steps_aside_and_says_so(
    page: SitePage, readings: dict[str, tuple[Read, Read, Read]]
) -> None:
    _, changed, bare = readings[page.name]
    adapter = changed["page"]["adapter"]
    assert (adapter["name"], adapter["used"]) == (page.site, False)
    assert adapter["why"]
    assert changed["posts"] == bare["posts"]
    assert changed["page"]["site"] == bare["page"]["site"]
    wanted = {squeezed(post.values()["text"]) for post in conversation()}
    there = {squeezed(post["text"]) for post in bare["posts"]}
    # what is said is there, if perhaps with a label more
    missed = [text for text in wanted if not any(text in said for said in there)]
    assert not missed
