"""What goes with a post that is erased: its own records, and where else the post can be read.

The page of a visit shows many posts. A visit goes when the erased post was read on it, by its id,
address or words, or stands in its HTML. A list of neighbours goes when the post, or its author by
name, is in it.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from typing import Any

from sqlmodel import Session

from archiver.domain.capture import Manifest
from archiver.domain.errors import EvidenceError, NotFound
from archiver.services.mentions import Mentions
from archiver.store.repository import erasing, wall_posts
from archiver.store.repository.erasing import OtherLook
from archiver.store.tables import Capture, Watch

BATCH = 200


@dataclass
class Neighbours:
    """Where other posts' records show the erased one. `looks`: their lists of neighbours go;
    `pages`: looks that kept the page themselves; `seen_to` is the last leaf that was searched."""

    visits: set[str] = field(default_factory=set)
    looks: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    seen_to: int = -1


def mentions_of(session: Session, watch: Watch) -> Mentions:
    """The post in every form in which it was captured, watched and seen."""
    own = {
        "text": watch.text,
        "author": watch.author,
        "post_id": watch.post_id,
        "permalink": watch.permalink,
    }
    captured = (_post(row) for row in erasing.captures_to_erase(session, watch.id))
    return Mentions.of([own, *captured, *erasing.posts_seen(session, watch.id)])


def search(session: Session, watch: Watch, mentions: Mentions, found: Neighbours) -> Neighbours:
    """Searches the looks at all other posts of the workspace that were recorded since."""
    while batch := erasing.other_looks(
        session, watch.workspace_id, watch.id, after=found.seen_to, limit=BATCH
    ):
        for look in batch:
            _search_look(look, watch.wall_id, mentions, found)
        found.seen_to = batch[-1].leaf_index
    return found


def search_pages(
    pages: Iterable[tuple[str, str]], get: Callable[[str], bytes], mentions: Mentions
) -> set[str]:
    """The owners of those HTML pages (owner, blob) in which the post's words stand."""
    found: set[str] = set()
    for owner, sha256 in pages:
        if owner not in found and _shows(get, sha256, mentions):
            found.add(owner)
    return found


def search_posts(session: Session, watch: Watch, mentions: Mentions) -> set[str]:
    """The known posts of the workspace's walls that are this post, quote or answer it, or are by
    its author as far as names tell."""
    found: set[str] = set()
    after = ""
    while batch := wall_posts.all_of(session, watch.workspace_id, after=after, limit=BATCH):
        for row in batch:
            post = asdict(row)
            same_wall = row.wall_id == watch.wall_id
            if (
                mentions.name(post)
                or mentions.are(post, same_wall=same_wall)
                or mentions.are_named(row.parent, same_wall=same_wall)
            ):
                found.add(row.id)
        after = batch[-1].id
    return found


def _search_look(look: OtherLook, wall_id: str, mentions: Mentions, found: Neighbours) -> None:
    same_wall = look.wall_id == wall_id
    if any(mentions.are(post, same_wall=same_wall) for post in look.siblings):
        found.looks[look.id] = look.watch_id
        if look.visit_id is None:
            found.pages[look.id] = look.watch_id
        else:
            found.visits.add(look.visit_id)
    elif any(mentions.name(post) for post in look.siblings):
        found.looks[look.id] = look.watch_id


def _shows(get: Callable[[str], bytes], sha256: str, mentions: Mentions) -> bool:
    try:
        page = get(sha256).decode("utf-8", "replace")
    except (NotFound, EvidenceError):
        return True  # it cannot be read any more: then it is safer gone
    reader = _Words()
    reader.feed(page)
    reader.close()
    return mentions.stand_in("".join(reader.found))


class _Words(HTMLParser):
    """Everything in a page that can be read: texts, scripts' data, and values of attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        """A text, wherever it stands."""
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class asks for it
        """A title or description in an attribute, apart from the texts around it."""
        self.found += [f"\n{value}\n" for _, value in attrs if value]


def _post(capture: Capture) -> dict[str, Any]:
    return Manifest.model_validate_json(capture.manifest).post.model_dump()
