"""When the page itself is gone: the wall, the article answered to, or the whole site? Pure."""

from collections.abc import Sequence
from urllib.parse import urldefrag

from archiver.checker.anchoring import same_address
from archiver.checker.controls import last_seen
from archiver.checker.sighting import Said
from archiver.domain.observation import Observation, Reason, Sighting
from archiver.domain.post import Target


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
    if article or _answers_the_page(target, seen):
        detail = f"The article or post answered to is gone (status {status}); the site is not."
        return Said(detail, Sighting.PARENT_GONE)
    return Said(f"The wall is gone (status {status}); the site is not.", Sighting.WALL_GONE)


def _answers_the_page(target: Target, seen: Observation) -> bool:
    """Whether the page was that of the post which the target answers to."""
    parent = seen.seen.parent if seen.seen else None
    landed = str((seen.skeleton or {}).get("landing") or target.url)
    return parent is not None and any(
        parent in (other.post_id, other.permalink)
        and same_address(urldefrag(other.permalink or "").url, urldefrag(landed).url)
        for other in seen.siblings
    )
