"""Putting the pages that were read in their order, with what is known of the gaps. Pure.

The page whose address has no number is the first one on most sites and the last one on others
(WordPress with the newest page by default): the links of the other pages tell which.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archiver.checker.reading import Reading
from archiver.checker.wall import Wall, join, overlap

SAME_PAGE = 0.6
FIRST = -1.0
LAST = float("inf")


@dataclass(frozen=True)
class PageRead:
    """One page: its number (None: its address has none), the numbers it links to, what it shows.

    `plain` tells that it links to the address without a number. `whole` that nothing more would
    come on the same page (no list that still grows).
    """

    number: int | None
    linked: frozenset[int]
    reading: Reading
    plain: bool = False
    whole: bool = True


def arrange(pages: Sequence[PageRead]) -> Wall:
    """The wall that the pages make up."""
    if not pages:
        return Wall()
    linked = frozenset().union(*(page.linked for page in pages))
    kept = _without_double(pages)
    ordered = sorted(kept, key=lambda page: _order(page, linked))
    follows = [True] + [not _between(one, other, linked) for one, other in pairwise(ordered)]
    parts = [
        (page.reading.posts, follow and (at == 0 or ordered[at - 1].whole))
        for at, (page, follow) in enumerate(zip(ordered, follows, strict=True))
    ]
    unread_plain = any(page.plain for page in pages) and all(
        page.number is not None for page in pages
    )
    return Wall(
        posts=join(parts),
        starts=_starts(ordered[0], linked) and not unread_plain,
        ends=_ends(ordered[-1], linked) and ordered[-1].whole and not unread_plain,
        folds=sum(page.reading.page.folds for page in kept),
        outside="\n".join(page.reading.page.outside for page in kept),
    )


def _without_double(pages: Sequence[PageRead]) -> list[PageRead]:
    """A page without a number that shows the same posts as a numbered one is that page."""
    kept = [page for page in pages if page.number is not None]
    for page in pages:
        if page.number is not None:
            continue
        double = next((k for k in kept if _alike(page, k)), None)
        if double is None:
            kept.append(page)
        else:
            kept[kept.index(double)] = replace(double, linked=double.linked | page.linked)
    return kept


def _alike(one: PageRead, other: PageRead) -> bool:
    return overlap(one.reading.posts, other.reading.posts) >= SAME_PAGE


def _order(page: PageRead, linked: frozenset[int]) -> float:
    if page.number is not None:
        return float(page.number)
    return LAST if any(number <= 1 for number in linked) else FIRST


def _between(one: PageRead, other: PageRead, linked: frozenset[int]) -> bool:
    """Whether a linked page between the two was not read."""
    low, high = _order(one, linked), _order(other, linked)
    return any(low < number < high for number in linked)


def _starts(first: PageRead, linked: frozenset[int]) -> bool:
    return not any(number < _order(first, linked) for number in linked)


def _ends(last: PageRead, linked: frozenset[int]) -> bool:
    return not any(number > _order(last, linked) for number in linked)
