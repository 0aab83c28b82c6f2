"""When the page itself is gone: is it the wall, the article answered to, or the whole site?"""

from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from archiver.checker.controls import last_seen
from archiver.checker.page_state import Response, blocked, same_host
from archiver.checker.sighting import Said
from archiver.checker.tab import Tab
from archiver.domain.observation import Observation, Reason, Sighting
from archiver.domain.post import Target


async def site_lives(tab: Tab, url: str) -> bool:
    """Whether the site's front page is served, so that the page's absence is the page's own."""
    parts = urlsplit(url)
    root = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    if parts.path in ("", "/") and not parts.query:
        return False
    response: Response = await tab.open(root)
    reading = await tab.read()
    healthy = response.status == 200 and same_host(root, response.url)  # noqa: PLR2004
    return healthy and blocked(root, response, reading) is None and reading.page.words > 0


def say_gone(target: Target, history: Sequence[Observation], *, lives: bool, status: int) -> Said:
    """What a page that the server says is gone means for one target."""
    seen = last_seen(history)
    if seen is None:
        detail = f"There is no such page (status {status}), and the post was never seen on it."
        return Said(detail, reason=Reason.INCOMPLETE)
    if not lives:
        detail = f"The page is gone (status {status}), but so is the site's front page."
        return Said(detail, reason=Reason.SERVER_ERROR)
    article = target.parent is not None or bool((seen.skeleton or {}).get("article"))
    if article:
        detail = f"The article or post answered to is gone (status {status}); the site is not."
        return Said(detail, Sighting.PARENT_GONE)
    return Said(f"The wall is gone (status {status}); the site is not.", Sighting.WALL_GONE)
