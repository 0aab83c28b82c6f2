"""The main job on a real network of the Mastodon kind: Epicyon, from captures to a proven removal.

Two complaints: one under the brand's hashtag, which the instance's moderator removes, and an answer
to the brand's post, which the brand shows without its words.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.proof import judge, unpack, verdict_id, verify_with_rature, verify_with_stock_tools
from tests.e2e.scenario import Act, Contributor, Desk, assert_window
from tests.servers.service import RatureService
from tests.walls.epicyon import Epicyon

REMOVED, MUTED, WORDS = 7, 3, '[id="{id}"] article p'
SAID = ("author", "text", "permalink", "shown_time")

pytestmark = pytest.mark.matrix


def test_a_removed_post_and_a_muted_answer(
    fresh_epicyon: Epicyon, service: RatureService, person: Contributor, tmp_path: Path
) -> None:
    wall, desk = fresh_epicyon, Desk(service)
    complaint, answer = wall.tagged[REMOVED], wall.replies[MUTED]
    gone = person.capture(complaint, wall.tag_url, WORDS)
    muted = person.capture(answer, wall.thread_url, WORDS)
    desk.witness(gone, muted)
    for post, known in ((gone, complaint), (muted, answer)):
        facts = desk.facts(post)
        assert (facts["author"], facts["post_id"]) == (known.author, known.id)
        assert facts["permalink"] == wall.url + known.permalink
        assert (facts["grade"], facts["verdict"]["state"]) == ("user+witness", "visible")

    wall.stop()
    assert [look["sighting"] for look in desk.fresh_look(gone)] == [None]
    assert desk.verdict(gone)["state"] == "visible"
    wall.start()
    assert [look["sighting"] for look in desk.fresh_look(gone)] == ["present"]

    begun = datetime.now(UTC)
    wall.remove(complaint)
    what = Act(begun, datetime.now(UTC))
    wall.mute(answer)
    assert [look["sighting"] for look in desk.fresh_look(muted)] == ["tombstone"]
    verdict = desk.verdict(muted)
    assert (verdict["state"], verdict["silent"]) == ("tombstoned", False)
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
    assert said["shown_time"] == f"{complaint.at:%a %b %d, %H:%M}"

    wall.restore()
    looks = desk.fresh_look(gone, muted)
    assert [look["sighting"] for look in looks] == ["present", "present"]
    assert [desk.verdict(post)["state"] for post in (gone, muted)] == ["restored", "visible"]
    desk.stop(gone, muted)
