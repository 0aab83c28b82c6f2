"""The service learns from its own walls, and counts the looks of a plan."""

import asyncio
from datetime import timedelta

from archiver.checker.hazard import published
from archiver.checker.placing import LOOKS
from archiver.checker.rules import judge
from archiver.checker.schedule import IS_LEARNED, IS_PUBLISHED
from archiver.domain.observation import Observation
from archiver.domain.post import Target
from archiver.services.access import OWNER
from archiver.services.planning import LEARN_EVERY
from archiver.store.tables import Watch
from archiver.wiring import House
from tests.integration.watches.model import (
    WALL,
    ModelLooker,
    ModelPost,
    MovedClock,
    live_until,
    visit_all_due,
)


def watch(house: House, text: str, **more: str) -> str:
    target = Target(url=WALL, text=text, **more)
    return house.watching.start(OWNER, target, actor="tok_test")[0].watch.id


def row_of(house: House, watch_id: str) -> Watch:
    return house.watching.show(OWNER, watch_id).watch


def vanished_before(house: House, clock: MovedClock, text: str) -> str:
    """A post that was there at two minutes and gone at eleven, two days ago."""
    watch_id = watch(house, text)
    looks = [(0, "present"), (2, "present"), (11, "absent"), (16, "absent"), (75, "absent")]
    since = clock.now - timedelta(days=2)
    verdict = judge(
        [
            Observation.model_validate(
                {"at": since + timedelta(minutes=at), "validity": "valid", "sighting": sighting}
            )
            for at, sighting in looks
        ]
    )
    with house.database.transaction() as session:
        row = session.get(Watch, watch_id)
        assert row is not None
        row.created_at, row.verdict = since, verdict.model_dump(mode="json")
        row.next_check_at = None
    return watch_id


def test_a_wall_that_deletes_within_minutes_is_watched_more_closely(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    first = vanished_before(house, clock, "The first complaint")
    wall_id = row_of(house, first).wall_id
    for number in range(11):
        vanished_before(house, clock, f"Complaint number {number}")
    hazard = house.planning.plans(OWNER, wall_id).hazard
    assert hazard.deletions == 12
    early = hazard.shares([0.0, 720.0, 30 * 86400.0], 0.0)
    assert early[0] > 2 * early[1]

    looker.posts.append(ModelPost("Afterwards", clock.now))
    later = watch(house, "Afterwards")
    visit_all_due(house, looker)
    gaps = []
    for _ in range(4):
        row = row_of(house, later)
        assert row.next_check_reason == IS_LEARNED
        assert row.next_check_at is not None
        gaps.append(row.next_check_at - clock.now)
        clock.now = row.next_check_at
        visit_all_due(house, looker)
    assert sum(gaps, timedelta(0)) < timedelta(minutes=12)  # by the published figures: 28


def test_what_is_learned_is_kept_until_something_vanishes_or_a_while_has_passed(
    house: House, clock: MovedClock
) -> None:
    wall_id = row_of(house, watch(house, "A complaint")).wall_id
    plans = house.planning.plans(OWNER, wall_id)
    assert plans.hazard == published()
    assert house.planning.plans(OWNER, wall_id) is plans
    vanished_before(house, clock, "Another")
    learned = house.planning.plans(OWNER, wall_id)
    assert (plans.hazard.deletions, learned.hazard.deletions) == (0, 1)
    assert house.planning.plans(OWNER, wall_id) is learned
    clock.now += LEARN_EVERY
    assert house.planning.plans(OWNER, wall_id) is not None


def test_a_complaint_and_its_neighbour_are_looked_at_at_the_same_moments(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    # One of two posts is captured evidence of a case, by a named author; the other is not.
    mine = watch(house, "Both soles have holes, and nobody answers!", author="A. Customer")
    other = watch(house, "Lovely shoes.")
    with house.database.transaction() as session:
        row = session.get(Watch, mine)
        assert row is not None
        row.own = True
    looker.posts = [ModelPost(row_of(house, i).text, clock.now) for i in (mine, other)]
    visit_all_due(house, looker)
    for _ in range(6):
        due = sorted(
            moment for i in (mine, other) if (moment := row_of(house, i).next_check_at) is not None
        )
        assert due[1] - due[0] <= 0.35 * (due[1] - clock.now)  # the jitter of both
        clock.now = due[1]
        visit_all_due(house, looker)
    counts = {row_of(house, i).planned_looks for i in (mine, other)}
    assert len(counts) == 1


def test_only_planned_looks_use_up_the_plan(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch_id = watch(house, "A complaint")
    looker.posts = [ModelPost("A complaint", clock.now)]
    visit_all_due(house, looker)
    assert row_of(house, watch_id).planned_looks == 1
    clock.forward(seconds=30)
    house.watching.ask(OWNER, watch_id, actor="tok_test")
    visit_all_due(house, looker)
    assert row_of(house, watch_id).planned_looks == 1
    assert row_of(house, watch_id).next_check_reason == IS_PUBLISHED
    with house.database.transaction() as session:
        row = session.get(Watch, watch_id)
        assert row is not None
        row.created_at, row.planned_looks = clock.now - timedelta(days=20), LOOKS - 3
        row.next_check_at, row.next_check_reason = clock.now, IS_PUBLISHED
    live_until(house, clock, looker, clock.now + timedelta(days=11.5))
    row = row_of(house, watch_id)
    assert row.planned_looks == LOOKS  # now, one between, and one at the horizon
    assert row.next_check_reason == "regular"


def test_a_visit_is_planned_alike_on_either_path_to_it(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    watch_id = watch(house, "A complaint")
    visit = house.checking.claim()
    assert visit is not None
    asyncio.run(house.checking.make(looker, visit))
    row = row_of(house, watch_id)
    assert row.next_check_at is not None
    assert timedelta(0) < row.next_check_at - clock.now <= timedelta(minutes=2.4)
