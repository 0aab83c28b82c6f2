"""A post that is away from its wall and stands, or seems to stand, elsewhere on the site."""

from dataclasses import replace
from datetime import timedelta

from tests.walls.situations_obstacles import both, set_wall
from tests.walls.situations_posts import LIVE
from tests.walls.story import ByKind, Change, Phase, Situation, Story

SUSPECTED = "removed/suspected silent unknown (0,10]"
ELSEWHERE = 500
"""Added to the number of a post that stands on another wall, under an address of its own."""
PEOPLE_LIST = set_wall(people_list=True)


def _moved(later: int = 0) -> Change:
    """A moderator moves the post; or its author posts it again on another wall, days `later`."""

    def change(story: Story) -> None:
        post = story.post
        again = replace(post, number=post.number + ELSEWHERE, at=post.at + timedelta(days=later))
        story.wall.former_people.add(post.slug)
        story.remove()
        story.wall.other_walls = [again]

    return change


def _seen_there(minute: int) -> tuple[ByKind, ByKind]:
    """Where posts bear neither time nor id (soup), nobody can tell it from one posted again."""
    return (
        {"": "collapsed", "soup": "!incomplete"},
        {"": f"collapsed ({minute},-]", "soup": "visible (0,-]"},
    )


def _removed_there(story: Story) -> None:
    story.wall.other_walls = []


MOVED = [
    Situation(
        "moved to another wall, as its author's page tells",
        [
            LIVE,
            Phase(10, *_seen_there(10), _moved()),
            Phase(20, *_seen_there(20)),
            Phase(
                30,
                "absent",
                {
                    "": "removed/suspected silent unknown (20,30]",
                    "soup": "removed/suspected silent unknown (0,30]",
                },
                _removed_there,
            ),
        ],
        begin=PEOPLE_LIST,
    ),
    Situation(
        "moved to another wall, which is down",
        [
            LIVE,
            Phase(
                10, "!incomplete", "visible (0,-]", both(_moved(), set_wall(own_pages="failing"))
            ),
        ],
        begin=PEOPLE_LIST,
    ),
    Situation(
        "deleted, and posted again on another wall",
        [
            LIVE,
            Phase(
                10,
                {"": "absent", "soup": "!incomplete"},
                {"": SUSPECTED, "soup": "visible (0,-]"},
                _moved(later=2),
            ),
        ],
        begin=PEOPLE_LIST,
    ),
    Situation(
        "at its own address: moved to another one",
        [LIVE, Phase(10, "collapsed", "collapsed (10,-]", _moved())],
        begin=set_wall(front_lists=True, people_list=True),
        kinds=["forum"],
        alone=True,
    ),
]
