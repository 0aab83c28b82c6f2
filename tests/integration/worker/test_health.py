"""Canaries cap the verdicts of their site; barren visits raise an alarm; everything is counted."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from archiver.checker.health import BARREN_ROUNDS, Expected
from archiver.checker.rules import judge
from archiver.domain.errors import InvalidInput, NotFound
from archiver.domain.observation import Notice, NoticeKind, Observation, Reason
from archiver.domain.post import Target
from archiver.services.access import OWNER
from archiver.services.health import WARNING
from archiver.store.repository import observations
from archiver.store.tables import LogEntry, Watch, Workspace
from archiver.wiring import House
from tests.integration.watches.model import (
    WALL,
    ModelLooker,
    ModelPost,
    MovedClock,
    visit_all_due,
)
from tests.integration.worker.test_visits import OTHER_HOST, OTHER_WALL, ask, watch


def canary(house: House, text: str, expected: Expected = Expected.LIVE, url: str = WALL) -> str:
    target = Target(url=url, text=text)
    return house.canaries.set(OWNER, target, expected, actor="tok_test").watch.id


def state(house: House, watch_id: str) -> str:
    return house.watching.show(OWNER, watch_id).verdict.state


def look(house: House, looker: ModelLooker, *watch_ids: str) -> None:
    for watch_id in watch_ids:
        ask(house, watch_id)
        visit_all_due(house, looker)


def test_a_misread_canary_caps_its_site_until_it_is_read_right(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.posts = [ModelPost(text, clock.now) for text in ("Old post", "Mine", "Elsewhere")]
    known, mine = canary(house, "Old post"), watch(house, "Mine", OTHER_WALL)
    elsewhere = watch(house, "Elsewhere", OTHER_HOST)
    visit_all_due(house, looker)
    assert [state(house, i) for i in (mine, elsewhere)] == ["visible", "visible"]

    right_at = clock.now
    clock.forward(hours=1)
    posts, looker.posts = looker.posts, []  # the site changed: nothing is found any more
    look(house, looker, mine)
    assert state(house, mine) == "removed"
    clock.forward(hours=1)
    look(house, looker, known)
    assert state(house, mine) == "indeterminate"
    assert state(house, elsewhere) != "indeterminate"
    verdict = house.watching.show(OWNER, mine).verdict
    assert verdict.rules[0] == "site_degraded"
    report = house.health.report(OWNER)
    assert [site.site for site in report.sites if site.degraded] == ["wall.example"]
    assert WARNING in house.warnings()

    # A post that is watched only now hears of it too, with its first look.
    later = watch(house, "Later")
    visit_all_due(house, looker)
    assert state(house, later) == "indeterminate"

    looker.posts = posts
    clock.forward(hours=1)
    visit_all_due(house, looker)  # hourly by now
    assert state(house, mine) == "visible"
    assert not any(site.degraded for site in house.health.report(OWNER).sites)
    # The looks of that time are left out for good, and the whole can be recomputed.
    with house.database.reading() as session:
        looks = [
            Observation.model_validate(r.body) for r in observations.observations_of(session, mine)
        ]
        told = [Notice.model_validate(r.body) for r in observations.notices_of(session, mine)]
        leaves = [entry.kind for entry in session.exec(select(LogEntry))]
    assert [(n.notice, n.since) for n in told] == [
        (NoticeKind.SITE_DEGRADED, right_at),
        (NoticeKind.SITE_RIGHT, None),
    ]
    assert judge([*looks, *told]) == house.watching.show(OWNER, mine).verdict
    assert judge(looks).windows
    assert not judge([*looks, *told]).windows
    assert leaves.count("notice") == 4


def test_a_removed_post_that_is_read_as_present_degrades_too(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    mine = watch(house, "Mine")
    looker.posts = [ModelPost("Mine", clock.now), ModelPost("Taken down", clock.now)]
    canary(house, "Taken down", Expected.REMOVED)
    visit_all_due(house, looker)
    assert state(house, mine) == "indeterminate"


def test_an_invalid_look_at_a_canary_degrades_nothing(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.posts = [ModelPost("Old post", clock.now), ModelPost("Mine", clock.now)]
    known, mine = canary(house, "Old post"), watch(house, "Mine")
    visit_all_due(house, looker)
    looker.obstacle = Reason.LOGIN_WALL
    look(house, looker, known)
    assert state(house, mine) == "visible"
    assert not any(site.degraded for site in house.health.report().sites)


def test_removing_a_misread_canary_ends_the_cap(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    looker.posts = [ModelPost("Mine", clock.now)]
    known, mine = canary(house, "Old post"), watch(house, "Mine")
    visit_all_due(house, looker)
    assert state(house, mine) == "indeterminate"
    house.canaries.remove(OWNER, known, actor="tok_test")  # at the very moment
    clock.forward(minutes=1)
    look(house, looker, mine)
    assert state(house, mine) == "visible"
    assert house.canaries.listed(OWNER) == []
    with pytest.raises(NotFound):
        house.canaries.remove(OWNER, known, actor="tok_test")


def test_canaries_are_slow_and_stand_in_no_list(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    known = canary(house, "Old post")
    looker.posts = [ModelPost("Old post", clock.now)]
    visit_all_due(house, looker)
    row = house.watching.show(OWNER, known).watch
    assert row.next_check_at is not None
    assert timedelta(hours=5) <= row.next_check_at - clock.now <= timedelta(hours=7)
    assert house.watching.watches(OWNER, offset=0, limit=9).total == 0


def test_a_canary_of_one_workspace_says_nothing_in_another_unless_it_is_for_everybody(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    with house.database.transaction() as session:
        session.add(Workspace(id="ws_other", name="other", created_at=clock.now))
    looker.posts = [ModelPost("Theirs", clock.now)]
    theirs, _ = house.watching.start("ws_other", Target(url=WALL, text="Theirs"), actor="tok_other")
    canary(house, "Old post")
    visit_all_due(house, looker)
    assert house.watching.show("ws_other", theirs.watch.id).verdict.state == "visible"
    assert house.canaries.listed("ws_other") == []
    clock.forward(minutes=1)
    target = Target(url=OTHER_WALL, text="Another")
    house.canaries.set(OWNER, target, Expected.LIVE, actor="operator", everybody=True)
    visit_all_due(house, looker)
    assert house.watching.show("ws_other", theirs.watch.id).verdict.state == "indeterminate"
    assert [view.is_own for view in house.canaries.listed("ws_other")] == [False]


def test_nobody_else_sends_the_notices_of_a_site(house: House, clock: MovedClock) -> None:
    watch_id = watch(house, "Mine")
    for kind in (NoticeKind.SITE_DEGRADED, NoticeKind.SITE_RIGHT):
        with pytest.raises(InvalidInput, match="only the checker"):
            house.noticing.notice(OWNER, watch_id, Notice(at=clock.now, notice=kind))


def test_visits_that_resolve_nothing_raise_an_alarm_once(
    house: House, looker: ModelLooker, clock: MovedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    looker.obstacle = Reason.NOT_RENDERED
    watch_id = watch(house, "Mine")
    begun = clock.now
    for number in range(BARREN_ROUNDS + 1):
        assert (WARNING in house.warnings()) is (number >= BARREN_ROUNDS)
        look(house, looker, watch_id)
        clock.forward(minutes=1)
    site = house.health.report(OWNER).sites[0]
    assert (site.barren, site.barren_since, site.is_alarming) == (BARREN_ROUNDS + 1, begun, True)
    # whatever the process was told of its log before: it is written to one of the two
    assert "".join(capsys.readouterr()).count("site_resolves_nothing") == 1
    looker.obstacle = None
    look(house, looker, watch_id)
    site = house.health.report(OWNER).sites[0]
    assert (site.barren, site.is_alarming, site.last_valid_at) == (0, False, clock.now)


def test_looks_are_counted_by_site_and_outcome(
    house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    first = watch(house, "One")
    watch(house, "Two", OTHER_HOST)
    looker.posts = [ModelPost("One", clock.now)]
    visit_all_due(house, looker)
    clock.forward(days=2)
    looker.obstacle = Reason.CHALLENGE
    look(house, looker, first)
    report = house.health.report(OWNER)
    by_site = {site.site: site for site in report.sites}
    assert by_site["wall.example"].outcomes == {"challenge": 1}
    assert by_site["wall.example"].day.share == 0
    assert by_site["wall.example"].week.share == 0.5
    assert by_site["forum.example"].week.valid == 1
    assert (report.due, report.overdue) == (0, 0.0)
    assert report.unsealed == house.sealing.size()
    clock.forward(days=2)
    report = house.health.report(OWNER)
    assert report.sites[0].day.share is None
    assert report.due == 2
    assert report.overdue > 86400
    clock.forward(days=100)
    house.upkeep.tidy()
    assert house.health.report(OWNER).sites[0].week.looks == 0


def test_a_crash_before_the_others_heard_is_made_good_by_their_next_look(
    house: House, looker: ModelLooker, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looker.posts = [ModelPost("Old post", clock.now), ModelPost("Mine", clock.now)]
    known, mine = canary(house, "Old post"), watch(house, "Mine", OTHER_WALL)
    visit_all_due(house, looker)
    clock.forward(hours=1)
    looker.posts = [ModelPost("Mine", clock.now - timedelta(hours=1))]

    def crash(_ids: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(house.concluding, "refresh", crash)
    ask(house, known)
    visit = house.checking.claim()
    assert visit is not None
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(house.checking.make(looker, visit))
    monkeypatch.undo()
    assert state(house, mine) == "visible"
    clock.forward(minutes=1)
    look(house, looker, mine)
    assert state(house, mine) == "indeterminate"
    with house.database.reading() as session:
        assert session.get(Watch, mine) is not None
