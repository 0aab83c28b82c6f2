"""Whether a post went with its author's account: the author's own page tells, beside another's."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from archiver.checker.anchoring import same_author
from archiver.checker.controls import last_seen
from archiver.checker.page_state import blocked, is_gone, same_host, same_page
from archiver.checker.tab import Tab
from archiver.checker.wall import Wall
from archiver.domain.observation import Observation


def to_ask(history: Sequence[Observation], wall: Wall) -> tuple[str, str] | None:
    """The author's own page and a living neighbour's on the same site; None when the author has
    none, or still has a post on the wall."""
    seen = last_seen(history)
    own = seen.seen.author_id if seen and seen.seen else None
    if seen is None or seen.seen is None or not _is_page(own) or own is None:
        return None
    if any(same_author(seen.seen.author, entry.post.author) for entry in wall.posts):
        return None
    for entry in wall.posts:
        other = entry.post.author_id
        alive = other and entry.post.author and entry.post.visible and _is_page(other)
        if alive and other and same_host(own, other) and not same_page(own, other):
            return own, other
    return None


def _is_page(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return parts.scheme in ("http", "https") and parts.path not in ("", "/")


async def is_author_gone(tab: Tab, own: str, other: str) -> bool:
    """Whether the server says that the author's page is gone, while a neighbour's is served."""
    if not is_gone(await tab.open(own)):
        return False
    response = await tab.open(other)
    reading = await tab.read()
    served = response.status == 200 and same_page(response.url, other)  # noqa: PLR2004
    return served and blocked(other, response, reading) is None
