"""What a walk through a wall is for: said by questions about the wall read so far. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from archiver.checker.page_times import moment_of
from archiver.checker.read_far import all_found, is_due, is_far
from archiver.checker.sighting import MISSED, say
from archiver.checker.wall import Wall
from archiver.domain.observation import Observation, Sighting
from archiver.domain.post import Target

Ask = Callable[[Wall], bool]
AskOne = Callable[[Target, Sequence[Observation], Wall], bool]


@dataclass(frozen=True)
class Goal:
    """`enough`: nothing more needs to be read, what is folded apart. `settled`: nor opened.
    `missing`: a target was not found. `cut`: one was found with other words, perhaps cut.
    `folded`: one is there, but folded away. `farther`: the question whether enough was read on,
    after this wall; None when that is not due. `newest`: the latest time of a post that an earlier
    look saw."""

    enough: Ask
    settled: Ask
    missing: Ask
    cut: Ask
    folded: Ask
    farther: Callable[[Wall], Ask | None]
    newest: datetime | None = None


def goal_of(
    targets: Sequence[Target], histories: Sequence[Sequence[Observation]], reader: str | None = None
) -> Goal:
    """The goal of a visit for these targets; `histories[i]` belongs to `targets[i]`. `reader` is
    the version of the scripts that read."""
    pairs = list(zip(targets, histories, strict=True))

    def of(ask: AskOne, whether: Callable[[Iterable[bool]], bool]) -> Ask:
        return lambda wall: whether(ask(*pair, wall.read_by(reader)) for pair in pairs)

    settled = of(_enough, all)
    return Goal(
        enough=lambda wall: settled(replace(wall, opened=True)),
        settled=settled,
        missing=of(_missing, any),
        cut=of(_cut, any),
        folded=of(_folded, any),
        farther=lambda wall: _farther(pairs, wall.read_by(reader)),
        newest=_newest(histories),
    )


def _missing(target: Target, history: Sequence[Observation], wall: Wall) -> bool:
    return say(target, history, wall, None).place is None


def _enough(target: Target, history: Sequence[Observation], wall: Wall) -> bool:
    """Whether the target is found among others, or the place where it was has been read."""
    said = say(target, history, wall, None)
    if said.reason is not None:
        return False
    if said.place is None:
        # an absence rests on everything having been opened
        return said.sighting is not Sighting.ABSENT or wall.opened
    hidden = said.sighting is Sighting.COLLAPSED and not wall.posts[said.place].post.visible
    return wall.has_company(said.place) and (wall.opened or not hidden)


def _cut(target: Target, history: Sequence[Observation], wall: Wall) -> bool:
    """Whether it is there with other words than known: perhaps only the end of them is folded."""
    match = say(target, history, wall, None).match
    return match is not None and match.similarity < 1.0


def _folded(target: Target, history: Sequence[Observation], wall: Wall) -> bool:
    said = say(target, history, wall, None)
    return said.place is not None and not wall.posts[said.place].post.visible and wall.folds > 0


def _farther(pairs: Sequence[tuple[Target, Sequence[Observation]]], wall: Wall) -> Ask | None:
    """Posts that are there are to have company far around; for those that are missed, everybody
    who was known around them is to be found again."""
    asks: list[Ask] = []
    for target, history in pairs:
        said = say(target, history, wall, None)
        if said.place is not None and is_due(history):
            asks.append(partial(is_far, post=wall.posts[said.place].post))
        elif said.place is None and said.sighting in MISSED:
            asks.append(partial(all_found, history))
    open_asks = [ask for ask in asks if not ask(wall)]
    if not open_asks:
        return None
    return lambda more: all(ask(replace(more, reader=wall.reader)) for ask in open_asks)


def _newest(histories: Sequence[Sequence[Observation]]) -> datetime | None:
    latest = [history[-1] for history in histories if history]
    posts = [post for look in latest for post in (look.seen, *look.siblings) if post]
    moments = [moment for moment in (moment_of(post.time) for post in posts) if moment]
    return max(moments, default=None)
