"""The form in which `rature read` prints a page. Pure."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from archiver.checker.page_state import Response, blocked, unsure
from archiver.checker.paging import numbered_links
from archiver.checker.reading import Post, Reading
from archiver.checker.tombstone import stones
from archiver.domain.observation import Actor, Validity


def describe(asked: str, response: Response, reading: Reading) -> dict[str, Any]:
    """`{"page": {validity, reason, site, order, more, ...}, "posts": [...]}`."""
    finding = blocked(asked, response, reading) or unsure(reading)
    page = reading.page
    return {
        "page": {
            "validity": (Validity.INVALID if finding else Validity.VALID).value,
            "reason": finding.reason.value if finding else None,
            "detail": finding.detail if finding else None,
            "site": page.site,
            "adapter": asdict(page.adapter) if page.adapter else None,
            "order": order_of(reading),
            "more": [link for _, link in sorted(numbered_links(page.url, page.links).items())],
            "title": page.title,
            "status": response.status,
            "final_url": response.url,
        },
        "posts": [
            _post(post, reading, stone)
            for post, stone in zip(reading.posts, stones(reading.posts), strict=True)
        ],
    }


def _post(post: Post, reading: Reading, stone: Actor | None) -> dict[str, Any]:
    parent = reading.posts[post.parent].post_id if post.parent is not None else None
    return {
        "id": post.post_id,
        "parent": post.parent_id or parent,
        "author": post.author,
        "author_id": post.author_id,
        "text": post.text,
        "time": post.markup_time or post.shown_time,
        "shown_time": post.shown_time,
        "permalink": post.permalink,
        "visible": post.visible,
        "tombstone": stone.value if stone else None,
    }


def order_of(reading: Reading) -> str:
    """`newest_first`, `oldest_first`, or `unknown` when the times in the mark-up do not say."""
    moments = [_moment(post.markup_time) for post in reading.posts if post.parent is None]
    known = [moment for moment in moments if moment is not None]
    if len(known) < 2 or len(set(known)) < 2:  # noqa: PLR2004 - two make an order
        return "unknown"
    if known == sorted(known):
        return "oldest_first"
    return "newest_first" if known == sorted(known, reverse=True) else "unknown"


def _moment(text: str | None) -> float | None:
    """Seconds since 1970 of a machine-readable time; one without an offset is taken as UTC."""
    if not text:
        return None
    if text.isdigit():
        return float(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
