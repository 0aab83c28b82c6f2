"""Walking through a wall: its first page, what loads on it, and its other pages.

Reads no further than needed: as soon as every target is found, or its place is proven to have
been read, the walk ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urldefrag, urlsplit

from archiver.checker.options import CheckerOptions
from archiver.checker.page_state import Finding, Response, blocked, is_gone
from archiver.checker.pages import PageRead, arrange
from archiver.checker.paging import next_number, numbered_links, page_number
from archiver.checker.reading import Link, Reading
from archiver.checker.tab import Tab
from archiver.checker.wall import Wall
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.observation import Reason

MAX_ROUNDS = 40
"""Times that a list may grow on one page."""
NEAR = 600
"""Pixels below the list within which a button may belong to it."""

Enough = Callable[[Wall], bool]


@dataclass(frozen=True)
class PageSeen:
    """A page of the wall as it was read, with its evidence."""

    read: PageRead
    response: Response
    picture: EvidenceFile
    html: EvidenceFile


@dataclass
class Walked:
    """What the walk brought: the pages in the order of reading, the wall, what stood in the way."""

    pages: list[PageSeen] = field(default_factory=list)
    obstacle: Finding | None = None
    cut_short: Finding | None = None
    wall: Wall = field(default_factory=Wall)

    @property
    def first(self) -> PageSeen:
        """The page that the address led to."""
        return self.pages[0]


async def walk(tab: Tab, url: str, enough: Enough, options: CheckerOptions) -> Walked:
    """Reads the wall at an address until `enough` says so, or nothing more comes."""
    walked = Walked()
    response = await tab.open(url)
    if response.stale:
        await tab.pass_caches()
        response = await tab.open(url)
    reading = await tab.read()
    walked.obstacle = blocked(url, response, reading) or _too_old(response)
    if is_gone(response) and walked.obstacle is None:
        await _keep(walked, tab, response, reading, url, whole=False)
        return walked
    if walked.obstacle is None and not enough(_alone(reading)):
        reading = await _patient(tab, reading, options)
        walked.obstacle = blocked(url, await tab.response(), reading)
    whole = True
    if walked.obstacle is None:
        reading, whole = await _grow(tab, reading, enough)
    await _keep(walked, tab, await tab.response(), reading, url, whole=whole)
    walked.cut_short = _failed_call(tab.failed_calls)
    if walked.obstacle is None:
        await _other_pages(walked, tab, url, enough, options)
    return walked


def _too_old(response: Response) -> Finding | None:
    if not response.stale:
        return None
    detail = f"A cache answers with a copy {response.age} seconds old and cannot be passed."
    return Finding(Reason.STALE_CACHE, detail)


def _failed_call(statuses: list[int]) -> Finding | None:
    """What the page's own requests ran into while it loaded its list."""
    if 429 in statuses:  # noqa: PLR2004
        return Finding(Reason.RATE_LIMITED, "The page's own requests were told to slow down.")
    if statuses:
        return Finding(Reason.SERVER_ERROR, f"The page's own requests failed ({statuses[0]}).")
    return None


def _alone(reading: Reading) -> Wall:
    """A page for itself: what is on it is certain, what is not on it is not."""
    return replace(
        arrange([PageRead(None, frozenset(), reading)]), starts=False, ends=False, alone=True
    )


async def _patient(tab: Tab, reading: Reading, options: CheckerOptions) -> Reading:
    """Gives a page of scripts without a list the time to show one."""
    page = reading.page
    if not page.scripts or (reading.posts and page.quality >= 0.45):  # noqa: PLR2004
        return reading
    await tab.settle(more_than=page.elements, most=options.patience)
    return await tab.read()


async def _grow(tab: Tab, reading: Reading, enough: Enough) -> tuple[Reading, bool]:
    """Scrolls and asks for more on the same page. Tells whether the list's end was reached."""
    if not reading.page.scripts:
        return reading, True
    for _ in range(MAX_ROUNDS):
        if enough(_alone(reading)):
            return reading, False
        address = tab.url
        grown = await _scrolled(tab, reading) or await _clicked(tab, reading)
        if tab.failed_calls:
            return grown or reading, False
        if urldefrag(tab.url).url != urldefrag(address).url:
            return grown or reading, False
        if grown is None:
            return reading, True
        reading = _with_earlier(reading, grown)
    return reading, False


