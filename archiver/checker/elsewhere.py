"""Whether a post that its wall misses lives on at another address, as one that a moderator moved.

Its old address is "not found" then, as a removed post's is. The author's own page may list it under
the new one. A list alone says nothing, for removed posts may stay in it: the new address is asked.
One that is "not found" is no sign of life; one that is unclear, as one that shows perhaps another
post, leaves the look open. So this only ever takes an accusation back.

| beside the same text by the same author, on the author's page | is                             |
| ------------------------------------------------------------- | ------------------------------ |
| the same id, or the same moment                               | the post                       |
| another moment                                                | the text, posted another time  |
| moments that cannot be compared                               | perhaps the post               |
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archiver.checker import trio
from archiver.checker.anchoring import Wanted, same_address, same_author, same_id
from archiver.checker.author_page import is_page
from archiver.checker.further import FurtherPages
from archiver.checker.page_state import blocked, same_host
from archiver.checker.page_times import moment_of
from archiver.checker.reading import Post
from archiver.domain.observation import Answer, Sibling

_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
MOST_TRIED = 2
"""Addresses of an author's page that are tried for one post."""


@dataclass(frozen=True)
class Elsewhere:
    """What the author's own page adds: the `address` that it lists the post at, None where there is
    none that counts; `sure`: it is the post itself, and shown there."""

    address: str | None = None
    sure: bool = False

    @property
    def detail(self) -> str:
        """What a look says of it."""
        if self.sure:
            return f"The post is no longer on the wall, but lives on at {self.address}."
        return (
            f"Not on the wall, but may have been moved: its author's page has it at {self.address}."
        )


async def ask(
    pages: FurtherPages, seen: Sibling, wanted: Wanted, walls: Sequence[str]
) -> Elsewhere | None:
    """Where else the post is shown; None when no more may be asked. `seen` is the post as last
    seen, `walls` are the addresses that showed the wall.

    Raises:
        ReaderFault, PlaywrightError: as a tab does.
    """
    own = seen.author_id
    if own is None or not is_page(own) or not same_host(own, walls[0]):
        return Elsewhere()
    page = await pages.page(own)
    if page is None:
        return None
    if blocked(own, page.response, page.reading) is not None:
        return Elsewhere()
    for post, sure in listed(page.reading.posts, seen, wanted, walls):
        asked = await trio.answer(pages, str(post.permalink), wanted.texts, walls[0])
        if asked is None:
            return None
        if asked.answer is not Answer.GONE:
            return Elsewhere(post.permalink, sure and asked.answer is Answer.SERVED)
    return Elsewhere()


def listed(
    posts: Sequence[Post], seen: Sibling, wanted: Wanted, walls: Sequence[str]
) -> list[tuple[Post, bool]]:
    """The posts of the author's page that may be the missing one under another address, at most
    `MOST_TRIED`, those first that surely are."""
    known = (*wanted.permalinks, seen.permalink)
    # one name all over is the page's author, whatever the reader took for it
    named = len({post.author for post in posts}) > 1
    found = []
    for post in posts:
        here = not trio.own_page(post.permalink, walls)
        if here or any(same_address(post.permalink, link) for link in known):
            continue
        if named and post.author and not same_author(post.author, wanted.author):
            continue
        is_it = _is_it(post, seen, wanted)
        if is_it is not None:
            found.append((post, is_it))
    return sorted(found, key=lambda pair: not pair[1])[:MOST_TRIED]


def _is_it(post: Post, seen: Sibling, wanted: Wanted) -> bool | None:
    """None when it is another post."""
    if not post.visible or not any(text in post.key for text in wanted.texts):
        return None
    if any(same_id(post.post_id, known) for known in wanted.post_ids):
        return True
    then = _same_moment(post.markup_time or post.shown_time, seen.time)
    return None if then is False else bool(then)


def _same_moment(one: str | None, other: str | None) -> bool | None:
    """Whether two times are one; None where they cannot be compared, as "an hour ago"."""
    first, second = moment_of(one), moment_of(other)
    if first and second:
        return first == second
    if not one or not other or not _CLOCK.search(one) or _form(one) != _form(other):
        return None
    return one == other


def _form(time: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", time))
