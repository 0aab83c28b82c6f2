"""A post that is watched at its own address: the page is its wall, without any neighbours."""

from collections.abc import Sequence

from tests.walls.simulated import WITH_OWN_PAGES, Markup, OwnPages
from tests.walls.situations_obstacles import both, now, set_wall
from tests.walls.situations_posts import LIVE, set_post
from tests.walls.story import Change, Phase, Situation, Story

SUSPECTED = "removed/suspected silent unknown (0,10]"


def _situation(
    name: str,
    *phases: Phase,
    begin: Change | None = None,
    kinds: Sequence[Markup] = WITH_OWN_PAGES,
) -> Situation:
    opening = begin or set_wall(front_lists=True)
    return Situation(
        f"at its own address: {name}",
        [LIVE, *phases],
        begin=opening,
        kinds=kinds,
        alone=True,
    )


def _all(own_pages: OwnPages) -> Change:
    return set_wall(own_pages=own_pages)


def _with_others_of_the_author(story: Story) -> None:
    story.beside(-4).author = story.beside(3).author = story.post.author
    story.wall.people_list = True


def _author_leaves(story: Story) -> None:
    story.wall.gone_people = {story.post.slug}
    story.remove()


def _answered_by_two(story: Story) -> None:
    replies = [story.beside(1), story.beside(2)]
    story.wall.remove(*(post.number for post in replies))
    story.post.replies = replies


def _removed_without_its_answers(story: Story) -> None:
    replies = story.post.replies
    story.remove()
    story.wall.posts = [*story.wall.posts, *replies]


ALONE = [
    _situation(
        "deleted",
        Phase(10, "absent", SUSPECTED, Story.remove),
        Phase(20, "absent", SUSPECTED),
        Phase(75, "absent", "removed/likely silent unknown (0,10]"),
        Phase(1500, "absent", "removed/confirmed silent unknown (0,10]"),
    ),
    _situation(
        "410", Phase(10, "absent", SUSPECTED, both(set_wall(gone_status=410), Story.remove))
    ),
    _situation(
        "a soft 404",
        Phase(10, "absent", SUSPECTED, Story.remove),
        begin=set_wall(front_lists=True, own_pages="soft"),
    ),
    _situation(
        "sent home instead of not found",
        Phase(10, "absent", SUSPECTED, Story.remove),
        begin=set_wall(front_lists=True, own_pages="home"),
    ),
    _situation(
        "404 for every post",
        Phase(10, "!incomplete", "visible (0,-]", _all("none")),
        Phase(20, "present", "visible (20,-]", _all("served")),
    ),
    _situation("404 for all", Phase(10, "!server_error", "visible (0,-]", now("site_gone"))),
    _situation(
        "every one leads to the wall",
        Phase(10, "moved", "visible (10,-]", _all("redirected")),
        Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
    ),
    _situation("5xx", Phase(10, "!server_error", "visible (0,-]", _all("failing"))),
    _situation(
        "no other post to be found",
        Phase(10, "!incomplete", "visible (0,-]", Story.remove),
        begin=set_wall(front_lists=False),
    ),
    _situation(
        "its author's page shows others",
        Phase(10, "absent", SUSPECTED, Story.remove),
        begin=_with_others_of_the_author,
        kinds=["forum"],
    ),
    _situation(
        "its answers stay",
        Phase(10, "absent", SUSPECTED, _removed_without_its_answers),
        begin=_answered_by_two,
        kinds=["client"],
    ),
    _situation(
        "its author left",
        Phase(10, "author_gone", "author_gone unknown (0,10]", _author_leaves),
        kinds=["forum"],
    ),
    _situation(
        "withheld in this country",
        Phase(10, "!geo_blocked", "visible (0,-]", set_post(withheld=True)),
    ),
]
