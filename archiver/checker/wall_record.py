"""What a reading of a wall adds to what is known of its posts. Pure.

A known post that is not read is only missed where a watched one would be: by the same rules
(`archiver.checker.sighting`), from the posts that stood around it when it was last read. Where they
are silent, nothing is said. Another version of the reader misses nobody.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archiver.checker.controls import EACH_SIDE
from archiver.checker.sighting import Said, conclude
from archiver.checker.wall import MAX_SIBLINGS_EACH_SIDE, Wall
from archiver.checker.wall_identity import (
    Trait,
    identify,
    is_placeholder,
    stands_in_for,
    traits_of,
)
from archiver.checker.wall_reads import wall_of
from archiver.domain.observation import THINNED, Observation, Reason, Sibling, Sighting, Validity
from archiver.domain.post import MIN_TEXT, Target
from archiver.domain.wall_read import ReadPost, WallRead

MOST_JUDGED = 300
"""Posts of one reading that are judged at the most; the rest are at the next one."""
MOST_IDENTITY = 300
"""Characters; longer ids are no ids."""
MISSED = frozenset({Sighting.ABSENT, Sighting.TOMBSTONE, Sighting.PARENT_GONE})


@dataclass(frozen=True)
class KnownPost:
    """A post of the wall as it was read last. `reading` names that reading; `missing`: it was
    missed since. `identity` is its own on the wall for as long as it is kept."""

    id: str
    identity: str
    post: ReadPost
    last_seen: datetime
    reader: str | None = None
    reading: str | None = None
    missing: bool = False


@dataclass(frozen=True)
class KnownReading:
    """An earlier reading: its known posts in the wall's order, each with its stretch."""

    at: datetime
    order: tuple[tuple[str, int], ...]
    reader: str | None = None
    skeleton: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What is known of a wall."""

    posts: Sequence[KnownPost] = ()
    readings: Mapping[str, KnownReading] = field(default_factory=dict)


@dataclass(frozen=True)
class Additions:
    """What a reading adds. `again`: (known post's id, place of the read one); `new`: (identity,
    place); `missed`: ids of known posts with what was seen in their place, for the first time."""

    again: tuple[tuple[str, int], ...] = ()
    new: tuple[tuple[str, int], ...] = ()
    missed: tuple[tuple[str, Sighting], ...] = ()


def additions(
    url: str, known: Known, read: WallRead, *, judged: bool, many_gone: bool = False
) -> Additions:
    """What is added to `known`. `judged`: absences may be concluded from this reading; `many_gone`:
    a watched post's own page proved that the wall does not merely show a choice of its posts."""
    traits = traits_of(read)
    before = [_trait(post) for post in known.posts]
    found = identify(before, traits)
    again: list[tuple[str, int]] = []
    met: set[str] = set()
    for at, to in found.pairs.items():
        if stands_in_for(before[at], read.posts[to]):
            continue  # what stands in a post's place is not the post
        met.add(known.posts[at].id)
        if read.posts[to].visible:
            again.append((known.posts[at].id, to))
    paired = set(found.pairs.values())
    fresh = [
        at
        for at, post in enumerate(read.posts)
        if at not in paired and post.visible and not is_placeholder(post)
    ]
    missed = _missed(url, known, read, met, many_gone) if judged and read.whole else ()
    return Additions(tuple(again), tuple(_named(known, traits, fresh)), missed)


def _trait(known: KnownPost) -> Trait:
    post = known.post
    return Trait.of(post_id=post.post_id, author=post.author, text=post.text, reader=known.reader)


def _named(known: Known, traits: Sequence[Trait], fresh: Sequence[int]) -> list[tuple[str, int]]:
    """An identity for each new post: its id, where that is nobody else's; else author and words.
    Of several posts with the same one, each further has a number."""
    ids = Counter(trait.post_id for trait in traits if trait.post_id)
    used = {post.identity for post in known.posts}
    named = []
    for at in fresh:
        trait = traits[at]
        own = f"id:{trait.post_id}" if trait.post_id and ids[trait.post_id] == 1 else ""
        if not own or own in used or len(own) > MOST_IDENTITY:
            own = _words(trait)
        identity, number = own, 1
        while identity in used:
            number += 1
            identity = f"{own}#{number}"
        used.add(identity)
        named.append((identity, at))
    return named


def _words(trait: Trait) -> str:
    digest = hashlib.sha256(f"{trait.name}\n{trait.key}".encode())
    return f"words:{digest.hexdigest()}"


def _missed(
    url: str, known: Known, read: WallRead, met: set[str], many_gone: bool
) -> tuple[tuple[str, Sighting], ...]:
    by_id = {post.id: post for post in known.posts}
    wall = wall_of(read)
    found: list[tuple[str, Sighting]] = []
    judged = 0
    for post in known.posts:
        reading = known.readings.get(post.reading or "")
        if post.id in met or post.missing or reading is None or judged >= MOST_JUDGED:
            continue
        if reading.reader != read.reader or not _place_may_be_read(post, reading, met):
            continue
        judged += 1
        said = _say(url, post, reading, by_id, wall)
        if said.sighting in MISSED and (many_gone or THINNED not in said.facts):
            found.append((post.id, said.sighting))
    return tuple(found)


def _place_may_be_read(post: KnownPost, reading: KnownReading, met: set[str]) -> bool:
    """A quick look at the nearest ones; the rules decide afterwards."""
    names = [name for name, _stretch in reading.order]
    if post.id not in names:
        return False
    place, reach = names.index(post.id), 3 * EACH_SIDE
    around = names[max(0, place - reach) : place] + names[place + 1 : place + 1 + reach]
    return any(name in met for name in around)


def _say(
    url: str, post: KnownPost, reading: KnownReading, by_id: Mapping[str, KnownPost], wall: Wall
) -> Said:
    """What the rules would say, had this post been watched."""
    if len(" ".join(post.post.text.split())) < MIN_TEXT or not post.post.author:
        return Said("Too short, or nobody's.", reason=Reason.INCOMPLETE)
    target = Target(url=url, text=post.post.text, author=post.post.author[:500])
    return conclude(target, [_as_seen(post, reading, by_id)], wall, None)


def _as_seen(post: KnownPost, reading: KnownReading, by_id: Mapping[str, KnownPost]) -> Observation:
    names = [name for name, _stretch in reading.order]
    place = names.index(post.id)
    stretch = reading.order[place][1]
    around = [
        (at, by_id[name].post)
        for at, (name, its) in enumerate(reading.order)
        if at != place and its == stretch and name in by_id
        if abs(at - place) <= MAX_SIBLINGS_EACH_SIDE
    ]
    return Observation(
        at=reading.at,
        validity=Validity.VALID,
        sighting=Sighting.PRESENT,
        seen=_sibling(place, post.post),
        siblings=[_sibling(at, other) for at, other in around],
        skeleton=dict(reading.skeleton),
        reader=reading.reader,
    )


def _sibling(position: int, post: ReadPost) -> Sibling:
    return Sibling(
        position=position,
        post_id=post.post_id,
        author=post.author,
        text=post.text,
        time=post.time,
        permalink=post.permalink,
        parent=post.parent,
        author_id=post.author_id,
    )
