"""All situations of a wall and its posts, and how they are shared out over kinds of mark-up."""

from collections.abc import Iterator

from tests.walls.simulated import Markup
from tests.walls.situations_alone import ALONE
from tests.walls.situations_choice import CHOICES
from tests.walls.situations_moved import MOVED
from tests.walls.situations_obstacles import IN_PLACE_OF_SOME, IN_THE_WAY
from tests.walls.situations_posts import POSTS
from tests.walls.situations_walls import ORDERS, WHOLE
from tests.walls.story import Situation

SITUATIONS: tuple[Situation, ...] = (
    *POSTS,
    *ALONE,
    *IN_THE_WAY,
    *ORDERS,
    *WHOLE,
    *CHOICES,
    *MOVED,
    *IN_PLACE_OF_SOME,
)
SEEDS = (0, 1, 2)
Case = tuple[Situation, Markup, int]


def whole_matrix() -> Iterator[Case]:
    """Every situation in every kind of mark-up that it can happen in, with each seed."""
    for seed in SEEDS:
        for situation in SITUATIONS:
            for kind in situation.kinds:
                yield situation, kind, seed


def quick_matrix() -> Iterator[Case]:
    """Every situation once: kinds of mark-up and seeds take turns."""
    for at, situation in enumerate(SITUATIONS):
        yield situation, situation.kinds[at % len(situation.kinds)], SEEDS[at // 4 % len(SEEDS)]
