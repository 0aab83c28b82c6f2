"""What stands where a post's words were and says nothing of a removal or an edit. Pure.

| words                                                  | the look is                             |
| ------------------------------------------------------ | --------------------------------------- |
| ask to log in                                          | `login_wall`                            |
| say that the post is loaded yet, or could not be       | `not_rendered`                          |
| the same at `ALIKE` other places, and no removal named | `incomplete`: the page's, nobody's own  |
| the post's beginning, then an ellipsis                 | `incomplete`: cut, with no way to more  |

Words that name a removal (`tombstones.json`) are believed however often they stand there.
"""

from collections.abc import Iterable, Sequence

from archiver.checker import tombstone
from archiver.checker.anchoring import normalise
from archiver.checker.controls import last_seen
from archiver.checker.page_state import Finding
from archiver.checker.wall import Wall
from archiver.domain.observation import Observation, Reason

ALIKE = 2
"""Other places with the very same words, at the least, that make them the page's own."""
LEAST_LEFT = 8
"""Characters of a post's beginning by which it is known."""
_ELLIPSES = ("…", "...")


def doubt(text: str, place: int, history: Sequence[Observation], wall: Wall) -> Finding | None:
    """Why the words at a place of the wall tell nothing of the post that was there; None when they
    may."""
    if names_a_removal(text):
        return None
    if tombstone.asks_to_log_in(text):
        return Finding(Reason.LOGIN_WALL, "A request to log in stands where the post was.")
    if tombstone.is_not_loaded(text):
        return Finding(Reason.NOT_RENDERED, "The post was not loaded.")
    others = _places_alike(text, place, history, wall)
    if others < ALIKE:
        return None
    detail = f"The same words stand where the post was and at {others} other places."
    return Finding(Reason.INCOMPLETE, detail)


def names_a_removal(text: str) -> bool:
    """Whether the words say that a post was removed, rather than that there is none to show."""
    return tombstone.actor_of(text) is not None and not tombstone.says_only_unavailable(text)


def is_cut(text: str, known: Iterable[str]) -> bool:
    """Whether a text is but the beginning of one that is known (normalised), and says so."""
    words = normalise(text)
    if not words.endswith(_ELLIPSES):
        return False
    start = words.rstrip("…. ")
    return len(start) >= LEAST_LEFT and any(full.startswith(start) for full in known)


def _places_alike(text: str, place: int, history: Sequence[Observation], wall: Wall) -> int:
    key = normalise(text)
    seen = last_seen(history)
    if seen is None or any(normalise(sibling.text) == key for sibling in seen.siblings):
        return 0
    return sum(at != place and entry.post.key == key for at, entry in enumerate(wall.posts))