async def _scrolled(tab: Tab, reading: Reading) -> Reading | None:
    await tab.run("RatureReader.scrollToEnd()")
    return await _more(tab, reading)


async def _clicked(tab: Tab, reading: Reading) -> Reading | None:
    buttons = await tab.run("RatureReader.moreButtons()")
    if not buttons or buttons[0]["distance"] > NEAR:
        return None
    if not await tab.run("RatureReader.clickMore()"):
        return None
    return await _more(tab, reading)


async def _more(tab: Tab, reading: Reading) -> Reading | None:
    """The page read again if its list has grown or moved on."""
    await tab.settle(most=5.0)
    again = await tab.read()
    known = {(post.post_id, post.author, post.key) for post in reading.posts}
    fresh = [post for post in again.posts if (post.post_id, post.author, post.key) not in known]
    return again if fresh else None


def _with_earlier(before: Reading, now: Reading) -> Reading:
    """Keeps posts that the page took away again while scrolling, before those that came."""
    known = {(post.post_id, post.author, post.key) for post in now.posts}
    gone = [p for p in before.posts if (p.post_id, p.author, p.key) not in known]
    if not gone:
        return now
    kept = tuple(replace(post, box=None, parent=None) for post in gone)
    return replace(now, posts=kept + now.posts)


async def _keep(
    walked: Walked, tab: Tab, response: Response, reading: Reading, base: str, *, whole: bool
) -> None:
    """Adds a page to the walk, with its picture and its document as they are now."""
    links = _links(reading, base, response.url)
    number = _own_number(response.url, links)
    plain = any(_is_plain(base, response.url, link) for link in reading.page.links)
    read = PageRead(
        number, frozenset(links), reading, plain=plain and number is not None, whole=whole
    )
    seen = PageSeen(read, response, await tab.picture(), await tab.html())
    walked.pages.append(seen)
    walked.wall = arrange([page.read for page in walked.pages])


def _links(reading: Reading, base: str, here: str) -> dict[int, str]:
    return numbered_links(here, reading.page.links) or numbered_links(base, reading.page.links)


def _own_number(here: str, links: dict[int, str]) -> int | None:
    numbers = (page_number(link, here) for link in links.values())
    return next((number for number in numbers if number is not None), None)


def _is_plain(base: str, here: str, link: Link) -> bool:
    """Whether a link leads to the list's address without a number, from a page with one."""
    if urldefrag(link.href).url == urldefrag(here).url:
        return False
    return page_number(link.href, here) is not None and _same_place(link.href, base)


def _same_place(one: str, other: str) -> bool:
    first, second = urlsplit(one), urlsplit(other)
    return (first.path.rstrip("/"), first.query) == (second.path.rstrip("/"), second.query)


async def _other_pages(
    walked: Walked, tab: Tab, url: str, enough: Enough, options: CheckerOptions
) -> None:
    addresses = _links(walked.first.read.reading, url, walked.first.response.url)
    read = {walked.first.read.number} - {None}
    failed: set[int] = set()
    while len(walked.pages) < options.max_pages and not enough(walked.wall):
        done = {number for number in read if number is not None} | failed
        number = next_number(done, set(addresses), None)
        if number is None:
            return
        obstacle = await _one_page(walked, tab, url, addresses[number])
        if obstacle is not None:
            walked.cut_short = obstacle
            return
        read.add(number)
        latest = walked.pages[-1]
        more = _links(latest.read.reading, url, latest.response.url)
        addresses = {**more, **addresses}


async def _one_page(walked: Walked, tab: Tab, base: str, address: str) -> Finding | None:
    response = await tab.open(address)
    reading = await tab.read()
    obstacle = blocked(address, response, reading) or _too_old(response)
    if obstacle is not None:
        return obstacle
    if response.status != 200:  # noqa: PLR2004
        return Finding(Reason.INCOMPLETE, f"A page of the list answered {response.status}.")
    await _keep(walked, tab, response, reading, base, whole=True)
    return None
