"""The main job on a real forum: Misago, from a capture of a post to a proven removal."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.proof import judge, unpack, verdict_id, verify_with_rature, verify_with_stock_tools
from tests.e2e.scenario import Act, Contributor, Desk, assert_window
from tests.servers.service import RatureService
from tests.walls.misago import Misago

GONE, WORDS = 5, "#post-{id} article p"
SAID = ("author", "text", "permalink", "markup_time")

pytestmark = pytest.mark.matrix


def test_a_deleted_post_is_proven_gone_and_a_forum_that_is_down_accuses_nobody(
    fresh_misago: Misago, service: RatureService, person: Contributor, tmp_path: Path
) -> None:
    wall, desk = fresh_misago, Desk(service)
    complaint = next(post for post in wall.posts() if post.id == GONE)
    gone = person.capture(complaint, wall.thread_url, WORDS)
    desk.witness(gone)
    facts = desk.facts(gone)
    assert (facts["author"], facts["post_id"]) == (complaint.author, f"post-{complaint.id}")
    assert facts["permalink"] == wall.url + complaint.permalink
    assert (facts["grade"], facts["verdict"]["state"]) == ("user+witness", "visible")

    wall.stop()
    assert [look["sighting"] for look in desk.fresh_look(gone)] == [None]
    assert desk.verdict(gone)["state"] == "visible"
    wall.start()
    assert [look["sighting"] for look in desk.fresh_look(gone)] == ["present"]

    begun = datetime.now(UTC)
    wall.delete(GONE)
    what = Act(begun, datetime.now(UTC))
    for _ in range(3):
        desk.look(gone)
    verdict = desk.wait_for(gone, "removed", "confirmed")
    assert (verdict["silent"], verdict["actor"]) == (True, "unknown")
    assert_window(verdict, desk.looks(gone), what)

    bundle = desk.bundle(gone, tmp_path)
    data = unpack(bundle, tmp_path / "bundle")
    verify_with_rature(service, bundle)
    verify_with_stock_tools(bundle, data)
    assert judge(service, data) == desk.recorded(gone, verdict_id(data))
    said = {name: json.loads((data / f"fields/{name}.json").read_bytes())["value"] for name in SAID}
    assert (said["author"], said["text"]) == (complaint.author, complaint.text)
    assert said["permalink"] == wall.url + complaint.permalink
    assert f"{complaint.at:%B} {complaint.at.day}, {complaint.at.year}" in said["markup_time"]

    wall.restore()
    assert [look["sighting"] for look in desk.fresh_look(gone)] == ["present"]
    assert desk.verdict(gone)["state"] == "restored"
    desk.stop(gone)
