"""Shapes of the posts that were read on walls."""

from pydantic import BaseModel

from api.schemas_watches import Listing
from archiver.domain.instant import Instant
from archiver.services.wall_posts import PostsPage
from archiver.store.tables_wall import WallPostRow


class WallPostAnswer(BaseModel):
    """A post that visits read on a wall, watched or not. `time`: as in the page's mark-up.
    `looks_seen`: visits that saw it. `first_missing`: the first valid public look that read its
    place without it, null while it is there or nothing is known; `missed_as`: `absent`, `tombstone`
    or `parent_gone`. `guessed`: nothing but its shape says that it is a post. None of this says who
    removed anything."""

    id: str
    post_id: str | None
    author: str | None
    author_id: str | None
    text: str
    time: str | None
    permalink: str | None
    parent: str | None
    first_seen: Instant
    last_seen: Instant
    looks_seen: int
    first_missing: Instant | None
    missed_as: str | None
    guessed: bool


class PostCounts(BaseModel):
    """All posts of the wall that are known; those of them that are visible as far as is known, and
    those that are missing."""

    known: int
    visible: int
    missing: int


class WallPostListing(Listing[WallPostAnswer]):
    """A part of a wall's posts, the first seen first, and the counts of all of them."""

    counts: PostCounts


def wall_post_answer(row: WallPostRow) -> WallPostAnswer:
    """A post as it is answered."""
    return WallPostAnswer.model_validate({**row.model_dump(), "time": row.posted})


def wall_post_listing(page: PostsPage, offset: int, limit: int) -> WallPostListing:
    """A part of a wall's posts as it is answered."""
    counts = PostCounts(
        known=page.counts.known, visible=page.counts.visible, missing=page.counts.missing
    )
    return WallPostListing(
        items=[wall_post_answer(row) for row in page.items],
        total=page.counts.known,
        offset=offset,
        limit=limit,
        counts=counts,
    )
