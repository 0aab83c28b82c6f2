"""A post that is watched at its own address, when that says that there is no such page.

The page was its wall, so no neighbours stand around its place. Other posts of the site stand in for
them: those that stood beside it, those of the front page and those of the author's page, each asked
at its own address. The post is `absent` only when one of them is served before and after, and an
invented address is answered as the post's. Anything else is no evidence.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit, urlunsplit

from archiver.checker import author_page, elsewhere, trio
from archiver.checker.anchoring import Wanted, normalise, same_address
from archiver.checker.asking import LEAST_WORDS
from archiver.checker.author_page import AuthorIs, People, is_page
from archiver.checker.controls import last_seen
from archiver.checker.further import FurtherPages
from archiver.checker.page_state import blocked, same_host, same_page
from archiver.checker.reading import Reading
from archiver.checker.sighting import Said
from archiver.domain.observation import (
    AUTHOR_THERE,
    Answer,
    Observation,
    Reason,
    Sibling,
    Sighting,
    Trio,
)
from archiver.domain.post import Target

CANDIDATES = 6
"""Other posts that are asked at the most until one is served."""
MOST_BESIDE = 2
"""Pages of posts that stood beside it which are asked where the front page lets nobody in."""
OWN_PAGE_GONE = "own_page_gone"
"""Fact of a look: the post's own page is gone, and another post's is not."""


@dataclass(frozen=True)
class Lost:
    """A watched page that is gone, or does not show the post that it was of."""

    target: Target
    history: Sequence[Observation]
    own: str
    wanted: Wanted

    @property
    def texts(self) -> Sequence[str]:
        """The post's, normalised."""
        return self.wanted.texts


def own_address(url: str, target: Target, history: Sequence[Observation]) -> str | None:
    """The post's own address, where the watched page is that; None where it is a wall, or nobody
    knows. It is the permalink that was read on the page itself, and no other post's."""
    seen = last_seen(history)
    if target.parent is not None or seen is None or seen.seen is None:
        return None
    landed = str((seen.skeleton or {}).get("landing") or url)
    # a line with the date may be read as an item of its own
    lines = [] if seen.seen.permalink else [x for x in seen.siblings if not x.text and not x.author]
    link = seen.seen.permalink or next((x.permalink for x in lines if x.permalink), None)
    own, place = urldefrag(link or "")
    if not any(same_address(own, urldefrag(page).url) for page in (url, landed)):
        return None
    others = [urldefrag(x.permalink).url for x in seen.siblings if x.permalink and x not in lines]
    if any(same_address(own, other) for other in others) or (place and not others):
        return None
    return landed


async def site_lives(pages: FurtherPages, url: str, beside: Sequence[Sibling] = ()) -> bool:
    """Whether the site's front page is served, so that a page's absence is the page's own. One that
    lets nobody in says nothing; a page of one of the posts that stood `beside` does, then."""
    parts = urlsplit(url)
    if parts.path in ("", "/") and not parts.query:
        return False
    root = front_of(url)
    page = await pages.page(root)
    if page is None or page.response.status != 200:  # noqa: PLR2004
        return False
    open_to_all = blocked(root, page.response, page.reading) is None
    if open_to_all and same_host(root, page.response.url) and page.reading.page.words > 0:
        return True
    return not open_to_all and await _one_is_served(pages, url, beside)


async def _one_is_served(pages: FurtherPages, url: str, beside: Sequence[Sibling]) -> bool:
    links = (trio.own_page(one.permalink, [url]) for one in beside)
    told = [(link, one) for link, one in zip(links, beside, strict=True) if link]
    for link, one in [pair for pair in told if same_host(pair[0], url)][:MOST_BESIDE]:
        words = normalise(one.text)
        asked = await trio.answer(pages, link, [words] if len(words) >= LEAST_WORDS else [], url)
        if asked is None or asked.answer is Answer.SERVED:
            return asked is not None
    return False


