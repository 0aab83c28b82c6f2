"""Whether a post went with its author's account: the author's own page tells, beside another's.

Three things are asked, as for a post: the author's own page, a living neighbour's, and (where the
first is no plain "not found") one that nobody has. Where no neighbour has a page, the author's
known posts on other walls of the site stand in for it. An error or a log-in says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from archiver.checker import trio
from archiver.checker.anchoring import normalise, same_author
from archiver.checker.controls import last_seen
from archiver.checker.further import FurtherPages
from archiver.checker.page_state import same_host, same_page
from archiver.checker.trio import Asked
from archiver.checker.wall import Wall
from archiver.domain.observation import Answer, Observation


class AuthorIs(StrEnum):
    """What is known of an author's account."""

    GONE = "gone"
    THERE = "there"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class People:
    """The author's own page and name, and a living neighbour's on the same site, if one is."""

    own: str
    name: str
    other: str | None = None
    other_name: str = ""


def to_ask(history: Sequence[Observation], wall: Wall) -> People | None:
    """Who is to be asked; None when the author has no page, or still has a post on the wall."""
    seen = last_seen(history)
    own = seen.seen.author_id if seen and seen.seen else None
    if seen is None or seen.seen is None or own is None or not is_page(own):
        return None
    if any(same_author(seen.seen.author, entry.post.author) for entry in wall.posts):
        return None
    name = seen.seen.author or ""
    for entry in wall.posts:
        other = entry.post.author_id
        alive = other and entry.post.author and entry.post.visible and is_page(other)
        if alive and other and same_host(own, other) and not same_page(own, other):
            return People(own, name, other, entry.post.author or "")
    return People(own, name)


def is_page(address: str | None) -> bool:
    """Whether what names an author is the address of a page."""
    parts = urlsplit(address or "")
    return parts.scheme in ("http", "https") and parts.path not in ("", "/")


async def ask(
    pages: FurtherPages, people: People, wall: str, *, elsewhere: bool
) -> AuthorIs | None:
    """What the pages say; None when no more may be asked. `elsewhere`: the author's known posts are
    missing on other walls too."""
    own = await trio.answer(pages, people.own, _names(people.name), wall)
    if own is None:
        return None
    other = None
    if people.other is not None and own.answer is not Answer.SERVED:
        other = await trio.answer(pages, people.other, _names(people.other_name), wall)
        if other is None:
            return None
    nothing = None
    if own.soft and other is not None and other.answer is Answer.SERVED:
        nothing = await trio.answer(pages, trio.invent(people.own), [], wall)
        if nothing is None:
            return None
    return conclude(own, other, nothing, elsewhere=elsewhere)


def _names(name: str) -> list[str]:
    return [normalise(name)] if name else []


def conclude(
    own: Asked, other: Asked | None, nothing: Asked | None, *, elsewhere: bool
) -> AuthorIs:
    """What is known of an account. `own` is the author's page, `other` a neighbour's, `nothing`
    one that nobody has; None: not asked."""
    if own.answer is Answer.SERVED:
        return AuthorIs.THERE
    lives = other is not None and _is_shown(other)
    if own.answer is Answer.GONE:
        return AuthorIs.GONE if lives or (other is None and elsewhere) else AuthorIs.UNCLEAR
    if other is None or nothing is None or not lives:
        return AuthorIs.UNCLEAR
    asked = trio.conclude(own, other, nothing)
    return AuthorIs.GONE if asked.agrees else AuthorIs.UNCLEAR


def _is_shown(other: Asked) -> bool:
    """Served, if only without the name: where people's pages have pictures for names, say."""
    return other.answer is Answer.SERVED or (other.soft and other.stayed)
