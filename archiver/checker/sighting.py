"""From a wall that was read to what it says of one post. Pure: no browser here.

The order is that of certainty: found and visible; found but hidden; replaced by a placeholder;
not found, with its place proven; anything else is an invalid look.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from archiver.checker import controls, tombstone
from archiver.checker.anchoring import (
    Match,
    Wanted,
    find,
    normalise,
    same_author,
    same_id,
)
from archiver.checker.page_state import Finding
from archiver.checker.reading import Post
from archiver.checker.wall import Wall
from archiver.domain.observation import (
    Actor,
    Controls,
    Observation,
    Reason,
    Sibling,
    Sighting,
    Validity,
)
from archiver.domain.post import Target

UNTOUCHED = frozenset({Sighting.PRESENT, Sighting.MOVED, Sighting.COLLAPSED})
"""Sightings whose wording was the post's own."""
STABLE = 2
"""Neighbours that must have kept their ids before an id is trusted to be lasting."""
TRACE = 60
"""Characters of a text that are looked for outside the items."""


@dataclass(frozen=True)
class Said:
    """What the wall says of one target. Exactly one of `sighting` and `reason` is given."""

    detail: str
    sighting: Sighting | None = None
    reason: Reason | None = None
    actor: Actor | None = None
    match: Match | None = None
    controls: Controls = field(default_factory=Controls)
    place: int | None = None


def wanted_of(target: Target, history: Sequence[Observation], wall: Wall) -> Wanted:
    """The post as known from the request and from earlier valid looks."""
    seen = [
        look
        for look in history
        if look.validity is Validity.VALID and look.seen is not None and look.sighting in UNTOUCHED
    ]
    latest = seen[-1] if seen else None
    texts = {normalise(target.text), *(normalise(s.seen.text) for s in seen if s.seen)} - {""}
    known = [target.post_id, *(s.seen.post_id for s in seen[-3:] if s.seen)]
    links = [target.permalink, *(s.seen.permalink for s in seen[-1:] if s.seen)]
    author = (latest.seen.author if latest and latest.seen else None) or target.author
    return Wanted(
        texts=tuple(sorted(texts, key=len, reverse=True)),
        author=author,
        post_ids=tuple(dict.fromkeys(post_id for post_id in known if post_id)),
        permalinks=tuple(dict.fromkeys(link for link in links if link)),
        others=_others(latest, author),
        ids_are_stable=_ids_are_stable(latest, wall),
        known_before=latest is not None,
    )


def _others(latest: Observation | None, author: str | None) -> frozenset[str]:
    siblings = latest.siblings if latest else []
    return frozenset(normalise(s.text) for s in siblings if same_author(s.author, author))


def _ids_are_stable(latest: Observation | None, wall: Wall) -> bool:
    """Whether neighbours known from before carry the ids that they had before."""
    if latest is None:
        return False
    kept = changed = 0
    by_words = {(entry.post.author, entry.post.key): entry.post for entry in wall.posts}
    for sibling in latest.siblings:
        post = by_words.get((sibling.author, normalise(sibling.text)))
        if post is None or not sibling.post_id or not post.post_id:
            continue
        if same_id(sibling.post_id, post.post_id):
            kept += 1
        else:
            changed += 1
    return kept >= STABLE and not changed


def say(target: Target, history: Sequence[Observation], wall: Wall, excuse: Finding | None) -> Said:
    """What a wall that was read says of the target. `excuse` explains a list that stops short."""
    wanted = wanted_of(target, history, wall)
    match = find(wanted, [entry.candidate() for entry in wall.posts])
    gate = controls.judge_place(history, wall, wanted.author)
    if match is not None:
        return _found(wanted, match, wall, gate)
    stone = _stone_in_place(history, wall, gate)
    if stone is not None:
        return stone
    doubt = _folded(history, wall) or _same_words_in_place(wanted, history, wall)
    return _not_found(wanted, wall, gate, excuse, doubt)


def _found(wanted: Wanted, match: Match, wall: Wall, gate: controls.Gate) -> Said:
    post = wall.posts[match.place].post
    if not match.same_text:
        actor = _replaced_by(wanted, post)
        if actor is not None:
            detail = "A placeholder stands where the post was."
            return Said(
                detail,
                Sighting.TOMBSTONE,
                actor=actor,
                match=match,
                controls=gate.controls,
                place=match.place,
            )
    if not post.visible:
        return _hidden(post, match, wall, gate)
    if match.same_text:
        return Said(
            "The post is there and can be seen.",
            Sighting.PRESENT,
            match=match,
            controls=gate.controls,
            place=match.place,
        )
    detail = f"The post is there with another text ({match.similarity:.0%} alike)."
    return Said(detail, Sighting.EDITED, match=match, controls=gate.controls, place=match.place)


