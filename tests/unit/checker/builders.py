"""Short ways to make readings, walls and histories."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from archiver.checker.anchoring import normalise
from archiver.checker.reading import PageFacts, Post, Reading
from archiver.checker.wall import Wall, WallPost
from archiver.domain.observation import Observation, Sibling, Sighting, Validity

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def words(name: str) -> str:
    return f"This is what {name} has to say about the brand's shoes."


def post(name: str, text: str | None = None, **more: object) -> Post:
    """A post by `name`, with an id made of the name unless another is given."""
    said = words(name) if text is None else text
    fields = {"author": name, "post_id": f"c-{name}", "text": said, "key": normalise(said), **more}
    return Post(**fields)  # type: ignore[arg-type]


def wall(names: Sequence[str], *, starts: bool = True, ends: bool = True) -> Wall:
    """A wall of posts in this order; `|` is a gap that was not read."""
    posts: list[WallPost] = []
    stretch = 0
    for name in names:
        if name == "|":
            stretch += 1
        else:
            posts.append(WallPost(post(name), stretch, stretch))
    return Wall(tuple(posts), starts=starts, ends=ends)


def sibling(name: str, position: int) -> Sibling:
    return Sibling(position=position, post_id=f"c-{name}", author=name, text=words(name))


def seen_among(names: Sequence[str], target: str, *, minutes: int = 0) -> Observation:
    """A valid look that found `target` among these posts."""
    place = names.index(target)
    return Observation(
        at=NOON + timedelta(minutes=minutes),
        validity=Validity.VALID,
        sighting=Sighting.PRESENT,
        seen=sibling(target, place),
        siblings=[sibling(name, at) for at, name in enumerate(names) if at != place],
    )


def reading(*posts: Post, quality: float = 1.0, **facts: object) -> Reading:
    """A page that shows these posts."""
    return Reading(PageFacts(quality=quality, **{"words": 500, **facts}), tuple(posts))  # type: ignore[arg-type]
