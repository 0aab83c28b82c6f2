"""A wall that was read, as the visit brings it home, and back again. Pure."""

import hashlib
from datetime import datetime

from archiver.checker.anchoring import normalise
from archiver.checker.reading import Post
from archiver.checker.wall import MAX_SIBLING_TEXT, Wall, WallPost
from archiver.domain.wall_read import ReadPost, WallRead

HIDDEN = "hidden when it was read"


def read_of(wall: Wall, read_at: datetime, *, whole: bool, guessed: bool) -> WallRead:
    """What is brought home. Texts are kept as far as an observation keeps those of siblings."""
    return WallRead(
        posts=tuple(_read_post(entry) for entry in wall.posts),
        read_at=read_at,
        starts=wall.starts,
        ends=wall.ends,
        whole=whole,
        guessed=guessed,
        outside=wall.outside,
        closed=wall.closed,
        skeleton=wall.skeleton,
        reader=wall.reader,
    )


def _read_post(entry: WallPost) -> ReadPost:
    post = entry.post
    return ReadPost(
        text=post.text[:MAX_SIBLING_TEXT],
        author=post.author,
        author_id=post.author_id,
        post_id=post.post_id,
        time=post.markup_time or post.shown_time,
        permalink=post.permalink,
        parent=entry.answers,
        visible=post.visible,
        struck=post.struck,
        stretch=entry.stretch,
    )


def wall_of(read: WallRead) -> Wall:
    """The wall as the rules of absence take it."""
    return Wall(
        posts=tuple(
            WallPost(_post(post), page=0, stretch=post.stretch, answers=post.parent)
            for post in read.posts
        ),
        starts=read.starts,
        ends=read.ends,
        closed=folds_of(read),
        outside=read.outside,
        skeleton=read.skeleton,
        reader=read.reader,
    )


def _post(post: ReadPost) -> Post:
    return Post(
        text=post.text,
        author=post.author,
        author_id=post.author_id,
        post_id=post.post_id,
        markup_time=post.time,
        permalink=post.permalink,
        hidden_by=None if post.visible else HIDDEN,
        struck=post.struck,
        key=normalise(post.text),
    )


def folds_of(read: WallRead) -> tuple[str, ...]:
    """What is folded, in a form that tells one fold from another and quotes nobody."""
    return tuple(hashlib.sha256(fold.encode()).hexdigest()[:16] for fold in read.closed)
