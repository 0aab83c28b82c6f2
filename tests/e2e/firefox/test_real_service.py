"""Firefox, the real service and a simulated wall, from pairing to a receipt and a first look."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.firefox.browser import launch
from tests.servers.service import RatureService
from tests.servers.waiting import wait_for
from tests.walls.simulated import SimulatedWall


@pytest.mark.matrix
def test_paired_captured_while_the_service_is_stopped_archived_and_watched(
    tmp_path: Path, start_service: Callable[..., RatureService]
) -> None:
    service = start_service()
    said = service.command("signin").stdout
    with SimulatedWall("blog") as wall, launch(tmp_path / "firefox") as browser:
        browser.open(next(word for word in said.split() if "/signin?" in word))
        browser.pair(service.url, approve=lambda page: page.click("button[value=approve]"))
        assert browser.status()["service"]["origin"] == service.url
        page = browser.open(wall.url)
        complaint = wall.posts[2]
        post = f"#comment-{complaint.number} p"
        service.kill9()
        capture = browser.capture(page, post)
        popup = browser.press_toolbar_button(page)
        popup.wait_for_text("Kept here, waiting to be archived")
        popup.close()
        service.restart()
        row = browser.wait_until(capture, "sealed", patience=120)
        assert row["completeness"] == "COMPLETE"
        archived = service.client.get(f"/api/v1/captures/{row['answer']['id']}").json()
        assert archived["manifest"]["post"]["text"] == complaint.text
        assert archived["manifest"]["environment"]["browser"].startswith("Firefox")
        kept = service.client.get(f"/api/v1/captures/{row['answer']['id']}/receipt").json()
        assert kept["leaf_index"] == row["answer"]["leaf_index"]
        watch = f"/api/v1/watches/{row['answer']['watch_id']}"
        state = wait_for(
            lambda: service.client.get(watch).json()["verdict"]["last_seen"], "a public look", 120
        )
        assert state
        browser.press_toolbar_button(page).wait_for_text("Still visible")
