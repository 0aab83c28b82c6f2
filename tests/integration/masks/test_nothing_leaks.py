"""Nothing of what is masked is in a masked bundle, in any form; and the search finds each form."""

import asyncio
import base64
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from archiver.config import Settings
from archiver.evidence.verification import verify_bundle
from archiver.wiring import build_house, utc_now
from tests.integration.captures.sample import send
from tests.integration.client import client_for, token_headers
from tests.integration.export.packets import download, packet
from tests.integration.masks.leaks import Searcher
from tests.integration.masks.secret_post import (
    REGION,
    SecretLooker,
    Secrets,
    drawn,
    jpeg,
    sample,
    searcher,
)

WATCHES = "/api/v1/watches"


@dataclass(frozen=True)
class Exported:
    """Both bundles of the post, and what to look for in the masked one."""

    secrets: Secrets
    searcher: Searcher
    masked: bytes
    whole: bytes


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A capture, a look in its visit, a notice; masked, then exported with everything there is."""
    secrets = Secrets()
    settings = Settings(
        data=tmp_path_factory.mktemp("leaks") / "data",
        embedded_worker=False,
        host_pause=0,
        exhibits=True,
    )
    with (
        build_house(settings) as house,
        client_for(house, headers=token_headers(house)) as client,
    ):
        capture = send(client, sample(secrets))
        watch = f"{WATCHES}/{capture['watch_id']}"
        visit = house.checking.claim()
        assert visit is not None
        asyncio.run(house.checking.make(SecretLooker(utc_now, secrets), visit))
        notice = {"notice": "other", "text": secrets.text("notice")}
        assert client.post(f"{watch}/notices", json=notice).status_code == 201
        plan = chosen(client.get(f"{watch}/masks/offer").json())
        assert client.put(f"{watch}/masks", json=plan).status_code == 200
        masked = download(client, f"{watch}/bundle?masked=true&lang=fr&c2pa=true")
    plain = settings.model_copy(update={"exhibits": False})
    with build_house(plain) as house, client_for(house, headers=token_headers(house)) as client:
        whole = download(client, f"{watch}/bundle")
        return Exported(secrets, searcher(house, secrets, plan), masked, whole)


def chosen(offer: dict[str, Any]) -> dict[str, Any]:
    """The post's picture and that of the visit's page, but for the region; one harmless field."""
    pictures = {}
    show = []
    for record in offer["records"]:
        for picture in record["pictures"]:
            if (record["kind"], picture["folder"]) in {
                ("capture", "screenshot"),
                ("visit", "page"),
            }:
                pictures[picture["key"]] = [list(REGION)]
        show += [field["path"] for field in record["fields"] if field["name"] == "shown_time"]
    assert (len(pictures), len(show)) == (2, 1)
    return {"pictures": pictures, "show": show}


def names(bundle: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return archive.namelist()


def test_the_masked_bundle_has_everything_that_could_leak(
    exported: Exported, tmp_path: Path
) -> None:
    there = names(exported.masked)
    assert {"data/report.pdf", "data/c2pa/screenshot.png", "data/screenshot/masked.png"} <= {*there}
    assert any(name.endswith("-visit/page/masked.png") for name in there)
    assert any(name.startswith("data/c2pa/") and "-visit-page" in name for name in there)
    assert any(name.endswith("-notice/record.json") for name in there)
    assert verify_bundle(io.BytesIO(exported.masked)).valid
    assert packet(exported.masked, tmp_path).script_says() == "OK"


def test_nothing_of_what_is_masked_is_in_it_in_any_form(exported: Exported) -> None:
    assert exported.searcher.search("bundle", exported.masked) == set()


def test_the_same_search_finds_every_secret_in_the_bundle_that_is_not_masked(
    exported: Exported,
) -> None:
    found = exported.searcher.search("bundle", exported.whole)
    told = {line.partition(": ")[0] for line in found}
    # attachments travel under numbers: what they were called is in the manifest alone
    assert set(exported.secrets.texts) - told == set()
    for name in ("cap post.png", "cap around.png", "vis page.jpg", "obs post.png"):
        assert any(line.startswith(f"{name}: seen in") for line in found), name
    assert any(line.startswith("size of ") for line in found)
    assert any("tile" in line and ", RGB" in line for line in found)
    assert any(line.startswith("salt of ") for line in found)


Pack = Callable[[bytes], bytes]


def in_zip(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", data)
    return buffer.getvalue()


def in_png_text(data: bytes) -> bytes:
    told = PngInfo()
    told.add_text("Comment", data.decode("latin-1"), zip=True)
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG", pnginfo=told)
    return buffer.getvalue()


def in_pdf_stream(data: bytes) -> bytes:
    writer = PdfWriter()
    stream = DecodedStreamObject()
    stream.set_data(data)
    page = writer.add_blank_page(100, 100)
    page[NameObject("/Private")] = writer._add_object(stream.flate_encode())
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "pack",
    [
        lambda data: data,
        in_zip,
        lambda data: in_zip(in_zip(data)),
        gzip.compress,
        in_png_text,
        in_pdf_stream,
        lambda data: json.dumps({"x": base64.b64encode(in_zip(data)).decode()}).encode(),
    ],
    ids=["plain", "zip", "zip in zip", "gzip", "PNG text", "PDF stream", "base64 of a zip"],
)
def test_every_form_is_found_wherever_it_is_planted(exported: Exported, pack: Pack) -> None:
    searched = Searcher(exported.searcher.needles)
    needles = exported.searcher.needles[:: 1 if pack(b"x") == b"x" else 40]
    assert len(needles) > 20
    planted = b"\n".join(b" " + needle + b" " for _, needle in needles)
    found = searched.search("planted", in_zip(pack(planted)))
    told = {line.rpartition(" in planted")[0] for line in found}
    assert {name for name, _ in needles} - told == set()


def test_sizes_are_found_in_texts(exported: Exported) -> None:
    searched = Searcher([], exported.searcher.sizes)
    for name, size in exported.searcher.sizes.items():
        text = json.dumps({"files": [{"size": size}]}).encode()
        assert any(line.startswith(name) for line in searched.search("planted", text)), name


@pytest.mark.parametrize("width", [320, 160, 80, 64])
def test_thumbnails_are_found(exported: Exported, width: int) -> None:
    searched = Searcher([], {}, exported.searcher.likenesses)
    thumbnail = drawn(1).resize((width, width * 7 // 10))
    found = searched.search("planted", in_zip(jpeg(thumbnail, "")))
    assert {line.partition(":")[0] for line in found} >= {"cap post.png"}
