"""How `bench detect` counts what a watcher said against what is right."""

import pytest

from bench.scores import Moment, Score

SEEN = Moment(0, "visible (0,-]", "visible (0,-]")
REMOVED = "removed/suspected silent unknown (0,10]"


@pytest.mark.parametrize(
    ("right", "said", "due", "counts"),
    [
        # (false accusations, missed removals, wrong causes, answers not given)
        (REMOVED, REMOVED, True, (0, 0, 0, 0)),
        (REMOVED, "removed/likely silent unknown (0,10]", True, (0, 0, 0, 0)),
        (REMOVED, "removed", True, (0, 0, 0, 0)),  # a watcher without causes
        (REMOVED, "visible", True, (0, 1, 0, 0)),
        (REMOVED, None, True, (0, 1, 0, 1)),
        (REMOVED, "indeterminate (0,-]", True, (0, 1, 0, 1)),
        (REMOVED, "tombstoned moderator (0,10]", True, (0, 0, 1, 0)),
        (REMOVED, "removed/suspected unknown (0,10]", True, (0, 0, 1, 0)),  # not silent
        ("visible (0,-]", REMOVED, True, (1, 0, 0, 0)),
        ("visible (0,-]", "removed", False, (1, 0, 0, 0)),  # behind a log-in wall
        ("visible (0,-]", None, False, (0, 0, 0, 0)),
        ("edited unknown (10,-]", "removed", True, (1, 0, 0, 0)),
        ("wall_gone unknown (0,10]", "removed", True, (0, 0, 1, 0)),
        ("wall_gone unknown (0,10]", "wall_gone unknown (0,10]", True, (0, 0, 0, 0)),
        ("withdrawn author (0,10]", REMOVED, True, (0, 0, 1, 0)),
        ("disputed (0,10]", "removed", True, (0, 0, 0, 0)),  # nobody knows
    ],
)
def test_one_story(
    right: str, said: str | None, due: bool, counts: tuple[int, int, int, int]
) -> None:
    score = Score()
    score.add([SEEN, Moment(10, right, said, due)])
    found = (score.false_accusations, score.missed, score.wrong_causes, score.silent)
    assert found == counts


def test_the_window_goes_from_the_last_sighting_to_the_first_of_the_accusation() -> None:
    score = Score()
    again = Moment(30, "visible (30,-] w1", "visible (30,-] w1")
    first = Moment(10, REMOVED, REMOVED)
    score.add([SEEN, first, again, Moment(75, REMOVED, REMOVED), Moment(90, REMOVED, REMOVED)])
    score.add([SEEN, first])
    assert score.windows == [45.0, 10.0]
    assert score.window == 27.5


def test_no_answer_is_a_share_of_the_answers_that_were_due() -> None:
    score = Score()
    score.add([SEEN, Moment(10, "visible (0,-]", None), Moment(20, "visible (0,-]", None, False)])
    assert score.indeterminate == 0.5
    assert Score().window == 0.0
