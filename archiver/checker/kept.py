"""What a look keeps of the wall for the next one: the post, the others, the shape. Pure."""

from typing import Any

from archiver.checker.read_far import ENDS, FAR, STARTS, place_again
from archiver.checker.telling import Told
from archiver.checker.walk import Walked
from archiver.checker.wall import Wall
from archiver.domain.observation import Sibling


def seen_in(told: Told, walked: Walked) -> Sibling | None:
    """The post in its place; None where it was not found."""
    wall, place = _widest(told, walked)
    return None if place is None else wall.posts[place].sibling(place)


def siblings_in(told: Told, walked: Walked) -> list[Sibling]:
    """The posts around it, or those of the list's ends where it was not found."""
    wall, place = _widest(told, walked)
    return wall.neighbours(place, without=frozenset(() if place is None else (place,)))


def skeleton_in(told: Told, walked: Walked, *, far: bool) -> dict[str, Any]:
    """The wall's shape, what was done to read it, and what is needed to compare the next look.

    `far`: this look was to read farther than needed.
    """
    page, wall = walked.first.read.reading.page, told.wall
    shape = {**page.skeleton, "count": len(wall.posts), "landing": walked.first.response.url}
    shape |= {"folds": wall.folds, "closed": list(wall.closed)}
    widest, _ = _widest(told, walked)
    shape |= {FAR: far, STARTS: widest.starts, ENDS: widest.ends}
    if walked.steps:
        shape["steps"] = list(walked.steps)
    if told.under:
        shape["under"] = told.under
    return shape


def _widest(told: Told, walked: Walked) -> tuple[Wall, int | None]:
    """The wall that was read farthest with the post in it, and its place there."""
    place = told.said.place
    if place is None or told.under is not None or walked.far is None:
        return told.wall, place
    again = place_again(walked.far, told.wall.posts[place].post)
    return (told.wall, place) if again is None else (walked.far, again)
