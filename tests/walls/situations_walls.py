"""What may happen to a wall as a whole, and to the way in which it shows its posts."""

from tests.walls.simulated import KINDS
from tests.walls.situations_obstacles import both, now, set_wall
from tests.walls.situations_posts import LIVE
from tests.walls.story import Change, Phase, Situation, Story


def _more_posts(story: Story) -> None:
    for at in range(35):
        story.write(f"New {at}", f"Number {at}: my bag came apart at once, the {at}th time.")


def _shuffle(story: Story) -> None:
    numbers = sorted(post.number for post in story.wall.posts)
    story.wall.shuffled = numbers[1::3] + numbers[::3] + numbers[2::3]


def _turn(story: Story) -> None:
    story.wall.newest_first = not story.wall.newest_first


def _neighbours_too(*steps: int) -> Change:
    def change(story: Story) -> None:
        story.wall.remove(story.number, *(story.number + step for step in steps))

    return change


def _all_but(count: int) -> Change:
    def change(story: Story) -> None:
        kept = [p.number for p in story.wall.posts if p.number != story.number][:count]
        story.wall.remove(*(p.number for p in story.wall.posts if p.number not in kept))

    return change


def _answers(story: Story) -> None:
    """The watched post becomes an answer to the one before it, beside two others."""
    parent = story.beside(-1)
    children = [story.post, story.beside(1), story.beside(2)]
    story.wall.remove(*(post.number for post in children))
    parent.replies = children


def _answered_too(story: Story) -> None:
    story.wall.remove(story.number - 1)


def _same_author(story: Story) -> None:
    for step in (-4, 3):
        story.beside(step).author = story.post.author


def _suspend(story: Story) -> None:
    story.wall.gone_people = {story.post.slug}
    author = story.post.author
    story.wall.remove(*(post.number for post in story.wall.posts if post.author == author))


def _purge(story: Story) -> None:
    author = story.post.author
    story.wall.remove(*(post.number for post in story.wall.posts if post.author == author))


def _redesign(story: Story) -> None:
    story.wall.kind = KINDS[(KINDS.index(story.wall.kind) + 1) % len(KINDS)]


def _translate(story: Story) -> None:
    for post in story.wall.posts:
        post.shown_text = "".join(chr(0x3B1 + ord(c) % 24) if c.isalpha() else c for c in post.text)


def _withheld(story: Story) -> None:
    story.post.stone = "This content is not available in your country."
    story.post.withheld = True


def _without(story: Story) -> None:
    """The visitor of the public vantage is shown the wall without the post."""
    story.post.only_for = frozenset({"second", "author"})


ORDERS = [
    Situation(
        "another order by default",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]", _turn),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
    ),
    Situation(
        "ordered by what people like",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]", _shuffle),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
    ),
    Situation(
        "pushed to page 4",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]", _more_posts),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
        begin=set_wall(newest_first=True),
    ),
    Situation(
        "endless list that takes away what is out of sight",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]"),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
        begin=set_wall(endless=True, unmount=True),
        kinds=["client"],
    ),
    Situation(
        "endless list",
        [
            LIVE,
            Phase(10, "absent", "removed/suspected silent unknown (0,10]", Story.remove),
        ],
        begin=set_wall(endless=True),
        kinds=["client"],
    ),
    Situation(
        "the list comes late",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]", now("late")),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
    ),
    Situation(
        "adverts that change",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]"),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
        begin=set_wall(adverts=True),
    ),
    Situation(
        "a page whose script forges what is read",
        [LIVE, Phase(10, "present", "visible (10,-]", now("hostile"))],
    ),
    Situation(
        "translated by the browser",
        [
            LIVE,
            Phase(10, "!incomplete", "visible (0,-]", _translate),
        ],
    ),
    Situation(
        "an old copy that can be passed",
        [
            LIVE,
            Phase(
                10,
                "absent",
                "removed/suspected silent unknown (0,10]",
                both(set_wall(stale="passable"), Story.remove),
            ),
        ],
    ),
    Situation(
        "an old copy that cannot be passed",
        [
            LIVE,
            Phase(
                10,
                "!stale_cache",
                "visible (0,-]",
                both(set_wall(stale="stuck"), Story.remove),
            ),
            Phase(
                20,
                "absent",
                "removed/suspected silent unknown (0,20]",
                set_wall(stale=None),
            ),
        ],
    ),
    Situation(
        "one post withheld in this country",
        [
            LIVE,
            Phase(1, "present", "visible (1,-]", by="second"),
            Phase(10, "!geo_blocked", "visible (1,-]", _withheld),
        ],
    ),
    Situation(
        "another answer for bots",
        [
            LIVE,
            Phase(1, "present", "visible (1,-]", by="second"),
            Phase(10, "absent", "disputed (1,10]", _without),
            Phase(12, "present", "disputed (12,-] w1", by="second"),
            Phase(40, "absent", "disputed (12,40] w2"),
            Phase(42, "present", "disputed (42,-] w2", by="second"),
        ],
    ),
    Situation(
        "a captcha for bots alone",
        [
            LIVE,
            Phase(1, "present", "visible (1,-]", by="second"),
            Phase(10, "!challenge", "visible (1,-]", now("live", public="captcha")),
            Phase(12, "present", "visible (12,-]", by="second"),
        ],
    ),
]


