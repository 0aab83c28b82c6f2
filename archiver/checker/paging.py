"""Finding a wall's other pages by their addresses, in any language. Pure.

A page of the same list has the same address but for one number: in the path or in the query. Such
links also lead to neighbouring articles or to reply forms, so a link counts only when its name or
its text says that the number is a page's.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from archiver.checker.reading import Link

_PAGE_NAMES = re.compile(
    r"^(?:[a-z]*[-_]?)?(?:page|paged|cpage|pg|pagenum|pageno|seite|pagina|página|strana|sivu|sida|"
    r"start|offset|from|skip|startid|first|comment-page|p)$",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"reply|share|like|vote|edit|quote|report|user|author|login|lang|sort|order|tab|print|id$|utm",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,7}")
_PATH_PAGE = re.compile(
    r"^(?:([a-z]*-?(?:page|p|seite|pagina|start|offset)-?))?(\d{1,6})$", re.IGNORECASE
)
_REL = re.compile(r"\b(?:next|prev)\b", re.IGNORECASE)

Split = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]


def page_number(base: str, address: str, *, rel: str = "", text: str = "") -> int | None:
    """The number by which `address` is a page of the list at `base`; None when it is none.

    `base` is an address of the list, with or without a number. An address equal to `base` but
    for the missing number has no number of its own: None.
    """
    one, other = _split(base), _split(address)
    if one[0] != other[0]:
        return None
    if one[2] != other[2]:
        return _by_query(one, other, rel, text) if _bare(one[1]) == _bare(other[1]) else None
    return _by_path(one[1], other[1], rel, text)


def _split(url: str) -> Split:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.") + f":{parts.port or ''}"
    path = tuple(unquote(part) for part in parts.path.split("/") if part)
    return host, path, tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))


def _bare(path: tuple[str, ...]) -> tuple[str, ...]:
    return path


def _by_query(one: Split, other: Split, rel: str, text: str) -> int | None:
    before, after = dict(one[2]), dict(other[2])
    changed = [name for name in {*before, *after} if before.get(name) != after.get(name)]
    if len(changed) != 1 or changed[0] not in after or not _NUMBER.fullmatch(after[changed[0]]):
        return None
    name, value = changed[0], after[changed[0]]
    if name in before and not _NUMBER.fullmatch(before[name]):
        return None
    # "p" numbers a page only where it comes and goes; elsewhere it names an article
    named = _PAGE_NAMES.match(name) is not None and not (name == "p" and name in before)
    return int(value) if _counts(name, value, named, rel, text) else None


def _counts(name: str, value: str, named: bool, rel: str, text: str) -> bool:
    if named:
        return True
    if _NEVER.search(name) or len(value) > 4:  # noqa: PLR2004 - pages above 9999 do not occur
        return False
    return text.strip() == value and (_REL.search(rel) is not None or len(name) > 1)


def _by_path(one: tuple[str, ...], other: tuple[str, ...], rel: str, text: str) -> int | None:
    if one == other:
        return None
    longer = other[len(one) :] if other[: len(one)] == one else ()
    if longer:
        return _added(longer, rel, text)
    if len(one) == len(other):
        return _replaced(one, other, text)
    if len(one) == len(other) + 1 and _PATH_PAGE.match(other[-1] if other else ""):
        return _replaced(one[:-1], other, text)
    return None


def _added(parts: tuple[str, ...], rel: str, text: str) -> int | None:
    if len(parts) == 2 and _PAGE_NAMES.match(parts[0]) and _NUMBER.fullmatch(parts[1]):  # noqa: PLR2004
        return int(parts[1])
    match = _PATH_PAGE.match(parts[0]) if len(parts) == 1 else None
    if match is None:
        return None
    named = match.group(1) is not None or text.strip() == match.group(2) or _REL.search(rel)
    return int(match.group(2)) if named else None


def _replaced(one: tuple[str, ...], other: tuple[str, ...], text: str) -> int | None:
    changed = [at for at, part in enumerate(one) if part != other[at]]
    if len(changed) != 1:
        return None
    at = changed[0]
    first, second = _PATH_PAGE.match(one[at]), _PATH_PAGE.match(other[at])
    if first is None or second is None or first.group(1) != second.group(1):
        return None
    named = second.group(1) is not None or (at > 0 and _PAGE_NAMES.match(one[at - 1]))
    return int(second.group(2)) if named or text.strip() == second.group(2) else None


def numbered_links(base: str, links: Iterable[Link]) -> dict[int, str]:
    """The pages of the list that are linked: number to address, the first link of each."""
    found: dict[int, str] = {}
    for link in links:
        number = page_number(base, link.href, rel=link.rel, text=link.text)
        if number is not None and number not in found:
            found[number] = link.href
    return found


def next_number(read: set[int], linked: set[int], unread_first: int | None) -> int | None:
    """Which page to read next: the unread one nearest to those read; None when none is left."""
    open_numbers = linked - read
    if not open_numbers:
        return None
    if not read:
        return unread_first if unread_first in open_numbers else min(open_numbers)
    return min(open_numbers, key=lambda number: (min(abs(number - k) for k in read), number))
