"""The service's answers in a real Chromium, without a server between: what the browser asks for is
answered by the application in this process."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from archiver.config import Settings
from archiver.evidence.bundle import write_bundle
from archiver.wiring import build_house
from tests.integration.captures.masked_sample import masked_sample
from tests.integration.captures.sample import CAPTURES, send
from tests.integration.client import BASE, client_for, token_headers
from tests.integration.export.packets import download
from tests.servers.chromium import find_chromium
from tests.unit.evidence.house import open_house
from tests.unit.evidence.stories import STORIES


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Sound bundles by form, each by an authority of its own, whose root is `<form>.pem`."""
    folder = tmp_path_factory.mktemp("bundles")
    made = {}
    for form in ("watch", "masked"):
        house = open_house(folder / form, others=6)
        made[form] = folder / f"{form}.zip"
        write_bundle(made[form], STORIES[form](house))
        made[form].with_suffix(".pem").write_bytes(house.authority.root_pem)
    made["kept"] = _with_kept_original(folder)
    return made


def _with_kept_original(folder: Path) -> Path:
    """Of a capture that was masked before it was sent."""
    settings = Settings(data=folder / "kept", embedded_worker=False)
    house = build_house(settings)
    with client_for(house, headers=token_headers(house)) as client:
        capture = send(client, masked_sample())
        bundle = download(client, f"{CAPTURES}/{capture['id']}/bundle")
    path = folder / "kept.zip"
    path.write_bytes(bundle)
    return path


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of a browser that nobody signed in with."""
    settings = Settings(data=tmp_path_factory.mktemp("service"), embedded_worker=False)
    with client_for(build_house(settings)) as client, sync_playwright() as playwright:

        def answer(route: Route) -> None:
            asked = route.request
            headers = {"Accept-Language": asked.headers.get("accept-language", "en")}
            if "cookie" in asked.headers:
                headers["Cookie"] = asked.headers["cookie"]
            got = client.get(asked.url.removeprefix(BASE), headers=headers)
            route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.content)

        browser = playwright.chromium.launch(
            executable_path=find_chromium(), chromium_sandbox=os.geteuid() != 0
        )
        opened = browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 900})
        opened.route("**/*", answer)
        yield opened
        browser.close()
