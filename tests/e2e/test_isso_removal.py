"""The main job on a wall that its own script draws: isso, from a capture to a proven removal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.proof import judge, unpack, verdict_id, verify_with_rature, verify_with_stock_tools
from tests.e2e.scenario import Act, Contributor, Desk, assert_window
from tests.servers.service import RatureService
from tests.walls.isso import Comment, Isso

WORDS = "#isso-{id} > .isso-text-wrapper > .isso-text p"

pytestmark = pytest.mark.matrix


def delete(wall: Isso, comment: Comment) -> Act:
    begun = datetime.now(UTC)
    wall.moderate(comment.id, "delete")
    return Act(begun, datetime.now(UTC))


def test_a_deleted_comment_is_proven_gone_and_one_with_answers_accuses_nobody(
    fresh_isso: Isso, service: RatureService, person: Contributor, tmp_path: Path
) -> None:
    wall, desk = fresh_isso, Desk(service)
    alone, answered = wall.named("Tom Hendricks"), wall.named("Jean-Luc Perrin")
    gone, stone = (person.capture(one, wall.post_url, WORDS) for one in (alone, answered))
    desk.witness(gone, stone)
    facts = desk.facts(gone)
    assert (facts["author"], facts["post_id"]) == (alone.author, f"isso-{alone.id}")
    assert facts["permalink"] == wall.permalink(alone.id)
    assert (facts["grade"], facts["verdict"]["state"]) == ("user+witness", "visible")

    wall.stop()  # the article is served without its comments: nobody is missed
    looks = desk.fresh_look(gone, stone)
    assert [look["sighting"] for look in looks] == [None, None]
    assert desk.verdict(gone)["state"] == "visible"
    wall.start()
    assert [look["sighting"] for look in desk.fresh_look(gone, stone)] == ["present"] * 2

    what = delete(wall, alone)
    delete(wall, answered)
    looks = [desk.look(gone, stone) for _ in range(3)]
    assert [look["sighting"] for look in looks[-1]] == ["absent", "tombstone"]
    verdict = desk.wait_for(gone, "removed", "confirmed")
    assert (verdict["silent"], verdict["actor"]) == (True, "unknown")
    assert_window(verdict, desk.looks(gone), what)
    left = desk.verdict(stone)
    assert (left["state"], left["silent"], left["actor"]) == ("tombstoned", False, "unknown")

    bundle = desk.bundle(gone, tmp_path)
    data = unpack(bundle, tmp_path / "bundle")
    verify_with_rature(service, bundle)
    verify_with_stock_tools(bundle, data)
    assert judge(service, data) == desk.recorded(gone, verdict_id(data))

    wall.bring_back_comments()
    assert [look["sighting"] for look in desk.fresh_look(gone, stone)] == ["present"] * 2
    assert desk.verdict(gone)["state"] == "restored"
    assert desk.verdict(stone)["state"] == "visible"
    desk.stop(gone, stone)
