"""The visit itself: many targets at once, a crashed browser, a hostile page, refused addresses."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext

from archiver.checker.browser import BrowserHouse
from archiver.checker.look import Checker
from archiver.checker.reading import Reading
from archiver.checker.tab import Tab
from archiver.domain.look import Visited
from archiver.domain.observation import Reason, Sighting
from archiver.domain.post import Target
from tests.integration.checker.conftest import Watcher, checker_options
from tests.integration.checker.small_site import SmallSite, comments, page, words
from tests.walls.simulated import SimulatedWall

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_one_visit_serves_all_targets_of_a_wall(checker: Checker) -> None:
    with SimulatedWall("soup") as wall:
        posts, everybody = wall.posts[:20], len(wall.posts)
        targets = [Target(url=wall.url, text=p.text, author=p.author) for p in posts]
        first = await checker.visit(wall.url, targets, [[] for _ in targets])
        wall.remove(posts[4].number)
        wall.asked.clear()
        looks = await checker.visit(wall.url, targets, [[look.observation] for look in first])
    said = [look.observation.sighting for look in looks]
    assert said[4] is Sighting.ABSENT
    assert said[:4] + said[5:] == [Sighting.PRESENT] * 19
    assert sum(path == "/wall" for path in wall.asked) == 1
    assert {id(look.visit) for look in looks} == {id(looks[0].visit)}  # one picture, shared
    for look, gone in ((first[0], 0), (looks[0], 1)):
        assert look.visit is not None
        read = look.visit.wall
        assert read is not None
        assert read.whole
        assert len(read.posts) == everybody - gone  # all of them, not only the targets
        assert (posts[4].text in {post.text for post in read.posts}) is (not gone)


async def test_pages_on_which_looks_rest_are_kept_and_named(checker: Checker) -> None:
    with SimulatedWall("blog") as wall:  # over numbered pages
        posts = (wall.posts[0], wall.posts[-1])
        targets = [Target(url=wall.url, text=p.text, author=p.author) for p in posts]
        looks = await checker.visit(wall.url, targets, [[], []])
    visit = looks[0].visit
    assert visit is not None
    named = [look.observation.page for look in looks]
    assert len({"page", *named}) >= 2  # the page that was opened, and those of the posts
    pages = {stem: document(visit, f"{stem}.html") for stem in {"page", *named} if stem}
    assert {file.name for file in visit.files} == {
        f"{stem}.{form}" for stem in pages for form in ("png", "html")
    }
    for post, stem in zip(posts, named, strict=True):
        assert post.text in pages[str(stem)]


def document(visit: Visited, name: str) -> str:
    return next(file.data for file in visit.files if file.name == name).decode()


async def test_permalink_trio_agrees_when_the_post_alone_is_gone(checker: Checker) -> None:
    with SimulatedWall("soup") as wall:
        watcher = Watcher(checker, wall, 107)
        await watcher.look()
        wall.remove(107)
        trio = (await watcher.look()).trio
    assert trio is not None
    assert (trio.target, trio.sibling, trio.nonexistent) == ("gone", "served", "gone")
    assert trio.agrees is True


async def test_page_cannot_forge_what_is_read(checker: Checker) -> None:
    with SimulatedWall("blog") as wall:
        wall.situation = "hostile"
        assert (await Watcher(checker, wall, 107).look()).sighting is Sighting.PRESENT


async def test_refused_address_is_an_invalid_look_and_nothing_is_opened(checker: Checker) -> None:
    target = Target(url="http://169.254.169.254/", text="my shoes have holes")
    look = (await checker.visit(target.url, [target], [[]]))[0]
    assert look.observation.reason is Reason.NETWORK_ERROR
    assert (look.files, look.visit) == ((), None)


async def test_browser_that_died_is_started_again(chromium: Path) -> None:
    options = checker_options(chromium)
    with SimulatedWall("blog") as wall:
        async with BrowserHouse(options) as house:
            watcher = Watcher(Checker(house, options), wall, 107)
            await watcher.look()
            browser = await house.start()
            await browser.close()
            assert (await watcher.look()).sighting is Sighting.PRESENT


@pytest.mark.parametrize(("deaths", "said"), [(1, Sighting.PRESENT), (2, Reason.CHECKER_FAULT)])
async def test_browser_that_dies_during_a_visit_is_tried_once_more(
    chromium: Path, monkeypatch: pytest.MonkeyPatch, deaths: int, said: Sighting | Reason
) -> None:
    reading, left = Tab.read, deaths

    async def read(tab: Tab) -> Reading:
        nonlocal left
        if left:
            left -= 1
            await (await house.start()).close()
        return await reading(tab)

    monkeypatch.setattr(Tab, "read", read)
    async with BrowserHouse(checker_options(chromium)) as house:
        with SimulatedWall("blog") as wall:
            watcher = Watcher(Checker(house, checker_options(chromium)), wall, 108)
            look = await watcher.look()
    assert (look.sighting or look.reason) is said
    assert look.detail is not None
    assert ("twice" in look.detail) is (said is Reason.CHECKER_FAULT)


async def test_a_browser_that_dies_after_the_last_picture_loses_no_look(
    chromium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, visits = BrowserContext.close, 0

    async def close(context: BrowserContext) -> None:
        nonlocal visits
        visits += 1
        await (await house.start()).close()
        await closing(context)

    monkeypatch.setattr(BrowserContext, "close", close)
    async with BrowserHouse(checker_options(chromium)) as house:
        with SimulatedWall("blog") as wall:
            watcher = Watcher(Checker(house, checker_options(chromium)), wall, 108)
            assert (await watcher.look()).sighting is Sighting.PRESENT
    assert visits == 1


async def test_a_page_that_makes_way_for_another_again_and_again_is_waited_for(
    checker: Checker,
) -> None:
    with SmallSite() as site:
        for at in range(3):
            hop = (
                f"<p>...</p><script>setTimeout(() => location.replace('/hop{at + 1}'), 40)</script>"
            )
            site.pages["/wall" if at == 0 else f"/hop{at}"] = hop
        site.pages["/hop3"] = page(comments(range(8)))
        look = (await checker.visit(site.url, [Target(url=site.url, text=words(3))], [[]]))[0]
    assert look.observation.sighting is Sighting.PRESENT
    assert [asked.path for asked in site.asked].count("/wall") == 1  # it was not begun again


async def test_several_visits_at_once_do_not_mix(checker: Checker) -> None:
    with SimulatedWall("blog") as one, SimulatedWall("soup") as two:
        two.situation = "captcha"
        first, second = await asyncio.gather(
            Watcher(checker, one, 107).look(), Watcher(checker, two, 107).look()
        )
    assert first.sighting is Sighting.PRESENT
    assert second.reason is Reason.CHALLENGE
