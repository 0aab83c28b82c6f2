"""The record of a wall's posts: every post that a visit read, watched or not, with when it was
first and last seen, and first missed. It gives audits their denominators and accuses nobody.

What a visit adds is worked out before its transaction and kept in that of its first look: the host
is leased meanwhile, so no other visit reads the wall.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from archiver.checker.anchoring import normalise, same_id
from archiver.checker.wall_reads import folds_of
from archiver.checker.wall_record import (
    Additions,
    Known,
    KnownPost,
    KnownReading,
    additions,
)
from archiver.domain.errors import NotFound
from archiver.domain.ids import RandomBytes, make_id
from archiver.domain.look import DEFAULT_VANTAGE, Look, Visited
from archiver.domain.observation import (
    THINNED,
    Observation,
    Sibling,
    Sighting,
    Validity,
    VantageClass,
)
from archiver.domain.wall_read import ReadPost, WallRead
from archiver.store.database import Database
from archiver.store.repository import observations, wall_posts, walls, watches
from archiver.store.repository.wall_posts import Counts
from archiver.store.tables import Watch
from archiver.store.tables_wall import WallLoss, WallPostRow, WallReading

MOST_KNOWN = 2000
"""Posts of a wall that a reading is compared with: those seen last."""
FEW = 5
"""Newest looks that are read where the verdict names none that saw the post."""
MOST_NAME = 500
MOST_ADDRESS = 1000
"""Characters of what is indexed; longer ones are no names and no addresses of anybody."""


@dataclass(frozen=True)
class AuthorTrace:
    """The known posts of a watched post's author, that one left out: how many there are, how many
    of them are missing on how many walls, and since when."""

    known: int
    missing: int
    walls: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class WallLosses:
    """What else a wall lost while a watched post vanished: `missed` of `known` posts, that one
    included where it was read as one."""

    missed: int
    known: int


@dataclass(frozen=True)
class AroundPost:
    """What became of the posts around a watched one; None where nothing is known."""

    author: AuthorTrace | None
    losses: WallLosses | None


@dataclass(frozen=True)
class PostsPage:
    """A part of a wall's posts, and how many there are."""

    items: list[WallPostRow]
    counts: Counts


@dataclass(frozen=True)
class WallAdditions:
    """What a visit adds to a wall's record, ready to be kept."""

    wall_id: str
    visited: Visited
    read: WallRead
    known: Known
    found: Additions


