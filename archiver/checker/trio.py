"""Asking the permalink: the target's, a live neighbour's, and one that never existed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from archiver.checker.anchoring import normalise
from archiver.checker.page_state import Response, blocked, is_gone, same_page
from archiver.checker.reading import Reading
from archiver.checker.tab import Tab
from archiver.domain.observation import Answer, Sibling, Trio

_NUMBER = re.compile(r"\d+(?=\D*$)")
INVENTED = "90173"
ALIKE = 0.1


@dataclass(frozen=True)
class Asked:
    """How one address answered, with what is needed to compare it with the others.

    `withheld`: the address exists, but is not shown in this country.
    """

    answer: Answer
    soft: bool = False
    title: str = ""
    words: int = 0
    withheld: bool = False


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


async def ask(
    tab: Tab, target: str, texts: Sequence[str], sibling: Sibling, wall: str
) -> tuple[Trio, bool]:
    """Opens the three addresses one after the other, and tells whether the target's is withheld in
    this country. `texts` are the target's, normalised."""
    alive = await _ask_one(tab, str(sibling.permalink), [normalise(sibling.text)], wall)
    nothing = await _ask_one(tab, invent(target), [*texts, normalise(sibling.text)], wall)
    wanted = await _ask_one(tab, target, texts, wall)
    return conclude(wanted, alive, nothing), wanted.withheld


async def _ask_one(tab: Tab, address: str, texts: Sequence[str], wall: str) -> Asked:
    response = await tab.open(address)
    reading = await tab.read()
    return classify(address, response, reading, texts, wall)


def classify(
    address: str, response: Response, reading: Reading, texts: Sequence[str], wall: str
) -> Asked:
    """What one answer means by itself; `soft` when it may be a page that says "not found"."""
    answer, soft = _answer(address, response, reading, texts, wall)
    withheld = response.status == 451  # noqa: PLR2004 - HTTP statuses are read as such
    return Asked(answer, soft, normalise(reading.page.title), reading.page.words, withheld)


def _answer(
    address: str, response: Response, reading: Reading, texts: Sequence[str], wall: str
) -> tuple[Answer, bool]:
    if is_gone(response):
        return Answer.GONE, False
    if blocked(address, response, reading) is not None:
        return Answer.UNCLEAR, False
    if same_page(response.url, wall) and not same_page(address, wall):
        return Answer.GONE, False
    shown = [post.key for post in reading.posts if post.visible]
    shown.append(normalise(reading.page.outside))
    if any(text and text in words for text in texts for words in shown):
        return Answer.SERVED, False
    return Answer.UNCLEAR, True


def conclude(target: Asked, sibling: Asked, nothing: Asked) -> Trio:
    """The three together: a soft "not found" is known by what an invented id is answered."""
    served = sibling.answer is Answer.SERVED
    none = Answer.GONE if nothing.soft and served else nothing.answer
    same = nothing.soft and target.soft and _alike(target, nothing)
    wanted = Answer.GONE if same and none is Answer.GONE else target.answer
    agrees = wanted is Answer.GONE and none is Answer.GONE and served
    return Trio(target=wanted, sibling=sibling.answer, nonexistent=none, agrees=agrees)


def _alike(one: Asked, other: Asked) -> bool:
    most = max(one.words, other.words, 1)
    return one.title == other.title and abs(one.words - other.words) <= ALIKE * most
