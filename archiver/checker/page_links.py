"""A page of a wall: the number it has, and the other pages it leads to. Pure."""

from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from archiver.checker.pages import PageRead
from archiver.checker.paging import numbered_links, page_number
from archiver.checker.reading import Link, Reading


@dataclass(frozen=True)
class Numbered:
    """A page that was asked for by its number, and the address that this number had."""

    number: int
    address: str


def page_read(
    reading: Reading, base: str, here: str, *, whole: bool = True, asked: Numbered | None = None
) -> PageRead:
    """The page as the wall takes it. `base` is the wall's address, `here` that of the page."""
    links = links_of(reading, base, here)
    number = _own_number(here, links)
    if number is None and asked is not None and urldefrag(asked.address).url == urldefrag(here).url:
        number = asked.number  # the last of two pages leads to none with a number
    plain = any(_is_plain(base, here, link) for link in reading.page.links)
    return PageRead(
        number, frozenset(links), reading, plain=plain and number is not None, whole=whole
    )


def links_of(reading: Reading, base: str, here: str) -> dict[int, str]:
    """The wall's other pages that it links to: number to address."""
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
