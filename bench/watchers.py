"""Simpler ways to watch a post, as baselines of `detect`: each looks when Rature looks.

None of them knows more than it says: a watcher that never found the post on the page that it was
given cannot watch it, and accuses nobody.
"""

import asyncio
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Protocol

from playwright.async_api import Browser, BrowserContext
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from archiver.checker.anchoring import normalise
from archiver.domain.post import Target
from tests.walls.simulated import WITH_OWN_PAGES
from tests.walls.story import Story

MISSES = 6
"""Looks in a row without the filtered element after which changedetection.io tells by default."""
SECONDS = 10.0
GONE = frozenset({404, 410})
AGENT = "Mozilla/5.0 (X11; Linux x86_64) Watcher"
_CODE = re.compile(r"<(script|style|template)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Page:
    """What one request brought: its status (None: nothing), its words, its document."""

    status: int | None
    text: str = ""
    html: str = ""


class Watcher(Protocol):
    """Says after each look whether it takes the post for removed; None: it cannot watch it."""

    name: str

    async def look(self, story: Story, target: Target, opened: "Opened", /) -> bool | None:
        """One look at the wall as it is now; `opened` is the wall in a browser."""
        ...


class Ending(Watcher, Protocol):
    """A watcher that keeps something outside."""

    async def end(self) -> None:
        """Gives it back."""
        ...


async def fetch(url: str) -> Page:
    """A plain request, redirects followed."""
    return await asyncio.to_thread(_fetch, url)


def _fetch(url: str) -> Page:
    request = urllib.request.Request(url, headers={"User-Agent": AGENT})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            status, raw = answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        status, raw = refusal.code, refusal.read()
    except OSError:
        return Page(None)
    html = raw.decode("utf-8", "replace")
    return Page(status, normalise(unescape(_TAG.sub(" ", _CODE.sub(" ", html)))), html)


@dataclass
class TextGone:
    """The text is no longer in the page, as a plain request gets it."""

    name: str = "text gone (plain request)"
    seen: bool = False

    async def page(self, opened: "Opened") -> Page:
        """The page as this watcher gets it."""
        return await fetch(opened.url)

    async def look(self, _: Story, target: Target, opened: "Opened", /) -> bool | None:
        """Whether the text was there once and is not now."""
        page = await self.page(opened)
        there = normalise(target.text) in page.text
        self.seen = self.seen or there
        return None if not self.seen or page.status is None else not there


@dataclass
class RenderedTextGone(TextGone):
    """The same, after the page's scripts have run."""

    name: str = "text gone (after scripts)"

    async def page(self, opened: "Opened") -> Page:
        """Opened in a browser, read when its network is quiet."""
        return await opened.page()


class Opened:
    """A page in a new tab after its scripts, loaded when first asked for, once for all who ask."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self._context = context
        self._tab: Tab | None = None
        self._page: Page | None = None

    async def tab(self) -> Tab | None:
        """The tab, its network quiet; None when the page cannot be loaded."""
        await self.page()
        return self._tab

    async def page(self) -> Page:
        """What stands on the page."""
        if self._page is None:
            self._page = await self._load()
        return self._page

    async def _load(self) -> Page:
        tab = self._tab = await self._context.new_page()
        try:
            answer = await tab.goto(self.url, wait_until="networkidle", timeout=SECONDS * 1000)
            text, html = await tab.inner_text("body"), await tab.content()
        except PlaywrightError:
            await self.close()
            return Page(None)
        return Page(answer.status if answer else None, normalise(text), html)

    async def close(self) -> None:
        """Closes the tab."""
        if self._tab is not None:
            await self._tab.close()
            self._tab = None


@dataclass
class StatusCode:
    """The post's own page, or where there is none the wall, answers 404 or 410."""

    name: str = "status code"
    seen: bool = False

    async def look(self, story: Story, target: Target, _: Opened, /) -> bool | None:
        """Whether its address is not found now."""
        page = await fetch(address_of(story, target))
        self.seen = self.seen or page.status == 200
        return None if not self.seen or page.status is None else page.status in GONE


def address_of(story: Story, target: Target) -> str:
    """The post's own page, where the kind of mark-up has one."""
    if story.wall.kind not in WITH_OWN_PAGES:
        return target.url
    path = "/showpost?p=" if story.wall.kind == "forum" else "/p/"
    return f"{story.wall.origin}{path}{story.number}"


@dataclass
class SelectorMisses:
    """A CSS filter on the post that finds nothing six times in a row, as changedetection.io has it.

    The filter is what a person would copy from the browser at the first look: the id where the
    element has one, else its place among its neighbours.
    """

    name: str = "selector, six misses"
    selector: str | None = None
    misses: int = 0

    async def look(self, _: Story, target: Target, opened: Opened, /) -> bool | None:
        """Whether the filter has now missed often enough."""
        tab = await opened.tab()
        if tab is None:
            return None if self.selector is None else self.misses >= MISSES
        if self.selector is None:
            self.selector = await tab.evaluate(SELECTOR, target.text[:20])
            if not self.selector:
                self.selector = None
                return None
        found = await tab.query_selector(self.selector)
        self.misses = 0 if found else self.misses + 1
        return self.misses >= MISSES


SELECTOR = """(start) => {
  const holds = (element) => element.innerText?.includes(start);
  let element = [...document.querySelectorAll('body *')].filter(holds).at(-1);
  if (!element) return null;
  const path = [];
  for (; element && element !== document.body; element = element.parentElement) {
    if (element.id) { path.unshift('#' + CSS.escape(element.id)); break; }
    const own = element.dataset.postId;
    if (own) { path.unshift(`[data-post-id="${own}"]`); break; }
    const at = [...element.parentElement.children].indexOf(element) + 1;
    path.unshift(`${element.tagName.toLowerCase()}:nth-child(${at})`);
  }
  return path.join(' > ');
}"""


@dataclass
class Bystanders:
    """All baselines beside one story, in a browser of their own; `further` are made for each."""

    browser: Browser
    further: Callable[[], Sequence[Ending]] = tuple
    watchers: list[Watcher] = field(default_factory=list)
    _context: BrowserContext | None = None
    _ending: Sequence[Ending] = ()

    async def begin(self) -> None:
        """Takes up a new story: nobody has seen anything."""
        self._context = await self.browser.new_context()
        self._ending = self.further()
        self.watchers = [
            TextGone(),
            RenderedTextGone(),
            StatusCode(),
            SelectorMisses(),
            *self._ending,
        ]

    async def look(self, story: Story, target: Target) -> Sequence[tuple[str, bool | None]]:
        """What each of them says now, with its name."""
        assert self._context is not None
        opened = Opened(self._context, target.url)
        told = [(one.name, await one.look(story, target, opened)) for one in self.watchers]
        await opened.close()
        return told

    async def end(self) -> None:
        """Closes what the story needed."""
        for watcher in self._ending:
            await watcher.end()
        if self._context is not None:
            await self._context.close()
