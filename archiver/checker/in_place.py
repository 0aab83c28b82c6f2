"""What stands where the target stood, and what became of the posts around it. Pure.

The place is that of the last look that saw the target: between the post right before and the one
right after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from archiver.checker import controls, tombstone
from archiver.checker.anchoring import (
    Wanted,
    normalise,
    same_address,
    same_author,
    same_id,
)
from archiver.checker.page_state import Finding
from archiver.checker.reading import Post
from archiver.checker.wall import Wall
from archiver.domain.observation import Actor, Observation, Reason, Sibling

NAMED_SHARE = 0.8
"""Share of a wall's posts that carry a name where one without is no ordinary post."""
RETOLD = 3
"""Neighbours with another text than before, at the least, that make a whole wall read otherwise."""
RETOLD_SHARE = 1 / 4
"""More than this share of the neighbours that are there must have another text for that, too."""


@dataclass(frozen=True)
class Stone:
    """A placeholder: its place on the wall, who acted by its words, and its words."""

    place: int
    actor: Actor
    words: str


def stone_in_place(history: Sequence[Observation], wall: Wall, gate: controls.Gate) -> Stone | None:
    """A nameless placeholder beside a post that was the target's neighbour.

    One in no known words must stand between both, on a wall whose posts carry names.
    """
    seen = controls.last_seen(history)
    if seen is None or seen.seen is None or not gate.passed:
        return None
    before, after = beside(seen)
    known = {normalise(s.text) for s in seen.siblings}
    for at, entry in enumerate(wall.posts):
        if not is_nameless(entry.post) or entry.post.key in known:
            continue
        if any(same_id(s.post_id, entry.post.post_id) for s in seen.siblings):
            continue  # a neighbour's own stone
        sides = (_is_beside(wall, at, before, -1), _is_beside(wall, at, after, 1))
        actor = tombstone.actor_of(entry.post.text)
        if actor is not None and any(sides):
            return Stone(at, actor, entry.post.text)
        if actor is None and all(sides) and bool(seen.seen.author) and _others_are_named(wall, at):
            return Stone(at, Actor.UNKNOWN, entry.post.text)
    return None


def is_nameless(post: Post) -> bool:
    """Whether no person is named as its author."""
    return not post.author or tombstone.actor_of(post.author) is not None


def _others_are_named(wall: Wall, place: int) -> bool:
    others = [entry.post for at, entry in enumerate(wall.posts) if at != place]
    return sum(bool(post.author) for post in others) >= NAMED_SHARE * max(len(others), 1)


def beside(seen: Observation) -> tuple[list[Sibling], list[Sibling]]:
    """The posts right before and right after the target, as it was last seen."""
    place = seen.seen.position if seen.seen else 0
    before = [s for s in seen.siblings if s.position < place][-1:]
    return before, [s for s in seen.siblings if s.position > place][:1]


def same_words_in_place(
    wanted: Wanted, history: Sequence[Observation], wall: Wall
) -> Finding | None:
    """The very words at the very place, under another name: a renamed author, perhaps."""
    seen = controls.last_seen(history)
    if seen is None:
        return None
    before, after = beside(seen)
    for at, entry in enumerate(wall.posts):
        near = _is_beside(wall, at, before, -1) or _is_beside(wall, at, after, 1)
        if entry.post.key in wanted.texts and near:
            detail = "The same words stand in its place under another name."
            return Finding(Reason.INCOMPLETE, detail)
    return None


def _is_beside(wall: Wall, at: int, neighbours: list[Sibling], step: int) -> bool:
    if not neighbours or not 0 <= at + step < len(wall.posts):
        return False
    post = wall.posts[at + step].post
    known = neighbours[0]
    return same_id(known.post_id, post.post_id) or (
        same_author(known.author, post.author) and normalise(known.text) == post.key
    )


def folded(history: Sequence[Observation], wall: Wall) -> Finding | None:
    """Something is folded that was not when the target was seen: it may be among that."""
    seen = controls.last_seen(history)
    skeleton = (seen.skeleton or {}) if seen else {}
    if "closed" in skeleton:
        more = bool(set(wall.closed) - set(skeleton["closed"]))
    else:
        more = wall.folds > int(skeleton.get("folds", 0))
    if not more:
        return None
    return Finding(Reason.INCOMPLETE, "Parts of the list are folded that were not before.")


def retold(history: Sequence[Observation], wall: Wall) -> Finding | None:
    """Many known posts carry other words than before: a translation, no edit of them all."""
    seen = controls.last_seen(history)
    kept = changed = 0
    for sibling in seen.siblings if seen else []:
        post = _same_post(sibling, wall)
        if post is None or not post.key:
            continue
        if seen and wall.same_words(seen, normalise(sibling.text), post.key):
            kept += 1
        else:
            changed += 1
    if changed < RETOLD or changed <= RETOLD_SHARE * (kept + changed):
        return None
    detail = f"{changed} of {kept + changed} other posts read otherwise than before: a translation?"
    return Finding(Reason.INCOMPLETE, detail)


def _same_post(sibling: Sibling, wall: Wall) -> Post | None:
    """The post that is a neighbour by its id or its own address, whatever its words."""
    for entry in wall.posts:
        if not same_author(sibling.author, entry.post.author):
            continue
        if same_id(sibling.post_id, entry.post.post_id):
            return entry.post
        if same_address(sibling.permalink, entry.post.permalink):
            return entry.post
    return None


def parent_is_gone(history: Sequence[Observation], wall: Wall) -> bool:
    """Whether the post that the target answers to was on the wall and is not any more."""
    seen = controls.last_seen(history)
    if seen is None or seen.seen is None or not seen.seen.parent:
        return False
    parent = next((s for s in seen.siblings if _is_named(s, seen.seen.parent)), None)
    if parent is None:
        return False
    place = controls.place_of(parent, wall, loose=seen.reader != wall.reader)
    if place is not None:
        return False
    return not any(
        _is_named(entry.sibling(0), seen.seen.parent)
        and tombstone.actor_of(entry.post.text) is None
        for entry in wall.posts
    )


def _is_named(sibling: Sibling, mark: str) -> bool:
    return mark in (sibling.post_id, sibling.permalink)
