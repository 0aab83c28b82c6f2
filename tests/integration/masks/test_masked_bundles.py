"""Masked bundles through the API: what is in them, and that they still verify."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archiver.evidence.verification import verify_bundle
from archiver.wiring import House
from tests.integration.captures.sample import CAPTURES, TEXT, Sample, picture, send
from tests.integration.client import TestClient
from tests.integration.export.looks import failed, looked, minutes, sighting
from tests.integration.export.packets import Packet, download, packet

WATCHES = "/api/v1/watches"
GREY = (128, 128, 128)


@pytest.fixture
def capture(client: TestClient, house: House) -> dict[str, Any]:
    """A capture and two looks."""
    sent = send(client, Sample())
    watch_id = sent["watch_id"]
    looked(house, watch_id, sighting(minutes(house, 0)), failed(minutes(house, 5)))
    return sent


def show(client: TestClient, capture: dict[str, Any], **plan: Any) -> None:
    """Saves masks: keys without a leaf index are the capture's."""
    leaf = capture["leaf_index"]
    pictures = {f"{leaf}/{folder}": boxes for folder, boxes in plan.get("pictures", {}).items()}
    fields = [f"{leaf}/fields/{name}.json" for name in plan.get("show", [])]
    answer = client.put(
        f"{WATCHES}/{capture['watch_id']}/masks", json={"pictures": pictures, "show": fields}
    )
    assert answer.status_code == 200, answer.text


def masked(client: TestClient, capture: dict[str, Any], folder: Path, query: str = "") -> Packet:
    path = f"{CAPTURES}/{capture['id']}/bundle?masked=true{query}"
    return packet(download(client, path), folder)


def test_masked_bundle_shows_what_was_chosen_and_verifies(
    client: TestClient, capture: dict[str, Any], tmp_path: Path
) -> None:
    show(client, capture, pictures={"screenshot": [[0, 0, 40, 20]]}, show=["text", "shown_time"])
    made = masked(client, capture, tmp_path)
    assert verify_bundle(made.path).valid
    assert made.script_says() == "OK"
    names = {name for name in made.names() if (made.data / name).is_file()}
    fields = {name for name in names if name.startswith("fields/")}
    assert fields == {"fields/text.json", "fields/shown_time.json"}
    assert json.loads((made.data / "fields/text.json").read_bytes())["value"] == TEXT
    assert {"screenshot/TILES.sha256", "screenshot/masked.png", "meta.json"} <= names
    for hidden in ("screenshot/original.png", "snapshot.html", "contributor/manifest.json"):
        assert hidden not in names
    assert not any("page" in name or "observation/fields" in name for name in names)


def test_every_tile_that_a_box_touches_is_grey_and_the_others_are_the_originals(
    client: TestClient, capture: dict[str, Any], tmp_path: Path
) -> None:
    show(client, capture, pictures={"screenshot": [[40, 40, 70, 60]]})
    made = masked(client, capture, tmp_path)
    with Image.open(made.data / "screenshot/masked.png") as shown:
        pixels = shown.convert("RGB")
    with Image.open(io.BytesIO(picture())) as original:
        for x in range(pixels.width):
            for y in range(pixels.height):
                covered = 32 <= x < 96 and 32 <= y < 64
                expected = GREY if covered else original.getpixel((x, y))
                assert pixels.getpixel((x, y)) == expected, (x, y)
    tiles = {path.name for path in (made.data / "screenshot/tiles").iterdir()}
    assert len(tiles) == 7 * 4 - 2
    assert not tiles & {"0001-0001.ppm", "0001-0002.ppm"}


def test_nothing_is_shown_by_an_empty_plan(
    client: TestClient, capture: dict[str, Any], tmp_path: Path
) -> None:
    show(client, capture)
    made = masked(client, capture, tmp_path)
    assert verify_bundle(made.path).valid
    assert made.script_says() == "OK"
    assert TEXT.encode() not in b"".join(
        path.read_bytes() for path in made.data.rglob("*") if path.is_file()
    )
    assert not list(made.data.rglob("*.png")) + list(made.data.rglob("fields"))