def _replaced_by(wanted: Wanted, post: Post) -> Actor | None:
    """Who replaced the post by a placeholder; None when the new text may be its author's."""
    if match_is_own(wanted, post) and not post.text:
        return Actor.UNKNOWN
    return tombstone.actor_of(post.text)


def match_is_own(wanted: Wanted, post: Post) -> bool:
    """Whether an item carries the wanted post's id."""
    return any(same_id(known, post.post_id) for known in wanted.post_ids)


def _hidden(post: Post, match: Match, wall: Wall, gate: controls.Gate) -> Said:
    others = [entry.post for at, entry in enumerate(wall.posts) if at != match.place]
    shown = sum(other.visible for other in others)
    if shown * 2 < len(others) or not others:
        return Said("Most of the page's posts cannot be seen.", reason=Reason.NOT_RENDERED)
    if post.unfoldable:
        return Said(
            "The post can be seen after unfolding it.",
            Sighting.COLLAPSED,
            match=match,
            controls=gate.controls,
            place=match.place,
        )
    if not gate.passed:
        return Said(
            f"The post seems hidden. {gate.detail}",
            reason=Reason.INCOMPLETE,
            controls=gate.controls,
        )
    return Said(
        f"The post is in the page but nobody can see it ({post.hidden_by}).",
        Sighting.CONCEALED,
        match=match,
        controls=gate.controls,
        place=match.place,
    )


def _stone_in_place(history: Sequence[Observation], wall: Wall, gate: controls.Gate) -> Said | None:
    """A nameless placeholder between the two posts that were the target's neighbours."""
    seen = controls.last_seen(history)
    if seen is None or seen.seen is None or not gate.passed:
        return None
    before, after = _beside(seen)
    known = {normalise(s.text) for s in seen.siblings}
    for at, entry in enumerate(wall.posts):
        actor = tombstone.actor_of(entry.post.text)
        nameless = not entry.post.author or tombstone.actor_of(entry.post.author) is not None
        if actor is None or not nameless or entry.post.key in known:
            continue
        if _is_beside(wall, at, before, -1) or _is_beside(wall, at, after, 1):
            return Said(
                "A placeholder stands where the post was.",
                Sighting.TOMBSTONE,
                actor=actor,
                controls=gate.controls,
                place=at,
            )
    return None


def _beside(seen: Observation) -> tuple[list[Sibling], list[Sibling]]:
    """The posts right before and right after the target, as it was last seen."""
    place = seen.seen.position if seen.seen else 0
    before = [s for s in seen.siblings if s.position < place][-1:]
    return before, [s for s in seen.siblings if s.position > place][:1]


def _same_words_in_place(
    wanted: Wanted, history: Sequence[Observation], wall: Wall
) -> Finding | None:
    """The very words at the very place, under another name: a renamed author, perhaps."""
    seen = controls.last_seen(history)
    if seen is None:
        return None
    before, after = _beside(seen)
    for at, entry in enumerate(wall.posts):
        beside = _is_beside(wall, at, before, -1) or _is_beside(wall, at, after, 1)
        if entry.post.key in wanted.texts and beside:
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


def _folded(history: Sequence[Observation], wall: Wall) -> Finding | None:
    """More is folded than when the target was seen: it may be among that."""
    seen = controls.last_seen(history)
    before = int((seen.skeleton or {}).get("folds", 0)) if seen else 0
    if wall.folds <= before:
        return None
    return Finding(Reason.INCOMPLETE, "Parts of the list are folded that were not before.")


def _not_found(
    wanted: Wanted,
    wall: Wall,
    gate: controls.Gate,
    excuse: Finding | None,
    doubt: Finding | None,
) -> Said:
    if not gate.passed:
        finding = excuse or _short(gate)
        return Said(finding.detail, reason=finding.reason, controls=gate.controls)
    if doubt is not None:
        return Said(doubt.detail, reason=doubt.reason, controls=gate.controls)
    hidden = [entry for entry in wall.posts if not entry.post.visible]
    if len(hidden) * 2 > len(wall.posts):
        return Said(
            "Most of the page's posts cannot be seen.",
            reason=Reason.NOT_RENDERED,
            controls=gate.controls,
        )
    if _leaves_a_trace(wanted, wall):
        return Said(
            "The words stand on the page outside of the posts that were recognised.",
            reason=Reason.INCOMPLETE,
            controls=gate.controls,
        )
    return Said(
        f"The post is not on the page. {gate.detail}", Sighting.ABSENT, controls=gate.controls
    )


def _short(gate: controls.Gate) -> Finding:
    if gate.short_list:
        return Finding(Reason.RATE_LIMITED, f"The list stops short. {gate.detail}")
    return Finding(Reason.INCOMPLETE, gate.detail)


def _leaves_a_trace(wanted: Wanted, wall: Wall) -> bool:
    """Whether the words are seen outside the items: then the reading, not the post, failed."""
    outside = normalise(wall.outside)
    return any(len(text) >= 12 and text[:TRACE] in outside for text in wanted.texts)  # noqa: PLR2004
