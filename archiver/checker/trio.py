"""Asking the permalink: the target's, a live neighbour's, and one that never existed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from archiver.checker.anchoring import normalise
from archiver.checker.further import FurtherPages, Page
from archiver.checker.page_state import Response, blocked, is_gone, same_host, same_page
from archiver.checker.reading import Reading
from archiver.domain.observation import Answer, Sibling, Trio

_NUMBER = re.compile(r"\d+(?=\D*$)")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
INVENTED = "90173"
ALIKE = 0.1


@dataclass(frozen=True)
class Asked:
    """How one address answered, with what is needed to compare it with the others.

    `soft`: it may be a page that says "not found"; `said` are its words; `stayed`: it led nowhere
    else. `withheld`: the address exists, but is not shown in this country. `back`: it led back to
    the wall, `found`: where what was looked for is shown.
    """

    answer: Answer
    soft: bool = False
    title: str = ""
    words: int = 0
    withheld: bool = False
    said: frozenset[str] = frozenset()
    stayed: bool = False
    back: bool = False
    found: bool = False

    @property
    def leads_there(self) -> bool:
        """Whether it led to the post's place on the wall, as forums do with a post's address."""
        return self.back and self.found


@dataclass(frozen=True)
class Answers:
    """The three, concluded. `soft`: it rests on pages that only look like "not found"."""

    trio: Trio
    withheld: bool = False
    soft: bool = False


def own_page(permalink: str | None, walls: Sequence[str]) -> str | None:
    """The permalink when it is a page of its own; None for a mere place on one of the walls."""
    if not permalink:
        return None
    parts = urlsplit(permalink)
    if parts.fragment and not parts.fragment.startswith("!"):
        return None
    for wall in walls:
        other = urlsplit(wall)
        if same_page(permalink, wall) and parts.query == other.query:
            return None
    return permalink


def invent(permalink: str) -> str:
    """An address of the same form that no post has: its id with more digits."""
    parts = urlsplit(permalink)
    if _NUMBER.search(parts.query):
        query = _NUMBER.sub(lambda found: found.group() + INVENTED, parts.query, count=1)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    head, _, tail = parts.path.rstrip("/").rpartition("/")
    made = _NUMBER.sub(lambda found: found.group() + INVENTED, tail, count=1)
    path = f"{head}/{made if made != tail else tail + INVENTED}"
    path += "/" if parts.path.endswith("/") else ""
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def same_kind(one: str, other: str) -> bool:
    """Whether two addresses are of one form, so that what answers the one says something of the
    other: the same path but for its end, numbers and one name in it; the same parameters."""
    first, second = urlsplit(one), urlsplit(other)
    if not same_host(one, other) or _names(first.query) != _names(second.query):
        return False
    here, there = _way(first.path), _way(second.path)
    if len(here) != len(there):
        return False
    if first.query and here != there:
        return False
    pairs = list(zip(here[:-1], there[:-1], strict=True))
    differ = sum(a != b for a, b in pairs)
    return differ == 0 or (differ == 1 and len(pairs) > 1)


def _names(query: str) -> list[str]:
    return sorted(name for name, _ in parse_qsl(query, keep_blank_values=True))


def _way(path: str) -> list[str]:
    return [_DIGITS.sub("0", part) for part in path.split("/") if part]


async def ask(
    pages: FurtherPages, target: str, texts: Sequence[str], sibling: Sibling, wall: str
) -> Answers | None:
    """Opens the three addresses; None when no more may be asked. `texts` are the target's,
    normalised. Posts of one visit share the sibling and the invented address."""
    beside, words = str(sibling.permalink), normalise(sibling.text)
    model = beside if same_kind(beside, target) else target
    alive = await answer(pages, beside, [words], wall)
    nothing = await answer(pages, invent(model), [*texts, words], wall)
    wanted = await answer(pages, target, texts, wall)
    if alive is None or nothing is None or wanted is None:
        return None
    soft = nothing.soft or wanted.soft
    return Answers(conclude(wanted, alive, nothing), wanted.withheld, soft)


async def answer(
    pages: FurtherPages, address: str, texts: Sequence[str], wall: str, *, again: bool = False
) -> Asked | None:
    """How one address answers; None when no more may be asked."""
    page = await pages.page(address, again=again)
    return None if page is None else classify_page(address, page, texts, wall)


def classify_page(address: str, page: Page, texts: Sequence[str], wall: str) -> Asked:
    """What a page that was asked means by itself. One whose own requests failed means nothing,
    unless it shows what is looked for."""
    asked = classify(address, page.response, page.reading, texts, wall)
    return Asked(Answer.UNCLEAR) if page.unsure and asked.soft else asked


def classify(
    address: str, response: Response, reading: Reading, texts: Sequence[str], wall: str
) -> Asked:
    """What one answer means by itself; `soft` when it may be a page that says "not found"."""
    answer, soft = _answer(address, response, reading, texts, wall)
    withheld = response.status == 451  # noqa: PLR2004 - HTTP statuses are read as such
    title = _DIGITS.sub("0", normalise(reading.page.title))
    stayed = response.status == 200 and same_page(response.url, address)  # noqa: PLR2004
    return Asked(
        answer,
        soft,
        title,
        reading.page.words,
        withheld,
        _said(reading),
        stayed,
        back=answer is Answer.GONE and not is_gone(response),
        found=_is_shown(texts, reading),
    )


def _said(reading: Reading) -> frozenset[str]:
    """The words of a page, in whatever writing; a text without spaces is one word."""
    texts = [reading.page.title, reading.page.outside, *(post.text for post in reading.posts)]
    return frozenset(_WORD.findall(normalise("\n".join(texts)).casefold()))


def _answer(
    address: str, response: Response, reading: Reading, texts: Sequence[str], wall: str
) -> tuple[Answer, bool]:
    if is_gone(response):
        here = same_host(address, response.url)
        return (Answer.GONE if here else Answer.UNCLEAR), False
    if blocked(address, response, reading) is not None:
        return Answer.UNCLEAR, False
    if same_page(response.url, wall) and not same_page(address, wall):
        return Answer.GONE, False
    return (Answer.SERVED, False) if _is_shown(texts, reading) else (Answer.UNCLEAR, True)


def _is_shown(texts: Sequence[str], reading: Reading) -> bool:
    shown = [post.key for post in reading.posts if post.visible]
    shown.append(normalise(reading.page.outside))
    return any(text and text in words for text in texts for words in shown)


def conclude(target: Asked, sibling: Asked, nothing: Asked) -> Trio:
    """The three together: a soft "not found" is known by what an invented id is answered. Where the
    neighbour's address leads to its place on the wall, the two others must not lead there, too."""
    place = sibling.leads_there and not target.back and not nothing.back
    served = sibling.answer is Answer.SERVED or place
    none = Answer.GONE if nothing.soft and served else nothing.answer
    same = nothing.soft and target.soft and _alike(target, nothing, sibling)
    wanted = Answer.GONE if same and none is Answer.GONE else target.answer
    agrees = wanted is Answer.GONE and none is Answer.GONE and served
    alive = Answer.SERVED if served else sibling.answer
    return Trio(target=wanted, sibling=alive, nonexistent=none, agrees=agrees)


def _alike(one: Asked, nothing: Asked, sibling: Asked) -> bool:
    """Whether a page says what the page of an invented id says, and a served one does not: an
    empty shell, which says nothing of its own, is like no other."""
    most = max(one.words, nothing.words, 1)
    size = abs(one.words - nothing.words) <= ALIKE * most
    mark = nothing.said - sibling.said
    return one.title == nothing.title and size and bool(mark) and mark <= one.said