def test_a_look_that_came_after_the_masks_is_hidden(
    client: TestClient, house: House, capture: dict[str, Any], tmp_path: Path
) -> None:
    show(client, capture, pictures={"screenshot": []})
    looked(house, capture["watch_id"], sighting(minutes(house, 9)))
    made = masked(client, capture, tmp_path)
    assert len(list(made.data.glob("records/*-observation"))) == 3
    assert [path.parent.name for path in made.data.rglob("masked.png")] == ["screenshot"]


def test_the_export_is_in_the_log_and_names_every_record(
    client: TestClient, capture: dict[str, Any], tmp_path: Path
) -> None:
    show(client, capture, pictures={"screenshot": [[0, 0, 9, 9]]})
    made = masked(client, capture, tmp_path, "&lang=fr")
    (folder,) = made.data.glob("records/*-export")
    record = json.loads((folder / "record.json").read_bytes())
    assert (record["masked"], record["lang"], record["main"]) == (True, "fr", capture["leaf_index"])
    leaves = {int(path.name.partition("-")[0]) for path in (made.data / "records").iterdir()}
    own = int(folder.name.partition("-")[0])
    assert set(record["records"]) == leaves - {own}
    assert "screenshot/masked.png" in (folder / "STATEMENT.sha256").read_text()


def test_earlier_exports_are_in_a_later_bundle_without_their_files(
    client: TestClient, capture: dict[str, Any], tmp_path: Path
) -> None:
    show(client, capture, pictures={"screenshot": []})
    download(client, f"{CAPTURES}/{capture['id']}/bundle?masked=true")
    made = packet(download(client, f"{CAPTURES}/{capture['id']}/bundle"), tmp_path)
    assert verify_bundle(made.path).valid
    assert made.script_says() == "OK"
    assert len(list(made.data.glob("records/*-export/record.json"))) == 2
    assert not (made.data / "screenshot/masked.png").exists()
    custody = client.get(f"{CAPTURES}/{capture['id']}").json()["custody"]
    details = [event["detail"] for event in custody if event["event"] == "exported"]
    assert [detail.endswith("masked") for detail in details] == [True, False]


def test_files_are_named_after_what_is_in_them(client: TestClient, capture: dict[str, Any]) -> None:
    show(client, capture)
    for query, name in (("", capture["id"]), ("?masked=true", f"{capture['id']}-masked")):
        path = f"{CAPTURES}/{capture['id']}/bundle{query}"
        download(client, path)
        disposition = client.get(path).headers["content-disposition"]
        assert disposition == f'attachment; filename="rature-{name}.zip"'


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        # nobody chose anything yet
        ("masked=true", 409, "save its masks first"),
        # credentials are for masked pictures
        ("c2pa=true", 422, "masked pictures"),
        # two languages, no others
        ("lang=de", 422, "'en' or 'fr'"),
        ("masked=perhaps", 422, "boolean"),
    ],
)
def test_what_cannot_be_made_is_told(
    client: TestClient, capture: dict[str, Any], query: str, status: int, told: str
) -> None:
    answer = client.get(f"{WATCHES}/{capture['watch_id']}/bundle?{query}")
    assert answer.status_code == status, answer.text
    assert told in answer.json()["detail"]


def test_bundle_with_content_credentials(
    client: TestClient, capture: dict[str, Any], tmp_path: Path
) -> None:
    show(client, capture, pictures={"screenshot": [[0, 0, 64, 64]]})
    made = masked(client, capture, tmp_path, "&c2pa=true")
    assert verify_bundle(made.path).valid
    assert made.script_says() == "OK"
    assert (made.data / "c2pa/screenshot.png").is_file()


def test_a_crash_after_the_exports_record_costs_nothing(
    client: TestClient, house: House, capture: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{CAPTURES}/{capture['id']}/bundle"
    download(client, path)

    def crash(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("archiver.services.export.write_bundle", crash)
        with pytest.raises(OSError, match="no space"):
            client.get(path)
    data = download(client, path)
    assert verify_bundle(io.BytesIO(data)).valid
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        exported = [n for n in archive.namelist() if n.endswith("-export/record.json")]
    assert len(exported) == 3
    custody = client.get(f"{CAPTURES}/{capture['id']}").json()["custody"]
    assert [event["event"] for event in custody].count("exported") == 2
