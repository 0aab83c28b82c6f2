"""Bundles of a post that nobody captured, and of one that two people captured."""

import json
from pathlib import Path
from typing import Any

import pytest

from archiver.cli import main
from archiver.domain.observation import Sighting
from archiver.wiring import House
from tests.integration.captures.sample import CAPTURES, TEXT, WALL, Sample, send
from tests.integration.client import TestClient
from tests.integration.export.looks import failed, looked, minutes, sighting
from tests.integration.export.packets import Packet, download, packet

WATCHES = "/api/v1/watches"
CHECKPOINT_TOKEN = "STATEMENT.checkpoint.tsa1.tsr"
Said = pytest.CaptureFixture[str]


@pytest.fixture
def watch(client: TestClient) -> str:
    """A post that is watched without a capture."""
    answer = client.post(WATCHES, json={"url": WALL, "text": TEXT, "author": "Le client"})
    assert (answer.status_code, answer.json()["grade"]) == (201, "witness-only")
    return str(answer.json()["id"])


@pytest.fixture
def seen(house: House, watch: str) -> list[str]:
    """Three looks at it: a login wall, the post, no post any more. Their ids."""
    return looked(
        house,
        watch,
        failed(minutes(house, 0)),
        sighting(minutes(house, 2)),
        sighting(minutes(house, 5), Sighting.ABSENT),
    )


@pytest.fixture
def captured(client: TestClient, house: House) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two captures of one post, and a look between them."""
    first = send(client, Sample(key="11111111-1111-4111-8111-111111111111"))
    looked(house, first["watch_id"], sighting(minutes(house, 0)))
    second = send(client, Sample(key="22222222-2222-4222-8222-222222222222"))
    assert (second["watch_id"], second["id"] != first["id"]) == (first["watch_id"], True)
    return first, second


def said(capsys: Said, *arguments: str) -> dict[str, Any]:
    """What a command of `rature` that succeeds says in JSON."""
    capsys.readouterr()  # the service's own log lines
    assert main([*arguments, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def check_by_every_tool(made: Packet, capsys: Said) -> dict[str, Any]:
    """The report of `rature verify`, after it and the script accepted the bundle."""
    report = said(capsys, "verify", str(made.path))
    assert made.script_says() == "OK"
    return report


def judged(made: Packet, capsys: Said) -> dict[str, Any]:
    """What `rature judge` concludes from the observations of the bundle."""
    return said(capsys, "judge", str(made.data / "observations.jsonl"))


def concluded(client: TestClient, watch_id: str) -> dict[str, Any]:
    """The service's verdict, without what `rature judge` does not say."""
    verdict: dict[str, Any] = client.get(f"{WATCHES}/{watch_id}").json()["verdict"]
    return {name: value for name, value in verdict.items() if not name.startswith("next_check")}


def test_a_bundle_without_a_capture_is_around_the_first_look_that_saw_the_post(
    client: TestClient, watch: str, seen: list[str], tmp_path: Path, capsys: Said
) -> None:
    made = packet(download(client, f"{WATCHES}/{watch}/bundle"), tmp_path)
    report = check_by_every_tool(made, capsys)
    assert (report["valid"], report["kind"]) == (True, "observation")
    record = json.loads((made.data / "record.json").read_bytes())
    assert (record["id"], record["sighting"]) == (seen[1], "present")
    names = made.names()
    assert {"page/original.png", "page/TILES.sha256", "page.html", CHECKPOINT_TOKEN} <= names
    assert "meta.json" not in names
    assert sum(name.endswith("-observation/record.json") for name in names) == 2


def test_openssl_accepts_the_time_stamp_of_a_look(
    client: TestClient, watch: str, seen: list[str], tmp_path: Path
) -> None:
    made = packet(download(client, f"{WATCHES}/{watch}/bundle"), tmp_path)
    assert "Verification: OK" in made.openssl_says(".", CHECKPOINT_TOKEN, "text")
    assert "Verification: OK" not in made.openssl_says(".", CHECKPOINT_TOKEN, "STATEMENT.sha256")