class WallPosts:
    """Keeps and shows the posts of walls."""

    def __init__(self, *, database: Database, random: RandomBytes) -> None:
        self._database = database
        self._new_id: Callable[[str], str] = lambda prefix: make_id(prefix, random)

    def work_out(
        self, visited: Visited, looks: Sequence[Look], wall_id: str
    ) -> WallAdditions | None:
        """What a visit adds; None when none of its looks counts. Posts are missed only by a visit
        from the default vantage all of whose looks are valid: what made one doubtful casts doubt
        on the whole reading."""
        seen = [look.observation for look in looks]
        if visited.wall is None or not any(map(_counts, seen)):
            return None
        judged = visited.vantage == DEFAULT_VANTAGE and all(map(_counts, seen))
        with self._database.reading() as session:
            known = _known(session, wall_id)
        found = additions(
            visited.url, known, visited.wall, judged=judged, many_gone=any(map(_is_proven, seen))
        )
        return WallAdditions(wall_id, visited, visited.wall, known, found)

    def keep(self, session: Session, workspace_id: str, added: WallAdditions) -> None:
        """Keeps it, in the transaction of the visit's first look."""
        read, found, at = added.read, added.found, added.visited.at
        reading = self._new_id("wrd")
        rows = [
            self._row(workspace_id, added, identity, read.posts[place])
            for identity, place in found.new
        ]
        places = {place: name for name, place in found.again}
        places |= {place: row.id for (_, place), row in zip(found.new, rows, strict=True)}
        wall_posts.add_reading(session, _reading(reading, added, places))
        for row in rows:
            row.reading = reading
        wall_posts.add(session, rows)
        wall_posts.see_again(
            session, [name for name, _ in found.again], at=at, reading=reading, reader=read.reader
        )
        before = {post.id: post for post in added.known.posts}
        for name, place in found.again:
            changed = _changed(before[name].post, read.posts[place])
            if changed:
                wall_posts.change(session, name, changed)
        self._miss(session, added)
        wall_posts.prune_readings(session, added.wall_id)

    def _miss(self, session: Session, added: WallAdditions) -> None:
        found, at = added.found, added.read.read_at
        for sighting in {said for _, said in found.missed}:
            ids = [name for name, said in found.missed if said is sighting]
            wall_posts.miss(session, ids, at=at, missed_as=sighting.value)
        gone = {name for name, _ in found.missed}
        if gone:
            since = min(post.last_seen for post in added.known.posts if post.id in gone)
            known = len(gone) + len(found.again)
            loss = WallLoss(
                wall_id=added.wall_id, at=at, since=since, known=known, missed=len(gone)
            )
            wall_posts.add_loss(session, loss)

    def _row(
        self, workspace_id: str, added: WallAdditions, identity: str, post: ReadPost
    ) -> WallPostRow:
        at = added.visited.at
        return WallPostRow(
            id=self._new_id("wpo"),
            workspace_id=workspace_id,
            wall_id=added.wall_id,
            identity=identity,
            first_seen=at,
            last_seen=at,
            guessed=added.read.guessed,
            reader=added.read.reader,
            **_looks_like(post),
        )

    def listed(self, workspace_id: str, wall_id: str, *, offset: int, limit: int) -> PostsPage:
        """A wall's posts, the first seen first.

        Raises:
            NotFound: no such wall in this workspace.
        """
        with self._database.reading() as session:
            if walls.wall(session, workspace_id, wall_id) is None:
                raise NotFound(f"there is no wall {wall_id}")
            found = wall_posts.listed(session, workspace_id, wall_id, offset=offset, limit=limit)
            return PostsPage(list(found), wall_posts.counts(session, workspace_id, wall_id))

    def traced(
        self, workspace_id: str, *, host: str, author: str | None, author_id: str | None
    ) -> list[wall_posts.Traced]:
        """On which walls of the workspace an author's posts are known, and when they vanished: by
        id on all of them, by name on those of one host."""
        with self._database.reading() as session:
            rows = wall_posts.by_author(
                session, workspace_id, host=host, author=author, author_id=author_id
            )
        return _by_wall(rows)

    def around(self, workspace_id: str, watch_id: str) -> AroundPost:
        """What became of the posts around a watched one.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.reading() as session:
            watch = watches.watch(session, workspace_id, watch_id)
            if watch is None:
                raise NotFound(f"there is no watch {watch_id}")
            seen = _last_seen(session, watch)
            author = (seen.author if seen else None) or watch.author
            rows = wall_posts.by_author(
                session,
                workspace_id,
                host=walls.hosts_of(session, [watch.wall_id])[watch.wall_id].host,
                author=author,
                author_id=seen.author_id if seen else None,
            )
            others = [pair for pair in rows if not _is_watched(pair[0], watch, seen)]
            return AroundPost(_trace(_by_wall(others)), _losses(session, watch))


def _counts(look: Observation) -> bool:
    public = look.vantage.class_ is VantageClass.PUBLIC
    return public and look.validity is Validity.VALID


def _is_proven(look: Observation) -> bool:
    """Whether a post is missing with many others, and its own page proved it."""
    return look.sighting is Sighting.ABSENT and THINNED in look.facts


def _known(session: Session, wall_id: str) -> Known:
    rows = wall_posts.latest(session, wall_id, MOST_KNOWN)
    posts = [
        KnownPost(
            id=row.id,
            identity=row.identity,
            post=ReadPost(
                text=row.text,
                author=row.author,
                author_id=row.author_id,
                post_id=row.post_id,
                time=row.posted,
                permalink=row.permalink,
                parent=row.parent,
            ),
            last_seen=row.last_seen,
            reader=row.reader,
            reading=row.reading,
            missing=row.first_missing is not None,
        )
        for row in rows
    ]
    readings = {
        row.id: KnownReading(
            at=row.at,
            order=tuple((name, stretch) for name, stretch in row.body["order"]),
            reader=row.reader,
            skeleton=row.body["skeleton"],
        )
        for row in wall_posts.readings(session, wall_id)
    }
    return Known(posts, readings)


def _reading(identifier: str, added: WallAdditions, places: dict[int, str]) -> WallReading:
    read = added.read
    order = [[places[at], post.stretch] for at, post in enumerate(read.posts) if at in places]
    shape = {key: read.skeleton[key] for key in ("path", "tags") if key in read.skeleton}
    closed = folds_of(read)
    skeleton = {**shape, "closed": list(closed), "folds": len(closed)}
    return WallReading(
        id=identifier,
        wall_id=added.wall_id,
        at=added.visited.at,
        reader=read.reader,
        body={"order": order, "skeleton": skeleton},
    )


def _looks_like(post: ReadPost) -> dict[str, Any]:
    """The columns that say what a post looks like."""
    address = post.author_id
    return {
        "post_id": post.post_id,
        "author": post.author[:MOST_NAME] if post.author else None,
        "author_id": address if address and len(address) <= MOST_ADDRESS else None,
        "text": post.text,
        "posted": post.time,
        "permalink": post.permalink,
        "parent": post.parent,
    }


def _changed(before: ReadPost, now: ReadPost) -> dict[str, Any]:
    """What looks otherwise than before. A time in words ("3 minutes ago") changes at each look: the
    first one is kept. What is not shown any more stays as it was."""
    was, is_now = _looks_like(before), _looks_like(now)
    return {
        name: value
        for name, value in is_now.items()
        if value not in (was[name], None, "") and not (name == "posted" and was[name])
    }


def _by_wall(rows: Sequence[tuple[WallPostRow, str]]) -> list[wall_posts.Traced]:
    found: dict[str, list[WallPostRow]] = {}
    urls: dict[str, str] = {}
    for row, url in rows:
        found.setdefault(row.wall_id, []).append(row)
        urls[row.wall_id] = url
    return [
        wall_posts.Traced(
            wall_id,
            urls[wall_id],
            len(posts),
            tuple(sorted(post.first_missing for post in posts if post.first_missing)),
        )
        for wall_id, posts in found.items()
    ]


def _trace(traced: Sequence[wall_posts.Traced]) -> AuthorTrace | None:
    if not traced:
        return None
    moments = sorted(moment for one in traced for moment in one.missing)
    return AuthorTrace(
        known=sum(one.known for one in traced),
        missing=len(moments),
        walls=sum(bool(one.missing) for one in traced),
        first=moments[0] if moments else None,
        last=moments[-1] if moments else None,
    )


def _is_watched(row: WallPostRow, watch: Watch, seen: Sibling | None) -> bool:
    """Whether a known post is the watched one itself."""
    if row.wall_id != watch.wall_id:
        return False
    ids = (watch.post_id, seen.post_id if seen else None)
    if any(same_id(row.post_id, known) for known in ids):
        return True
    words = {normalise(watch.text), normalise(seen.text) if seen else ""}
    return normalise(row.text) in words


def _last_seen(session: Session, watch: Watch) -> Sibling | None:
    """The post as it was seen last: by the verdict's own moment, so that the looks that missed it
    since, however many, are not read."""
    seen = watch.verdict.get("last_seen")
    at = datetime.fromisoformat(seen) if seen else None
    rows = observations.observations_at(session, watch.id, at) if at else []
    newest = observations.observations_page(session, watch.id, offset=0, limit=FEW)
    for row in (*rows, *newest):
        look = Observation.model_validate(row.body)
        if look.validity is Validity.VALID and look.seen is not None:
            return look.seen
    return None


def _losses(session: Session, watch: Watch) -> WallLosses | None:
    """What the wall lost in the window in which the post vanished."""
    verdict = watch.verdict
    seen, missing = verdict.get("last_seen"), verdict.get("first_missing")
    if not seen or not missing:
        return None
    since, to = datetime.fromisoformat(seen), datetime.fromisoformat(missing)
    found = wall_posts.losses(session, watch.wall_id, since=since, to=to)
    if not found:
        return None
    return WallLosses(sum(loss.missed for loss in found), found[0].known)
