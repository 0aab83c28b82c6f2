"""Visits a day and wall: bounded, spread, set by the owner, and never in a person's way."""

from datetime import timedelta

from archiver.checker.budget import IS_SPENT, IS_SPREAD
from archiver.services.access import OWNER
from archiver.store.tables import Watch
from archiver.wiring import House
from tests.integration.watches.model import ModelLooker, MovedClock, visit_all_due
from tests.integration.worker.test_visits import OTHER_WALL, ask, watch


def wall_of(house: House, watch_id: str) -> str:
    return house.watching.show(OWNER, watch_id).watch.wall_id


def used(house: House, wall_id: str) -> tuple[int, int]:
    wall = house.watching.wall(OWNER, wall_id)
    found = house.budgets.show([wall])[wall_id]
    return found.used, found.asked


def due_now(house: House, watch_id: str) -> None:
    with house.database.transaction() as session:
        row = session.get(Watch, watch_id)
        assert row is not None
        row.next_check_at, row.next_check_reason = house.clock(), "regular"


def test_visits_are_counted_whoever_wanted_them(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    first, other = watch(house, "One"), watch(house, "Two", OTHER_WALL)
    visit_all_due(house, looker)
    clock.forward(seconds=20)  # not due again, not nearly
    ask(house, first)
    visit_all_due(house, looker)
    assert used(house, wall_of(house, first)) == (1, 1)
    assert used(house, wall_of(house, other)) == (1, 0)
    clock.forward(days=1)
    assert used(house, wall_of(house, first)) == (0, 0)


def test_a_spent_budget_puts_looks_off_and_says_so_but_not_asked_for_ones(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    busy = watch(house, "Busy")
    visit_all_due(house, looker)
    house.budgets.set(OWNER, wall_of(house, busy), 1, actor="tok_test")
    elsewhere = watch(house, "Elsewhere", OTHER_WALL)
    clock.forward(minutes=30)
    due_now(house, busy)
    assert visit_all_due(house, looker) == 1
    assert looker.visits[-1][2] == ("Elsewhere",)
    row = house.watching.show(OWNER, busy).watch
    midnight = clock.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert (row.next_check_at, row.next_check_reason) == (midnight, IS_SPENT)

    ask(house, busy)
    assert visit_all_due(house, looker) == 1
    assert looker.visits[-1][2] == ("Busy",)
    due_now(house, busy)
    assert visit_all_due(house, looker) == 0
    clock.now = midnight
    assert visit_all_due(house, looker) >= 1
    assert "Busy" in {text for _, _, texts in looker.visits[-2:] for text in texts}
    assert house.watching.show(OWNER, elsewhere).watch.next_check_reason != IS_SPENT


def test_the_second_half_of_a_budget_is_spread_over_the_day(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    busy = watch(house, "Busy")
    wall_id = wall_of(house, busy)
    house.budgets.set(OWNER, wall_id, 4, actor="tok_test")
    for _ in range(2):
        due_now(house, busy)
        assert visit_all_due(house, looker) == 1
        clock.forward(minutes=1)
    due_now(house, busy)
    assert visit_all_due(house, looker) == 0
    row = house.watching.show(OWNER, busy).watch
    assert row.next_check_reason == IS_SPREAD
    assert row.next_check_at is not None
    assert clock.now + timedelta(hours=4) < row.next_check_at < clock.now + timedelta(hours=6)
    clock.now = row.next_check_at
    assert visit_all_due(house, looker) == 1
    assert used(house, wall_id) == (3, 0)


def test_what_the_settings_say_holds_until_the_owner_sets_something(house: House) -> None:
    wall_id = wall_of(house, watch(house, "One"))
    budget = house.budgets.show([house.watching.wall(OWNER, wall_id)])[wall_id]
    assert (budget.a_day, budget.is_own) == (144, False)
    wall = house.budgets.set(OWNER, wall_id, 7, actor="tok_test")
    assert house.budgets.show([wall])[wall_id].a_day == 7
    wall = house.budgets.set(OWNER, wall_id, None, actor="tok_test")
    assert house.budgets.show([wall])[wall_id].a_day == 144


def test_a_visit_that_fails_was_one_to_the_site_all_the_same(house: House) -> None:
    watch_id = watch(house, "One")
    visit = house.checking.claim()
    assert visit is not None
    house.checking.put_off(visit)
    assert used(house, wall_of(house, watch_id)) == (1, 0)
