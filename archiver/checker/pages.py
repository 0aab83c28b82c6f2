"""Putting the pages that were read in their order, with what is known of the gaps. Pure.

Numbers alone do not tell a page's place: the page whose address has none is the first one on most
sites and the last one on others (WordPress with the newest page by default), and newest-first walls
may count their pages from the oldest. Times decide where the posts carry them; otherwise an end of
the list is proven only by having read every page that is linked. A wrong order would make
neighbours of posts that are none, and an absence of a post that was only pushed along.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archiver.checker.page_times import by_time
from archiver.checker.reading import Reading
from archiver.checker.wall import Wall, join, overlap

SAME_PAGE = 0.6
FIRST, LAST = float("-inf"), float("inf")
Beyond = Callable[[float, Sequence[float]], bool]


@dataclass(frozen=True)
class PageRead:
    """One page: its number (None: its address has none), the numbers it links to, what it shows.

    `plain` tells that it links to the address without a number. `whole` that nothing more would
    come on the same page (no list that still grows). `opened`: what is folded on it was clicked.
    `rolls`: it only ever holds a part of its list.
    """

    number: int | None
    linked: frozenset[int]
    reading: Reading
    plain: bool = False
    whole: bool = True
    opened: bool = False
    rolls: bool = False


@dataclass(frozen=True)
class _Line:
    """Pages in their order, each with its place on the line of page numbers.

    `certain`: the order rests on times. `unread`: linked numbers that were not read, as places.
    """

    pages: tuple[PageRead, ...]
    places: tuple[float, ...]
    unread: tuple[float, ...]
    certain: bool

    def follows(self) -> list[bool]:
        """Whether each page is known to continue the one before."""
        gaps = [self._gap(low, high) for low, high in pairwise(self.places)]
        return [True, *(not gap for gap in gaps)]

    def _gap(self, low: float, high: float) -> bool:
        return low >= high or any(low < place < high for place in self.unread)

    def starts(self) -> bool:
        """Whether the list's beginning is proven."""
        return self._bounded(lambda place, known: place < min(known))

    def ends(self) -> bool:
        """Whether the list's end is proven."""
        return self._bounded(lambda place, known: place > max(known))

    def _bounded(self, beyond: Beyond) -> bool:
        if not self.unread:
            return all(low < high for low, high in pairwise(self.places))
        known = [place for place in self.places if place not in {FIRST, LAST}]
        if not self.certain or not known:
            return False
        return not any(beyond(place, known) for place in self.unread)


def arrange(pages: Sequence[PageRead]) -> Wall:
    """The wall that the pages make up."""
    if not pages:
        return Wall()
    kept = _without_double(pages)
    line = _line(kept, frozenset().union(*(page.linked for page in pages)))
    parts = [
        (page.reading.posts, follow and (at == 0 or line.pages[at - 1].whole))
        for at, (page, follow) in enumerate(zip(line.pages, line.follows(), strict=True))
    ]
    unread_plain = any(page.plain for page in pages) and all(
        page.number is not None for page in pages
    )
    return Wall(
        posts=join(parts),
        starts=line.starts() and not unread_plain,
        ends=line.ends() and line.pages[-1].whole and not unread_plain,
        closed=tuple(mark for page in kept for mark in page.reading.page.closed),
        opened=all(page.opened or not page.reading.page.closed for page in kept),
        outside="\n".join(page.reading.page.outside for page in kept),
        skeleton=pages[0].reading.page.skeleton,
        adapters=_adapters(kept),
    )


def _adapters(pages: Sequence[PageRead]) -> tuple[str, ...]:
    """The adapters that read the pages; marked where one read only a part of them."""
    told = [page.reading.page.adapter for page in pages]
    used = [one.name for one in told if one is not None and one.used]
    return tuple(
        name if used.count(name) == len(pages) else f"part-{name}" for name in sorted(set(used))
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


def _line(pages: Sequence[PageRead], linked: frozenset[int]) -> _Line:
    unread = linked - {page.number for page in pages}
    timed = by_time([page.reading.posts for page in pages])
    if timed is None:
        return _by_number(pages, linked, unread)
    ordered = [pages[at] for at in timed]
    sign = _sign(ordered)
    if sign is None and unread:
        # Where the unread ones belong cannot be told yet: a gap everywhere, no end proven.
        places = tuple(float(at) for at in range(len(ordered)))
        between = tuple(at + 0.5 for at in range(len(ordered)))
        return _Line(tuple(ordered), places, between, certain=False)
    sign = sign or 1
    places = tuple(_place(ordered, at, sign) for at in range(len(ordered)))
    beyond = tuple(float(sign * number) for number in unread)
    return _Line(tuple(ordered), places, beyond, certain=True)


def _sign(ordered: Sequence[PageRead]) -> int | None:
    """1: page numbers rise along the list, -1: they fall; None when one page cannot tell."""
    numbers = [page.number for page in ordered if page.number is not None]
    rising = [one < other for one, other in pairwise(numbers)]
    if not rising or (any(rising) and not all(rising)):
        return None
    return 1 if rising[0] else -1


def _place(ordered: Sequence[PageRead], at: int, sign: int) -> float:
    number = ordered[at].number
    if number is not None:
        return float(sign * number)
    if at == 0:
        return FIRST
    if at == len(ordered) - 1:
        return LAST
    before, after = ordered[at - 1].number or 0, ordered[at + 1].number or 0
    return sign * (before + after) / 2


def _by_number(
    pages: Sequence[PageRead], linked: frozenset[int], unread: frozenset[int | None]
) -> _Line:
    """Without times: numbers are taken to rise, but they prove no end while one is unread."""
    bare = _bare_place([page for page in pages if page.number is None], linked, unread)
    ordered = sorted(
        pages, key=lambda page: (bare or FIRST) if page.number is None else page.number
    )
    if bare is None and len(pages) > 1 and ordered[0].number is None:
        # Nobody knows where the page without a number belongs: it stands apart.
        places = tuple(0.0 for _ in ordered)
    else:
        places = tuple((bare or FIRST) if p.number is None else float(p.number) for p in ordered)
    left = tuple(float(number) for number in unread if number is not None)
    return _Line(tuple(ordered), places, left, certain=False)


def _bare_place(
    bare: Sequence[PageRead], linked: frozenset[int], unread: frozenset[int | None]
) -> float | None:
    """Where the page without a number stands, by links alone; None when they do not tell.

    The lowest numbered page must have been read (and found to be another page). A first page links
    to it as the next one, and pages are then counted from 2; a last page links to the highest only.
    """
    if not linked:
        return FIRST
    lowest, highest = min(linked), max(linked)
    if lowest in unread:
        return None
    if lowest > 1 and all(lowest in page.linked for page in bare):
        return FIRST
    if all(lowest not in page.linked and highest in page.linked for page in bare):
        return LAST
    return None
