"""Other orders of the same list, by the addresses that a wall offers. Pure.

Names of parameters are programmers' words and hardly differ by language: `sort=new`, `?order=asc`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from archiver.checker.page_state import same_host
from archiver.checker.reading import Link

_NAME = re.compile(
    r"^(?:.*[-_])?(?:sort|sorting|sortby|sort_by|sort_order|order|orderby|order_by|ordering|"
    r"comments?_?order|s_?o|rank|dir|direction|tri|orden|reihenfolge)(?:\[\])?$",
    re.IGNORECASE,
)
_BY_TIME = re.compile(
    r"new|recent|latest|date|time|old|chrono|asc|desc|created|fresh|id\b", re.IGNORECASE
)
_NEVER = re.compile(r"reply|vote|share|report|delete|edit|login|logout|user", re.IGNORECASE)


@dataclass(frozen=True)
class Order:
    """Another order: an address, or a choice in the page's own select; `name` says which."""

    name: str
    href: str | None = None
    choice: tuple[int, int] | None = None


def best(orders: Sequence[Order]) -> Order | None:
    """The one to read under: by time first, for such an order leaves nothing out."""
    return min(orders, key=lambda order: _BY_TIME.search(order.name) is None, default=None)


def linked(here: Iterable[str], links: Iterable[Link]) -> list[Order]:
    """Orders that links lead to, from a wall that has the addresses `here`."""
    bases = list(here)
    found: dict[str, Order] = {}
    for link in links:
        changed = next((name for base in bases if (name := _changed(base, link.href))), None)
        if changed is not None and not any(_same(base, link.href) for base in bases):
            found.setdefault(link.href, Order(changed, href=link.href))
    return list(found.values())


def _same(one: str, other: str) -> bool:
    return _parts(one) == _parts(other)


def _parts(url: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(url)
    return parts.path.rstrip("/"), dict(parse_qsl(parts.query, keep_blank_values=True))


def _changed(base: str, address: str) -> str | None:
    """`sort=new` when that is all by which an address differs from the wall's."""
    if not same_host(base, address):
        return None
    (path, before), (other_path, after) = _parts(base), _parts(address)
    if path != other_path:
        return None
    names = [name for name in {*before, *after} if before.get(name) != after.get(name)]
    told = [f"{name}={after.get(name, '')}" for name in sorted(names)]
    if not names or not all(_NAME.match(name) for name in names) or _NEVER.search("&".join(told)):
        return None
    return "&".join(told)
