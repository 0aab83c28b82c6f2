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

    async def look(self, story: Story, target: Target, /) -> bool | None:
        """One look at the wall as it is now."""
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

    async def page(self, url: str) -> Page:
        """The page as this watcher gets it."""
        return await fetch(url)

    async def look(self, _: Story, target: Target, /) -> bool | None:
        """Whether the text was there once and is not now."""
        page = await self.page(target.url)
        there = normalise(target.text) in page.text
        self.seen = self.seen or there
        return None if not self.seen or page.status is None else not there


@dataclass
class RenderedTextGone(TextGone):
    """The same, after the page's scripts have run."""

    name: str = "text gone (after scripts)"
    context: BrowserContext | None = None

    async def page(self, url: str) -> Page:
        """Opened in a browser, read when its network is quiet."""
        assert self.context is not None
        return await render(self.context, url)


async def render(context: BrowserContext, url: str) -> Page:
    """The page after its scripts, in a new tab."""
    tab = await context.new_page()
    try:
        answer = await tab.goto(url, wait_until="networkidle", timeout=SECONDS * 1000)
        text, html = await tab.inner_text("body"), await tab.content()
    except PlaywrightError:
        return Page(None)
    finally:
        await tab.close()
    return Page(answer.status if answer else None, normalise(text), html)


@dataclass
class StatusCode:
    """The post's own page, or where there is none the wall, answers 404 or 410."""

    name: str = "status code"
    seen: bool = False

    async def look(self, story: Story, target: Target, /) -> bool | None:
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

    context: BrowserContext
    name: str = "selector, six misses"
    selector: str | None = None
    misses: int = 0

    async def look(self, _: Story, target: Target, /) -> bool | None:
        """Whether the filter has now missed often enough."""
        tab = await self.context.new_page()
        try:
            await tab.goto(target.url, wait_until="networkidle", timeout=SECONDS * 1000)
            if self.selector is None:
                self.selector = await tab.evaluate(SELECTOR, target.text[:20])
            found = bool(self.selector) and await tab.query_selector(self.selector or "")
        except PlaywrightError:
            return None if self.selector is None else self.misses >= MISSES
        finally:
            await tab.close()
        if self.selector is None:
            return None
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
    """All baselines beside one story, in a browser of their own."""

    browser: Browser
    further: Callable[[BrowserContext], Sequence[Ending]] = lambda _: ()
    watchers: list[Watcher] = field(default_factory=list)
    _context: BrowserContext | None = None
    _ending: Sequence[Ending] = ()

    async def begin(self) -> None:
        """Takes up a new story: nobody has seen anything."""
        self._context = await self.browser.new_context()
        self._ending = self.further(self._context)
        self.watchers = [
            TextGone(),
            RenderedTextGone(context=self._context),
            StatusCode(),
            SelectorMisses(self._context),
            *self._ending,
        ]

    async def end(self) -> None:
        """Closes what the story needed."""
        for watcher in self._ending:
            await watcher.end()
        if self._context is not None:
            await self._context.close()
