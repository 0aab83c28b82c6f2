"""A wall as one list, put together from the pages that were read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from archiver.checker.anchoring import Candidate, loosely_same, same_id
from archiver.checker.reading import Post
from archiver.domain.observation import Observation, Sibling

MAX_SIBLINGS_EACH_SIDE = 40
MAX_SIBLING_TEXT = 2000
COMPANY = 2
"""Posts on each side that a look brings home if the list has them, though the target is found."""


@dataclass(frozen=True)
class WallPost:
    """A post with the page it stands on. Posts of one `stretch` follow each other without a gap.

    `answers` is the id or the own address of the post that it answers to.
    """

    post: Post
    page: int
    stretch: int = 0
    answers: str | None = None

    def candidate(self) -> Candidate:
        """What anchoring needs of it."""
        post = self.post
        return Candidate(post.key, post.author, post.post_id, post.permalink)

    def sibling(self, position: int) -> Sibling:
        """The form in which an observation keeps it."""
        post = self.post
        return Sibling(
            position=position,
            post_id=post.post_id,
            author=post.author,
            text=post.text[:MAX_SIBLING_TEXT],
            time=post.markup_time or post.shown_time,
            permalink=post.permalink,
            parent=self.answers,
            author_id=post.author_id,
        )


@dataclass(frozen=True)
class Wall:
    """All posts read, in the wall's order. `starts` and `ends`: that end of the list is proven.

    `alone` marks a first page before anything else was tried; `closed` describes what is still
    folded, `opened` tells that unfolding was tried; `skeleton` is the shape of the first page,
    `reader` the version of the scripts that read it, `adapters` what is known of the site and read
    it (`part-` before it: not on all of its pages).
    """

    posts: tuple[WallPost, ...] = ()
    starts: bool = False
    ends: bool = False
    alone: bool = False
    closed: tuple[str, ...] = ()
    opened: bool = False
    outside: str = ""
    skeleton: Mapping[str, Any] = field(default_factory=dict)
    reader: str | None = None
    adapters: tuple[str, ...] = ()

    def read_by(self, version: str | None) -> "Wall":
        """The same with its reader: an adapter's reading counts as another version's."""
        named = None if version is None else "+".join((version, *self.adapters))
        return replace(self, reader=named)

    def same_words(self, look: Observation, one: str, other: str) -> bool:
        """Whether a text of an earlier look and one of this wall are the same words (normalised);
        with tolerance when another version of the reader took the earlier one."""
        return one == other or (look.reader != self.reader and loosely_same(one, other))

    @property
    def folds(self) -> int:
        """How much is still folded."""
        return len(self.closed)

    @property
    def complete(self) -> bool:
        """Whether the whole list was read, from end to end."""
        stretches = {post.stretch for post in self.posts}
        return self.starts and self.ends and len(stretches) <= 1

    def has_company(self, place: int) -> bool:
        """Whether posts on both sides of a place were read, as the next look's controls."""
        before = place >= COMPANY or self.starts or self.alone
        return before and (len(self.posts) - 1 - place >= COMPANY or self.ends)

    def neighbours(self, place: int | None, *, without: frozenset[int]) -> list[Sibling]:
        """The posts nearest to a place (all ends when there is none), in the wall's order.

        Across a gap nobody knows who stands before whom: such posts prove no place.
        """
        found = [(at, entry) for at, entry in enumerate(self.posts) if at not in without]
        if place is not None:
            here = self.posts[place].stretch
            found = [pair for pair in found if pair[1].stretch == here]
            before = [pair for pair in found if pair[0] < place][-MAX_SIBLINGS_EACH_SIDE:]
            after = [pair for pair in found if pair[0] > place][:MAX_SIBLINGS_EACH_SIDE]
            found = before + after
        return [entry.sibling(at) for at, entry in found[: 2 * MAX_SIBLINGS_EACH_SIDE]]


def join(pages: Sequence[tuple[Sequence[Post], bool]]) -> tuple[WallPost, ...]:
    """One list from pages in their order; `True` beside a page: it follows the one before.

    A post that was pushed from one page to the next between two requests is kept once.
    """
    posts: list[WallPost] = []
    seen: set[tuple[str | None, str | None, str | None, str]] = set()
    stretch = 0
    for number, (items, follows) in enumerate(pages):
        if number and not follows:
            stretch += 1
        for post in items:
            if post.gap:
                stretch += 1
            mark = (post.post_id, post.author, post.markup_time or post.shown_time, post.key)
            if mark in seen and (number or post.post_id):
                continue
            seen.add(mark)
            posts.append(WallPost(post, number, stretch, _answered(post, items)))
    return tuple(posts)


def _answered(post: Post, items: Sequence[Post]) -> str | None:
    if post.parent_id or post.parent is None or not 0 <= post.parent < len(items):
        return post.parent_id
    return items[post.parent].permalink


def overlap(one: Sequence[Post], other: Sequence[Post]) -> float:
    """Share of the shorter page's posts that stand on the other page too, 0 to 1."""
    if not one or not other:
        return 0.0
    short, long = sorted((one, other), key=len)
    found = sum(any(_same(post, again) for again in long) for post in short)
    return found / len(short)


def _same(one: Post, other: Post) -> bool:
    if one.post_id and other.post_id:
        return same_id(one.post_id, other.post_id)
    return (one.author, one.key) == (other.author, other.key)
