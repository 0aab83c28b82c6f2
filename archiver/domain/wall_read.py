"""What one visit read on a wall: all posts, in the wall's order. No conclusion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class ReadPost:
    """A post as read. `time` as in the markup, else as shown. `visible`: a person can see it;
    `struck`: its own mark-up calls it deleted; posts of one `stretch` follow without a gap."""

    text: str
    author: str | None = None
    author_id: str | None = None
    post_id: str | None = None
    time: str | None = None
    permalink: str | None = None
    parent: str | None = None
    visible: bool = True
    struck: bool = False
    stretch: int = 0


@dataclass(frozen=True)
class WallRead:
    """A wall in its own order. `read_at`: when the reading ended (a post that is missed is dated by
    it). `starts`, `ends`: that end of the list is proven. `whole`: nothing cut the reading short.
    `guessed`: neither an adapter nor the mark-up says that these are posts; their like shape does.
    `outside`: what else stands on the page, `closed`: what is folded, `skeleton`: the shape,
    `reader`: the version of the page-reading scripts."""

    posts: tuple[ReadPost, ...]
    read_at: datetime
    starts: bool = False
    ends: bool = False
    whole: bool = True
    guessed: bool = False
    outside: str = ""
    closed: tuple[str, ...] = ()
    skeleton: Mapping[str, Any] = field(default_factory=dict)
    reader: str | None = None