def _unpublished(status: int) -> Situation:
    return Situation(
        f"the wall answers {status}",
        [
            LIVE,
            Phase(
                10,
                "wall_gone",
                "wall_gone unknown (0,10]",
                both(now("gone"), set_wall(gone_status=status)),
            ),
        ],
    )


def _nights() -> list[Phase]:
    """A look in the 90 minutes of each night when the site fails, and one at noon."""
    phases = [LIVE]
    for night in range(30):
        start = night * 1440 + 1080
        seen = start - 480 if night else 0
        phases += [
            Phase(start, "!server_error", f"visible ({seen},-]", now("bad_gateway")),
            Phase(start + 960, "present", f"visible ({start + 960},-]", now("live")),
        ]
    return phases


WHOLE = [
    _unpublished(404),
    _unpublished(410),
    Situation(
        "wall unpublished for six hours",
        [
            LIVE,
            Phase(10, "wall_gone", "wall_gone unknown (0,10]", now("gone")),
            Phase(200, "wall_gone", "wall_gone unknown (0,10]"),
            Phase(380, "present", "visible (380,-] w1", now("live")),
        ],
    ),
    Situation(
        "the article answered to is removed",
        [LIVE, Phase(10, "parent_gone", "parent_gone unknown (0,10]", now("gone"))],
        answered=True,
    ),
    Situation(
        "the post answered to is removed",
        [LIVE, Phase(10, "parent_gone", "parent_gone unknown (0,10]", _answered_too)],
        begin=_answers,
        kinds=["blog", "soup"],
    ),
    Situation(
        "an answer alone is removed",
        [
            LIVE,
            Phase(10, "absent", "removed/suspected silent unknown (0,10]", Story.remove),
        ],
        begin=_answers,
        kinds=["blog", "soup"],
    ),
    Situation(
        "author suspended",
        [LIVE, Phase(10, "author_gone", "author_gone unknown (0,10]", _suspend)],
        begin=_same_author,
    ),
    Situation(
        "all posts of an author who stays are removed",
        [LIVE, Phase(10, "absent", "removed/suspected silent unknown (0,10]", _purge)],
        begin=_same_author,
    ),
    Situation(
        "wall renamed",
        [
            LIVE,
            Phase(10, "moved", "visible (10,-]", set_wall(moved_to="/tell-us")),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
    ),
    Situation(
        "redesigned",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]", _redesign),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
    ),
    Situation(
        "deleted in the course of a redesign",
        [
            LIVE,
            Phase(10, "!incomplete", "visible (0,-]", both(_redesign, Story.remove)),
        ],
    ),
    Situation(
        "neighbours are deleted with it",
        [
            LIVE,
            Phase(
                10,
                "absent",
                "removed/suspected silent unknown (0,10]",
                _neighbours_too(-2, -1, 1, 2),
            ),
        ],
    ),
    Situation(
        "nearly all is deleted with it",
        [LIVE, Phase(10, "!rate_limited", "visible (0,-]", _all_but(4))],
    ),
    Situation("5xx every night for a month", _nights(), quick=5),
    Situation(
        "the second looker's clock is five minutes slow",
        [
            LIVE,
            Phase(10, "present", "visible (5,-]", by="second", slow_clock=5),
            Phase(13, "absent", "disputed (5,13]", Story.remove),
            Phase(
                15, "absent", "removed/suspected silent unknown (5,10]", by="second", slow_clock=5
            ),
            Phase(80, "absent", "removed/likely silent unknown (5,10]"),
        ],
    ),
    Situation(
        "deleted during an outage",
        [
            LIVE,
            Phase(10, "!server_error", "visible (0,-]", now("bad_gateway")),
            Phase(30, "!server_error", "visible (0,-]", Story.remove),
            Phase(60, "absent", "removed/suspected silent unknown (0,60]", now("live")),
        ],
    ),
]
