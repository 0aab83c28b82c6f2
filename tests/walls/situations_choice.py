"""Walls that from one look to the next show but a choice of their posts, or removed many."""

from tests.walls.situations_obstacles import both, set_wall
from tests.walls.situations_posts import LIVE
from tests.walls.story import Phase, Situation, Story


def _every_second(story: Story) -> None:
    """What one visitor is shown, by whatever choice; the watched post is not among it."""
    story.wall.listed = lambda post: post.number % 2 != story.number % 2


def _removed_alone(story: Story) -> None:
    """Everybody else is shown again."""
    story.wall.listed = lambda post: True
    story.remove()


def _a_half_removed(story: Story) -> None:
    story.wall.remove(*(p.number for p in story.wall.posts if p.number % 2 == story.number % 2))


def _first_ones(story: Story) -> None:
    """The list stops early, as if that were its end."""
    first = {post.number for post in story.wall.in_order()[:5]}
    story.wall.listed = lambda post: post.number in first


def _cut_farther_down(story: Story) -> None:
    """The list ends a few posts behind the watched one's place, which is not among them."""
    order = [post.number for post in story.wall.in_order()]
    first = order[: order.index(story.number) + 8]
    story.wall.listed = lambda post: post.number in first and post.number != story.number


CHOICES = [
    Situation(
        "a choice of the posts that leaves it out",
        [LIVE, Phase(10, "collapsed", "collapsed (10,-]", _every_second)],
        kinds=["soup", "client"],
    ),
    Situation(
        "a choice that leaves it out, every own page being away",
        [
            LIVE,
            Phase(
                10, "!incomplete", "visible (0,-]", both(_every_second, set_wall(own_pages="none"))
            ),
        ],
        kinds=["soup", "client"],
    ),
    Situation(
        "a choice that leaves it out, and no own pages",
        [
            LIVE,
            Phase(10, "!incomplete", "visible (0,-]", _every_second),
            Phase(30, "absent", "removed/suspected silent unknown (0,30]", _removed_alone),
        ],
        kinds=["blog"],
    ),
    Situation(
        "a half of the wall is removed with it",
        [LIVE, Phase(10, "absent", "removed/suspected silent unknown (0,10]", _a_half_removed)],
        kinds=["soup", "client"],
    ),
    Situation(
        "a list that stops early, every own page being away",
        [
            LIVE,
            Phase(
                10, "!rate_limited", "visible (0,-]", both(_first_ones, set_wall(own_pages="none"))
            ),
        ],
        kinds=["soup", "client"],
    ),
    Situation(
        "a list that is cut behind its page, every own page being away",
        [
            LIVE,
            Phase(5, "present", "visible (5,-]"),
            Phase(10, "!incomplete", "visible (5,-]", _cut_farther_down),
            Phase(30, "absent", "removed/suspected silent unknown (5,30]", _removed_alone),
        ],
        begin=set_wall(own_pages="none"),
    ),
]
