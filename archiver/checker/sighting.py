"""From a wall that was read to what it says of one post. Pure: no browser here.

The order is that of certainty: found and visible; found but hidden; replaced by a placeholder;
not found, with its place proven; anything else is an invalid look.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from archiver.checker import absence, controls, in_place, instead, tombstone
from archiver.checker.anchoring import (
    GUTTED,
    Match,
    Wanted,
    find,
    normalise,
    same_author,
    same_id,
    similarity,
)
from archiver.checker.page_state import Finding
from archiver.checker.reading import Post
from archiver.checker.thinned import shows_a_choice
from archiver.checker.wall import Wall
from archiver.domain.observation import (
    THINNED,
    Actor,
    Controls,
    Observation,
    Reason,
    Sighting,
    Validity,
)
from archiver.domain.post import Target

UNTOUCHED = frozenset({Sighting.PRESENT, Sighting.MOVED, Sighting.COLLAPSED})
"""Sightings whose wording was the post's own."""
STABLE = 2
"""Neighbours that must have kept their ids before an id is trusted to be lasting."""
MANY_MISSING = "Many others are missing with it: the wall may show only some of its posts."
MISSED = frozenset({Sighting.ABSENT, Sighting.PARENT_GONE})
UNFOLDED = "The post can be seen after unfolding it."


