"""What tells that a page, or another post on it, shows a post that is to be erased. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archiver.checker.anchoring import normalise, same_address, same_author, same_id

LONG = 20
"""Characters from which a text is searched for inside others: shorter ones agree by chance."""
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Mentions:
    """Every form in which the post was seen. `texts` are normalised."""

    texts: frozenset[str]
    authors: frozenset[str]
    post_ids: frozenset[str]
    permalinks: frozenset[str]

    @classmethod
    def of(cls, seen: Iterable[Mapping[str, Any]]) -> "Mentions":
        """Gathers them from posts as recorded: `text`, `author`, `post_id`, `permalink`."""
        posts = list(seen)
        return cls(
            texts=frozenset(normalise(post["text"]) for post in posts if post.get("text")),
            authors=_values(posts, "author"),
            post_ids=_values(posts, "post_id"),
            permalinks=_values(posts, "permalink"),
        )

    def are(self, post: Mapping[str, Any], *, same_wall: bool) -> bool:
        """Whether a post as recorded is this post, or quotes it. An id, or a few words, say so
        on the same wall only."""
        permalink = post.get("permalink")
        if any(same_address(permalink, known) for known in self.permalinks):
            return True
        post_id = post.get("post_id")
        if same_wall and any(same_id(post_id, known) for known in self.post_ids):
            return True
        text = normalise(post.get("text") or "")
        return any(self._repeats(text, known, post, same_wall) for known in self.texts)

    def name(self, post: Mapping[str, Any]) -> bool:
        """Whether a post is by the same author, as far as names tell."""
        return any(same_author(post.get("author"), known) for known in self.authors)

    def are_named(self, parent: str | None, *, same_wall: bool) -> bool:
        """Whether a post that is answered to, by its id or its address, is this one."""
        if any(same_address(parent, known) for known in self.permalinks):
            return True
        return same_wall and any(same_id(parent, known) for known in self.post_ids)

    def stand_in(self, page: str) -> bool:
        """Whether a page's visible text has a long one of the texts in it, however it is broken
        into lines."""
        squeezed = _squeezed(normalise(page))
        return any(_squeezed(text) in squeezed for text in self.texts if len(text) >= LONG)

    def _repeats(self, text: str, known: str, post: Mapping[str, Any], same_wall: bool) -> bool:
        if min(len(text), len(known)) >= LONG:
            return known in text or text in known
        return text == known and (same_wall or self.name(post))


def _values(posts: Iterable[Mapping[str, Any]], key: str) -> frozenset[str]:
    return frozenset(post[key] for post in posts if post.get(key))


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)