def test_the_verdict_of_a_bundle_without_a_capture_can_be_drawn_again(
    client: TestClient, watch: str, seen: list[str], tmp_path: Path, capsys: Said
) -> None:
    made = packet(download(client, f"{WATCHES}/{watch}/bundle"), tmp_path)
    verdict = judged(made, capsys)
    assert verdict == concluded(client, watch)
    assert (verdict["state"], verdict["level"]) == ("removed", "suspected")


def test_a_post_that_no_look_saw_has_a_bundle_around_the_first_look(
    client: TestClient, house: House, watch: str, tmp_path: Path, capsys: Said
) -> None:
    first, _ = looked(
        house, watch, failed(minutes(house, 0)), sighting(minutes(house, 3), Sighting.ABSENT)
    )
    made = packet(download(client, f"{WATCHES}/{watch}/bundle"), tmp_path)
    assert check_by_every_tool(made, capsys)["kind"] == "observation"
    assert json.loads((made.data / "record.json").read_bytes())["id"] == first


def test_a_post_that_nobody_looked_at_has_no_bundle_yet(client: TestClient, watch: str) -> None:
    client.post(f"{WATCHES}/{watch}/notices", json={"notice": "other", "text": "on m'a écrit"})
    answer = client.get(f"{WATCHES}/{watch}/bundle")
    assert answer.status_code == 409
    assert "no look was taken yet" in answer.json()["detail"]


def test_the_export_of_a_post_without_a_capture_is_in_its_record_of_custody(
    client: TestClient, watch: str, seen: list[str], tmp_path: Path
) -> None:
    download(client, f"{WATCHES}/{watch}/bundle")
    made = packet(download(client, f"{WATCHES}/{watch}/bundle"), tmp_path)
    events = [json.loads(path.read_bytes()) for path in made.data.glob("records/*-custody/*.json")]
    exported = [event["subject_id"] for event in events if event["event"] == "exported"]
    assert exported == [watch]


def test_all_captures_of_a_post_travel_together(
    client: TestClient,
    captured: tuple[dict[str, Any], dict[str, Any]],
    tmp_path: Path,
    capsys: Said,
) -> None:
    first, second = captured
    made = packet(download(client, f"{WATCHES}/{first['watch_id']}/bundle"), tmp_path)
    report = check_by_every_tool(made, capsys)
    assert (report["kind"], report["leaf_index"]) == ("capture", first["leaf_index"])
    folder = f"records/{second['leaf_index']}-capture"
    ids = [json.loads((made.data / at / "meta.json").read_bytes())["id"] for at in (".", folder)]
    assert ids == [first["id"], second["id"]]
    for at in (".", folder):
        for token, stamped in (
            ("STATEMENT.tsa1.tsr", "STATEMENT.sha256"),
            (CHECKPOINT_TOKEN, "text"),
        ):
            assert "Verification: OK" in made.openssl_says(at, token, stamped)
    assert f"{folder}/screenshot/original.png" in made.names()
    assert judged(made, capsys) == concluded(client, first["watch_id"])


def test_the_capture_that_was_asked_for_is_the_main_one(
    client: TestClient,
    captured: tuple[dict[str, Any], dict[str, Any]],
    tmp_path: Path,
    capsys: Said,
) -> None:
    first, second = captured
    made = packet(download(client, f"{CAPTURES}/{second['id']}/bundle"), tmp_path)
    assert check_by_every_tool(made, capsys)["leaf_index"] == second["leaf_index"]
    assert f"records/{first['leaf_index']}-capture/meta.json" in made.names()
    for capture in captured:
        custody = client.get(f"{CAPTURES}/{capture['id']}").json()["custody"]
        assert [event["event"] for event in custody].count("exported") == 1