@dataclass(frozen=True)
class Said:
    """What the wall says of one target. Exactly one of `sighting` and `reason` is given.

    `facts` are the gates of an absence that were passed, and the closed one with a `!`.
    """

    detail: str
    sighting: Sighting | None = None
    reason: Reason | None = None
    actor: Actor | None = None
    match: Match | None = None
    controls: Controls = field(default_factory=Controls)
    place: int | None = None
    facts: tuple[str, ...] = ()


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
    exact = any(look.reader == wall.reader for look in seen)
    author = (latest.seen.author if latest and latest.seen else None) or target.author
    return Wanted(
        texts=tuple(sorted(texts, key=len, reverse=True)),
        author=author,
        post_ids=tuple(dict.fromkeys(post_id for post_id in known if post_id)),
        permalinks=tuple(dict.fromkeys(link for link in links if link)),
        loose=() if exact or not seen else tuple(sorted(texts)),
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
        return _found(wanted, match, wall, gate, history)
    stone = _stone(history, wall, gate)
    if stone is not None:
        return stone
    return _not_found(absence.Case(wanted, history, wall, gate, excuse))


def conclude(
    target: Target,
    history: Sequence[Observation],
    wall: Wall,
    excuse: Finding | None,
    far: Wall | None = None,
) -> Said:
    """What `say` says, when all is read: an absence is marked where the wall may show but a choice
    of its posts. `far`: the same wall, read on beyond what `say` is to rest on."""
    said = say(target, history, wall, excuse)
    if said.sighting not in MISSED or not shows_a_choice(history, far or wall, target.author):
        return said
    facts = (*said.facts, THINNED)
    if said.sighting is Sighting.PARENT_GONE:
        return Said(MANY_MISSING, reason=Reason.INCOMPLETE, controls=said.controls, facts=facts)
    return replace(said, facts=facts)


def _found(
    wanted: Wanted,
    match: Match,
    wall: Wall,
    gate: controls.Gate,
    history: Sequence[Observation],
) -> Said:
    post = wall.posts[match.place].post
    replaced = None if match.same_text else _replaced(wanted, match, wall, gate, history)
    if replaced is not None:
        return replaced
    if not post.visible:
        return _hidden(post, match, wall, gate)
    if not match.same_text:
        return _edited(wanted, match, wall, gate, history)
    plain = not post.unfolded
    return Said(
        "The post is there and can be seen." if plain else UNFOLDED,
        Sighting.PRESENT if plain else Sighting.COLLAPSED,
        match=match,
        controls=gate.controls,
        place=match.place,
    )


def _replaced(
    wanted: Wanted,
    match: Match,
    wall: Wall,
    gate: controls.Gate,
    history: Sequence[Observation],
) -> Said | None:
    """What is said where the post's words gave way to a placeholder; None where they did not."""
    post = wall.posts[match.place].post
    kept = _is_left(wanted, post)
    doubt = None if kept else _no_removal(post.text, match.place, history, wall)
    if doubt is not None:
        return Said(doubt.detail, reason=doubt.reason, controls=gate.controls)
    actor = _replaced_by(wanted, post)
    if actor is None:
        return None
    return Said(
        "A placeholder stands where the post was.",
        Sighting.TOMBSTONE,
        actor=actor,
        match=match,
        controls=gate.controls,
        place=match.place,
    )


def _edited(
    wanted: Wanted,
    match: Match,
    wall: Wall,
    gate: controls.Gate,
    history: Sequence[Observation],
) -> Said:
    doubt = in_place.retold(history, wall)
    if doubt is None and instead.is_cut(wall.posts[match.place].post.text, wanted.texts):
        doubt = Finding(Reason.INCOMPLETE, "Only the beginning of the post is shown.")
    if doubt is not None:
        return Said(doubt.detail, reason=doubt.reason, controls=gate.controls)
    detail = f"The post is there with another text ({match.similarity:.0%} alike)."
    return Said(detail, Sighting.EDITED, match=match, controls=gate.controls, place=match.place)


def _no_removal(
    words: str, place: int, history: Sequence[Observation], wall: Wall
) -> Finding | None:
    """Why the words of a placeholder speak of no removal; None when they may."""
    if tombstone.is_withheld(words):
        return Finding(Reason.GEO_BLOCKED, "The post is withheld in this country.")
    return instead.doubt(words, place, history, wall)


def _replaced_by(wanted: Wanted, post: Post) -> Actor | None:
    """Who replaced the post by a placeholder; None when the new text may be its author's."""
    own = match_is_own(wanted, post)
    if own and not post.text:
        return Actor.UNKNOWN
    actor = tombstone.actor_of(post.text)
    if actor is not None and tombstone.is_named(post) and not post.struck:
        return Actor.UNKNOWN  # made like anybody's post: whoever may edit it may have said so
    if actor is None and own and wanted.known_before and _is_nobodys(wanted, post):
        return Actor.UNKNOWN  # nobody's words any more, in whatever language
    return actor


def _is_nobodys(wanted: Wanted, post: Post) -> bool:
    """Whether an item that carried a name has none now, and nothing is left of its words."""
    return bool(wanted.author) and not post.author and not _is_left(wanted, post)


def _is_left(wanted: Wanted, post: Post) -> bool:
    """Whether something is left of the wanted post's words."""
    return any(text in post.key or similarity(text, post.key) >= GUTTED for text in wanted.texts)


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
            UNFOLDED,
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


def _stone(history: Sequence[Observation], wall: Wall, gate: controls.Gate) -> Said | None:
    stone = in_place.stone_in_place(history, wall, gate)
    if stone is None:
        return None
    doubt = _no_removal(stone.words, stone.place, history, wall)
    if doubt is not None:
        return Said(doubt.detail, reason=doubt.reason, controls=gate.controls)
    return Said(
        "A placeholder stands where the post was.",
        Sighting.TOMBSTONE,
        actor=stone.actor,
        controls=gate.controls,
        place=stone.place,
    )


def _not_found(case: absence.Case) -> Said:
    finding, facts = absence.closed_gate(case)
    figures = case.place.controls
    if finding is not None:
        return Said(finding.detail, reason=finding.reason, controls=figures, facts=facts)
    if in_place.parent_is_gone(case.history, case.wall):
        detail = "The post that it answers to is gone, and it with that."
        return Said(detail, Sighting.PARENT_GONE, controls=figures, facts=facts)
    detail = f"The post is not on the page. {case.place.detail}"
    return Said(detail, Sighting.ABSENT, controls=figures, facts=facts)