def front_of(url: str) -> str:
    """The address of a site's front page."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))


async def say_lost(pages: FurtherPages, lost: Lost) -> tuple[Said, Trio | None]:
    """What is said of the post, and how the three addresses answered.

    Raises:
        ReaderFault, PlaywrightError: as a tab does.
    """
    alive = await _living(pages, lost)
    if alive is None and not await site_lives(pages, lost.own):
        return Said("Its own page is gone, but so is the site's front page.", reason=_FAILED), None
    if alive is None:
        detail = "Its own page is gone, and no other post of the site is served to compare."
        return Said(detail, reason=_OPEN), None
    address, words = str(alive.permalink), [normalise(alive.text)]
    before = await trio.answer(pages, address, words, lost.own)
    nothing = await trio.answer(pages, trio.invent(lost.own), lost.texts, front_of(lost.own))
    wanted = await trio.answer(pages, lost.own, lost.texts, front_of(lost.own), again=True)
    after = await trio.answer(pages, address, words, lost.own, again=True)
    if before is None or nothing is None or wanted is None or after is None:
        return Said(_LATE, reason=_OPEN), None
    asked = trio.conclude(wanted, before if after.answer is Answer.SERVED else after, nothing)
    if wanted.withheld:
        return Said("Its own page is withheld in this country.", reason=Reason.GEO_BLOCKED), asked
    if not asked.agrees:
        detail = "Its own page does not show it, but the site's other pages do not tell why."
        return Said(detail, reason=_OPEN), asked
    return await _by_author(pages, lost, alive), asked


_FAILED, _OPEN = Reason.SERVER_ERROR, Reason.INCOMPLETE
_LATE = "Its own page is gone; too little time was left."


async def _by_author(pages: FurtherPages, lost: Lost, alive: Sibling) -> Said:
    detail = "Its own page is gone, and those of other posts are not."
    facts: tuple[str, ...] = (OWN_PAGE_GONE,)
    people = _people(lost.history, alive)
    if people is not None:
        says = await author_page.ask(pages, people, front_of(lost.own), elsewhere=False)
        if says is AuthorIs.GONE:
            detail = "Its own page and its author's are gone, and those of others are not."
            return Said(detail, Sighting.AUTHOR_GONE, facts=facts)
        if says is None:
            return Said(_LATE, reason=_OPEN)
        facts += (AUTHOR_THERE,) if says is AuthorIs.THERE else ()
    return await _elsewhere(pages, lost) or Said(detail, Sighting.ABSENT, facts=facts)


async def _elsewhere(pages: FurtherPages, lost: Lost) -> Said | None:
    """What is said of a post that lives on, or may, at another address."""
    seen = last_seen(lost.history)
    if seen is None or seen.seen is None:
        return None
    found = await elsewhere.ask(pages, seen.seen, lost.wanted, [lost.own])
    if found is None:
        return Said(_LATE, reason=_OPEN)
    if found.address is None:
        return None
    if found.sure:
        return Said(found.detail, Sighting.COLLAPSED)
    return Said(found.detail, reason=_OPEN)


def _people(history: Sequence[Observation], alive: Sibling) -> People | None:
    """The author and somebody else, where both have pages of their own."""
    seen = last_seen(history)
    if seen is None or seen.seen is None or not is_page(seen.seen.author_id):
        return None
    own = str(seen.seen.author_id)
    for other in (alive, *seen.siblings):
        page = other.author_id
        if page and is_page(page) and same_host(own, page) and not same_page(own, page):
            return People(own, seen.seen.author or "", page, other.author or "")
    return People(own, seen.seen.author or "")


async def _living(pages: FurtherPages, lost: Lost) -> Sibling | None:
    """Another post whose own page is served."""
    left = CANDIDATES
    async for candidate in _candidates(pages, lost):
        address, words = str(candidate.permalink), [normalise(candidate.text)]
        asked = await trio.answer(pages, address, words, lost.own)
        left -= 1
        if asked is None or left <= 0:
            return None
        if asked.answer is Answer.SERVED:
            return candidate
    return None


async def _candidates(pages: FurtherPages, lost: Lost) -> AsyncIterator[Sibling]:
    """Posts that stood beside it, half of those that are tried; then those of the front page; then
    those of the author's page."""
    tried: list[str] = []
    seen = last_seen(lost.history)
    beside = [*_fit(lost, seen.siblings if seen else [], tried)]
    for candidate in beside[: CANDIDATES // 2]:
        yield candidate
    author = seen.seen.author_id if seen and seen.seen else None
    for address in (front_of(lost.own), author):
        page = await pages.page(address) if address and _may_list(address, lost.own) else None
        if page is None or blocked(str(address), page.response, page.reading) is not None:
            continue
        for candidate in _fit(lost, _listed(page.reading), tried):
            yield candidate


def _may_list(address: str, own: str) -> bool:
    return same_host(address, own) and not same_page(address, own)


def _listed(reading: Reading) -> list[Sibling]:
    return [
        Sibling(
            position=at,
            author=post.author,
            author_id=post.author_id,
            text=post.text,
            permalink=post.permalink,
        )
        for at, post in enumerate(reading.posts)
        if post.visible
    ]


def _fit(lost: Lost, posts: Sequence[Sibling], tried: list[str]) -> Iterator[Sibling]:
    """Those with a page of the same kind as the post's, and words to know it by."""
    for post in posts:
        link = trio.own_page(post.permalink, [lost.own])
        if link is None or link in tried or not trio.same_kind(link, lost.own):
            continue
        words = normalise(post.text)
        if len(words) >= LEAST_WORDS and words not in lost.texts:
            tried.append(link)
            yield post
